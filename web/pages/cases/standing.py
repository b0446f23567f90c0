"""Where a case stands now, in sentences: what is being done, by whom, by when; or what it waits for; or how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.store.dossier import Dossier, TaskRow
from engine.store.timeline import Reached
from web.pages.cases.listing import status_of
from web.wording import awaited_words, element_name, model, party_name, roles_words, translated


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody must do, or that is awaited (`who` then empty). Several parties with the same step are one line."""

    name: str
    who: str
    due_at: datetime | None
    late: bool
    number: int
    parties: tuple[str, ...]
    follows: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`kind` and `word`: the status as shape and word; `outcome`: how it ended."""

    kind: str
    word: str
    steps: tuple[Step, ...]
    waits: tuple[Step, ...]
    outcome: str


def standing(dossier: Dossier, reached: Reached, now: datetime) -> Standing:
    """Where the case stands at `now`."""
    row, tasks = dossier.row, dossier.open_tasks()
    kind, word = status_of(row, next((task.due_at for task in tasks if task.due_at), None), now)
    groups: dict[tuple[int, str], list[TaskRow]] = {}
    for task in tasks:
        groups.setdefault((task.definition_id, task.element_id), []).append(task)
    steps = tuple(_step(group, row.id, now) for group in groups.values())
    outcome = element_name(row.definition_id, row.outcome_id, row.outcome or "") if row.status != "running" else ""
    return Standing(kind, word, steps, () if steps or row.status != "running" else _waits(dossier, reached), outcome)


def _step(group: list[TaskRow], instance_id: int, now: datetime) -> Step:
    first = group[0]
    element = model(first.definition_id).elements.get(first.element_id)
    holders = list(dict.fromkeys(task.assignee or roles_words(task.roles) for task in group))
    return Step(
        name=element_name(first.definition_id, first.element_id, first.name),
        who=holders[0] if len(holders) == 1 else "",
        due_at=first.due_at,
        late=first.due_at is not None and first.due_at <= now,
        number=len(group),
        parties=tuple(party_name(task.party) for task in group if task.party and task.instance_id != instance_id),
        follows=translated(element.properties, "next", element.properties.get("next", "")) if element else "",
    )


def _waits(dossier: Dossier, reached: Reached) -> tuple[Step, ...]:
    """What a case without open tasks waits for: messages, moments and processes of its own, as the diagram names them."""
    row = dossier.row
    elements = model(row.definition_id).elements
    due = {timer.element_id: timer.due_at for timer in dossier.timers if timer.instance_id == row.id}
    here = [element for element in elements if reached.live.get(element)]
    here += [each for each in due if each not in here and elements[each].attached_to is None and elements[each].scope is None]
    return tuple(
        Step(awaited_words(row.definition_id, each), "", due.get(each), False, reached.live.get(each, 1), (), "") for each in here
    )


__all__ = ["Standing", "Step", "standing"]
