"""What `documents/_list.html` shows, and attaching a file from any page."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage

from engine.store.documents import Document, NewDocument, add_document, count_documents, documents, one_document, same_document
from web.auth import current_person
from web.context import forget_what_was_read, house, reading
from web.pages.documents.storage import LARGEST, Refused, Storage

MOST = 200
"""Documents in one case."""
FIELD = "desk-document"
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg,.txt"


@dataclass(frozen=True, slots=True)
class DocumentsPanel:
    """The documents of a case with the form that attaches one.

    `form_id` is set where the file field belongs to another form of the page (a task's), so that nothing typed in it is lost;
    `error` says why the last file was not taken; `back` is where the panel's own form and the removing page return to.
    """

    root_id: int
    rows: tuple[Document, ...]
    task_id: int | None = None
    form_id: str | None = None
    error: str = ""
    back: str = ""
    accept: str = field(default=ACCEPT)
    largest: int = LARGEST


def documents_panel(
    root_id: int, *, task_id: int | None = None, form_id: str | None = None, error: str = "", back: str = ""
) -> DocumentsPanel:
    """The panel of a case that the person who asks may see."""
    return DocumentsPanel(root_id, tuple(documents(reading(), root_id)), task_id, form_id, error, back)


def storage() -> Storage:
    """The store of this house."""
    return Storage(house().documents)


def attach(upload: FileStorage | None, root_id: int, *, task_id: int | None = None) -> Document | str:
    """Attach what a browser sent to the case: the document, or the sentence that says why it was not taken.

    The same file by the same person again is the document that it already is: a double press attaches once.
    """
    if upload is None or not upload.filename:
        return _("Choose a file first.")
    person = current_person()
    with house().database.read() as connection:
        if count_documents(connection, root_id) >= MOST:
            return _("The case already has %(number)s documents, which is the most it can hold.", number=MOST)
    try:
        kept = storage().keep(upload.stream, upload.filename)
    except Refused as refusal:
        return why_refused(refusal.reason)
    new = NewDocument(root_id, task_id, kept.name, kept.media_type, kept.size, kept.digest, kept.stored_as)
    try:
        with house().database.write() as connection:
            twin = same_document(connection, new, person.id)
            found = twin or _added(connection, new, person.id)
    except BaseException:
        storage().drop(kept.stored_as)
        raise
    if twin is not None:
        storage().drop(kept.stored_as)
    forget_what_was_read()
    return found


def _added(connection: Connection, new: NewDocument, by: int) -> Document:
    found = one_document(connection, add_document(connection, new, by=by, now=house().clock.now()))
    if found is None:
        raise RuntimeError("the row of a document that was just written is gone")
    return found


def why_refused(reason: str) -> str:
    """The sentence for a refusal: what was wrong and what to do."""
    kinds = _("PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG or plain text")
    return {
        "large": _("The file is larger than %(size)s MB. Choose a smaller one, or split it.", size=LARGEST // (1024 * 1024)),
        "empty": _("The file is empty. Choose another one."),
        "kind": _("Files of this kind cannot be attached. Choose %(kinds)s.", kinds=kinds),
        "content": _("The content of the file is not what its name says. Save it again as %(kinds)s.", kinds=kinds),
        "macros": _("The file holds macros and cannot be attached. Save it without macros, as .docx or .xlsx."),
        "bomb": _("The file unpacks to far more than it says. Save it again, or as a PDF."),
    }[reason]
