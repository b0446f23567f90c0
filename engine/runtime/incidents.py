"""What could not be carried out: tried again with growing delay, then laid before a coordinator."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from engine.bpmn import StepFailed
from engine.runtime.retries import pause
from engine.store.tables import errand, incident, instance

log = logging.getLogger("samverka.runtime")

# A timer whose consequence failed for a reason that may pass is tried again after this.
FIRST_DELAY = timedelta(minutes=1)


def element_of(error: Exception) -> str | None:
    """The element at which a step failed, where the error knows it."""
    return error.element_id if isinstance(error, StepFailed) else None


def errand_failed(connection: Connection, errand_id: int, error: Exception, now: datetime) -> None:
    """Count a failed try of an errand; after the last one an incident stands and the errand rests."""
    row = connection.execute(select(errand).where(errand.c.id == errand_id).with_for_update()).one_or_none()
    if row is None:
        return
    attempts = row.attempts + 1
    wait = pause(row.delays, attempts)
    resting = wait is None
    values = {"attempts": attempts, "status": "failed" if resting else "due", "due_at": now + (wait or timedelta())}
    connection.execute(update(errand).where(errand.c.id == errand_id).values(values))
    owner = row.receiver_id or row.sender_id
    if resting and owner is not None:
        raise_incident(connection, owner, error, now, errand_id=errand_id, token=row.token)
    elif resting:  # a message from outside that no instance has received: there is no case to lay it before
        log.error("errand %s, the message “%s” from outside, rests after %s tries: %s", errand_id, row.message, attempts, error)


def timer_failed(connection: Connection, instance_id: int, error: Exception, now: datetime) -> None:
    """A timer whose consequence fails: an incident at once. A diagram at fault is tried again in an hour, the rest sooner."""
    delay = timedelta(hours=1) if isinstance(error, StepFailed) else FIRST_DELAY
    connection.execute(update(instance).where(instance.c.id == instance_id).values(next_due=now + delay))
    if not _stands(connection, instance_id, None):
        raise_incident(connection, instance_id, error, now)


def step_failed(connection: Connection, instance_id: int, token: int, error: Exception, now: datetime) -> None:
    """The step after a task fails and the task stays open: an incident, one for the task however often it is tried."""
    if not _stands(connection, instance_id, token):
        raise_incident(connection, instance_id, error, now, token=token)


def resolve_step(connection: Connection, instance_id: int, token: int | None, now: datetime) -> None:
    """The task of `token` could be completed, or (None) the instance's timers fired, after all."""
    connection.execute(update(incident).where(_standing(instance_id, token)).values(resolved_at=now))


def _standing(instance_id: int, token: int | None) -> ColumnElement[bool]:
    """The unresolved incidents of a task's token, or (None) of the instance's timers."""
    whose = incident.c.token.is_(None) if token is None else incident.c.token == token
    return and_(incident.c.instance_id == instance_id, incident.c.errand_id.is_(None), incident.c.resolved_at.is_(None), whose)


def _stands(connection: Connection, instance_id: int, token: int | None) -> bool:
    return connection.execute(select(incident.c.id).where(_standing(instance_id, token))).first() is not None


def raise_incident(
    connection: Connection,
    instance_id: int,
    error: Exception,
    now: datetime,
    *,
    errand_id: int | None = None,
    token: int | None = None,
) -> None:
    """Lay a failure before the coordinators."""
    log.error("incident in instance %s: %s", instance_id, error)
    connection.execute(
        insert(incident).values(
            instance_id=instance_id, errand_id=errand_id, token=token, element_id=element_of(error), message=str(error),
            cause=type(error).__name__, created_at=now,
        )
    )  # fmt: skip


def resolve(connection: Connection, errands: ColumnElement[bool], now: datetime) -> None:
    """What stood in the way of these errands is over. To be called before their rows go: the incidents name them."""
    theirs = incident.c.errand_id.in_(select(errand.c.id).where(errands))
    connection.execute(update(incident).where(theirs, incident.c.resolved_at.is_(None)).values(resolved_at=now))
