"""One command on one instance: load it under lock, let the kernel step, write everything that followed, together.

Rows of instances, tasks, timers, subscriptions, errands and history are written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from engine.bpmn import Environment, Instance
from engine.bpmn import events as ev
from engine.runtime.actor import Actor
from engine.runtime.columns import civil_day, said, summary_of, where_it_stands
from engine.runtime.definitions import Definition, Definitions
from engine.runtime.errors import Conflict, InstanceEnded, NotFound
from engine.runtime.ledger import Chain, Entry
from engine.runtime.rows import Writer
from engine.services.effects import Effects
from engine.store.codec import pack, unpack
from engine.store.tables import instance
from engine.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class FixedClock:
    """The moment of one command: every step of it sees the same time, and so does its replay."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def locked(query: Select[Any]) -> Select[Any]:
    """`query` on `instance`, its rows under the lock of a command.

    The lock leaves room for foreign keys: a command on one instance may write rows that refer to another (a child its parent, an
    errand its receiver) while that one is in the hands of its own command. With the full lock two such commands would wait for
    each other.
    """
    return query.with_for_update(of=instance, key_share=True)


@dataclass(slots=True)
class Loaded:
    """An instance in the hands of one command. `row` is None until a new instance has been written."""

    definition: Definition
    kernel: Instance
    chain: Chain
    business_key: str
    row: Row[Any] | None = None
    parent_id: int | None = None
    parent_token: int | None = None
    root_id: int | None = None
    started_by: int | None = None
    columns: dict[str, Any] = field(default_factory=dict)


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
    """A transaction's view of the instances it touches."""

    def __init__(self, connection: Connection, definitions: Definitions, toolkit: Toolkit, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.definitions = definitions
        self.toolkit = toolkit
        self.actor = actor
        self.now = now

    def environment(self, owner: Definition) -> Environment:
        """What the kernel is given: this command's moment, and the decisions bound to this version."""

        def decide(key: str, variables: Mapping[str, Any]) -> Any:
            table = self.definitions.decision(self.definitions.bound(owner, "decision", key).id)
            return table.evaluate(variables, self.toolkit.at(self.now))

        return Environment(clock=FixedClock(self.now), decide=decide, script=self.toolkit.at(self.now).script)

    def create(self, owner: Definition, business_key: str, *, parent: tuple[int, int, int] | None = None) -> Loaded:
        """A new instance, not yet started or written. `parent`: the calling instance's id, its token, and the root's id."""
        kernel = Instance.new(self.definitions.process(owner.id), self.environment(owner), business_key=business_key)
        loaded = Loaded(owner, kernel, Chain.begin(business_key, self.now), business_key, started_by=self.actor.person_id)
        if parent is not None:
            loaded.parent_id, loaded.parent_token, loaded.root_id = parent
        return loaded

    def load(self, instance_id: int) -> Loaded:
        """An instance under lock, as its last command left it.

        Raises:
            NotFound: there is none with that id.
            InstanceEnded: it is completed or cancelled.
        """
        row = self.connection.execute(locked(select(instance)).where(instance.c.id == instance_id)).one_or_none()
        if row is None:
            raise NotFound(f"there is no instance {instance_id}")
        return self.restore(row)

    def restore(self, row: Row[Any]) -> Loaded:
        """The instance of a row that is locked already."""
        if row.status != "running":
            raise InstanceEnded(f"{row.business_key} is {row.status}")
        owner = self.definitions.row(row.definition_id)
        state = unpack(row.state)
        kernel = Instance.restore(self.definitions.process(owner.id), self.environment(owner), state["kernel"])
        loaded = Loaded(owner, kernel, Chain.resume(tuple(state["chain"])), row.business_key, row)
        loaded.parent_id, loaded.parent_token, loaded.root_id = row.parent_id, row.parent_token, row.root_id
        return loaded

    def save(self, loaded: Loaded, command: Entry, effects: Effects | None = None) -> Outcome:
        """Write what the kernel did since it was loaded: the instance first, then everything that hangs on it.

        Raises:
            Conflict: another command got in between (the lock makes that impossible unless a database was misused).
        """
        happened = loaded.kernel.drain()
        completed = any(isinstance(event, ev.Completed) for event in happened)
        cancelled = command.kind == "cancelled"
        loaded.chain.append(self.now, [command_with_flows(command, happened, loaded.definition), *steps_of(happened)])
        values = self._columns(loaded, happened, completed=completed, cancelled=cancelled)
        instance_id = self._write_instance(loaded, values)
        root_id = loaded.root_id or instance_id
        loaded.chain.write(self.connection, instance_id)
        writer = Writer(self, loaded, instance_id, root_id)
        outcome = Outcome(instance_id, root_id, loaded.business_key, completed, next_due=values["next_due"])
        writer.write(happened, outcome)
        writer.involve(happened, body=values["body"], party=values["party"])
        if completed and loaded.parent_id is not None:
            outcome.errands.append(writer.returned(loaded.kernel.variables()))
        if effects is not None:
            writer.effects(effects)
        return outcome

    def _write_instance(self, loaded: Loaded, values: dict[str, Any]) -> int:
        if loaded.row is None:
            values |= {
                "definition_id": loaded.definition.id, "business_key": loaded.business_key, "started_by": loaded.started_by,
                "kind": loaded.definition.properties.get("kind", ""), "root_id": loaded.root_id, "parent_id": loaded.parent_id,
                "parent_token": loaded.parent_token, "started_at": self.now, "revision": 1, **loaded.columns,
            }  # fmt: skip
            written: int = self.connection.execute(insert(instance).values(values).returning(instance.c.id)).scalar_one()
            return written
        this, revision = loaded.row.id, loaded.row.revision
        guarded = update(instance).where(instance.c.id == this, instance.c.revision == revision)
        if self.connection.execute(guarded.values(revision=revision + 1, **values)).rowcount != 1:
            raise Conflict(f"{loaded.business_key} was changed by somebody else at the same time; nothing was saved")
        return int(this)

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
            "next_due": kernel.next_due(),
            "changed_at": self.now,
        }
        if completed or cancelled:
            values["ended_at"] = self.now
        if ends and completed:  # an end reached on the way (a reminder's) says nothing of what came of the whole
            values |= {"outcome": ends[-1].name, "outcome_id": ends[-1].element_id}
        return values


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
    """A row for every element that a token entered, left or passed."""
    return [
        Entry(STEPS[type(event)], event.element_id, getattr(event, "token", None)) for event in happened if type(event) in STEPS
    ]
