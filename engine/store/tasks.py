"""What lies on people's desks: reads of tasks, each in a few indexed statements however many cases there are.

Only the runtime writes tasks. Moments are aware, in UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from engine.store.prepared import Prepared, among
from engine.store.tables import also, instance, party, person, task, task_role
from engine.store.text import contains_words

_root = also(instance, "root")
_assignee = also(person, "assignee")
_sender = also(person, "sender")
_closer = also(person, "closer")
_absent = also(person, "absent")


class Pile(StrEnum):
    """Which part of an inbox is asked for."""

    ALL = "all"
    MINE = "mine"
    ROLES = "roles"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the desk: the person, and every role that the person can act in on the day.

    `vacant` is given for a coordinator alone: the roles that nobody holds, whose tasks fall to the coordinators;
    None for everybody else.
    """

    person_id: int
    roles: frozenset[str]
    vacant: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with its case, as a line of a list."""

    id: int
    name: str
    element_id: str
    definition_id: int
    instance_id: int
    root_id: int
    root_definition_id: int
    business_key: str
    """The registration number of the task's own instance."""
    case_key: str
    """The registration number of the whole case."""
    kind: str
    """What the whole is, as its diagram says: case, meeting or decision."""
    title: str
    """The whole case's title."""
    own_title: str
    party: str | None
    """The party that the task's own instance concerns (its slug); None if that instance is the case itself."""
    party_name: str | None
    body: str | None
    status: str
    due_at: datetime | None
    created_at: datetime
    assignee_id: int | None
    assignee_name: str | None
    sender_id: int | None
    sender_name: str | None
    closed_at: datetime | None
    closed_by: int | None
    closed_by_name: str | None
    acted_for: int | None
    acted_for_name: str | None
    form_id: int | None
    submission: str | None
    token: int
    roles: tuple[str, ...]
    """The roles that may take it, in alphabetical order."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open tasks lie in each pile, whatever filter is chosen, under the same search."""

    mine: int
    roles: int
    late: int

    @property
    def all(self) -> int:
        return self.mine + self.roles


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of an inbox."""

    rows: tuple[TaskRow, ...]
    counts: Counts
    total: int
    """Tasks in the chosen pile, all pages together."""


def inbox(
    connection: Connection,
    viewer: Viewer,
    *,
    now: datetime,
    search: str = "",
    pile: Pile = Pile.ALL,
    limit: int = 25,
    offset: int = 0,
) -> Inbox:
    """The open tasks that are the viewer's own or that one of the viewer's roles may take.

    Mine come first; within each half the earliest deadline (so the latest of the late) comes first and tasks without one last.
    `search` holds words, each of which must occur in the task's name, a title or a registration number of the case.
    """
    # A search has as many conditions as words; what everybody opens all day has none.
    fallen = viewer.vacant is not None
    asked = _statements(fallen, search, pile) if search.strip() else _inbox_statements(fallen, pile)
    given = {"viewer": viewer.person_id, "roles": sorted(viewer.roles), "vacant": sorted(viewer.vacant or ()), "now": now}
    counts = Counts(*asked.counted.one_or_none(connection, **given))
    ids = [row.id for row in asked.page.rows(connection, **given, most=limit, passed=offset)]
    totals = {Pile.ALL: counts.all, Pile.MINE: counts.mine, Pile.ROLES: counts.roles, Pile.LATE: counts.late}
    return Inbox(rows=_in_order(connection, ids), counts=counts, total=totals[pile])


@dataclass(frozen=True, slots=True)
class _Asked:
    """The statements of an inbox: its three numbers, and the ids of a page."""

    counted: Prepared
    page: Prepared


@cache
def _inbox_statements(fallen: bool, pile: Pile) -> _Asked:
    """Without a search: as many as there are piles, twice. `fallen`: tasks that nobody else can do are the viewer's as well."""
    return _statements(fallen, "", pile)


