"""The case so far as the one who has a task needs it: its facts, what was answered, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from engine.runtime import NotFound
from engine.runtime.looking import variables_of
from engine.store.answers import Answer, answers
from engine.store.dossier import InstanceRow, find_instance
from engine.store.tasks import open_in_case
from web.context import house, reading
from web.pages.cases.contents import shown
from web.pages.tasks.desk import Line, element_of, lines
from web.pages.tasks.forms import form_of
from web.wording import body_name, element_name, end_mark, process_name

SHOWN = 12
"""Answers on a task's page; the case's own page has them all."""


@dataclass(frozen=True, slots=True)
class Told:
    """One form that was sent in, in words; `erased` when its content has been removed by law."""

    name: str
    party: str
    who: str
    acted_for: str
    at: datetime
    pairs: list[tuple[str, Any]]
    erased: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A case in short. `mark`: the shape of its outcome; `answers` the latest first; `more` says that there are older ones."""

    row: InstanceRow
    process: str
    stands: str
    outcome: str
    mark: str
    answers: list[Told]
    more: bool
    open_tasks: list[Line]


def story(root_id: int) -> Story:
    """The case so far.

    Raises:
        NotFound: there is no such case.
    """
    connection = reading()
    row = find_instance(connection, root_id)
    if row is None:
        raise NotFound(f"there is no case {root_id}")
    found = answers(connection, root_id, limit=SHOWN + 1)
    told = [told_answer(each) for each in found[:SHOWN]]
    ended = row.status != "running"
    return Story(
        row=row,
        process=process_name(row.definition_id),
        stands=body_name(row.body),
        outcome=element_name(row.definition_id, row.outcome_id, row.outcome or "") if ended and row.outcome else "",
        mark=end_mark(row.definition_id, row.outcome_id),
        answers=[each for each in told if each.pairs or each.erased],
        more=len(found) > SHOWN,
        open_tasks=lines(open_in_case(connection, root_id)),
    )


def told_answer(answer: Answer) -> Told:
    """One answer in words, by the form that asked for it."""
    form_id = answer.form_id if answer.form_id is not None else _form_id(answer)
    pairs: list[tuple[str, Any]] = []
    if form_id is not None and answer.variables:
        pairs = list(shown(house().runtime.definitions.form(form_id), answer.variables, _choices(answer.instance_id)))
    return Told(
        name=element_name(answer.definition_id, answer.element_id),
        party=answer.party_name or "",
        who=answer.actor_name or "",
        acted_for=answer.acted_for_name or "",
        at=answer.at,
        pairs=pairs,
        erased=answer.variables is None,
    )


def _choices(instance_id: int) -> dict[str, Any]:
    """The variables of an instance, for the lists that its forms let people choose from; read once a request."""
    known: dict[int, dict[str, Any]] = g.setdefault("variables_of", {})
    if instance_id not in known:
        row = find_instance(reading(), instance_id)
        known[instance_id] = variables_of(house().runtime, reading(), row) if row is not None else {}
    return known[instance_id]


def _form_id(answer: Answer) -> int | None:
    """The form of a start or an act, which the history does not name: the one that the diagram's version bound."""
    definitions = house().runtime.definitions
    owner, element = definitions.row(answer.definition_id), element_of(answer.definition_id, answer.element_id)
    if answer.kind == "acted" and element is not None and (key := element.properties.get("actionForm")):
        found: int = definitions.bound(owner, "form", key).id
        return found
    return form_of(owner, element)
