"""The help page."""

from __future__ import annotations

from flask import render_template

from web.auth import access
from web.pages.help import bp


@bp.get("/")
@access("anyone")
def index() -> str:
    return render_template("help/index.html")
