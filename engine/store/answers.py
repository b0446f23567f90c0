"""What people have answered in a case: the forms that they sent in, from the content beside the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, or_, select

from engine.store.codec import unpack
from engine.store.names import people_named
from engine.store.prepared import Prepared
from engine.store.tables import Id, beside_history, history, history_content, instance, party, person

# The commands that carry a form, as the runtime names them.
COMMANDS = ("started", "completed", "acted")


@dataclass(frozen=True, slots=True)
class Answer:
    """One form that was sent in.

    `variables` are the cleaned values, None when the content has been erased; `party_name` tells whose part of the case it was,
    None for the case itself; `form_id` is known for a task's form, the others follow from the diagram.
    """

    history_id: int
    instance_id: int
    definition_id: int
    party_name: str | None
    at: datetime
    kind: str
    element_id: str
    form_id: int | None
    actor_name: str | None
    acted_for_name: str | None
    task_id: int | None
    variables: Mapping[str, Any] | None


def answers(connection: Connection, root_id: int, *, limit: int = 20, task_id: int | None = None) -> list[Answer]:
    """The latest answers of the case and of what it called, the latest first; those of one task if `task_id` is given."""
    whole = _ALL.rows(connection, case=root_id) if task_id is not None else _LATEST.rows(connection, case=root_id, most=limit)
    absent = {row.data["for"] for row in whole if (row.data or {}).get("for") is not None}
    names = people_named(connection, absent)
    found = [_answer(row, names) for row in whole]
    return found if task_id is None else [answer for answer in found if answer.task_id == task_id]


def _commands() -> Any:
    root_id = bindparam("case", type_=Id)
    return (
        select(
            history.c.id, history.c.instance_id, instance.c.definition_id, instance.c.party, party.c.name.label("party_name"),
            history.c.at, history.c.kind, history.c.element_id, history.c.data, person.c.name, history_content.c.content,
        )
        .join(instance, instance.c.id == history.c.instance_id)
        .outerjoin(history_content, beside_history())
        .outerjoin(person, person.c.id == history.c.actor_id)
        .outerjoin(party, (party.c.slug == instance.c.party) & (instance.c.id != root_id))
        .where(or_(instance.c.id == root_id, instance.c.root_id == root_id))
        .where(history.c.kind.in_([literal_column(f"'{kind}'") for kind in COMMANDS]), history.c.element_id.is_not(None))
        .order_by(history.c.at.desc(), history.c.id.desc())
    )  # fmt: skip


_ALL = Prepared(_commands())
_LATEST = Prepared(_commands().limit(bindparam("most")))


def _answer(row: Any, names: Mapping[int, str]) -> Answer:
    data = row.data or {}
    return Answer(
        history_id=row.id,
        instance_id=row.instance_id,
        definition_id=data.get("definition", row.definition_id),
        party_name=row.party_name,
        at=row.at,
        kind=row.kind,
        element_id=row.element_id,
        form_id=data.get("form"),
        actor_name=row.name,
        acted_for_name=names.get(data["for"]) if data.get("for") is not None else None,
        task_id=data.get("task"),
        variables=None if row.content is None else unpack(row.content).get("variables"),
    )
