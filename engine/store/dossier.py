"""One case (or meeting) as a whole: its own row, what it called, its tasks, what it waits for, what went wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from engine.store.cases import task_roles
from engine.store.prepared import Prepared
from engine.store.tables import definition, errand, incident, instance, party, person, subscription, task, timer


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance with the names that its row refers to; `root_id` is its own id where nothing called it, `state` is packed."""

    id: int
    definition_id: int
    process_key: str
    process_name: str
    process_version: int
    properties: Mapping[str, Any]
    business_key: str
    kind: str
    root_id: int
    parent_id: int | None
    parent_token: int | None
    status: str
    title: str
    body: str | None
    party: str | None
    party_name: str | None
    event_date: date | None
    summary: Mapping[str, Any] | None
    state: bytes
    outcome: str | None
    outcome_id: str | None
    next_due: datetime | None
    started_by: str | None
    started_at: datetime
    changed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a case. `party` is of the instance it belongs to; `acted_for` the absent person whose part was taken."""

    id: int
    instance_id: int
    definition_id: int
    token: int
    element_id: str
    name: str
    status: str
    form_id: int | None
    due_at: datetime | None
    created_at: datetime
    closed_at: datetime | None
    assignee: str | None
    closed_by: str | None
    acted_for: str | None
    party: str | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A message that a part of the case waits for."""

    id: int
    instance_id: int
    definition_id: int
    token: int
    element_id: str
    message: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A moment that a part of the case waits for."""

    instance_id: int
    definition_id: int
    token: int
    element_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Something that failed and waits for a coordinator."""

    id: int
    instance_id: int
    element_id: str | None
    message: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message that came before anybody waited for it, or that cannot be delivered (`status` failed)."""

    id: int
    message: str
    status: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """One instance and what hangs below it. `children` are those that it called itself, in the parties' own order."""

    row: InstanceRow
    children: tuple[InstanceRow, ...]
    tasks: tuple[TaskRow, ...]
    subscriptions: tuple[SubscriptionRow, ...]
    timers: tuple[TimerRow, ...]
    incidents: tuple[IncidentRow, ...]
    held: tuple[HeldMessage, ...]

    def open_tasks(self, instance_id: int | None = None) -> tuple[TaskRow, ...]:
        """The open tasks, of all or of one instance, earliest due first."""
        wanted = [each for each in self.tasks if each.status == "open" and instance_id in (None, each.instance_id)]
        return tuple(sorted(wanted, key=lambda each: (each.due_at is None, each.due_at, each.id)))


def find_instance(connection: Connection, instance_id: int) -> InstanceRow | None:
    """The instance with this id; None where there is none."""
    found = _INSTANCE.one_or_none(connection, this=instance_id)
    return InstanceRow(**found._asdict()) if found else None


def find_instances(connection: Connection, ids: Collection[int]) -> dict[int, InstanceRow]:
    """Id → instance, for those that exist. One statement."""
    if not ids:
        return {}
    query = _instances().where(instance.c.id.in_(sorted(ids)))
    return {row["id"]: InstanceRow(**row) for row in connection.execute(query).mappings()}


def find_by_business_key(connection: Connection, keys: set[str]) -> dict[str, InstanceRow]:
    """Registration number → the instance that it names, for those that exist. One statement."""
    if not keys:
        return {}
    query = _instances().where(instance.c.business_key.in_(sorted(keys)), instance.c.parent_id.is_(None))
    return {row["business_key"]: InstanceRow(**row) for row in connection.execute(query).mappings()}


def open_dossier(connection: Connection, row: InstanceRow) -> Dossier:
    """Everything about the instance `row` and all that it called. Eight statements, however large the case."""
    tree = below(connection, row.id)
    children = connection.execute(
        _instances().where(instance.c.parent_id == row.id).order_by(party.c.position, instance.c.id)
    ).mappings()
    return Dossier(
        row=row,
        children=tuple(InstanceRow(**child) for child in children),
        tasks=_tasks(connection, tree),
        subscriptions=_subscriptions(connection, tree),
        timers=_timers(connection, tree),
        incidents=_incidents(connection, tree),
        held=_held(connection, row),
    )


