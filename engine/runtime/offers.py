"""Work laid out for workers: rows of `external_task`, written when a token arrives and removed when it leaves.

A service task whose topic no service of this process answers waits here until a worker from outside fetches it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, update

from engine.bpmn import events as ev
from engine.store.codec import pack
from engine.store.tables import external_task, incident

if TYPE_CHECKING:
    from engine.runtime.work import Loaded, Work


def write_offers(work: Work, loaded: Loaded, instance_id: int, happened: list[ev.Event]) -> None:
    """What `happened` lays out, and what it takes away again. No statement when no topic is a worker's."""
    elements = loaded.kernel.model.elements
    gone = {
        event.token
        for event in happened
        if isinstance(event, ev.ServiceClosed) and elements[event.element_id].topic not in work.served
    }
    rows = [
        {"instance_id": instance_id, "token": event.token, "element_id": event.element_id, "topic": event.topic,
         "priority": event.priority, "inputs": pack(dict(event.variables)), "created_at": work.now}
        for event in happened
        if isinstance(event, ev.ServiceOpened) and event.topic not in work.served and event.token not in gone
    ]  # fmt: skip
    if gone and loaded.row is not None:
        _take_away(work, instance_id, gone)
    if rows:
        work.settle()
        work.connection.execute(insert(external_task), rows)
        work.offered |= {str(row["topic"]) for row in rows}


def _take_away(work: Work, instance_id: int, tokens: set[int]) -> None:
    """Nobody is to do this any more; what stood in its way is over."""
    work.connection.execute(
        delete(external_task).where(external_task.c.instance_id == instance_id, external_task.c.token.in_(tokens))
    )
    standing = and_(incident.c.instance_id == instance_id, incident.c.token.in_(tokens), incident.c.resolved_at.is_(None))
    work.connection.execute(update(incident).where(standing).values(resolved_at=work.now))
