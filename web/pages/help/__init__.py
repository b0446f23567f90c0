"""Help: how the service works, in one page."""

from flask import Blueprint

bp = Blueprint("help", __name__, url_prefix="/help")

from web.pages.help import views  # noqa: E402, F401
