"""Connections: how a transaction begins on each database, and where a database is brought to today's schema."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.store.codec import json_text
from engine.store.migrate import bring_up_to_date
from engine.store.numbers import Numbers

# A command that holds a connection (and perhaps everybody's lock) may need a second one to read a definition. A pool with a last
# connection would let commands wait for each other; unbounded, it never has more than two for each thread of the process.
# The last one used comes first: what it has in its cache is still right.
POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": -1, "pool_use_lifo": True}
JSON_CODEC: dict[str, Any] = {"json_serializer": json_text, "json_deserializer": orjson.loads}
# Seconds that a writer on SQLite waits for the one before it; a command takes milliseconds.
BUSY_SECONDS = 20
# Seconds after which an idle connection to PostgreSQL is asked whether it still stands.
LONG_REST = 60.0
# Every commit is on disk before it is answered (FULL). With the default cache of 2 MB the indexes of a grown database would be read
# anew for every command; a longer log is copied into the database less often.
PRAGMAS = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}",
    "cache_size=-65536", "wal_autocheckpoint=4000",
)  # fmt: skip


class Database:
    """SQLite (WAL, every commit on disk) or PostgreSQL behind one door.

    A write transaction on SQLite begins IMMEDIATE, so that two commands queue up instead of failing half-way;
    on PostgreSQL the runtime locks the instance's row.
    """

    def __init__(self, url: str | Engine) -> None:
        self.engine = url if isinstance(url, Engine) else open_engine(url)
        self.dialect = self.engine.dialect.name
        self.numbers = Numbers() if self.dialect == "postgresql" else None
        self._writer = self.engine.execution_options(samverka_write=True)
        # SQLite lets those who wait for each other sleep and try again; within a process they stand in a queue instead.
        self._turn: AbstractContextManager[Any] = RLock() if self.dialect == "sqlite" else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads see one snapshot on SQLite, each statement's own on PostgreSQL; nothing is kept."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose reads all see one moment, whatever is committed meanwhile, on either database."""
        with self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back by any exception."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Create the tables, or bring an older database here."""
        bring_up_to_date(self.engine)

    def close(self) -> None:
        self.engine.dispose()


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database broke the connection, or takes none: nobody's fault, and over when it is back."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or (isinstance(error, OperationalError) and error.statement is None)


def open_engine(url: str) -> Engine:
    """An engine for `url`; the folder of an SQLite file is made when it is missing.

    Raises:
        ValueError: the database is neither SQLite nor PostgreSQL.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), paramstyle="format", **POOL, **JSON_CODEC)
        give_up_broken_connections(engine)
        return engine
    if backend != "sqlite":
        raise ValueError(f"SAMVERKA_DATABASE_URL names {backend}; Samverka runs on sqlite and postgresql")
    in_file = bool(parsed.database) and parsed.database != ":memory:"
    if in_file:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, **(POOL if in_file else {}), **JSON_CODEC)
    prepare_sqlite(engine)
    return engine


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite durable and honest about transactions (also for an engine that Flask-SQLAlchemy made)."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes late and is never IMMEDIATE: take transactions into our own hands.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("samverka_write", False)
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")


def give_up_broken_connections(engine: Engine) -> None:
    """Notice before a command begins that PostgreSQL has closed a connection, without asking it over the wire each time.

    Nothing is owed to an idle connection. If there is something to read from it all the same, it is the server's farewell, or a
    notice; which of them, the server tells. What has rested for long is asked too: a firewall may have forgotten it silently.
    """

    @event.listens_for(engine, "checkin")
    def _rest(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _take(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        rested = monotonic() - entry.info.get("rests_since", monotonic())
        try:
            if rested > LONG_REST or select.select([connection.fileno()], [], [], 0)[0]:
                connection.execute("SELECT 1")
                connection.rollback()
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise DisconnectionError from error
