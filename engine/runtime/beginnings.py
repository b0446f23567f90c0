"""With what processes begin beside people's hands and calls: messages, signals, timers and conditions, of the version in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.bpmn import ProcessModel, StepFailed
from engine.bpmn.juel import compile_template
from engine.bpmn.timers import Timer
from engine.runtime.definitions import Definition
from engine.runtime.errands import begin, registration_for
from engine.runtime.errors import CommandRefused
from engine.runtime.outside import FixedClock
from engine.runtime.parts import Parts
from engine.runtime.work import Outcome, Work
from engine.store.tables import definition, start_subscription, start_timer


def write_beginnings(work: Work, definition_id: int, key: str, model: ProcessModel) -> None:
    """Let the new version begin with its events, and no longer the versions before it. Its timers run from now on."""
    connection = work.connection
    versions = select(definition.c.id).where(definition.c.kind == "process", definition.c.key == key)
    for table in (start_subscription, start_timer):
        connection.execute(delete(table).where(table.c.definition_id.in_(versions)))
    events = [("message", *each) for each in model.message_starts.items()] + [
        ("signal", *each) for each in model.signal_starts.items()
    ]
    if events:
        columns = ("kind", "message", "element_id")
        rows = [dict(zip(columns, event, strict=True), definition_id=definition_id) for event in events]
        connection.execute(insert(start_subscription), rows)
    for element_id, drawn in model.timer_starts.items():
        text = compile_template(drawn.expression).evaluate({}, clock=FixedClock(work.now), business_key="")
        timer = Timer.of(drawn.kind, text, work.now)
        if timer is not None:
            _set(connection, definition_id, element_id, timer)


def _set(connection: Connection, definition_id: int, element_id: str, timer: Timer) -> None:
    values = {"definition_id": definition_id, "element_id": element_id, "timer": timer.state(), "due_at": timer.due}
    connection.execute(insert(start_timer).values(values))


def begin_on_time(parts: Parts, work: Work, timer_id: int) -> Outcome | None:
    """Begin the process whose timer is due, and set the next round; None when somebody else was first."""
    due = select(start_timer).where(start_timer.c.id == timer_id, start_timer.c.due_at <= work.now)
    row = work.connection.execute(due.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    following = Timer.restore(row.timer).following(work.now)
    this = start_timer.c.id == timer_id
    if following is None:
        work.connection.execute(delete(start_timer).where(this))
    else:
        values = {"timer": following.state(), "due_at": following.due}
        work.connection.execute(update(start_timer).where(this).values(values))
    owner = parts.definitions.row(row.definition_id)
    return begin(work, owner, row.element_id, {}, registration_for(work, owner), {"timer": row.due_at.isoformat()})


def begin_where_true(
    parts: Parts, work: Work, variables: Mapping[str, Any], *, key: str | None = None, business_key: str | None = None
) -> list[Outcome]:
    """Begin every process in force (or the one of `key`) that has a conditional start event whose condition holds over `variables`.

    Raises:
        CommandRefused: a condition gives something else than true or false.
        StepFailed: a condition fails, or a process cannot take its first steps; none was begun.
    """
    outcomes = []
    for owner in parts.definitions.all_live("process"):
        if key is not None and owner.key != key:
            continue
        for element_id, condition in parts.definitions.process(owner.id).condition_starts.items():
            if _holds(work, owner, element_id, condition, variables):
                number = business_key or registration_for(work, owner)
                outcomes.append(begin(work, owner, element_id, variables, number, {"condition": condition}))
    return outcomes


def _holds(work: Work, owner: Definition, element_id: str, condition: str, variables: Mapping[str, Any]) -> bool:
    probe = work.create(owner, "").kernel
    probe.set_variables(variables)
    try:
        value = probe.evaluate(condition)
    except StepFailed as error:
        raise StepFailed(element_id, str(error)) from error
    if not isinstance(value, bool):
        raise CommandRefused(f"{owner.key}, {element_id}: “{condition}” gave {value!r}, which is neither true nor false")
    return value
