"""The list of cases: filtered, counted, sorted and cut into pages by the database, for one viewer.

A case is an instance that no other called and that is not a meeting. Its open tasks are those of all that it called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, select, true

from engine.store.tables import definition, instance, involvement, is_case, person, subscription, task, task_role, timer
from engine.store.text import contains_words

PAGE_SIZE = 25
MOST_COUNTED = 1_000  # counting goes no further, and no list is paged through beyond it: whoever looks for more asks more closely

Viewer = frozenset[str] | None
"""The subjects ("party:x", "body:y", "person:12") whose cases somebody may see; None: everything."""


class State(StrEnum):
    """Which cases: those that run, those late (an open task past its due moment), those that ended, or all."""

    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    ALL = "all"


class Sort(StrEnum):
    """What a list of cases is ordered by."""

    CHANGED = "changed"
    NUMBER = "number"
    DUE = "due"
    STARTED = "started"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What somebody asks for. `text`: every word must occur in title or registration number, whatever the case of its letters."""

    state: State = State.OPEN
    body: str = ""
    party: str = ""
    text: str = ""
    sort: Sort = Sort.CHANGED
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task somewhere in a case. `roles`: who may take it; `party`: of the instance that it belongs to."""

    task_id: int
    root_id: int
    instance_id: int
    definition_id: int
    element_id: str
    name: str
    due_at: datetime | None
    assignee: str | None
    party: str | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A message or a moment that a case waits for. `definition_id` leads to the diagram that names the element."""

    root_id: int
    definition_id: int
    element_id: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list; `tasks` earliest due first."""

    id: int
    definition_id: int
    business_key: str
    title: str
    process: str
    status: str
    outcome: str | None
    outcome_id: str | None
    body: str | None
    party: str | None
    started_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    tasks: tuple[Waiting, ...] = ()
    awaited: tuple[Awaited, ...] = ()

    @property
    def due_at(self) -> datetime | None:
        """When its first open task is due."""
        return min((each.due_at for each in self.tasks if each.due_at), default=None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each state holds, under the other filters; MOST_COUNTED stands for that many or more."""

    open: int
    overdue: int
    closed: int

    @property
    def all(self) -> int:
        return min(self.open + self.closed, MOST_COUNTED)

    def of(self, state: State) -> int:
        return int(getattr(self, state.value))


@dataclass(frozen=True, slots=True)
class Choices:
    """The bodies and parties (slugs) that occur among the viewer's cases: what a filter can offer."""

    bodies: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list of cases. `page` is within 1…`pages`, also when another was asked for."""

    rows: tuple[CaseRow, ...]
    counts: Counts
    total: int
    page: int
    pages: int
    choices: Choices


def list_cases(connection: Connection, wanted: CaseFilter, *, viewer: Viewer, now: datetime) -> CasePage:
    """The page of cases that `wanted` asks for. Seven statements, however many cases there are."""
    visible = and_(is_case(), sees(viewer))
    narrowed = and_(visible, *_narrowing(wanted))
    counts = _count(connection, narrowed, now, viewer)
    total = counts.of(wanted.state)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    query = _sorted(_rows().where(narrowed, _in_state(wanted.state, now, viewer)), wanted)
    found = connection.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).mappings().all()
    roots = [row["id"] for row in found]
    tasks = _by_root(open_tasks(connection, roots))
    awaited = _by_root(awaiting(connection, roots))
    rows = tuple(CaseRow(**row, tasks=tasks[row["id"]], awaited=awaited[row["id"]]) for row in found)
    return CasePage(rows, counts, total, page, pages, _choices(connection, visible))


def sees(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that `viewer` may see a row of `instance` that nobody called."""
    if viewer is None:
        return true()
    # An alias: the query around it may ask for involvement as well. Not correlated: a viewer's cases are few among all.
    mine = involvement.alias("mine")
    return instance.c.id.in_(select(mine.c.root_id).where(mine.c.subject.in_(sorted(viewer))))


def open_tasks(connection: Connection, roots: Sequence[int]) -> list[Waiting]:
    """Every open task of the cases `roots` and of what they called, earliest due first, with its roles. Two statements."""
    if not roots:
        return []
    query = (
        select(
            task.c.id.label("task_id"), task.c.root_id, task.c.instance_id, instance.c.definition_id, task.c.element_id,
            task.c.name, task.c.due_at, person.c.name.label("assignee"), instance.c.party,
        )
        .join(instance, instance.c.id == task.c.instance_id)
        .outerjoin(person, person.c.id == task.c.assignee_id)
        .where(task.c.root_id.in_(roots), task.c.status == "open")
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )
    found = connection.execute(query).mappings().all()
    roles = task_roles(connection, [row["task_id"] for row in found])
    return [Waiting(**row, roles=roles[row["task_id"]]) for row in found]


