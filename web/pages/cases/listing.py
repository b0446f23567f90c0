"""What somebody asks of the list of cases, and how each case reads as a line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engine.store.cases import Awaited, CaseFilter, CasePage, CaseRow, Sort, State, Waiting
from engine.store.dossier import InstanceRow
from web.formats import url_with
from web.wording import (
    awaited_words,
    body_name,
    element_name,
    end_mark,
    model,
    party_name,
    process_name,
    remember_people,
    roles_words,
)  # fmt: skip

STATES = (
    (State.OPEN, _l("Under way")),
    (State.OVERDUE, _l("Late ones")),
    (State.CLOSED, _l("Closed ones")),
    (State.ALL, _l("All")),
)
COLUMNS = (
    (Sort.NUMBER, _l("Number")),
    (None, _l("Case")),
    (None, _l("Where it stands")),
    (Sort.DUE, _l("Due")),
    (Sort.CHANGED, _l("Changed")),
)
# The direction that a first click on a column gives.
DOWN_FIRST = {Sort.NUMBER: True, Sort.DUE: False, Sort.CHANGED: True, Sort.STARTED: True}
LONGEST_SEARCH = 200
E = TypeVar("E", Sort, State)


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the list. `kind`: the shape of its status."""

    row: CaseRow
    kind: str
    status: str
    stands: str
    who: str
    place: str
    party: str
    process: str


def asked(query: Mapping[str, str]) -> CaseFilter:
    """The filter in a page's address; what is not understood counts as not given."""
    sort = _member(Sort, query.get("sort"), Sort.CHANGED)
    return CaseFilter(
        state=_member(State, query.get("state"), State.OPEN),
        body=query.get("body", "")[:LONGEST_SEARCH],
        party=query.get("party", "")[:LONGEST_SEARCH],
        text=query.get("q", "").strip()[:LONGEST_SEARCH],
        sort=sort,
        descending=DOWN_FIRST[sort] if query.get("order") not in ("up", "down") else query.get("order") == "down",
        page=int(page) if (page := query.get("page", "1")).isascii() and page.isdecimal() and len(page) < 9 else 1,
    )


def columns(wanted: CaseFilter) -> list[dict[str, str | None]]:
    """The table's headings as `ui.table` takes them: text, href where it can be sorted by, sorted as aria-sort says it."""
    found: list[dict[str, str | None]] = []
    for sort, text in COLUMNS:
        if sort is None:
            found.append({"text": str(text), "href": None, "sorted": None})
            continue
        current = sort == wanted.sort
        down = not wanted.descending if current else DOWN_FIRST[sort]
        href = url_with(sort=sort.value, order="down" if down else "up", page=None)
        order = "descending" if wanted.descending else "ascending"
        found.append({"text": str(text), "href": href, "sorted": order if current else None})
    return found


def lines(page: CasePage, now: datetime) -> list[Line]:
    """The page's cases in words."""
    remember_people(role for row in page.rows for task in row.tasks for role in task.roles)
    return [_line(row, now) for row in page.rows]


def status_of(row: CaseRow | InstanceRow, due_at: datetime | None, now: datetime) -> tuple[str, str]:
    """The status of an instance as shape and word. `due_at`: when its first open task is due."""
    status = row.status
    if status == "completed":
        return end_mark(row.definition_id, row.outcome_id), _("Closed")
    if status == "cancelled":
        return "stopped", _("Withdrawn or cancelled")
    if due_at is not None and due_at <= now:
        return "late", _("Late")
    return "live", _("Under way")


def _line(row: CaseRow, now: datetime) -> Line:
    kind, status = status_of(row, row.due_at, now)
    stands, who = _stands(row)
    return Line(row, kind, status, stands, who, body_name(row.body), party_name(row.party), process_name(row.definition_id))


def _stands(row: CaseRow) -> tuple[str, str]:
    """Where it stands, and who has it."""
    if row.status != "running":
        return element_name(row.definition_id, row.outcome_id, row.outcome or ""), ""
    if row.tasks:
        name = task_name(row.tasks[0])
        same = [task for task in row.tasks if task_name(task) == name]
        others = len({task_name(task) for task in row.tasks}) - 1
        if others:
            name = ngettext("%(name)s and %(num)d more step", "%(name)s and %(num)d more steps", others, name=name)
        return name, who_has(same)
    waits = [awaited_words(each.definition_id, each.element_id) for each in row.awaited if _stands_at(each)]
    return (waits[0] if waits else _("In progress")), ""


def _stands_at(awaited: Awaited) -> bool:
    """Whether the case itself has come to what is awaited; what listens beside it, as for a withdrawal, is no place to stand."""
    element = model(awaited.definition_id).elements.get(awaited.element_id)
    return element is not None and element.type != "startEvent" and element.attached_to is None


def who_has(tasks: list[Waiting]) -> str:
    """Who has some tasks of the same name: the one who took it, the roles that may, or how many parties."""
    if len(tasks) > 1:
        parties = {task.party for task in tasks if task.party}
        if len(parties) == len(tasks):
            return ngettext("%(num)d party", "%(num)d parties", len(tasks))
        return ngettext("%(num)d task", "%(num)d tasks", len(tasks))
    task = tasks[0]
    return task.assignee or roles_words(task.roles)


def task_name(task: Waiting) -> str:
    """The task's name in the language of the page."""
    return element_name(task.definition_id, task.element_id, task.name)


def _member(kind: type[E], text: str | None, otherwise: E) -> E:
    return kind(text) if text in [each.value for each in kind] else otherwise
