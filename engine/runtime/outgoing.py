"""What an instance sends out: errands, written in the transaction of the command from which they follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from engine.bpmn import events as ev
from engine.runtime import incidents
from engine.runtime.retries import TRIES, delays_of
from engine.store.codec import pack
from engine.store.prepared import Prepared
from engine.store.tables import errand, instance, start_subscription, subscription

if TYPE_CHECKING:
    from datetime import datetime

    from engine.runtime.work import Loaded, Work

WRITE_ERRAND = Prepared(
    insert(errand).returning(errand.c.id),
    sets=(
        "kind", "sender_id", "receiver_id", "token", "message", "correlation", "payload", "status", "tries", "delays", "due_at",
        "created_at",
    ),
)  # fmt: skip
BY_DEFAULT: Mapping[str, Any] = {
    **dict.fromkeys(("sender_id", "receiver_id", "token", "message", "correlation", "delays")), "tries": TRIES
}  # fmt: skip
WAITING_FOR_SIGNAL = Prepared(
    select(subscription.c.instance_id, subscription.c.token)
    .where(subscription.c.kind == "signal", subscription.c.message == bindparam("signal"))
    .order_by(subscription.c.id)
)
BEGINNING_WITH_SIGNAL = Prepared(
    select(start_subscription.c.id, start_subscription.c.definition_id, start_subscription.c.element_id)
    .where(start_subscription.c.kind == "signal", start_subscription.c.message == bindparam("signal"))
    .order_by(start_subscription.c.id)
)


class Post:
    """Writes errands of one actor at one moment."""

    def __init__(self, connection: Connection, actor_id: int | None, now: datetime) -> None:
        self._connection = connection
        self._actor_id = actor_id
        self._now = now

    def write(self, kind: str, payload: Mapping[str, Any], **columns: Any) -> int:
        """An errand that is due at once; its id."""
        values = {
            "kind": kind, "status": "due", "due_at": self._now, "created_at": self._now,
            "payload": pack({**payload, "actor": self._actor_id}), **columns,
        }  # fmt: skip
        written: int = WRITE_ERRAND.value(self._connection, **{**BY_DEFAULT, **values})
        return written

    def signal(self, name: str, variables: Mapping[str, Any], *, sender_id: int | None) -> list[int]:
        """A signal to all that wait for it at this moment, and to each process that begins with it (BPMN 2.0.2, 10.5.1).

        The sender has heard it already. An errand each, so that one receiver's fault is nobody else's.
        """
        payload = {"variables": dict(variables)}
        waiting = WAITING_FOR_SIGNAL.rows(self._connection, signal=name)
        written = [
            self.write("signal", payload, sender_id=sender_id, receiver_id=row.instance_id, token=row.token, message=name)
            for row in waiting
            if row.instance_id != sender_id
        ]
        for row in BEGINNING_WITH_SIGNAL.rows(self._connection, signal=name):
            begin = {**payload, "definition": row.definition_id, "element": row.element_id}
            written.append(self.write("begin", begin, sender_id=sender_id, message=name))
        return written


class Outgoing:
    """Writes what follows for others, and for the instance's own later steps, from what happened in one command."""

    def __init__(self, work: Work, loaded: Loaded, instance_id: int) -> None:
        self._connection = work.connection
        self._work = work
        self._loaded = loaded
        self._instance_id = instance_id
        self._post = Post(work.connection, work.actor.person_id, work.now)

    def write(self, happened: list[ev.Event]) -> list[int]:
        """The ids of the errands, in the order in which they are to be carried out."""
        written: list[int] = []
        abandoned: set[int] = set()
        gone = {event.token for event in happened if isinstance(event, ev.JobCleared)}
        for event in happened:
            match event:
                case ev.MessageThrown():
                    brought = {"variables": dict(event.variables)}
                    written.append(self._write("message", brought, message=event.name, correlation=event.correlation))
                case ev.SignalThrown():
                    self._work.settle()
                    written += self._post.signal(event.name, event.variables, sender_id=self._instance_id)
                case ev.CallOpened():
                    written.append(self._call(event))
                case ev.ServiceOpened() if event.topic in self._work.served:
                    asked = {"topic": event.topic, "variables": dict(event.variables)}
                    written.append(self._own("service", asked, event))
                case ev.JobSet() if event.token not in gone:
                    written.append(self._own("job", {"kind": event.kind}, event))
                case ev.CallClosed(completed=False) | ev.ServiceClosed(completed=False):
                    abandoned.add(event.token)
                case ev.Escalated():
                    written += self._escalation(event)
        if abandoned or gone:
            written += self._abandon(abandoned, gone)
        return written + self._end(happened)

    def _write(self, kind: str, payload: Mapping[str, Any], **columns: Any) -> int:
        self._work.settle()
        return self._post.write(kind, payload, sender_id=self._instance_id, **columns)

    def _own(self, kind: str, payload: Mapping[str, Any], event: ev.ServiceOpened | ev.JobSet) -> int:
        """An errand to the instance itself, tried as often as the element says."""
        retry = self._loaded.kernel.model.elements[event.element_id].retry
        said: dict[str, Any] = {}
        if retry is not None:
            delays = delays_of(retry)
            said = {"delays": delays, "tries": len(delays) + 1}
        return self._write(kind, payload, receiver_id=self._instance_id, token=event.token, **said)

    def _call(self, event: ev.CallOpened) -> int:
        payload = {
            "called": event.called, "binding": event.binding, "version": event.version,
            "business_key": event.business_key, "variables": dict(event.variables),
        }  # fmt: skip
        return self._write("call", payload, token=event.token)

    def _abandon(self, tokens: set[int], jobs: set[int]) -> list[int]:
        """Calls, services and jobs that are waited for no more: drop what has not begun, cancel the children that have."""
        kinds = errand.c.kind.in_(["call", "service"]) & errand.c.token.in_(tokens)
        waiting = and_(errand.c.sender_id == self._instance_id, kinds | (errand.c.kind == "job") & errand.c.token.in_(jobs))
        incidents.resolve(self._connection, waiting, self._work.now)
        self._connection.execute(delete(errand).where(waiting))
        if not tokens:
            return []
        children = and_(
            instance.c.parent_id == self._instance_id, instance.c.parent_token.in_(tokens), instance.c.status == "running"
        )
        ids = list(self._connection.execute(select(instance.c.id).where(children)).scalars())
        return [self._write("cancel", {"reason": "the calling step was cancelled"}, receiver_id=child) for child in ids]

    def _escalation(self, event: ev.Escalated) -> list[int]:
        """To the caller; one that reaches nobody is told by the history alone (BPMN 2.0.2, 10.5.7)."""
        payload = {"code": event.code, "variables": dict(event.variables)}
        return [self._to_caller("escalation", payload)] if self._loaded.parent_id is not None else []

    def _end(self, happened: list[ev.Event]) -> list[int]:
        """What the caller is told when this instance is over: its variables, or the error that nothing in it caught."""
        if self._loaded.parent_id is None:
            return []
        for event in happened:
            if isinstance(event, ev.Failed):
                payload = {"code": event.code, "message": event.message, "variables": {}}
                return [self._to_caller("error", payload)]
            if isinstance(event, ev.Completed):
                return [self._to_caller("return", {"variables": dict(self._loaded.kernel.variables())})]
        return []

    def _to_caller(self, kind: str, payload: Mapping[str, Any]) -> int:
        return self._write(kind, payload, receiver_id=self._loaded.parent_id, token=self._loaded.parent_token)
