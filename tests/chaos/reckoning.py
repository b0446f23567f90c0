"""What must hold when all is over: nothing is left behind, and each thing that was begun happened, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine.store import Database
from engine.store.codec import unpack
from engine.store.tables import (
    beside_history,
    definition,
    errand,
    external_task,
    history,
    history_content,
    incident,
    instance,
    notice,
    subscription,
    task,
    timer,
)
from tests.chaos.diagrams import DEADLINE, PAUSE, REMINDER, REST
from tests.chaos.ledger import Ledger

# How often each element is passed or left in an instance that is over. The work and the race have two ways through.
ONCE: Mapping[str, tuple[str, ...]] = {
    "order": ("start", "prepare", "split", "sign", "weigh", "rest", "join", "hear", "tell", "end"),
    "sender": ("start", "send", "end"),
    "whole": ("start", "split", "ask", "pause", "report", "join", "end"),
    "part": ("start", "work", "answer", "end"),
    "letter": ("start", "read", "end"),
    "page": ("start", "look", "rest", "end"),
    "tick": ("start", "beat", "end"),
    "flock": ("start", "alarm", "end"),
}
WAYS: Mapping[str, tuple[frozenset[str], ...]] = {
    "work": (frozenset({"start", "weigh", "weighed"}), frozenset({"start", "broken", "mend", "mended"})),
    "race": (
        frozenset({"start", "decide", "decided"}), frozenset({"start", "late", "missed"}),
        frozenset({"start", "remind", "reminded", "decide", "decided"}),
        frozenset({"start", "remind", "reminded", "late", "missed"}),
    ),
}  # fmt: skip
WAITS = {("order", "rest"): REST, ("whole", "pause"): PAUSE, ("page", "rest"): PAUSE}
# The moment of an element's timer may lie this much before what the clock of another command says.
SLACK = timedelta(milliseconds=1)

Rows = list[Row[Any]]


def reckon(database: Database, ledger: Ledger) -> list[str]:
    """Every fault that is found."""
    with database.snapshot() as connection:
        return [
            *_left_behind(connection), *_incidents(connection), *_begun(connection, ledger), *_happened(connection),
            *_received(connection, ledger), *_tasks(connection, ledger), *_served(connection, ledger), *_ticks(connection),
            *_effects(connection),
        ]  # fmt: skip


def counted(database: Database) -> dict[str, int]:
    """What happened in figures: instances, commands, messages, timers."""
    commands = ("started", "completed", "received", "served", "erred", "returned", "fired", "carried on", "failed")
    with database.read() as connection:
        kinds = Counter(connection.execute(select(history.c.kind)).scalars())
        fired = connection.execute(select(history.c.data).where(history.c.kind == "fired")).scalars()
        return {
            "instances": connection.execute(select(func.count(instance.c.id))).scalar_one(),
            "commands": sum(kinds[kind] for kind in commands),
            "messages": kinds["received"],
            "timers": sum(data["timers"] for data in fired),
        }


def _left_behind(connection: Connection) -> Iterator[str]:
    for table in (errand, subscription, timer, external_task):
        for row in connection.execute(select(table)):
            yield f"left behind in {table.name}: {row._asdict()}"
    for row in connection.execute(select(task).where(task.c.status == "open")):
        yield f"task {row.id} ({row.element_id}) of instance {row.instance_id} is still open"
    for row in connection.execute(select(instance).where(instance.c.status != "completed")):
        yield f"instance {row.id} ({row.business_key}) is {row.status}"


def _incidents(connection: Connection) -> Iterator[str]:
    """The load makes one kind on purpose, and mends it: a worker without tries left."""
    for row in connection.execute(select(incident)):
        if row.cause != "WorkerFailed" or row.resolved_at is None:
            yield f"incident in instance {row.instance_id} at {row.element_id}: {row.cause} {row.message}"


def _begun(connection: Connection, ledger: Ledger) -> Iterator[str]:
    """Each instance that was wanted is there once, and none besides."""
    query = select(definition.c.key, instance.c.business_key, instance.c.submission)
    there = list(connection.execute(query.join(definition, definition.c.id == instance.c.definition_id)))
    keys = Counter((row.key, row.business_key) for row in there)
    wanted = {(process, key) for process, named in ledger.begun.items() for key in named}
    wanted |= {("part", key) for key in ledger.begun.get("whole", ())}
    for each in sorted(wanted):
        if keys[each] != 1:
            yield f"{each} was begun {keys[each]} times"
    pages = [row for row in there if row.key == "page"]
    if Counter(row.submission for row in pages) != Counter(ledger.submitted):
        yield f"{len(pages)} instances were begun on the page by {len(ledger.submitted)} submits"
    numbers = sorted(int(row.business_key.rpartition("-")[2]) for row in pages)
    if numbers != list(range(1, len(pages) + 1)):
        yield f"registration numbers are missing or doubled: {numbers}"
    for key in sorted(keys.keys() - wanted):
        if key[0] not in ("page", "tick"):
            yield f"nobody wanted {key}"


def _happened(connection: Connection) -> Iterator[str]:
    """The elements of each instance, passed as often as its diagram says, and timers not before their moment."""
    columns = (history.c.instance_id, history.c.kind, history.c.element_id, history.c.at, definition.c.key)
    query = select(*columns).join(instance, instance.c.id == history.c.instance_id)
    query = query.join(definition, definition.c.id == instance.c.definition_id).order_by(history.c.instance_id, history.c.number)
    passed: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    entered: dict[tuple[int, str], datetime] = {}
    for row in connection.execute(query):
        if row.kind in ("passed", "left", "ended"):
            passed[row.instance_id, row.key][row.element_id] += 1
        if row.kind == "entered":
            entered[row.instance_id, row.element_id] = row.at
        yield from _early(row, entered)
    for (number, key), elements in passed.items():
        process = "flock" if key.startswith("flock") else key
        ways = WAYS.get(process) or (frozenset(ONCE[process]),)
        if elements.keys() not in ways or set(elements.values()) != {1}:
            yield f"instance {number} of {key} passed {dict(elements)}"


def _early(row: Row[Any], entered: Mapping[tuple[int, str], datetime]) -> Iterator[str]:
    wait = WAITS.get((row.key, row.element_id)) if row.kind == "left" else None
    if row.kind == "passed" and row.key == "race":
        wait = {"late": DEADLINE, "remind": REMINDER}.get(row.element_id)
    since = entered.get((row.instance_id, "decide" if row.key == "race" else row.element_id))
    if wait is not None and since is not None and row.at - since < timedelta(seconds=wait) - SLACK:
        yield f"instance {row.instance_id}: the timer {row.element_id} fired {row.at - since} after it was set"


def _received(connection: Connection, ledger: Ledger) -> Iterator[str]:
    """Each message was received once, by the one that it was meant for; and each that a client sent is among them."""
    query = select(history, history_content.c.content, instance.c.business_key)
    query = query.join(instance, instance.c.id == history.c.instance_id).outerjoin(history_content, beside_history())
    heard: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(query.where(history.c.kind == "received")):
        variables = unpack(row.content)["variables"]
        heard[row.business_key, row.element_id or "alarm"] += 1
        if "parcel" in variables and variables["parcel"] != f"{row.business_key}-parcel":
            yield f"{row.business_key} received what was meant for another: {variables}"
        if "alarm" in variables and not row.business_key.startswith(f"{variables['alarm']}-"):
            yield f"{row.business_key} heard a signal of before its time: {variables}"
    for each, times in heard.items():
        if times != 1:
            yield f"{each} was received {times} times"
    for key in ledger.told:
        if heard[key, "hear"] != 1:
            yield f"{key} was told something, and received it {heard[key, 'hear']} times"


def _tasks(connection: Connection, ledger: Ledger) -> Iterator[str]:
    """Each completed task has one completion in the history, and each answer of a client stands."""
    completions = connection.execute(select(history.c.data).where(history.c.kind == "completed")).scalars()
    done = Counter(data["task"] for data in completions)
    rows = {row.id: row for row in connection.execute(select(task))}
    for number, row in rows.items():
        if (row.status == "completed") != (done[number] == 1) or done[number] > 1:
            yield f"task {number} is {row.status} and was completed {done[number]} times"
    for number, submission in ledger.completed.items():
        if rows[number].status != "completed" or submission not in (None, rows[number].submission):
            yield f"task {number} was answered as completed by {submission}: it is {rows[number]._asdict()}"


def _served(connection: Connection, ledger: Ledger) -> Iterator[str]:
    """Answers of workers that were taken, one for each piece of work."""
    query = select(history.c.instance_id).where(history.c.kind.in_(("served", "erred")), history.c.element_id == "weigh")
    served = Counter(connection.execute(query).scalars())
    for number, times in served.items():
        if times != 1:
            yield f"the work of instance {number} was done {times} times"
    if len(ledger.served) > sum(served.values()):
        yield f"workers had {len(ledger.served)} answers taken; the history holds {sum(served.values())}"


def _ticks(connection: Connection) -> Iterator[str]:
    """Each round of the start timer began one instance."""
    query = select(history.c.data).join(instance, instance.c.id == history.c.instance_id)
    query = query.join(definition, definition.c.id == instance.c.definition_id)
    facts = connection.execute(query.where(definition.c.key == "tick", history.c.kind == "started")).scalars()
    for moment, times in Counter(data["timer"] for data in facts).items():
        if times != 1:
            yield f"the start timer of {moment} began {times} instances"


def _effects(connection: Connection) -> Iterator[str]:
    """Each order sent one notice."""
    sent = Counter(connection.execute(select(notice.c.instance_id)).scalars())
    orders = select(instance.c.id).join(definition, definition.c.id == instance.c.definition_id).where(definition.c.key == "order")
    for number in connection.execute(orders).scalars():
        if sent[number] != 1:
            yield f"order {number} sent {sent[number]} notices"
