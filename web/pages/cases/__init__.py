"""Cases: the list, and one case with its diagram, its text, its history, its tasks, its data and its decisions."""

from flask import Blueprint

bp = Blueprint("cases", __name__, url_prefix="/cases")

from web.pages.cases import views  # noqa: E402, F401
