"""Meetings: instances of diagrams that say `kind` = meeting, by their day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from engine.store.cases import Viewer, sees
from engine.store.tables import body, definition, instance, involvement

MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list. `bodies`: slugs of those it involves, in the register's order; `event_date`: None until it is fixed."""

    id: int
    definition_id: int
    process: str
    business_key: str
    title: str
    status: str
    outcome: str | None
    outcome_id: str | None
    body: str | None
    event_date: date | None
    summary: Mapping[str, Any] | None
    bodies: tuple[str, ...] = ()


def meetings_between(connection: Connection, first: date, last: date, *, viewer: Viewer, body_slug: str = "") -> list[MeetingRow]:
    """The meetings from `first` to `last`, both days included, earliest first. Two statements."""
    days = and_(instance.c.event_date >= first, instance.c.event_date <= last)
    query = _meetings(viewer, body_slug).where(days).order_by(instance.c.event_date, instance.c.id)
    return _with_bodies(connection, query)


def coming_meetings(
    connection: Connection, today: date, *, viewer: Viewer, body_slug: str = "", limit: int = 20
) -> list[MeetingRow]:
    """Meetings from `today` on and those that have no day yet but are being prepared, earliest first. Two statements."""
    coming = or_(instance.c.event_date >= today, and_(instance.c.event_date.is_(None), instance.c.status == "running"))
    query = _meetings(viewer, body_slug).where(coming, instance.c.status != "cancelled")
    order = (instance.c.event_date.is_(None), instance.c.event_date, instance.c.id)
    return _with_bodies(connection, query.order_by(*order).limit(limit))


def past_meetings(
    connection: Connection, today: date, *, viewer: Viewer, body_slug: str = "", limit: int = 20, offset: int = 0
) -> list[MeetingRow]:
    """Meetings before `today`, latest first. Two statements."""
    query = _meetings(viewer, body_slug).where(instance.c.event_date < today)
    return _with_bodies(connection, query.order_by(instance.c.event_date.desc(), instance.c.id.desc()).limit(limit).offset(offset))


def bodies_that_meet(connection: Connection, *, viewer: Viewer) -> list[str]:
    """The slugs of every body that a meeting which the viewer may see involves, in the register's order."""
    met = (
        select(involvement.c.subject)
        .join(instance, instance.c.id == involvement.c.root_id)
        .where(instance.c.kind == MEETING, sees(viewer))
    )
    query = select(body.c.slug).where(("body:" + body.c.slug).in_(met)).order_by(body.c.position)
    return list(connection.execute(query).scalars())


def _meetings(viewer: Viewer, body_slug: str) -> Select[Any]:
    query = (
        select(
            instance.c.id, instance.c.definition_id, definition.c.name.label("process"), instance.c.business_key, instance.c.title,
            instance.c.status, instance.c.outcome, instance.c.outcome_id,
            instance.c.body, instance.c.event_date, instance.c.summary,
        )
        .join(definition, definition.c.id == instance.c.definition_id)
        .where(instance.c.kind == MEETING, instance.c.parent_id.is_(None), sees(viewer))
    )  # fmt: skip
    return query.where(_involves(f"body:{body_slug}")) if body_slug else query


def _involves(subject: str) -> ColumnElement[bool]:
    return select(involvement.c.root_id).where(involvement.c.root_id == instance.c.id, involvement.c.subject == subject).exists()


def _with_bodies(connection: Connection, query: Select[Any]) -> list[MeetingRow]:
    found = connection.execute(query).mappings().all()
    bodies = bodies_of(connection, [row["id"] for row in found])
    return [MeetingRow(**row, bodies=bodies.get(row["id"], ())) for row in found]


def bodies_of(connection: Connection, roots: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Id of a case or meeting → the slugs of the bodies that it involves, in the register's order. One statement."""
    involved: dict[int, tuple[str, ...]] = {}
    if not roots:
        return involved
    query = (
        select(involvement.c.root_id, body.c.slug)
        .join(body, involvement.c.subject == "body:" + body.c.slug)
        .where(involvement.c.root_id.in_(roots))
        .order_by(body.c.position)
    )
    for root_id, slug in connection.execute(query):
        involved[root_id] = (*involved.get(root_id, ()), slug)
    return involved
