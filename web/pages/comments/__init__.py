"""Comments on a case.

Another page shows them by `comments_panel(root_id)` and `{% include "comments/_list.html" %}` with the panel as `comments`.
"""

from flask import Blueprint

bp = Blueprint("comments", __name__, url_prefix="/comments")

from web.pages.comments import views  # noqa: E402, F401
from web.pages.comments.panel import CommentsPanel, comments_panel  # noqa: E402

__all__ = ["CommentsPanel", "bp", "comments_panel"]
