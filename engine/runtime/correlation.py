"""A message from another system, correlated at once: it reaches an instance that waits for it, or starts one, or is refused.

Beside `Runtime.send`, which holds a message until somebody waits, as diagrams' own messages are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, or_, select

from engine.bpmn import NotWaiting
from engine.runtime.actor import Actor
from engine.runtime.errands import registration_for
from engine.runtime.errors import CommandRefused, InstanceEnded
from engine.runtime.ledger import Entry
from engine.runtime.looking import look
from engine.runtime.runtime import NOTHING, Runtime
from engine.runtime.work import Outcome
from engine.store.tables import instance, start_subscription, subscription

# How often a message is correlated anew when its receiver changes under its hands.
TRIES = 3


class Mismatch(CommandRefused):
    """The message does not name one receiver: there is none, or there are several."""


@dataclass(frozen=True, slots=True)
class Message:
    """What comes from outside. Empty conditions are none; `keys`: process variables that the receiver must hold."""

    name: str
    business_key: str | None = None
    keys: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    instance_id: int | None = None
    variables: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Correlated:
    """Where a message went. `token` is None when it started the instance."""

    instance_id: int
    token: int | None


def correlate(runtime: Runtime, message: Message, *, to_all: bool, actor: Actor) -> list[Correlated]:
    """Deliver `message` to the one instance that waits for it, else start the process that begins with it; `to_all`: to everybody.

    Raises:
        Mismatch: nobody waits for it and nothing begins with it, or (not `to_all`) several wait.
        StepFailed: what follows cannot be taken; nothing was saved.
    """
    for _ in range(TRIES):
        waiting = _receivers(runtime, message)
        if len(waiting) > 1 and not to_all:
            raise Mismatch(
                f"Cannot correlate message '{message.name}': {len(waiting)} instances wait for it and its keys fit all of them"
            )
        done = [each for row in waiting if (each := _deliver(runtime, row, message, actor)) is not None]
        if not waiting or to_all:
            start = _begin(runtime, message, actor) if message.instance_id is None else None
            done += [] if start is None else [start]
        if done or not waiting:
            break
    if not done:
        raise Mismatch(f"Cannot correlate message '{message.name}': No process definition or execution matches the parameters")
    return done


def _receivers(runtime: Runtime, message: Message) -> list[Row[Any]]:
    """The oldest wait of every instance that the message fits."""
    columns = (subscription.c.id, subscription.c.token, subscription.c.element_id, subscription.c.instance_id)
    query: Select[Any] = (
        select(*columns, instance.c.definition_id, instance.c.state, instance.c.business_key)
        .join(instance, instance.c.id == subscription.c.instance_id)
        .where(subscription.c.kind == "message", subscription.c.message == message.name)
        .order_by(subscription.c.id)
    )
    if message.business_key is not None:
        answers_to = (subscription.c.correlation == message.business_key, instance.c.business_key == message.business_key)
        query = query.where(or_(*answers_to))
    if message.instance_id is not None:
        query = query.where(instance.c.id == message.instance_id)
    with runtime.parts.database.read() as connection:
        found: dict[int, Row[Any]] = {}
        for row in connection.execute(query):
            if row.instance_id not in found and (not message.keys or _holds(runtime, connection, row, message.keys)):
                found[row.instance_id] = row
    return list(found.values())


def _holds(runtime: Runtime, connection: Any, row: Row[Any], keys: Mapping[str, Any]) -> bool:
    try:
        variables = look(runtime, connection, row).kernel.variables_at(row.token)
    except NotWaiting:
        return False
    return all(name in variables and variables[name] == value for name, value in keys.items())


def _deliver(runtime: Runtime, row: Row[Any], message: Message, actor: Actor) -> Correlated | None:
    """None: the wait ended before the lock was ours."""
    try:
        with runtime.parts.work(actor) as work:
            loaded = work.load(row.instance_id)
            still = select(subscription.c.id).where(subscription.c.id == row.id)
            if work.connection.execute(still).first() is None:
                return None
            loaded.kernel.receive(row.token, message.variables)
            facts = {"message": message.name}
            content = {"variables": dict(message.variables)}
            command = Entry("received", row.element_id, row.token, actor.person_id, facts, content)
            outcome = work.save(loaded, command, last=True)
    except InstanceEnded:
        return None
    except NotWaiting:
        runtime.fire(row.instance_id)  # a deadline that had passed took the token: it has its effect
        return None
    runtime.follow(outcome)
    return Correlated(row.instance_id, row.token)


def _begin(runtime: Runtime, message: Message, actor: Actor) -> Correlated | None:
    """Start the process that begins with the message; None when none does."""
    outcome: Outcome | None = None
    with runtime.parts.work(actor) as work:
        named = (start_subscription.c.kind == "message") & (start_subscription.c.message == message.name)
        starting = select(start_subscription).where(named)
        start = work.connection.execute(starting.limit(1)).one_or_none()
        if start is not None:
            owner = runtime.definitions.row(start.definition_id)
            own_key = None if "series" in owner.properties else message.business_key
            loaded = work.create(owner, own_key or registration_for(work, owner))
            loaded.kernel.start(message.variables, element_id=start.element_id, initiator=actor.reference)
            facts = {"message": message.name, "initiator": actor.reference}
            content = {"variables": dict(message.variables)}
            outcome = work.save(loaded, Entry("started", start.element_id, None, actor.person_id, facts, content))
    if outcome is None:
        return None
    runtime.follow(outcome)
    return Correlated(outcome.instance_id, None)
