"""What workers do: fetch work under a lock, complete it, report failures and errors. Each command is one transaction.

A lock is a name and a moment: until then nobody else may fetch the task. After it others may; the worker that had it may still
answer as long as nobody has. Terms and rules are those of Camunda 7's external tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, update

from engine.bpmn import NotWaiting, StepFailed
from engine.runtime import incidents
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.errors import CommandRefused, NotFound
from engine.runtime.ledger import Entry
from engine.runtime.looking import look
from engine.runtime.runtime import Done, Runtime
from engine.runtime.work import Loaded, Work
from engine.store.codec import unpack
from engine.store.external import ExternalTask, Order, fetchable, read_tasks
from engine.store.tables import definition, external_task, instance

# Rows that are looked at, at the most, when variables decide (they are no columns).
MOST_LOOKED_AT = 1_000


class NotLocked(CommandRefused):
    """The worker does not hold the lock; `by` is who does, None when nobody has fetched the task."""

    def __init__(self, task_id: int, worker: str, by: str | None) -> None:
        held = f"it is locked by “{by}”" if by is not None else "it is not locked"
        super().__init__(f"external task {task_id} cannot be changed by worker “{worker}”: {held}")
        self.by = by


class WorkerFailed(StepFailed):
    """A worker gave up: no tries are left. The message is the worker's own."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a worker asks for. Empty filters are none.

    `variables`: the names to hand over, None for all; `local_only`: those of the task's own scope alone; `equal`: process variables
    that must hold these values.
    """

    name: str
    lock_for: timedelta
    business_key: str | None = None
    definition_ids: tuple[int, ...] = ()
    definition_keys: tuple[str, ...] = ()
    version_tag: str | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)
    variables: tuple[str, ...] | None = None
    local_only: bool = False
    with_properties: bool = False

    def condition(self) -> ColumnElement[bool]:
        """The part of the filter that columns can answer."""
        wanted: list[ColumnElement[bool]] = [external_task.c.topic == self.name]
        if self.business_key is not None:
            wanted.append(instance.c.business_key == self.business_key)
        if self.definition_ids:
            wanted.append(instance.c.definition_id.in_(self.definition_ids))
        if self.definition_keys:
            wanted.append(definition.c.key.in_(self.definition_keys))
        if self.version_tag is not None:
            wanted.append(definition.c.version_tag == self.version_tag)
        return and_(*wanted)

    def takes(self, row: Row[Any], variables: Mapping[str, Any]) -> bool:
        """Whether a candidate row, with the variables that its instance holds, is what is asked for."""
        return (
            row.topic == self.name
            and self.business_key in (None, row.business_key)
            and (not self.definition_ids or row.definition_id in self.definition_ids)
            and (not self.definition_keys or row.definition_key in self.definition_keys)
            and self.version_tag in (None, row.version_tag)
            and all(name in variables and variables[name] == value for name, value in self.equal.items())
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """A task in a worker's hands, with what it asked to be told."""

    task: ExternalTask
    variables: Mapping[str, Any]
    properties: Mapping[str, str] | None


