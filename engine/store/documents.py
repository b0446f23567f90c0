"""Documents of a case: their rows. The files themselves are kept by the web's storage; a removed document keeps its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from engine.store.prepared import Prepared
from engine.store.tables import document, person


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a line of a list."""

    id: int
    root_id: int
    task_id: int | None
    name: str
    media_type: str
    size: int
    """Bytes."""
    digest: str
    stored_as: str
    uploaded_by: int
    uploaded_by_name: str
    uploaded_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document about to be attached."""

    root_id: int
    task_id: int | None
    name: str
    media_type: str
    size: int
    digest: str
    stored_as: str


def documents(connection: Connection, root_id: int) -> list[Document]:
    """The case's documents that have not been removed, the oldest first."""
    return [Document(**row._asdict()) for row in _OF_CASE.rows(connection, case=root_id)]


def one_document(connection: Connection, document_id: int) -> Document | None:
    """The document, removed or not; None if there is none of that number."""
    row = connection.execute(_whole().where(document.c.id == document_id)).mappings().first()
    return Document(**row) if row else None


def count_documents(connection: Connection, root_id: int) -> int:
    """How many documents the case has that have not been removed."""
    return int(
        connection.execute(select(func.count()).where(document.c.root_id == root_id, document.c.removed_at.is_(None))).scalar_one()
    )


def same_document(connection: Connection, new: NewDocument, by: int) -> Document | None:
    """The document in the case that this one would double: same content, name and person."""
    row = (
        connection.execute(
            _whole()
            .where(
                document.c.root_id == new.root_id,
                document.c.digest == new.digest,
                document.c.name == new.name,
                document.c.uploaded_by == by,
                document.c.removed_at.is_(None),
            )
            .order_by(document.c.id)
            .limit(1)
        )
        .mappings()
        .first()
    )
    return Document(**row) if row else None


def add_document(connection: Connection, new: NewDocument, *, by: int, now: datetime) -> int:
    """Write the row of a document whose file is already stored, and return its id."""
    added = connection.execute(
        insert(document).values(
            root_id=new.root_id,
            task_id=new.task_id,
            name=new.name,
            media_type=new.media_type,
            size=new.size,
            digest=new.digest,
            stored_as=new.stored_as,
            uploaded_by=by,
            uploaded_at=now,
        )
    )
    return int(added.inserted_primary_key[0])  # type: ignore[index]


def remove_document(connection: Connection, document_id: int, *, by: int, now: datetime) -> bool:
    """Mark one's own document as removed; False if it is not one's own or already removed."""
    changed = connection.execute(
        update(document)
        .where(document.c.id == document_id, document.c.uploaded_by == by, document.c.removed_at.is_(None))
        .values(removed_at=now)
    )
    return changed.rowcount == 1


def _whole() -> Select[Any]:
    return select(
        document.c.id,
        document.c.root_id,
        document.c.task_id,
        document.c.name,
        document.c.media_type,
        document.c.size,
        document.c.digest,
        document.c.stored_as,
        document.c.uploaded_by,
        person.c.name.label("uploaded_by_name"),
        document.c.uploaded_at,
        document.c.removed_at,
    ).join(person, person.c.id == document.c.uploaded_by)


_OF_CASE = Prepared(
    _whole()
    .where(document.c.root_id == bindparam("case"), document.c.removed_at.is_(None))
    .order_by(document.c.uploaded_at, document.c.id)
)