def _statements(fallen: bool, search: str, pile: Pile) -> _Asked:
    reach = _reach(fallen, search)
    mine = reach.c.assignee_id == bindparam("viewer")
    late = and_(reach.c.due_at.is_not(None), reach.c.due_at <= bindparam("now"))
    counted = select(
        func.count().filter(mine).label("mine"),
        func.count().filter(reach.c.assignee_id.is_(None)).label("roles"),
        func.count().filter(late).label("late"),
    ).select_from(reach)
    wanted: dict[Pile, ColumnElement[bool]] = {
        Pile.MINE: mine,
        Pile.ROLES: reach.c.assignee_id.is_(None),
        Pile.LATE: late,
        Pile.ALL: literal(True),
    }
    page = (
        select(reach.c.id)
        .where(wanted[pile])
        .order_by(case((mine, 0), else_=1), reach.c.due_at.is_(None), reach.c.due_at, reach.c.priority.desc(), reach.c.id)
        .limit(bindparam("most"))
        .offset(bindparam("passed"))
    )
    return _Asked(Prepared(counted), Prepared(page))


def one_task(connection: Connection, task_id: int) -> TaskRow | None:
    """The task with its case, whatever its status; None if there is none of that number."""
    found = _in_order(connection, [task_id])
    return found[0] if found else None


def open_in_case(connection: Connection, root_id: int, *, limit: int = 50) -> tuple[TaskRow, ...]:
    """The case's open tasks, earliest deadline first."""
    ids = [row.id for row in _OPEN_IN_CASE.rows(connection, case=root_id, most=limit)]
    return _in_order(connection, ids)


def done_in_case(connection: Connection, root_id: int, *, limit: int = 50) -> tuple[TaskRow, ...]:
    """The case's completed tasks, the latest first."""
    ids = connection.execute(
        select(task.c.id)
        .where(task.c.root_id == root_id, task.c.status == "completed")
        .order_by(task.c.closed_at.desc(), task.c.id.desc())
        .limit(limit)
    ).scalars()
    return _in_order(connection, list(ids))


def closed_by_submission(connection: Connection, task_id: int, submission: str) -> bool:
    """Whether it was this very submit that completed the task."""
    found = connection.execute(select(task.c.id).where(task.c.id == task_id, task.c.submission == submission)).first()
    return found is not None


def roles_in_use(connection: Connection) -> frozenset[str]:
    """Every role that a task has ever been meant for. One step through the index a role, however many tasks there are."""
    return frozenset(row.role for row in _IN_USE.rows(connection))


def _roles_in_use() -> Select[Any]:
    found = select(func.min(task_role.c.role).label("role")).cte("found", recursive=True)
    later = task_role.alias("later")
    after = select(func.min(later.c.role)).where(later.c.role > found.c.role).scalar_subquery()
    found = found.union_all(select(after).where(found.c.role.is_not(None)))
    return select(found.c.role).where(found.c.role.is_not(None))


def _reach(fallen_too: bool, search: str) -> FromClause:
    """The viewer's open tasks. Parts that do not overlap, so that each has its own index: the assignee's and the role's."""
    columns = (task.c.id, task.c.assignee_id, task.c.due_at, task.c.priority)
    mine = select(task_role.c.task_id).where(among(task_role.c.role, "roles"))
    own = select(*columns).where(task.c.status == literal_column("'open'"), task.c.assignee_id == bindparam("viewer"))
    free = select(*columns).where(task.c.status == literal_column("'open'"), task.c.assignee_id.is_(None))
    parts = [own, free.where(task.c.id.in_(mine))]
    if fallen_too:
        held = select(task_role.c.task_id).where(task_role.c.task_id == task.c.id, ~among(task_role.c.role, "vacant"))
        fallen = select(task_role.c.task_id).where(among(task_role.c.role, "vacant"))
        for nobody in (task.c.id.in_(fallen), ~select(task_role.c.role).where(task_role.c.task_id == task.c.id).exists()):
            parts.append(free.where(nobody, ~held.exists(), task.c.id.not_in(mine)))
    return union_all(*(_searched(part, search) for part in parts)).subquery("reach")


