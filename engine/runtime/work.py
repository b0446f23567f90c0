"""One command on one instance: load it under lock, let the kernel step, write everything that followed, together.

Rows of instances, tasks, timers, subscriptions, errands and history are written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, insert, select, update

from engine.bpmn import Environment, Instance, StepFailed
from engine.bpmn import events as ev
from engine.runtime.actor import Actor
from engine.runtime.columns import civil_day, said, summary_of, where_it_stands
from engine.runtime.definitions import Definition, Definitions
from engine.runtime.errors import Conflict, InstanceEnded, NotFound
from engine.runtime.ledger import Chain, Entry
from engine.runtime.outside import environment_of
from engine.runtime.rows import Writer
from engine.runtime.stores import Stores
from engine.services.effects import Effects
from engine.store.codec import pack, unpack
from engine.store.numbers import Numbers
from engine.store.prepared import Batch, NothingFound, Prepared
from engine.store.tables import incident, instance
from engine.toolkit import Toolkit

# What a command needs of the instance's row.
HELD = tuple(
    instance.c[name]
    for name in (
        "id", "definition_id", "business_key", "root_id", "parent_id", "parent_token", "status", "revision", "state", "next_due"
    )
)  # fmt: skip


def locked(query: Select[Any]) -> Select[Any]:
    """`query` on `instance`, its rows under the lock of a command.

    The lock leaves room for foreign keys: a command on one instance may write rows that refer to another (a child its parent, an
    errand its receiver) while that one is in the hands of its own command. With the full lock two such commands would wait for
    each other.
    """
    return query.with_for_update(of=instance, key_share=True)


# Whether an incident stands is asked along: nearly always none does, and then there is nothing to resolve.
TROUBLED = exists().where(incident.c.instance_id == instance.c.id, incident.c.resolved_at.is_(None)).label("troubled")
HOLD = Prepared(locked(select(*HELD, TROUBLED)).where(instance.c.id == bindparam("instance_id")))
# What a command may change, and what a new instance has besides.
CHANGES = (
    "status", "revision", "state", "title", "party", "event_date", "body", "summary", "next_due", "changed_at", "ended_at",
    "outcome", "outcome_id",
)  # fmt: skip
FIRST = (
    "definition_id", "business_key", "kind", "root_id", "parent_id", "parent_token", "started_by", "started_at", "submission"
)  # fmt: skip
BEGIN = Prepared(insert(instance).returning(instance.c.id), sets=CHANGES + FIRST)
BEGIN_NUMBERED = Prepared(insert(instance), sets=("id", *CHANGES, *FIRST))
GUARDED = update(instance).where(instance.c.id == bindparam("this"), instance.c.revision == bindparam("known"))
CHANGE = Prepared(GUARDED.returning(instance.c.id), sets=CHANGES)


@dataclass(slots=True)
class Loaded:
    """An instance in the hands of one command. `row` is None until a new instance has been written."""

    definition: Definition
    kernel: Instance
    chain: Chain
    business_key: str
    stores: Stores
    row: Any = None
    parent_id: int | None = None
    parent_token: int | None = None
    root_id: int | None = None
    started_by: int | None = None
    submission: str | None = None


@dataclass(slots=True)
class Outcome:
    """What a command led to: the instance, the tasks it opened and the errands that wait to be carried out."""

    instance_id: int
    root_id: int
    business_key: str
    completed: bool
    tasks: list[int] = field(default_factory=list)
    errands: list[int] = field(default_factory=list)
    next_due: datetime | None = None


class Work:
    """A transaction's view of the instances it touches. What waits in `batch` is written by `save`."""

    def __init__(
        self,
        connection: Connection,
        definitions: Definitions,
        toolkit: Toolkit,
        actor: Actor,
        now: datetime,
        served: Container[str] = frozenset(),
        numbers: Numbers | None = None,
    ) -> None:
        """`served`: the topics that services of this process answer; every other one waits for a worker. `numbers`: ids of new
        rows, where the database gives them ahead."""
        self.served = served
        self.numbers = numbers
        self.parties: dict[int, str | None] = {}
        """The party of a person, where the command has read it already."""
        self._unborn = False
        self.offered: set[str] = set()
        """The topics under which this transaction has laid something out for workers."""
        self.connection = connection
        self.batch = Batch(connection)
        self.definitions = definitions
        self.toolkit = toolkit
        self.actor = actor
        self.now = now

    def environment(self, owner: Definition, stores: Stores | None = None) -> Environment:
        """What the kernel is given in this command."""
        stored = (stores or Stores(self.connection)).read
        return environment_of(owner, self.definitions, self.toolkit, self.now, stored)

    def create(self, owner: Definition, business_key: str, *, parent: tuple[int, int, int] | None = None) -> Loaded:
        """A new instance, not yet started or written. `parent`: the calling instance's id, its token, and the root's id."""
        stores = Stores(self.connection)
        kernel = Instance.new(self.definitions.process(owner.id), self.environment(owner, stores), business_key=business_key)
        chain = Chain.begin(business_key, self.now)
        loaded = Loaded(owner, kernel, chain, business_key, stores, started_by=self.actor.person_id)
        if parent is not None:
            loaded.parent_id, loaded.parent_token, loaded.root_id = parent
        return loaded

    def load(self, instance_id: int) -> Loaded:
        """An instance under lock, as its last command left it.

        Raises:
            NotFound: there is none with that id.
            InstanceEnded: it is completed or cancelled.
        """
        row = HOLD.one_or_none(self.connection, instance_id=instance_id)
        if row is None:
            raise NotFound(f"there is no instance {instance_id}")
        return self.restore(row)

    def restore(self, row: Any) -> Loaded:
        """The instance of a row that is locked already."""
        if row.status != "running":
            raise InstanceEnded(f"{row.business_key} is {row.status}")
        owner = self.definitions.row(row.definition_id)
        state = unpack(row.state)
        stores = Stores(self.connection)
        kernel = Instance.restore(self.definitions.process(owner.id), self.environment(owner, stores), state["kernel"])
        loaded = Loaded(owner, kernel, Chain.resume(tuple(state["chain"])), row.business_key, stores, row)
        loaded.parent_id, loaded.parent_token, loaded.root_id = row.parent_id, row.parent_token, row.root_id
        return loaded

    def save(self, loaded: Loaded, command: Entry, effects: Effects | None = None, *, last: bool = False) -> Outcome:
        """Write what the kernel did since it was loaded. `last`: nothing follows in this transaction.

        Raises:
            StepFailed: an error was thrown that nothing catches, and no other process has called this one.
            Conflict: another command got in between (the lock makes that impossible unless a database was misused).
        """
        happened = loaded.kernel.drain()
        completed = any(isinstance(event, ev.Completed | ev.Failed) for event in happened)
        if loaded.parent_id is None:
            _refuse_uncaught(happened)
        cancelled = command.kind == "cancelled"
        command = command.beside(loaded.stores.seen)
        loaded.chain.append(self.now, [command_with_flows(command, happened, loaded.definition), *steps_of(happened)])
        values = self._columns(loaded, happened, completed=completed, cancelled=cancelled)
        instance_id = loaded.row.id if loaded.row is not None else self._begin(loaded, values)
        root_id = loaded.root_id or instance_id
        writer = Writer(self, loaded, instance_id, root_id)
        outcome = Outcome(instance_id, root_id, loaded.business_key, completed, next_due=values["next_due"])
        writer.write(happened, outcome)
        loaded.chain.write(self.batch, instance_id)
        outcome.tasks += writer.open_tasks(happened)
        writer.involve(happened, body=values["body"], party=values["party"])
        last = last and effects is None
        if loaded.row is None:
            self.batch.run(last=last)
            self._unborn = False
        else:
            self._change(loaded, values, last)
        if effects is not None:
            writer.effects(effects)
        return outcome

    def _begin(self, loaded: Loaded, values: dict[str, Any]) -> int:
        first = {
            "definition_id": loaded.definition.id, "business_key": loaded.business_key, "started_by": loaded.started_by,
            "kind": loaded.definition.properties.get("kind", ""), "root_id": loaded.root_id, "parent_id": loaded.parent_id,
            "parent_token": loaded.parent_token, "started_at": self.now, "revision": 1, "submission": loaded.submission,
        }  # fmt: skip
        if self.numbers is None:
            written: int = BEGIN.value(self.connection, **values, **first)
            return written
        (number,) = self.numbers.take(self.connection, "instance")
        self.batch.add(BEGIN_NUMBERED, id=number, **values, **first)
        self._unborn = True
        return number

    def settle(self) -> None:
        """To be called before a row is written at once that refers to the instance: a new one may still wait in the batch."""
        if self._unborn:
            self.batch.run()
            self._unborn = False

    def _change(self, loaded: Loaded, values: dict[str, Any], last: bool) -> None:
        revision = loaded.row.revision
        self.batch.add(CHANGE, this=loaded.row.id, known=revision, revision=revision + 1, **values)
        try:
            self.batch.run(guarded=True, last=last)
        except NothingFound:
            raise Conflict(f"{loaded.business_key} was changed by somebody else at the same time; nothing was saved") from None

    def _columns(self, loaded: Loaded, happened: list[ev.Event], *, completed: bool, cancelled: bool) -> dict[str, Any]:
        kernel, properties = loaded.kernel, loaded.definition.properties
        ends = [event for event in happened if isinstance(event, ev.EndReached)]
        values: dict[str, Any] = {
            "status": "cancelled" if cancelled else "completed" if completed else "running",
            "state": pack({"kernel": kernel.state(), "chain": loaded.chain.head}),
            "title": str(said(kernel, properties.get("title")) or ""),
            "party": said(kernel, properties.get("party")),
            "event_date": civil_day(said(kernel, properties.get("date"))),
            "body": said(kernel, properties.get("body")) or where_it_stands(kernel),
            "summary": summary_of(kernel.variables(), properties.get("columns")),
            "next_due": None if completed or cancelled else kernel.next_due(),
            "changed_at": self.now,
            "ended_at": self.now if completed or cancelled else None,
            "outcome": None,
            "outcome_id": None,
        }
        if ends and completed:  # an end reached on the way (a reminder's) says nothing of what came of the whole
            values |= {"outcome": ends[-1].name, "outcome_id": ends[-1].element_id}
        return values