def _instances() -> Select[Any]:
    starter = person.alias("starter")
    own = (
        "id", "definition_id", "business_key", "kind", "parent_id", "parent_token", "status", "title", "body", "party",
        "event_date", "summary", "state", "outcome", "outcome_id", "next_due", "started_at", "changed_at", "ended_at",
    )  # fmt: skip
    return (
        select(
            *(instance.c[name] for name in own),
            func.coalesce(instance.c.root_id, instance.c.id).label("root_id"),
            definition.c.key.label("process_key"),
            definition.c.name.label("process_name"),
            definition.c.version.label("process_version"),
            definition.c.properties,
            party.c.name.label("party_name"),
            starter.c.name.label("started_by"),
        )
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(party, party.c.slug == instance.c.party)
        .outerjoin(starter, starter.c.id == instance.c.started_by)
    )


_INSTANCE = Prepared(_instances().where(instance.c.id == bindparam("this")))


def below(connection: Connection, instance_id: int) -> list[int]:
    """The ids of the instance and of all that it called, directly or not."""
    tree = select(instance.c.id).where(instance.c.id == instance_id).cte("tree", recursive=True)
    tree = tree.union_all(select(instance.c.id).join(tree, instance.c.parent_id == tree.c.id))
    return list(connection.execute(select(tree.c.id)).scalars())


def _tasks(connection: Connection, tree: list[int]) -> tuple[TaskRow, ...]:
    assignee, closer, absent = person.alias("assignee"), person.alias("closer"), person.alias("absent")
    own = ("id", "instance_id", "token", "element_id", "name", "status", "form_id", "due_at", "created_at", "closed_at")
    query = (
        select(
            *(task.c[name] for name in own),
            instance.c.definition_id,
            assignee.c.name.label("assignee"), closer.c.name.label("closed_by"), absent.c.name.label("acted_for"), instance.c.party,
        )
        .join(instance, instance.c.id == task.c.instance_id)
        .outerjoin(assignee, assignee.c.id == task.c.assignee_id)
        .outerjoin(closer, closer.c.id == task.c.closed_by)
        .outerjoin(absent, absent.c.id == task.c.acted_for)
        .where(task.c.instance_id.in_(tree))
        .order_by(task.c.created_at, task.c.id)
    )  # fmt: skip
    found = connection.execute(query).mappings().all()
    roles = task_roles(connection, [row["id"] for row in found if row["status"] == "open"])
    return tuple(TaskRow(**row, roles=roles[row["id"]]) for row in found)


def _subscriptions(connection: Connection, tree: list[int]) -> tuple[SubscriptionRow, ...]:
    own = ("id", "instance_id", "token", "element_id", "message", "created_at")
    query = (
        select(*(subscription.c[name] for name in own), instance.c.definition_id)
        .join(instance, instance.c.id == subscription.c.instance_id)
        .where(subscription.c.instance_id.in_(tree))
        .order_by(subscription.c.id)
    )
    return tuple(SubscriptionRow(**row) for row in connection.execute(query).mappings())


def _timers(connection: Connection, tree: list[int]) -> tuple[TimerRow, ...]:
    query = (
        select(timer, instance.c.definition_id)
        .join(instance, instance.c.id == timer.c.instance_id)
        .where(timer.c.instance_id.in_(tree))
        .order_by(timer.c.due_at)
    )
    return tuple(TimerRow(**row) for row in connection.execute(query).mappings())


def _incidents(connection: Connection, tree: list[int]) -> tuple[IncidentRow, ...]:
    query = (
        select(incident.c.id, incident.c.instance_id, incident.c.element_id, incident.c.message, incident.c.created_at)
        .where(incident.c.instance_id.in_(tree), incident.c.resolved_at.is_(None))
        .order_by(incident.c.id)
    )
    return tuple(IncidentRow(**row) for row in connection.execute(query).mappings())


def _held(connection: Connection, row: InstanceRow) -> tuple[HeldMessage, ...]:
    query = (
        select(errand.c.id, errand.c.message, errand.c.status, errand.c.attempts, errand.c.created_at)
        .where(
            errand.c.kind == "message",
            errand.c.status.in_(("held", "failed")),
            or_(errand.c.correlation == row.business_key, errand.c.receiver_id == row.id),
        )
        .order_by(errand.c.id)
    )
    return tuple(HeldMessage(**found) for found in connection.execute(query).mappings())