class Workers:
    """The commands of workers."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._parts = runtime.parts

    # --- Fetching ---

    def fetch_and_lock(self, worker: str, topics: Sequence[Topic], most: int, order: Order) -> list[Fetched]:
        """Lock up to `most` tasks for `worker`, in `order`; none that another worker's unexpired lock covers.

        Several processes may ask at once: on PostgreSQL each skips the rows in the others' hands, on SQLite they come in turn.
        """
        if not topics or most < 1 or not self._anything(topics):
            return []
        with self._parts.work(SYSTEM) as work:
            taken: list[Fetched] = []
            for row in work.connection.execute(self._candidates(topics, most, order, work.now)):
                if len(taken) == most:
                    break
                self._take(work, worker, topics, row, taken)
        return taken

    def _anything(self, topics: Sequence[Topic]) -> bool:
        """A look without a lock: workers that find nothing keep nobody waiting."""
        wanted = or_(*(topic.condition() for topic in topics))
        found = _joined(select(external_task.c.id)).where(wanted, fetchable(self._parts.now())).limit(1)
        with self._parts.database.read() as connection:
            return bool(connection.execute(select(exists(found.correlate(None)))).scalar_one())

    def _candidates(self, topics: Sequence[Topic], most: int, order: Order, now: datetime) -> Select[Any]:
        wanted = or_(*(topic.condition() for topic in topics))
        limit = MOST_LOOKED_AT if any(topic.equal for topic in topics) else most
        columns = (
            external_task, instance.c.business_key, instance.c.definition_id, instance.c.state,
            definition.c.key.label("definition_key"), definition.c.version_tag,
        )  # fmt: skip
        query = _joined(select(*columns)).where(wanted, fetchable(now)).order_by(*order.columns()).limit(limit)
        return query.with_for_update(of=external_task, skip_locked=True)

    def _take(self, work: Work, worker: str, topics: Sequence[Topic], row: Row[Any], taken: list[Fetched]) -> None:
        loaded = look(self._runtime, work.connection, row)
        seen = loaded.kernel.variables_at(row.token)
        topic = next((topic for topic in topics if topic.takes(row, seen)), None)
        if topic is None:
            return
        until = work.now + topic.lock_for
        locked = update(external_task).where(external_task.c.id == row.id).values(worker=worker, locked_until=until)
        work.connection.execute(locked)
        (task,) = read_tasks(work.connection, external_task.c.id == row.id)
        offered = unpack(row.inputs) if topic.local_only else seen
        wanted = offered if topic.variables is None else {name: offered[name] for name in topic.variables if name in offered}
        element = loaded.kernel.model.elements[row.element_id]
        taken.append(Fetched(task, wanted, dict(element.properties) if topic.with_properties else None))

    # --- Answering ---

    def complete(
        self, task_id: int, worker: str, variables: Mapping[str, Any], local: Mapping[str, Any], *, actor: Actor = SYSTEM
    ) -> Done:
        """The work is done: the process goes on.

        Raises:
            NotFound: nothing of that number waits (any more).
            NotLocked: another worker has it, or nobody.
            StepFailed: the step after it cannot be taken; nothing was saved, and the coordinators see an incident.
        """

        def answer(row: Row[Any], loaded: Loaded) -> Entry:
            loaded.kernel.serve(row.token, variables, local)
            facts = {"topic": row.topic, "worker": worker}
            content = {"variables": dict(variables), "local": dict(local)}
            return Entry("served", row.element_id, row.token, actor.person_id, facts, content)

        return self._answered(task_id, worker, answer, actor)

    def bpmn_error(
        self, task_id: int, worker: str, code: str, message: str, variables: Mapping[str, Any], *, actor: Actor = SYSTEM
    ) -> Done:
        """The work met an error that the diagram knows. Raises as `complete` does."""

        def answer(row: Row[Any], loaded: Loaded) -> Entry:
            loaded.kernel.raise_error(row.token, code, message, variables)
            facts = {"topic": row.topic, "worker": worker}
            content = {"code": code, "message": message, "variables": dict(variables)}
            return Entry("erred", row.element_id, row.token, actor.person_id, facts, content)

        return self._answered(task_id, worker, answer, actor)

    def _answered(self, task_id: int, worker: str, answer: Any, actor: Actor) -> Done:
        row: Row[Any] | None = None
        try:
            with self._parts.work(actor) as work:
                row, loaded = self._held(work, task_id, worker)
                outcome = work.save(loaded, answer(row, loaded))
        except StepFailed as error:
            if row is not None:
                with self._parts.work(SYSTEM) as work:
                    incidents.step_failed(work.connection, row.instance_id, row.token, error, work.now)
            raise
        except NotWaiting:
            # A deadline that had passed before this answer came has ended the wait: it has its effect instead, now or already.
            if row is not None:
                self._runtime.fire(row.instance_id)
            raise NotFound(f"there is no external task {task_id} any more") from None
        return self._runtime.follow(outcome)

    def failure(
        self,
        task_id: int,
        worker: str,
        *,
        message: str,
        details: str | None,
        retries: int,
        pause: timedelta,
        actor: Actor = SYSTEM,
    ) -> None:
        """The work could not be done. With `retries` left it may be fetched again after `pause`; with none left the coordinators
        see an incident, and it waits for `set_retries`.

        Raises:
            NotFound, NotLocked: as `complete`.
        """
        with self._parts.work(actor) as work:
            row, loaded = self._held(work, task_id, worker)
            values = {"retries": retries, "error_message": message, "error_details": details, "locked_until": work.now + pause}
            work.connection.execute(update(external_task).where(external_task.c.id == task_id).values(values))
            facts = {"topic": row.topic, "worker": worker, "retries": retries}
            content = {"message": message, "details": details}
            work.save(loaded, Entry("failed", row.element_id, row.token, actor.person_id, facts, content))
            if retries == 0:
                incidents.step_failed(work.connection, row.instance_id, row.token, WorkerFailed(row.element_id, message), work.now)

    def _held(self, work: Work, task_id: int, worker: str) -> tuple[Row[Any], Loaded]:
        """The task and its instance, the instance locked first, as everywhere."""
        this = select(external_task).where(external_task.c.id == task_id)
        found = work.connection.execute(this).one_or_none()
        if found is None:
            raise NotFound(f"there is no external task {task_id}")
        loaded = work.load(found.instance_id)
        row = work.connection.execute(this.with_for_update()).one_or_none()
        if row is None:
            raise NotFound(f"there is no external task {task_id} any more")
        if row.worker != worker:
            raise NotLocked(task_id, worker, row.worker)
        return row, loaded

    # --- Locks and tries ---

    def extend_lock(self, task_id: int, worker: str, lock_for: timedelta) -> None:
        """Keep a lock that one has for `lock_for` from now.

        Raises:
            NotFound, NotLocked: as `complete`; NotLocked also when the lock has expired.
        """
        with self._parts.work(SYSTEM) as work:
            row = self._row(work, task_id)
            if row.worker != worker:
                raise NotLocked(task_id, worker, row.worker)
            if row.locked_until is None or row.locked_until <= work.now:
                raise CommandRefused(f"the lock of external task {task_id} has expired and cannot be extended")
            self._write(work, task_id, locked_until=work.now + lock_for)

    def lock(self, task_id: int, worker: str, lock_for: timedelta) -> None:
        """Lock one task by its number.

        Raises:
            NotFound: there is none.
            NotLocked: another worker's lock has not expired.
        """
        with self._parts.work(SYSTEM) as work:
            row = self._row(work, task_id)
            if row.worker not in (None, worker) and row.locked_until is not None and row.locked_until > work.now:
                raise NotLocked(task_id, worker, row.worker)
            self._write(work, task_id, worker=worker, locked_until=work.now + lock_for)

    def unlock(self, task_id: int) -> None:
        """Give a task back, whoever has it.

        Raises:
            NotFound: there is none.
        """
        with self._parts.work(SYSTEM) as work:
            row = self._row(work, task_id)
            self._write(work, task_id, worker=None, locked_until=None)
            work.offered.add(row.topic)

    def set_retries(self, task_id: int, retries: int) -> None:
        """Let a task be tried `retries` times more, which ends its incident; 0 makes one.

        Raises:
            NotFound: there is none.
        """
        with self._parts.work(SYSTEM) as work:
            row = self._row(work, task_id)
            self._write(work, task_id, retries=retries)
            if retries > 0:
                incidents.resolve_step(work.connection, row.instance_id, row.token, work.now)
                work.offered.add(row.topic)
            else:
                error = WorkerFailed(row.element_id, row.error_message or "no tries are left")
                incidents.step_failed(work.connection, row.instance_id, row.token, error, work.now)

    def set_priority(self, task_id: int, priority: int) -> None:
        """Raises:
        NotFound: there is none.
        """
        with self._parts.work(SYSTEM) as work:
            self._row(work, task_id)
            self._write(work, task_id, priority=priority)

    def _row(self, work: Work, task_id: int) -> Row[Any]:
        row = work.connection.execute(select(external_task).where(external_task.c.id == task_id).with_for_update()).one_or_none()
        if row is None:
            raise NotFound(f"there is no external task {task_id}")
        return row

    def _write(self, work: Work, task_id: int, **values: Any) -> None:
        work.connection.execute(update(external_task).where(external_task.c.id == task_id).values(values))


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(external_task)
        .join(instance, instance.c.id == external_task.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
    )