def _refuse_uncaught(happened: list[ev.Event]) -> None:
    """An error that nothing catches ends a process (BPMN 2.0.2, 10.5.6): no case disappears so, a coordinator is told instead."""
    for event in happened:
        if isinstance(event, ev.Failed):
            reason = f"the error “{event.code}” was thrown and nothing catches it" + (f": {event.message}" if event.message else "")
            raise StepFailed(event.element_id, reason)


def command_with_flows(command: Entry, happened: list[ev.Event], definition: Definition) -> Entry:
    """The command's row: beside its own facts the version that ran and the sequence flows that were taken."""
    flows = [event.element_id for event in happened if isinstance(event, ev.Taken)]
    data = {**(command.data or {}), "definition": definition.id}
    if flows:
        data["flows"] = flows
    return Entry(command.kind, command.element_id, command.token, command.actor_id, data, command.content)


STEPS: dict[type[ev.Event], str] = {
    ev.Entered: "entered", ev.Left: "left", ev.Cancelled: "interrupted", ev.Passed: "passed", ev.EndReached: "ended",
}  # fmt: skip


def steps_of(happened: list[ev.Event]) -> list[Entry]:
    """A row for every element that a token entered, left or passed; an end that was reached is not told as passed, too."""
    entries: list[Entry] = []
    passed: dict[str | None, int] = {}
    for event in happened:
        kind = STEPS.get(type(event))
        if kind is None:
            continue
        if kind == "ended" and (place := passed.pop(event.element_id, None)) is not None:
            entries[place] = Entry(kind, event.element_id, entries[place].token)
            continue
        if kind == "passed":
            passed[event.element_id] = len(entries)
        entries.append(Entry(kind, event.element_id, getattr(event, "token", None)))
    return entries
