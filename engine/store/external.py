"""Reads of the work that waits for workers. Only the runtime writes it. Moments are aware, in UTC."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from engine.store.tables import definition, external_task, instance


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """A service task that waits for a worker. `worker` has or had the lock until `locked_until`; `retries` None: never failed."""

    id: int
    instance_id: int
    root_id: int
    token: int
    element_id: str
    topic: str
    priority: int
    worker: str | None
    locked_until: datetime | None
    retries: int | None
    error_message: str | None
    error_details: str | None
    created_at: datetime
    business_key: str
    definition_id: int
    definition_key: str
    definition_version: int
    version_tag: str


@dataclass(frozen=True, slots=True)
class Order:
    """In what order work is handed out. `by_priority`: the highest first; `created`: then the oldest ("asc") or newest ("desc")."""

    by_priority: bool = False
    created: str | None = None

    def columns(self) -> list[ColumnElement[Any]]:
        found: list[ColumnElement[Any]] = [external_task.c.priority.desc()] if self.by_priority else []
        if self.created is not None:
            found.append(external_task.c.created_at.desc() if self.created == "desc" else external_task.c.created_at)
        return [*found, external_task.c.id.desc() if self.created == "desc" else external_task.c.id]


def fetchable(now: datetime) -> ColumnElement[bool]:
    """The condition that a worker may fetch a row now: no lock, no pause, and not out of tries."""
    free = or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= now)
    return and_(free, or_(external_task.c.retries.is_(None), external_task.c.retries > 0))


def tasks_query() -> Select[Any]:
    """Every waiting task with what its instance and its definition say of it."""
    own = (
        "id", "instance_id", "token", "element_id", "topic", "priority", "worker", "locked_until", "retries", "error_message",
        "error_details", "created_at",
    )  # fmt: skip
    return (
        select(
            *(external_task.c[name] for name in own),
            func.coalesce(instance.c.root_id, instance.c.id).label("root_id"),
            instance.c.business_key, instance.c.definition_id, definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version"), definition.c.version_tag,
        )
        .join(instance, instance.c.id == external_task.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
    )  # fmt: skip


def read_tasks(connection: Connection, *where: ColumnElement[bool]) -> list[ExternalTask]:
    """The waiting tasks that satisfy `where`, oldest first. One statement."""
    rows = connection.execute(tasks_query().where(*where).order_by(external_task.c.id)).mappings()
    return [ExternalTask(**row) for row in rows]


def count_fetchable(connection: Connection, topics: Collection[str], now: datetime) -> dict[str, int]:
    """How many tasks could be fetched now under each of `topics`; those without any are left out. One statement."""
    query = (
        select(external_task.c.topic, func.count())
        .where(external_task.c.topic.in_(sorted(topics)), fetchable(now))
        .group_by(external_task.c.topic)
    )
    return dict(connection.execute(query).tuples().all())


def next_expiry(connection: Connection, topics: Collection[str], now: datetime) -> datetime | None:
    """When the first lock or pause under `topics` ends after `now`; None when none does. One statement."""
    query = select(func.min(external_task.c.locked_until)).where(
        external_task.c.topic.in_(sorted(topics)), external_task.c.locked_until > now, func.coalesce(external_task.c.retries, 1) > 0
    )
    found: datetime | None = connection.execute(query).scalar_one()
    return found
