"""Notices: what a process tells the holders of a role, and who has read it.

A service writes them; reading marks are the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from engine.store.prepared import Prepared, among
from engine.store.tables import also, instance, notice, notice_read

_root = also(instance, "root")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as its reader sees it."""

    id: int
    root_id: int
    """The case that it is about."""
    case_key: str
    title: str
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None


def notices(
    connection: Connection, person_id: int, roles: Iterable[str], *, unread_only: bool, limit: int = 20, offset: int = 0
) -> list[Notice]:
    """Notices to the person's roles, the latest first."""
    asked = _UNREAD if unread_only else _ALL
    rows = asked.rows(connection, reader=person_id, roles=sorted(roles), most=limit, passed=offset)
    return [Notice(*row) for row in rows]


def _notices(*, unread_only: bool) -> Select[Any]:
    columns = (
        notice.c.id,
        _root.c.id.label("root_id"),
        _root.c.business_key.label("case_key"),
        _root.c.title,
        notice.c.subject,
        notice.c.body,
        notice.c.created_at,
        notice_read.c.read_at,
    )
    query = _addressed(select(*columns), unread_only=unread_only)
    query = query.join(instance, instance.c.id == notice.c.instance_id).join(
        _root, _root.c.id == func.coalesce(instance.c.root_id, instance.c.id)
    )
    latest = query.order_by(notice.c.created_at.desc(), notice.c.id.desc())
    return latest.limit(bindparam("most")).offset(bindparam("passed"))


def count_notices(connection: Connection, person_id: int, roles: Iterable[str], *, unread_only: bool) -> int:
    """How many notices there are to the person's roles."""
    asked = _COUNT_UNREAD if unread_only else _COUNT_ALL
    return int(asked.value(connection, reader=person_id, roles=sorted(roles)))


def mark_read(connection: Connection, person_id: int, roles: Iterable[str], ids: Iterable[int], *, now: datetime) -> int:
    """Mark these notices as read by the person; ids of notices to others are passed over. Returns how many were newly marked."""
    fresh = [row.id for row in _UNREAD_OF.rows(connection, reader=person_id, roles=sorted(roles), ids=list(ids))]
    marked = 0
    for notice_id in fresh:
        try:
            with connection.begin_nested():
                connection.execute(insert(notice_read).values(notice_id=notice_id, person_id=person_id, read_at=now))
            marked += 1
        except IntegrityError:  # the same person marked it in another window meanwhile: it is read, which was the wish
            continue
    return marked


def _addressed(query: Select[Any], *, unread_only: bool) -> Select[Any]:
    """`query` over the notices to the roles given as `roles`, joined with the reading mark of the person given as `reader`."""
    query = (
        query.select_from(notice)
        .outerjoin(notice_read, and_(notice_read.c.notice_id == notice.c.id, notice_read.c.person_id == bindparam("reader")))
        .where(among(notice.c.recipient, "roles"))
    )
    return query.where(notice_read.c.read_at.is_(None)) if unread_only else query


_UNREAD, _ALL = Prepared(_notices(unread_only=True)), Prepared(_notices(unread_only=False))
_COUNT_UNREAD = Prepared(_addressed(select(func.count().label("number")), unread_only=True))
_COUNT_ALL = Prepared(_addressed(select(func.count().label("number")), unread_only=False))
_UNREAD_OF = Prepared(_addressed(select(notice.c.id), unread_only=True).where(among(notice.c.id, "ids")))
