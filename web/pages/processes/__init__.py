"""How the processes go: the diagrams that are in force, each with its text, for everybody who is signed in."""

from flask import Blueprint

bp = Blueprint("processes", __name__, url_prefix="/processes")

from web.pages.processes import views  # noqa: E402, F401
