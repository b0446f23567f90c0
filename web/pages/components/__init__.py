"""Every component on one page, for developers and for the tests; served in testing, debug and demo installations only."""

from flask import Blueprint

bp = Blueprint("components", __name__, url_prefix="/_components")

from web.pages.components import views  # noqa: E402, F401
