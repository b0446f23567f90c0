"""Who is involved in a case, and so may see it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select

from engine.store.tables import involvement


def fetch_is_involved(connection: Connection, root_id: int, subjects: Iterable[str]) -> bool:
    """Whether any of `subjects` (party:x, body:y, person:n) is involved in the case."""
    question = select(exists().where(involvement.c.root_id == root_id, involvement.c.subject.in_(sorted(subjects))))
    return bool(connection.execute(question).scalar_one())
