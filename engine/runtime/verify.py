"""Proves what the history says: that no row was changed, dropped or slipped in, and that the state follows from the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from engine.bpmn import Instance
from engine.clock import utc
from engine.runtime.definitions import Definitions
from engine.runtime.ledger import content_digest, genesis, link
from engine.runtime.outside import environment_of
from engine.store import Database
from engine.store.codec import canonical, unpack
from engine.store.tables import beside_history, history, history_content, instance
from engine.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in an instance's history that does not hold. `number` is the history row, where one can be named."""

    business_key: str
    number: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.business_key}{'' if self.number is None else f', row {self.number}'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was gone through: how many instances and rows, how many of them could not be replayed since content was erased."""

    instances: int
    rows: int
    erased: int
    faults: tuple[Fault, ...]


class Verifier:
    """Goes through histories; writes nothing."""

    def __init__(self, database: Database, definitions: Definitions, toolkit: Toolkit) -> None:
        self._database = database
        self._definitions = definitions
        self._toolkit = toolkit

    def verify(self, instance_id: int | None = None, *, replay: bool = False) -> Verified:
        """Check one instance or all; with `replay` also run every command again and compare the state that comes out."""
        instances = rows = erased = 0
        faults: list[Fault] = []
        with self._database.snapshot() as connection:
            for row in self._instances(connection, instance_id):
                entries = self._entries(connection, row.id)
                instances, rows = instances + 1, rows + len(entries)
                found = list(self._chain(row, entries))
                faults += found
                missing = any(entry.content_digest and entry.content is None for entry in entries)
                erased += missing
                if replay and not found and not missing:
                    faults += self._replay(row, entries)
        return Verified(instances, rows, erased, tuple(faults))

    def _instances(self, connection: Connection, instance_id: int | None) -> list[Row[Any]]:
        query = select(instance).order_by(instance.c.id)
        return list(connection.execute(query if instance_id is None else query.where(instance.c.id == instance_id)))

    def _entries(self, connection: Connection, instance_id: int) -> list[Row[Any]]:
        query = (
            select(history, history_content.c.salt, history_content.c.content)
            .outerjoin(history_content, beside_history())
            .where(history.c.instance_id == instance_id)
            .order_by(history.c.number)
        )
        return list(connection.execute(query))

    def _chain(self, row: Row[Any], entries: list[Row[Any]]) -> Iterator[Fault]:
        digest = genesis(row.business_key, row.started_at)
        for expected, entry in enumerate(entries, start=1):
            if entry.number != expected:
                yield Fault(row.business_key, expected, f"the row is missing; number {entry.number} comes instead")
                return
            digest = link(digest, entry._asdict(), utc(entry.at).isoformat())
            if digest != entry.hash:
                yield Fault(row.business_key, entry.number, "the row is not what it was when it was written")
                return
            if entry.content is not None and content_digest(entry.salt, canonical(unpack(entry.content))) != entry.content_digest:
                yield Fault(row.business_key, entry.number, "the content beside the row is not what it was")
        if unpack(row.state)["chain"] != [len(entries), digest.hex()]:
            yield Fault(row.business_key, None, "the history ends before the instance's state does: rows at its end are gone")

    def _replay(self, row: Row[Any], entries: list[Row[Any]]) -> Iterator[Fault]:
        owner = self._definitions.row(row.definition_id)
        kernel: Instance | None = None
        for entry in entries:
            if entry.kind not in COMMANDS:
                continue
            content = unpack(entry.content) if entry.content is not None else {}
            stores = content.get("stores", {})
            environment = environment_of(owner, self._definitions, self._toolkit, utc(entry.at), stores.__getitem__)
            if kernel is None:
                kernel = Instance.new(self._definitions.process(owner.id), environment, business_key=row.business_key)
            else:
                kernel = Instance.restore(self._definitions.process(owner.id), environment, kernel.state())
            COMMANDS[entry.kind](kernel, entry, content)
            kernel.drain()
        if kernel is None or canonical(kernel.state()) != canonical(unpack(row.state)["kernel"]):
            yield Fault(row.business_key, None, "playing the history again gives another state than the one that stands")


# What a process can begin with beside a person's hand and a call, as the facts of its first row name it.
EVENTS = frozenset({"message", "signal", "timer", "condition"})


def _start(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    element = entry.element_id if EVENTS & entry.data.keys() else None
    kernel.start(content["variables"], element_id=element, initiator=entry.data.get("initiator"))


def _fire(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.fire_due()


def _cancel(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.cancel()


def _complete(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.complete(entry.token, content["variables"])


def _receive(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.receive(entry.token, content["variables"])


def _serve(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.serve(entry.token, content["variables"], content.get("local"))


def _err(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.raise_error(entry.token, content["code"], content["message"], content["variables"])


def _set(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.set_variables(content["variables"])


def _return(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.call_returned(entry.token, content["variables"])


def _carry_on(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.carry_on(entry.token)


def _escalate(kernel: Instance, entry: Row[Any], content: Mapping[str, Any]) -> None:
    kernel.raise_escalation(entry.token, content["code"], content["variables"])


# How each kind of command row is carried out again; every other kind is a step that follows from a command.
COMMANDS = {
    "started": _start, "completed": _complete, "received": _receive, "acted": _receive, "served": _serve, "returned": _return,
    "fired": _fire, "cancelled": _cancel, "erred": _err, "escalated": _escalate, "set": _set, "carried on": _carry_on,
}  # fmt: skip
