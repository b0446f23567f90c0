"""The page of components, and every error page on demand."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, current_app, flash, render_template
from flask.typing import ResponseReturnValue

from engine.clock import end_of_day
from engine.store.accounts import fetch_invented
from web.auth import access
from web.context import house, reading, today
from web.errors import EXPLANATIONS
from web.pages.components import bp


@bp.before_request
def only_for_developers() -> None:
    if not (current_app.testing or current_app.debug or fetch_invented(reading())):
        abort(404)


@bp.get("/")
@access("anyone")
def index() -> str:
    flash("Frågan är registrerad som ÄR-2026-0004.", "success")
    dues = [end_of_day(today() + timedelta(days=days)) for days in (-3, 0, 1, 9)]
    return render_template("components/index.html", dues=dues, now=house().clock.now())


@bp.get("/error/<int:code>")
@access("anyone")
def error(code: int) -> ResponseReturnValue:
    if code not in EXPLANATIONS:
        abort(404)
    if code == 500:
        raise RuntimeError("asked for by the page of components")
    abort(code)
