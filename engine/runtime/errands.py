"""Errands between instances: written by the sender's transaction, carried out as the receiver's own command.

An errand's row is gone when it has been carried out, in the same transaction; so it happens once, however often it is tried.
"""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from engine.bpmn import NotWaiting
from engine.runtime import incidents
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.definitions import Definition
from engine.runtime.errors import InstanceEnded, NotFound
from engine.runtime.ledger import Entry
from engine.runtime.parts import Parts
from engine.runtime.registration import next_registration
from engine.runtime.turns import message_turn, take_turn
from engine.runtime.work import Outcome, Work, locked
from engine.services import Request, ServiceFailed
from engine.store.codec import unpack
from engine.store.database import is_away
from engine.store.tables import errand, instance, start_subscription, subscription

log = logging.getLogger("samverka.runtime")

# Errands that a command carries out itself before it answers; the rest is the scheduler's.
AT_ONCE = 200
# How often a message whose receiver changes under its hands is looked up anew before that counts as a failed try.
MOVES = 5


class ReceiverMoved(Exception):
    """Who waits for a message changed while it was being delivered; looking again settles it."""


class Errands:
    """Carries out errands, one transaction each."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._carry = {
            "service": self._service, "return": self._return, "error": self._error, "escalation": self._escalation,
            "cancel": self._cancel, "call": self._call, "message": self._message, "signal": self._signal, "begin": self._begin_with,
            "job": self._job,
        }  # fmt: skip

    def carry_out(self, errand_id: int) -> Outcome | None:
        """Carry out one errand that is due. None: it was held, dropped, failed (it is tried again later) or not due any more.

        Raises:
            DBAPIError: the database is away (see `is_away`). The errand is as it was, and that counts as no try.
        """
        try:
            return self._persistently(errand_id)
        except Exception as error:
            if is_away(error):
                raise
            log.warning("errand %s failed", errand_id, exc_info=error)
            with self._parts.work(SYSTEM) as work:
                incidents.errand_failed(work.connection, errand_id, error, work.now)
            return None

    def _persistently(self, errand_id: int) -> Outcome | None:
        for _ in range(MOVES):
            with contextlib.suppress(ReceiverMoved):
                return self._try(errand_id)
        return self._try(errand_id)

    def carry_all(self, errands: Iterable[int], next_due: datetime | None = None) -> list[int]:
        """Carry out errands and those that follow from them, up to a limit, and tell the scheduler what is due first after that;
        returns the tasks that they opened."""
        waiting, tasks, moments = deque(errands), [], [next_due]
        for _ in range(AT_ONCE):
            if not waiting:
                break
            try:
                outcome = self.carry_out(waiting[0])
            except DBAPIError as error:
                if not is_away(error):
                    raise
                # What these follow from is committed and stands; they are in the database too, and the scheduler finds them.
                log.warning("%s errands wait until the database is back: %s", len(waiting), error)
                break
            waiting.popleft()
            if outcome is not None:
                tasks += outcome.tasks
                waiting += outcome.errands
                moments.append(outcome.next_due)
        if waiting:
            moments.append(self._parts.now())
        if (first := min((moment for moment in moments if moment is not None), default=None)) is not None:
            self._parts.wake(first)
        return tasks

    def _try(self, errand_id: int) -> Outcome | None:
        with self._parts.work(SYSTEM) as work:
            row = self._locked(work, errand_id)
            if row is None:
                return None
            payload = unpack(row.payload)
            work.actor = Actor(payload["actor"], "") if payload.get("actor") is not None else SYSTEM
            try:
                outcome = self._carry[row.kind](work, row, payload)
            except (NotWaiting, InstanceEnded):
                if row.kind == "message":
                    raise  # a timer that was due took the token first: tried again, the message finds the next wait or is held
                # The receiver went on in the meantime and nobody waits for this any more: that is how a race ends, not a fault.
                log.info("errand %s (%s) came too late", errand_id, row.kind)
                outcome = None
            if outcome is not None or row.kind != "message":
                if row.attempts:
                    incidents.resolve(work.connection, errand.c.id == errand_id, work.now)
                work.connection.execute(delete(errand).where(errand.c.id == errand_id))
            return outcome

    def _locked(self, work: Work, errand_id: int) -> Row[Any] | None:
        """The errand, if it is due and in nobody else's hands.

        The instance that it will change is locked before it: commands hold their instance when they drop or wake errands, and
        two that took the same locks in different orders would wait for each other.
        """
        due = and_(errand.c.id == errand_id, errand.c.status == "due", errand.c.due_at <= work.now)
        if work.connection.dialect.name == "postgresql":
            # A call changes nobody else but begins a child of the sender's; who receives a message is found later.
            owner = case((errand.c.kind == "call", errand.c.sender_id), else_=errand.c.receiver_id)
            changed = select(instance.c.id).where(instance.c.id == select(owner).where(due).scalar_subquery())
            work.connection.execute(locked(changed))
        return work.connection.execute(select(errand).where(due).with_for_update(skip_locked=True)).one_or_none()

    def _service(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        request = Request(
            payload["variables"], work.connection, self._parts.register, work.now, row.receiver_id, loaded.business_key
        )
        effects = self._parts.services.serve(payload["topic"], request)
        loaded.kernel.serve(row.token, effects.variables)
        command = Entry("served", token=row.token, data={"topic": payload["topic"]}, content={"variables": effects.variables})
        return work.save(loaded, command, effects)

    def _return(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        loaded.kernel.call_returned(row.token, payload["variables"])
        command = Entry("returned", token=row.token, data={"child": row.sender_id}, content={"variables": payload["variables"]})
        return work.save(loaded, command)

    def _error(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        """The process that was called ended with an error that nothing in it caught."""
        loaded = work.load(row.receiver_id)
        loaded.kernel.raise_error(row.token, payload["code"], payload["message"], payload["variables"])
        content = {name: payload[name] for name in ("code", "message", "variables")}
        return work.save(loaded, Entry("erred", token=row.token, data={"child": row.sender_id}, content=content))

    def _escalation(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        """The process that was called has let an escalation out, and may still run."""
        loaded = work.load(row.receiver_id)
        loaded.kernel.raise_escalation(row.token, payload["code"], payload["variables"])
        content = {name: payload[name] for name in ("code", "variables")}
        return work.save(loaded, Entry("escalated", token=row.token, data={"child": row.sender_id}, content=content))

    def _signal(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        loaded.kernel.receive(row.token, payload["variables"])
        facts = {"signal": row.message, "from": row.sender_id}
        content = {"variables": payload["variables"]}
        return work.save(loaded, Entry("received", token=row.token, actor_id=work.actor.person_id, data=facts, content=content))

    def _job(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        loaded.kernel.carry_on(row.token)
        return work.save(loaded, Entry("carried on", token=row.token, data={"job": payload["kind"]}))

    def _cancel(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        loaded.kernel.cancel()
        command = Entry("cancelled", actor_id=work.actor.person_id, content={"reason": payload["reason"]})
        return work.save(loaded, command)

    def _call(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome | None:
        parent = work.connection.execute(locked(select(instance).where(instance.c.id == row.sender_id))).one()
        if parent.status != "running":
            return None
        owner = self._called(self._parts.definitions.row(parent.definition_id), payload)
        key = payload["business_key"] or registration_for(work, owner)
        loaded = work.create(owner, key, parent=(parent.id, row.token, parent.root_id or parent.id))
        loaded.kernel.start(payload["variables"], initiator=work.actor.reference)
        command = Entry("started", actor_id=work.actor.person_id, data={"parent": parent.id, "initiator": work.actor.reference},
                        content={"variables": payload["variables"]})  # fmt: skip
        return work.save(loaded, command)

    def _called(self, owner: Definition, payload: Mapping[str, Any]) -> Definition:
        key, binding = payload["called"], payload["binding"]
        if binding == "versionTag":
            return self._parts.definitions.tagged("process", key, str(payload["version"]))
        if binding != "version":
            return self._parts.definitions.bound(owner, "process", key, binding)
        if not str(payload["version"]).isdecimal():
            raise NotFound(f"the version of process {key} that is called must be a number; it is {payload['version']!r}")
        return self._parts.definitions.version("process", key, int(payload["version"]))

    def _message(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome | None:
        variables = payload["variables"]
        waiting = self._receiver(work, row)
        if waiting is not None:
            loaded = work.load(waiting.instance_id)
            loaded.kernel.receive(waiting.token, variables)
            command = Entry("received", waiting.element_id, waiting.token, work.actor.person_id,
                            {"message": row.message, "from": row.sender_id}, {"variables": variables})  # fmt: skip
            return work.save(loaded, command)
        starting = select(start_subscription).where(
            start_subscription.c.kind == "message", start_subscription.c.message == row.message
        )
        start = work.connection.execute(starting).one_or_none()
        if start is not None:
            return self._begin(work, start, row, variables)
        take_turn(work.connection, message_turn(row.message))
        if self._oldest(work, row) is not None:
            raise ReceiverMoved(f"somebody began to wait for “{row.message}” while nobody was found; it is tried again")
        work.connection.execute(update(errand).where(errand.c.id == row.id).values(status="held"))
        return None

    def _receiver(self, work: Work, row: Row[Any]) -> Row[Any] | None:
        """The subscription that gets the message: the oldest that matches, locked with its instance.

        Raises:
            ServiceFailed: the message names no receiver and several instances wait for it.
            ReceiverMoved: the wait passed to another instance meanwhile.
        """
        if row.correlation is None:
            waiting = select(func.count(subscription.c.instance_id.distinct())).where(_of_message(row.message))
            count = work.connection.execute(waiting).scalar_one()
            if count > 1:
                raise ServiceFailed(f"the message “{row.message}” names no receiver and {count} instances wait for it")
        found = self._oldest(work, row)
        if found is None:
            return None
        work.connection.execute(locked(select(instance.c.id).where(instance.c.id == found.instance_id)))
        # Another command may have ended the wait before the lock was ours: look again.
        again = self._oldest(work, row)
        if again is None or again.instance_id == found.instance_id:
            return again
        raise ReceiverMoved(f"the receiver of “{row.message}” changed while it was looked for; it is tried again")

    def _oldest(self, work: Work, row: Row[Any]) -> Row[Any] | None:
        matches = _of_message(row.message)
        if row.correlation is not None:
            matches &= subscription.c.correlation == row.correlation
        return work.connection.execute(select(subscription).where(matches).order_by(subscription.c.id).limit(1)).one_or_none()

    def _begin(self, work: Work, start: Row[Any], row: Row[Any], variables: Mapping[str, Any]) -> Outcome:
        owner = self._parts.definitions.row(start.definition_id)
        key = row.correlation or registration_for(work, owner)
        return begin(work, owner, start.element_id, variables, key, {"message": row.message, "from": row.sender_id})

    def _begin_with(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        """A process begins with a signal."""
        owner = self._parts.definitions.row(payload["definition"])
        facts = {"signal": row.message, "from": row.sender_id}
        return begin(work, owner, payload["element"], payload["variables"], registration_for(work, owner), facts)


def _of_message(name: str) -> ColumnElement[bool]:
    return and_(subscription.c.kind == "message", subscription.c.message == name)


def begin(
    work: Work, owner: Definition, element_id: str, variables: Mapping[str, Any], key: str, facts: Mapping[str, Any]
) -> Outcome:
    """A new instance begins at an event; `facts` say which."""
    loaded = work.create(owner, key)
    loaded.kernel.start(variables, element_id=element_id, initiator=work.actor.reference)
    data = {**facts, "initiator": work.actor.reference}
    command = Entry("started", element_id, None, work.actor.person_id, data, {"variables": dict(variables)})
    return work.save(loaded, command)


def registration_for(work: Work, owner: Definition) -> str:
    """A registration number for a new instance of `owner`: of the series that its diagram names, else of its own key."""
    return next_registration(work.connection, owner.properties.get("series") or owner.key, work.now)
