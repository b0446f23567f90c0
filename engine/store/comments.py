"""Comments on a case: plain text, written beside the process and never part of its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from engine.store.prepared import Prepared
from engine.store.tables import comment, person

LONGEST = 4000
"""Characters in one comment."""
_SAME_CLICK = timedelta(minutes=2)


_LATEST = Prepared(
    select(comment.c.id, comment.c.root_id, comment.c.written_by, person.c.name, comment.c.written_at, comment.c.text)
    .join(person, person.c.id == comment.c.written_by)
    .where(comment.c.root_id == bindparam("case"))
    .order_by(comment.c.written_at.desc(), comment.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment with its writer's name."""

    id: int
    root_id: int
    written_by: int
    name: str
    written_at: datetime
    text: str


def comments(connection: Connection, root_id: int, *, limit: int = 200) -> list[Comment]:
    """The case's comments, the oldest first; if there are more than `limit`, the latest of them."""
    return [Comment(*row) for row in reversed(_LATEST.rows(connection, case=root_id, most=limit))]


def count_comments(connection: Connection, root_id: int) -> int:
    return int(connection.execute(select(func.count()).where(comment.c.root_id == root_id)).scalar_one())


def add_comment(connection: Connection, root_id: int, text: str, *, by: int, now: datetime) -> int:
    """Write a comment and return its id. The same words by the same person a moment ago are the same click.

    Raises:
        ValueError: the text is empty or longer than `LONGEST`.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise ValueError(f"a comment holds 1 to {LONGEST} characters, not {len(text)}")
    twin = connection.execute(
        select(comment.c.id).where(
            comment.c.root_id == root_id,
            comment.c.written_by == by,
            comment.c.text == text,
            comment.c.written_at > now - _SAME_CLICK,
        )
    ).scalar()
    if twin is not None:
        return int(twin)
    added = connection.execute(insert(comment).values(root_id=root_id, written_by=by, written_at=now, text=text))
    return int(added.inserted_primary_key[0])  # type: ignore[index]