def _searched(query: Select[Any], search: str) -> Select[Any]:
    if not search.strip():
        return query
    joined = query.join(instance, instance.c.id == task.c.instance_id).join(_root, _root.c.id == task.c.root_id)
    columns = (task.c.name, instance.c.title, instance.c.business_key, _root.c.title, _root.c.business_key)
    return joined.where(contains_words(columns, search))


def _in_order(connection: Connection, ids: Sequence[int]) -> tuple[TaskRow, ...]:
    """The tasks of these ids, in this order; ids without a task are left out."""
    if not ids:
        return ()
    found = {}
    for row in _WHOLE.rows(connection, ids=ids):
        columns = row._asdict()
        columns["roles"] = tuple(sorted((row.roles or "").split()))
        found[row.id] = TaskRow(**columns)
    return tuple(found[id_] for id_ in ids if id_ in found)


def roles_of_tasks(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each task that has any: its candidate roles, in alphabetical order."""
    roles: dict[int, list[str]] = defaultdict(list)
    for task_id, role in _ROLES.rows(connection, ids=list(ids)):
        roles[task_id].append(role)
    return {task_id: tuple(found) for task_id, found in roles.items()}


_CALLED = task.c.instance_id != task.c.root_id
_COLUMNS = (
    task.c.id,
    task.c.name,
    task.c.element_id,
    instance.c.definition_id,
    task.c.instance_id,
    task.c.root_id,
    _root.c.definition_id.label("root_definition_id"),
    instance.c.business_key,
    _root.c.business_key.label("case_key"),
    _root.c.kind,
    _root.c.title,
    instance.c.title.label("own_title"),
    case((_CALLED, instance.c.party)).label("party"),
    case((_CALLED, party.c.name)).label("party_name"),
    instance.c.body,
    task.c.status,
    task.c.due_at,
    task.c.created_at,
    task.c.assignee_id,
    _assignee.c.name.label("assignee_name"),
    task.c.sender_id,
    _sender.c.name.label("sender_name"),
    task.c.closed_at,
    task.c.closed_by,
    _closer.c.name.label("closed_by_name"),
    task.c.acted_for,
    _absent.c.name.label("acted_for_name"),
    task.c.form_id,
    task.c.submission,
    task.c.token,
)


def _whole(joined: Callable[..., Any]) -> Select[Any]:
    """Tasks with all that lists say of them. `joined` makes one text of several rows: roles, which hold no spaces."""
    roles = select(joined(task_role.c.role, literal_column("' '"))).where(task_role.c.task_id == task.c.id)
    return (
        select(
            *_COLUMNS,
            roles.scalar_subquery().label("roles"),
        )
        .join(instance, instance.c.id == task.c.instance_id)
        .join(_root, _root.c.id == task.c.root_id)
        .outerjoin(party, party.c.slug == instance.c.party)
        .outerjoin(_assignee, _assignee.c.id == task.c.assignee_id)
        .outerjoin(_sender, _sender.c.id == task.c.sender_id)
        .outerjoin(_closer, _closer.c.id == task.c.closed_by)
        .outerjoin(_absent, _absent.c.id == task.c.acted_for)
        .where(among(task.c.id, "ids"))
    )


_WHOLE = Prepared(_whole(func.group_concat), postgresql=_whole(func.string_agg))
_ROLES = Prepared(
    select(task_role.c.task_id, task_role.c.role).where(among(task_role.c.task_id, "ids")).order_by(task_role.c.role)
)
_IN_USE = Prepared(_roles_in_use())
_OPEN_IN_CASE = Prepared(
    select(task.c.id)
    .where(task.c.root_id == bindparam("case"), task.c.status == literal_column("'open'"))
    .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    .limit(bindparam("most"))
)

__all__ = [
    "Counts",
    "Inbox",
    "Pile",
    "TaskRow",
    "Viewer",
    "closed_by_submission",
    "done_in_case",
    "inbox",
    "one_task",
    "open_in_case",
    "roles_in_use",
    "roles_of_tasks",
]
