"""A coordinator tries again what failed, after whatever stood in its way has been mended."""

from __future__ import annotations

from sqlalchemy import select, update

from engine.runtime.actor import Actor
from engine.runtime.errors import CommandRefused, NotFound
from engine.runtime.external import Workers
from engine.runtime.runtime import Runtime
from engine.store.tables import errand, external_task, incident


def retry(runtime: Runtime, incident_id: int, *, actor: Actor) -> None:
    """Try again what the incident tells of, now; it stands until that has gone well.

    Raises:
        NotFound: there is no such incident, or it is over.
        CommandRefused: it is of a person's task, which that person completes again.
    """
    with runtime.parts.database.read() as connection:
        found = connection.execute(
            select(incident).where(incident.c.id == incident_id, incident.c.resolved_at.is_(None))
        ).one_or_none()
        if found is None:
            raise NotFound(f"there is no incident {incident_id} that stands")
        this = (external_task.c.instance_id == found.instance_id) & (external_task.c.token == found.token)
        laid_out = connection.execute(select(external_task.c.id).where(this)).scalar_one_or_none()
    if found.errand_id is not None:
        retry_errand(runtime, found.errand_id, actor=actor)
    elif laid_out is not None:
        Workers(runtime).set_retries(laid_out, 1)
    elif found.token is None:
        runtime.fire(found.instance_id)
    else:
        raise CommandRefused("this is the step after somebody's task: the task is open and can be completed again")


def retry_errand(runtime: Runtime, errand_id: int, *, actor: Actor, attempts: int = 0) -> None:
    """Carry out an errand that rests. `attempts`: how many tries count as used up.

    Raises:
        NotFound: it has been carried out or dropped.
    """
    with runtime.parts.work(actor) as work:
        due = {"status": "due", "attempts": attempts, "due_at": work.now}
        changed = update(errand).where(errand.c.id == errand_id, errand.c.status != "held").values(due)
        if work.connection.execute(changed).rowcount != 1:
            raise NotFound(f"there is no errand {errand_id} that can be tried again")
    runtime.carry_out(errand_id)
