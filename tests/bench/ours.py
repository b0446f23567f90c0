"""The same process through the runtime: every wait state committed, tasks and history written."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import event, insert, text

from engine.clock import SystemClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.store import Database
from engine.store.tables import appointment, body, party, person
from engine.toolkit import Toolkit


@dataclass(frozen=True)
class Measured:
    """One database's figures. `instances` is start and completion together; `statements` excludes BEGIN and COMMIT."""

    completions: float
    instances: float
    statements: int
    bytes: float


def open_runtime(database: Database) -> tuple[Runtime, Actor]:
    """A runtime on a migrated database with one person who holds one role."""
    database.migrate()
    with database.write() as connection:
        connection.execute(insert(party).values(slug="norr", name="Norr", side="municipal", position=1))
        council = {"slug": "radet", "name": "Rådet", "name_en": "Council", "level": "officials", "clause": "R6.1", "position": 1}
        connection.execute(insert(body).values(council))
        connection.execute(insert(person).values(id=1, username="anna", name="Anna", email="anna@example.se", party="norr"))
        seat = {"person_id": 1, "party": "norr", "starts": date(2020, 1, 1)}
        connection.execute(insert(appointment).values(body="radet", function="ordforande", **seat))
        connection.execute(insert(appointment).values(body=None, function="koordinator", **seat))
    return Runtime(database, SystemClock(), Register(database), Toolkit()), Actor(1, "Anna")


def measure(database: Database, diagram: bytes, key: str, rounds: int) -> Measured:
    """Start `rounds` instances, then complete each; warmed up by a tenth of them before."""
    runtime, actor = open_runtime(database)
    runtime.deploy({f"{key}.bpmn": diagram}, why="bench")
    for _ in range(max(1, rounds // 10)):
        (task_id,) = runtime.start(key, {}, actor=actor).tasks
        runtime.complete(task_id, {}, actor=actor)
    before = size_of(database)
    began = time.perf_counter()
    tasks = [runtime.start(key, {}, actor=actor).tasks[0] for _ in range(rounds)]
    started = time.perf_counter()
    for task_id in tasks:
        runtime.complete(task_id, {}, actor=actor)
    ended = time.perf_counter()
    used = (size_of(database) - before) / rounds
    return Measured(rounds / (ended - started), rounds / (ended - began), statements_of_one(runtime, actor, key), used)


def statements_of_one(runtime: Runtime, actor: Actor, key: str) -> int:
    """How many SQL statements one completion of a user task runs."""
    (task_id,) = runtime.start(key, {}, actor=actor).tasks
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    engine = runtime.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        runtime.complete(task_id, {}, actor=actor)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def size_of(database: Database) -> int:
    """Bytes that the database takes, its indexes included."""
    with database.read() as connection:
        if database.dialect == "sqlite":
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())
        sizes = text("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                     "WHERE n.nspname = 'public' AND c.relkind = 'r'")  # fmt: skip
        return int(connection.execute(sizes).scalar_one())


def sqlite_in(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'bench.db'}")
