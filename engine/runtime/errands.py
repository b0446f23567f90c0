"""Errands between instances: written by the sender's transaction, carried out as the receiver's own command.

An errand's row is gone when it has been carried out, in the same transaction; so it happens once, however often it is tried.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update

from engine.bpmn import NotWaiting
from engine.runtime import incidents
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.definitions import Definition
from engine.runtime.errors import InstanceEnded, NotFound
from engine.runtime.ledger import Entry
from engine.runtime.parts import Parts
from engine.runtime.registration import next_registration
from engine.runtime.work import Outcome, Work
from engine.services import Request, ServiceFailed
from engine.store.codec import unpack
from engine.store.tables import errand, instance, start_subscription, subscription

log = logging.getLogger("samverka.runtime")


class Errands:
    """Carries out errands, one transaction each."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._carry = {
            "service": self._service, "return": self._return, "cancel": self._cancel, "call": self._call, "message": self._message,
        }  # fmt: skip

    def carry_out(self, errand_id: int) -> Outcome | None:
        """Carry out one errand that is due. None: it was held, dropped, failed (it is tried again later) or not due any more."""
        try:
            return self._try(errand_id)
        except Exception as error:
            log.warning("errand %s failed", errand_id, exc_info=error)
            with self._parts.work(SYSTEM) as work:
                incidents.errand_failed(work.connection, errand_id, error, work.now)
            return None

    def _try(self, errand_id: int) -> Outcome | None:
        due = and_(errand.c.id == errand_id, errand.c.status == "due", errand.c.due_at <= self._parts.now())
        with self._parts.work(SYSTEM) as work:
            row = work.connection.execute(select(errand).where(due).with_for_update(skip_locked=True)).one_or_none()
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
                work.connection.execute(delete(errand).where(errand.c.id == errand_id))
            if outcome is not None and row.attempts:
                incidents.resolve(work.connection, outcome.instance_id, work.now, errand_id)
            return outcome

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

    def _cancel(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome:
        loaded = work.load(row.receiver_id)
        loaded.kernel.cancel()
        command = Entry("cancelled", actor_id=work.actor.person_id, content={"reason": payload["reason"]})
        return work.save(loaded, command)

    def _call(self, work: Work, row: Row[Any], payload: Mapping[str, Any]) -> Outcome | None:
        parent = work.connection.execute(select(instance).where(instance.c.id == row.sender_id).with_for_update()).one()
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
        starting = select(start_subscription).where(start_subscription.c.message == row.message)
        start = work.connection.execute(starting).one_or_none()
        if start is not None:
            return self._begin(work, start, row, variables)
        work.connection.execute(update(errand).where(errand.c.id == row.id).values(status="held"))
        return None

    def _receiver(self, work: Work, row: Row[Any]) -> Row[Any] | None:
        """The subscription that gets the message: the oldest that matches, locked with its instance.

        Raises:
            ServiceFailed: the message names no receiver and several instances wait for it.
        """
        matches = subscription.c.message == row.message
        if row.correlation is not None:
            matches &= subscription.c.correlation == row.correlation
        else:
            count = work.connection.execute(select(func.count(subscription.c.instance_id.distinct())).where(matches)).scalar_one()
            if count > 1:
                raise ServiceFailed(f"the message “{row.message}” names no receiver and {count} instances wait for it")
        oldest = select(subscription).where(matches).order_by(subscription.c.id).limit(1)
        found = work.connection.execute(oldest).one_or_none()
        if found is None:
            return None
        work.connection.execute(select(instance.c.id).where(instance.c.id == found.instance_id).with_for_update())
        # Another command may have ended the wait before the lock was ours: look again.
        still = select(subscription).where(matches).order_by(subscription.c.id).limit(1)
        again = work.connection.execute(still).one_or_none()
        if again is None or again.instance_id == found.instance_id:
            return again
        raise NotFound(f"the receiver of “{row.message}” changed while it was looked for; it is tried again")

    def _begin(self, work: Work, start: Row[Any], row: Row[Any], variables: Mapping[str, Any]) -> Outcome:
        owner = self._parts.definitions.row(start.definition_id)
        loaded = work.create(owner, row.correlation or registration_for(work, owner))
        loaded.kernel.start(variables, element_id=start.element_id, initiator=work.actor.reference)
        command = Entry("started", start.element_id, None, work.actor.person_id,
                        {"message": row.message, "from": row.sender_id, "initiator": work.actor.reference},
                        {"variables": variables})  # fmt: skip
        return work.save(loaded, command)


def registration_for(work: Work, owner: Definition) -> str:
    """A registration number for a new instance of `owner`: of the series that its diagram names, else of its own key."""
    return next_registration(work.connection, owner.properties.get("series") or owner.key, work.now)