def task_roles(connection: Connection, tasks: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Task id → the roles that may take it, in alphabetical order; an unknown id has none."""
    roles: dict[int, tuple[str, ...]] = defaultdict(tuple)
    if tasks:
        query = select(task_role.c.task_id, task_role.c.role).where(task_role.c.task_id.in_(tasks)).order_by(task_role.c.role)
        for task_id, role in connection.execute(query):
            roles[task_id] += (role,)
    return roles


def awaiting(connection: Connection, roots: Sequence[int]) -> list[Awaited]:
    """The messages and moments that the cases `roots` themselves (not what they called) wait for."""
    if not roots:
        return []
    messages = select(
        instance.c.id.label("root_id"), instance.c.definition_id, subscription.c.element_id, timer.c.due_at
    ).join(subscription, subscription.c.instance_id == instance.c.id).outerjoin(
        timer, and_(timer.c.instance_id == instance.c.id, timer.c.token == subscription.c.token)
    )
    timers = select(instance.c.id.label("root_id"), instance.c.definition_id, timer.c.element_id, timer.c.due_at).join(
        timer, timer.c.instance_id == instance.c.id
    )
    both = messages.where(instance.c.id.in_(roots)).union(timers.where(instance.c.id.in_(roots)))
    return [Awaited(**row) for row in connection.execute(both).mappings()]


def _by_root(found: Iterable[Any]) -> dict[int, tuple[Any, ...]]:
    grouped: dict[int, tuple[Any, ...]] = defaultdict(tuple)
    for each in found:
        grouped[each.root_id] += (each,)
    return grouped


def _narrowing(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.body:
        conditions.append(instance.c.body == wanted.body)
    if wanted.party:
        conditions.append(instance.c.party == wanted.party)
    if wanted.text.strip():
        conditions.append(contains_words((instance.c.title, instance.c.business_key), wanted.text))
    return conditions


def _is_late(now: datetime) -> ColumnElement[bool]:
    # Not correlated: the partial index on open tasks is read once, from the earliest due up to now.
    late = select(task.c.root_id).where(task.c.status == "open", task.c.due_at <= now)
    return instance.c.id.in_(late)


def _in_state(state: State, now: datetime, viewer: Viewer) -> ColumnElement[bool]:
    # Among all cases the index of states leads to those that are asked for. Where something narrower does, a viewer's own cases or
    # those with a late task, the state is said as an expression, which does not tempt a database to go through everybody's.
    hidden = instance.c.status.concat("")
    status = instance.c.status if viewer is None else hidden
    match state:
        case State.OPEN:
            return status == "running"
        case State.OVERDUE:
            return and_(hidden == "running", _is_late(now))
        case State.CLOSED:
            return status.in_(("completed", "cancelled"))
        case State.ALL:
            return true()


def _count(connection: Connection, narrowed: ColumnElement[bool], now: datetime, viewer: Viewer) -> Counts:
    def number(state: State) -> ColumnElement[int]:
        some = select(instance.c.id).where(narrowed, _in_state(state, now, viewer)).limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    return Counts(*connection.execute(select(number(State.OPEN), number(State.OVERDUE), number(State.CLOSED))).one())


def _rows() -> Select[Any]:
    own = (
        "id", "definition_id", "business_key", "title", "status", "outcome", "outcome_id", "body", "party",
        "started_at", "changed_at", "ended_at",
    )  # fmt: skip
    query = select(*(instance.c[name] for name in own), definition.c.name.label("process"))
    return query.join(definition, definition.c.id == instance.c.definition_id)


def _sorted(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    keys: dict[Sort, ColumnElement[Any]] = {
        Sort.CHANGED: instance.c.changed_at, Sort.NUMBER: instance.c.business_key, Sort.STARTED: instance.c.started_at
    }
    if wanted.sort in keys:
        key = keys[wanted.sort]
        return query.order_by(key.desc() if wanted.descending else key, instance.c.id.desc())
    first = (
        select(task.c.root_id, func.min(task.c.due_at).label("due_at"))
        .where(task.c.status == "open", task.c.due_at.is_not(None))
        .group_by(task.c.root_id)
        .subquery()
    )
    due = first.c.due_at
    # What has no date comes last whichever way the dates run: it is never the answer to "what is due".
    return query.outerjoin(first, first.c.root_id == instance.c.id).order_by(
        due.is_(None), due.desc() if wanted.descending else due, instance.c.id.desc()
    )


def _choices(connection: Connection, visible: ColumnElement[bool]) -> Choices:
    return Choices(*(_occurring(connection, column, visible) for column in (instance.c.body, instance.c.party)))


def _occurring(connection: Connection, column: Column[str], visible: ColumnElement[bool]) -> tuple[str, ...]:
    """The values of a column among the visible cases: a step through its index a value, however many cases there are."""
    found = select(func.min(column).label("value")).where(column.is_not(None)).cte("found", recursive=True)
    after = select(func.min(column)).where(column > found.c.value).scalar_subquery()
    found = found.union_all(select(after).where(found.c.value.is_not(None)))
    occurs = select(instance.c.id).where(visible, column == found.c.value).correlate(found).exists()
    query = select(found.c.value).where(found.c.value.is_not(None), occurs).order_by(found.c.value)
    return tuple(connection.execute(query).scalars())
