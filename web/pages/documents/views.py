"""Attach to a case, fetch, remove."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.store.documents import Document, one_document, remove_document
from web.auth import access, current_person, require_sight
from web.auth.returning import safe_target
from web.context import house, reading
from web.pages.documents import bp
from web.pages.documents.panel import FIELD, attach, storage


@bp.post("/to/<int:root_id>")
@access("official")
def add(root_id: int) -> ResponseReturnValue:
    """Attach a file to a case from the case's own page."""
    require_sight(root_id)
    answer = attach(request.files.get(FIELD), root_id)
    if isinstance(answer, str):
        flash(answer, "danger")
    else:
        flash(_("%(name)s has been attached.", name=answer.name), "success")
    return redirect(safe_target(request.form.get("back")), 303)


@bp.get("/<int:document_id>")
@access("official")
def fetch(document_id: int) -> ResponseReturnValue:
    """The file itself, always as a download: nothing that somebody sent is ever shown as a page of ours."""
    found = _seen(document_id)
    answer = send_file(
        storage().path(found.stored_as).resolve(), mimetype=found.media_type, as_attachment=True, download_name=found.name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get("/<int:document_id>/remove")
@access("official")
def ask_to_remove(document_id: int) -> ResponseReturnValue:
    """Ask before a document is removed."""
    found = _own(document_id)
    return render_template("documents/remove.html", document=found, back=safe_target(request.args.get("back")))


@bp.post("/<int:document_id>/remove")
@access("official")
def remove(document_id: int) -> ResponseReturnValue:
    """Remove one's own document: the file goes, the row that says who attached what stays."""
    found = _own(document_id)
    with house().database.write() as connection:
        removed = remove_document(connection, document_id, by=current_person().id, now=house().clock.now())
    if removed:
        storage().drop(found.stored_as)
    flash(_("%(name)s has been removed.", name=found.name), "success")
    return redirect(safe_target(request.form.get("back")), 303)


def _seen(document_id: int) -> Document:
    found = one_document(reading(), document_id)
    if found is None:
        abort(404)
    require_sight(found.root_id)
    if found.removed_at is not None:
        abort(404)
    return found


def _own(document_id: int) -> Document:
    found = _seen(document_id)
    if found.uploaded_by != current_person().id:
        abort(403)
    return found
