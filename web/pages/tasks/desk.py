"""Who sits at the desk, and how a task reads there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.model import Element
from engine.runtime import Actor
from engine.store.tasks import TaskRow, Viewer, roles_in_use
from web.auth import current_person
from web.context import reading, register_today
from web.wording import element_name, model, remember_people, roles_words, translated


@dataclass(frozen=True, slots=True)
class Line:
    """A task as a line of a list.

    `kind` is what it belongs to (case, meeting, decision); `who` may take it, in words, `personal` if that is one person by name;
    `taken_by` has it; `mine` says that this is the person who looks.
    """

    id: int
    name: str
    kind: str
    title: str
    case_key: str
    root_id: int
    party: str
    due_at: datetime | None
    mine: bool
    who: str
    personal: bool
    taken_by: str
    status: str
    closed_at: datetime | None
    closed_by: str


def actor() -> Actor:
    """The person who asks, as the runtime knows people."""
    person = current_person()
    return Actor(person.id, person.name)


def viewer() -> Viewer:
    """The person who asks, with today's roles; for a coordinator also the roles that nobody holds today."""
    person = current_person()
    vacant = None
    if person.is_coordinator:
        day = register_today()
        vacant = frozenset(role for role in roles_in_use(reading()) if not day.holders(role))
    return Viewer(person.id, person.roles, vacant)


def lines(rows: Iterable[TaskRow]) -> list[Line]:
    """Tasks in words. One statement for the names of all people that roles name."""
    rows = list(rows)
    remember_people(role for row in rows for role in row.roles)
    return [line(row) for row in rows]


def line(row: TaskRow) -> Line:
    """One task in words."""
    return Line(
        id=row.id,
        name=task_name(row),
        kind=row.kind,
        title=row.title,
        case_key=row.case_key,
        root_id=row.root_id,
        party=row.party_name or "",
        due_at=row.due_at,
        mine=row.assignee_id == current_person().id,
        who=roles_words(row.roles),
        personal=len(row.roles) == 1 and row.roles[0].startswith("person:"),
        taken_by=row.assignee_name or "",
        status=row.status,
        closed_at=row.closed_at,
        closed_by=row.closed_by_name or "",
    )


def task_name(row: TaskRow) -> str:
    """What the task is called, in the language of the page."""
    return element_name(row.definition_id, row.element_id, row.name)


def element_of(definition_id: int, element_id: str) -> Element | None:
    """The element of the diagram; None when a later version of the code reads an older diagram without it."""
    return model(definition_id).elements.get(element_id)


def said(element: Element | None, key: str) -> str:
    """What the diagram says of an element under a property, in the language of the page; nothing where it says nothing."""
    return translated(element.properties, key, element.properties.get(key, "")) if element else ""


def instruction(element: Element | None) -> list[str]:
    """What to do, as paragraphs: the element's documentation in the language of the page."""
    text = translated(element.properties, "documentation", element.documentation) if element else ""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
