"""What could not be carried out: tried again with growing delay, then laid before a coordinator."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, select, update

from engine.bpmn import StepFailed
from engine.store.tables import errand, incident, instance

log = logging.getLogger("samverka.runtime")

# Tries before a coordinator is asked, and the delay before the second try; each later delay is four times as long.
TRIES = 3
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
    resting = attempts >= TRIES
    values = {"attempts": attempts, "status": "failed" if resting else "due", "due_at": now + FIRST_DELAY * 4 ** (attempts - 1)}
    connection.execute(update(errand).where(errand.c.id == errand_id).values(values))
    owner = row.receiver_id or row.sender_id
    if resting and owner is not None:
        raise_incident(connection, owner, error, now, errand_id=errand_id, token=row.token)


def timer_failed(connection: Connection, instance_id: int, error: Exception, now: datetime) -> None:
    """A timer whose consequence fails: an incident at once, and the next try an hour later."""
    connection.execute(update(instance).where(instance.c.id == instance_id).values(next_due=now + timedelta(hours=1)))
    standing = and_(incident.c.instance_id == instance_id, incident.c.errand_id.is_(None), incident.c.resolved_at.is_(None))
    if connection.execute(select(incident.c.id).where(standing)).first() is None:
        raise_incident(connection, instance_id, error, now)


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


def resolve(connection: Connection, instance_id: int, now: datetime, errand_id: int | None = None) -> None:
    """What stood in the way has been carried out after all."""
    same = incident.c.errand_id == errand_id if errand_id is not None else incident.c.errand_id.is_(None)
    standing = and_(incident.c.instance_id == instance_id, incident.c.resolved_at.is_(None), same)
    connection.execute(update(incident).where(standing).values(resolved_at=now))
