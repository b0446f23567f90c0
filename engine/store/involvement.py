"""Who is involved in a case, and so may see it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, exists, select

from engine.store.prepared import Prepared, among
from engine.store.tables import involvement


def fetch_is_involved(connection: Connection, root_id: int, subjects: Iterable[str]) -> bool:
    """Whether any of `subjects` (party:x, body:y, person:n) is involved in the case."""
    return bool(_INVOLVED.value(connection, case=root_id, subjects=sorted(subjects)))


_INVOLVED = Prepared(
    select(exists().where(involvement.c.root_id == bindparam("case"), among(involvement.c.subject, "subjects")).label("found"))
)
