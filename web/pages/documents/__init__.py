"""Documents of a case: attach, list, fetch, remove.

Another page shows them by `documents_panel(root_id)` and `{% include "documents/_list.html" %}` with the panel as `documents`.
"""

from flask import Blueprint

bp = Blueprint("documents", __name__, url_prefix="/documents")

from web.pages.documents import views  # noqa: E402, F401
from web.pages.documents.panel import DocumentsPanel, documents_panel  # noqa: E402

__all__ = ["DocumentsPanel", "bp", "documents_panel"]
