"""Notices to my roles."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engine.store.notices import count_notices, mark_read
from engine.store.notices import notices as read_notices
from web.auth import access, current_person
from web.auth.returning import safe_target
from web.context import house, reading
from web.pages.tasks import bp
from web.pages.tasks.numbers import number_in

SIZE = 30


@bp.get("/notices/")
@access("official")
def notices() -> str:
    """Every notice to my roles, the latest first."""
    person = current_person()
    total = count_notices(reading(), person.id, person.roles, unread_only=False)
    pages = max(1, -(-total // SIZE))
    page = min(number_in(request.args.get("page")) or 1, pages)
    found = read_notices(reading(), person.id, person.roles, unread_only=False, limit=SIZE, offset=(page - 1) * SIZE)
    return render_template("tasks/notices.html", notices=found, page=page, pages=pages, total=total)


@bp.post("/notices/read")
@access("official")
def read() -> ResponseReturnValue:
    """Mark notices as read; those to others are passed over."""
    person = current_person()
    ids = [number for text in request.form.getlist("notice")[:SIZE] if (number := number_in(text)) is not None]
    with house().database.write() as connection:
        marked = mark_read(connection, person.id, person.roles, ids, now=house().clock.now())
    if marked:
        flash(ngettext("One notice has been marked as read.", "%(num)d notices have been marked as read.", marked), "success")
    return redirect(safe_target(request.form.get("back") or url_for("tasks.notices")), 303)
