"""What a case called, as tables: a row for each party, columns as the called process says, and how the answers fall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import ngettext

from engine.store.dossier import Dossier, InstanceRow
from web.pages.cases.contents import value_words
from web.pages.cases.listing import status_of
from web.wording import element_name, model, process_name, translated


@dataclass(frozen=True, slots=True)
class Answer:
    """One called process: whose it is, its status as shape and word, and its cells in the columns' order."""

    row: InstanceRow
    who: str
    kind: str
    status: str
    cells: tuple[str, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answers:
    """All called processes of one kind. `count`: how the answers fall, as "13 ja", "1 nej", "2 without answer"."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Answer, ...]
    count: tuple[str, ...]


def answers(dossier: Dossier, now: datetime) -> list[Answers]:
    """The tables of what the case called, one for each process."""
    groups: dict[str, list[InstanceRow]] = {}
    for child in dossier.children:
        groups.setdefault(child.process_key, []).append(child)
    return [_table(children, dossier, now) for children in groups.values()]


def facts(row: InstanceRow) -> list[tuple[str, str]]:
    """What the process shows of itself in lists (its `columns`), as (heading, text); values that are not there yet are left out."""
    values = row.summary or {}
    columns = columns_of(row.definition_id).items()
    pairs = ((heading, value_words(row.definition_id, name, values.get(name))) for name, heading in columns)
    return [(heading, text) for heading, text in pairs if text]


def columns_of(definition_id: int) -> dict[str, str]:
    """Variable → heading, as the process' `columns` property says ("svar=Svar;datum=Datum"), `columns:en` in English."""
    written = translated(model(definition_id).properties, "columns", model(definition_id).properties.get("columns", ""))
    pairs = (column.partition("=") for column in written.split(";") if column.strip())
    return {name.strip(): (heading or name).strip() for name, _equals, heading in pairs}


def _table(children: Sequence[InstanceRow], dossier: Dossier, now: datetime) -> Answers:
    columns = columns_of(children[-1].definition_id)
    # A column that nobody has filled in yet says nothing; the first one is what is counted and stays.
    filled = {name for child in children for name, value in (child.summary or {}).items() if value not in (None, "", [])}
    columns = {name: heading for place, (name, heading) in enumerate(columns.items()) if place == 0 or name in filled}
    rows = tuple(_answer(child, columns, dossier, now) for child in children)
    return Answers(process_name(children[-1].definition_id), tuple(columns.values()), rows, _count(rows))


def _answer(child: InstanceRow, columns: Mapping[str, str], dossier: Dossier, now: datetime) -> Answer:
    due_at = min((task.due_at for task in dossier.open_tasks(child.id) if task.due_at), default=None)
    kind, status = status_of(child, due_at, now)
    if child.status != "running" and child.outcome:
        status = element_name(child.definition_id, child.outcome_id, child.outcome)
    values = child.summary or {}
    cells = tuple(value_words(child.definition_id, name, values.get(name)) for name in columns)
    return Answer(child, child.party_name or child.title or child.business_key, kind, status, cells, due_at)


def _count(rows: Sequence[Answer]) -> tuple[str, ...]:
    """How the answers in the first column fall: each value with its number, then those who have not answered."""
    given = Counter(row.cells[0] for row in rows if row.cells and row.cells[0])
    words = [f"{number} {_small(value)}" for value, number in given.most_common()]
    waiting = sum(1 for row in rows if not (row.cells and row.cells[0]) and row.row.status == "running")
    silent = len(rows) - sum(given.values()) - waiting
    if waiting:
        words.append(ngettext("%(num)d still to answer", "%(num)d still to answer", waiting))
    if silent and rows and rows[0].cells:
        words.append(ngettext("%(num)d without answer", "%(num)d without answer", silent))
    return tuple(words)


def _small(value: str) -> str:
    """An option's label within a sentence: its first letter small, unless more of it is written in capitals."""
    return value[:1].lower() + value[1:] if value[1:2].islower() or len(value) == 1 else value
