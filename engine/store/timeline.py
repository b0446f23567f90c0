"""What happened in a case, newest first, from the rows of `history`, a page at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from engine.store.codec import unpack
from engine.store.tables import beside_history, history, history_content, instance, person

TIMELINE_SIZE = 60
# The kinds of a step's rows, as the runtime names them; every other kind is a command's.
STEPS = ENTERED, LEFT, PASSED, ENDED, BROKEN_OFF = "entered", "left", "passed", "ended", "interrupted"


@dataclass(frozen=True, slots=True)
class Happening:
    """One history row. `content`: the command's inputs as they were given; None where there were none or they are erased."""

    id: int
    instance_id: int
    definition_id: int
    party: str | None
    number: int
    at: datetime
    kind: str
    element_id: str | None
    token: int | None
    actor: str | None
    data: Any
    content: Any


@dataclass(frozen=True, slots=True)
class Timeline:
    """Happenings, newest first; `older` is the id to ask from for those before them, None when the beginning is reached."""

    rows: tuple[Happening, ...]
    older: int | None


def read_timeline(
    connection: Connection,
    instances: Sequence[int],
    *,
    kinds: Collection[str],
    others: Sequence[int] = (),
    other_kinds: Collection[str] = (),
    before: int | None = None,
    size: int = TIMELINE_SIZE,
) -> Timeline:
    """What happened in `instances`, of the named kinds, before the history id `before` (None: up to now). One statement.

    Of the instances `others` only `other_kinds` are told.
    """
    told = and_(history.c.instance_id.in_(instances), history.c.kind.in_(sorted(kinds)))
    beside = and_(history.c.instance_id.in_(others), history.c.kind.in_(sorted(other_kinds)))
    query = (
        select(
            history.c.id, history.c.instance_id, instance.c.definition_id, instance.c.party, history.c.number, history.c.at,
            history.c.kind, history.c.element_id, history.c.token, person.c.name.label("actor"), history.c.data,
            history_content.c.content,
        )
        .join(instance, instance.c.id == history.c.instance_id)
        .outerjoin(person, person.c.id == history.c.actor_id)
        .outerjoin(history_content, beside_history())
        .where(or_(told, beside) if others else told)
        .order_by(history.c.id.desc())
        .limit(size + 1)
    )  # fmt: skip
    if before is not None:
        query = query.where(history.c.id < before)
    found = connection.execute(query).mappings().all()
    rows = tuple(
        Happening(**{**row, "content": unpack(row["content"]) if row["content"] is not None else None}) for row in found[:size]
    )
    return Timeline(rows, rows[-1].id if len(found) > size else None)


def steps_after(connection: Connection, rows: Sequence[Happening]) -> dict[int, list[str]]:
    """Id of a command's row → the elements that its first steps left, passed or ended in, in order. One statement at most."""
    if not rows:
        return {}
    near = or_(
        *(and_(history.c.instance_id == row.instance_id, history.c.number.between(row.number + 1, row.number + 3)) for row in rows)
    )
    done = history.c.kind.in_((LEFT, PASSED, ENDED))
    query = select(history.c.instance_id, history.c.number, history.c.element_id).where(near, done)
    steps = {(found.instance_id, found.number): found.element_id for found in connection.execute(query)}
    return {row.id: [steps[key] for n in (1, 2, 3) if (key := (row.instance_id, row.number + n)) in steps] for row in rows}


@dataclass(frozen=True, slots=True)
class Reached:
    """Where an instance is and has been. `live`, `done`, `broken_off`: element id → how many times; `flows`: ids of those taken."""

    live: Mapping[str, int]
    done: Mapping[str, int]
    broken_off: Mapping[str, int]
    flows: frozenset[str]


def read_reached(connection: Connection, instance_id: int) -> Reached:
    """Where the instance has been since its start. Two statements."""
    counted = (
        select(history.c.kind, history.c.element_id, func.count())
        .where(history.c.instance_id == instance_id, history.c.kind.in_(STEPS), history.c.element_id.is_not(None))
        .group_by(history.c.kind, history.c.element_id)
    )
    times: dict[str, Counter[str]] = {kind: Counter() for kind in STEPS}
    for kind, element_id, number in connection.execute(counted):
        times[kind][element_id] += number
    commands = select(history.c.data).where(history.c.instance_id == instance_id, history.c.kind.not_in(STEPS))
    flows = {flow for (data,) in connection.execute(commands) if data for flow in data.get("flows", ())}
    return Reached(
        live=times[ENTERED] - times[LEFT] - times[BROKEN_OFF],
        done=times[LEFT] + times[PASSED] + times[ENDED],
        broken_off=times[BROKEN_OFF],
        flows=frozenset(flows),
    )
