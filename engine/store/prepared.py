"""Core statements prepared once and run on the driver's own cursor.

SQLAlchemy keeps the text that a statement compiles to, but builds its key, its context and its result anew at every call; for the
short statements of a command that costs many times what the database does. Here the text and the conversion of values are worked
out once a dialect, at the first call. A prepared statement runs in the transaction of the connection that it is given, is told to
those who listen to the connection's statements, and raises what SQLAlchemy would raise.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from psycopg.pq import TransactionStatus
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Dialect, Integer, Table, bindparam, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import Text, TypeDecorator

from engine.clock import utc

Convert = Callable[[Any], Any] | None

# What PostgreSQL says when a guarded batch found nothing to change (SQLSTATE).
DIVISION_BY_ZERO = "22012"

# Rows that one INSERT carries at most on SQLite; more take several.
ROWS_AT_A_TIME = 16


class _Several(TypeDecorator[Any]):
    """A collection as one value: SQLite takes it as JSON text, PostgreSQL as an array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else orjson.dumps(list(value)).decode()


class among(ColumnElement[bool]):  # in small letters: it stands in statements as functions do
    """Whether `column`, of numbers or texts, is one of the values given by `name`: an IN whose text does not depend on how many."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column, self.given = column, bindparam(name, type_=_Several())

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(among)
def _among_on_sqlite(element: among, compiler: Any, **given: Any) -> str:
    values = compiler.process(element.given, **given)
    return f"{compiler.process(element.column, **given)} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(among, "postgresql")
def _among_on_postgresql(element: among, compiler: Any, **given: Any) -> str:
    kind = "BIGINT" if isinstance(element.column.type, BigInteger | Integer) else "TEXT"
    return f"{compiler.process(element.column, **given)} = ANY(CAST({compiler.process(element.given, **given)} AS {kind}[]))"


class _Text:
    """A statement in one dialect: its text, what values become on their way in, and what rows become on their way out."""

    def __init__(self, statement: Any, dialect: Dialect, sets: Sequence[str] = ()) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(sets) or None)
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.converts: list[Convert] = [
            binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self.names
        ]
        self._binds = list(zip(self.names, self.converts, strict=True))
        self._fixed = {name: binds[name].value for name in self.names if not binds[name].required}
        columns = statement.exported_columns if statement.is_select or getattr(statement, "_returning", ()) else ()
        self._results: list[Convert] = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self.returns = bool(columns)
        self._row: Any = namedtuple("Row", [column.key for column in columns]) if columns else tuple

    def given(self, values: Mapping[str, Any]) -> list[Any]:
        """`values` in the order and form in which the driver takes them."""
        if self._fixed:
            values = {**self._fixed, **values}
        return [values[name] if convert is None else convert(values[name]) for name, convert in self._binds]

    def made(self, row: Sequence[Any]) -> Any:
        """A driver's row as a named tuple, its values as the columns' types say."""
        return self._row._make(
            [value if convert is None else convert(value) for value, convert in zip(row, self._results, strict=True)]
        )


class Prepared:
    """A SELECT, UPDATE, DELETE or INSERT of one row. Values are given by the names of its bind parameters and of `sets`.

    Args:
        statement: for both databases, or for SQLite alone when `postgresql` is given.
        sets: the columns that an UPDATE or INSERT sets to values given by their names.
        postgresql: where PostgreSQL says it otherwise.
    """

    def __init__(self, statement: Executable, *, sets: Sequence[str] = (), postgresql: Executable | None = None) -> None:
        self._statements = {"sqlite": statement, "postgresql": statement if postgresql is None else postgresql}
        self._sets = sets
        self._texts: dict[str, _Text] = {}

    def run(self, connection: Connection, /, **values: Any) -> int:
        """Run it; how many rows it changed."""
        text = self.text(connection)
        count: int = _execute(connection, text.text, text.given(values)).rowcount
        return count

    def rows(self, connection: Connection, /, **values: Any) -> list[Any]:
        """What it finds or returns, as named tuples."""
        text = self.text(connection)
        return [text.made(row) for row in _execute(connection, text.text, text.given(values)).fetchall()]

    def one_or_none(self, connection: Connection, /, **values: Any) -> Any:
        """The first row that it finds; None when it finds none."""
        text = self.text(connection)
        row = _execute(connection, text.text, text.given(values)).fetchone()
        return None if row is None else text.made(row)

    def value(self, connection: Connection, /, **values: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        found = self.one_or_none(connection, **values)
        return None if found is None else found[0]

    def text(self, connection: Connection) -> _Text:
        """What it is on the connection's database."""
        name = connection.dialect.name
        if name not in self._texts:
            self._texts[name] = _Text(self._statements[name], connection.dialect, self._sets)
        return self._texts[name]


class PreparedRows:
    """An INSERT of several rows at once, all with the same columns.

    PostgreSQL gets them as one JSON text, whatever their number: one statement to plan, one value to send.

    Args:
        returning: columns of the new rows that are wanted back. Databases do not promise their order: ask for one that tells them
            apart.
        passing_over: rows that are there already are passed over.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], *, returning: Sequence[Column[Any]] = (), passing_over: bool = False
    ) -> None:
        self._table, self._columns, self._returning, self._passing_over = table, tuple(columns), tuple(returning), passing_over
        self._texts: dict[int, _Text] = {}  # by the number of rows; 0 for PostgreSQL's

    def insert(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert `rows`; the columns asked for, as named tuples."""
        found = []
        for statement, given in self.texts(connection, rows):
            cursor = _execute(connection, statement.text, given)
            if statement.returns:
                found += [statement.made(row) for row in cursor.fetchall()]
        return found

    def texts(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[tuple[_Text, list[Any]]]:
        """The statements that insert `rows`, each with its values."""
        if connection.dialect.name == "postgresql":
            return [(self._text(connection, 0), [_json_of(rows)])] if rows else []
        found = []
        for first in range(0, len(rows), ROWS_AT_A_TIME):
            some = rows[first : first + ROWS_AT_A_TIME]
            text = self._text(connection, len(some))
            given = [row[name] for row in some for name in self._columns]
            found.append(
                (text, [value if convert is None else convert(value) for value, convert in zip(given, text.converts, strict=True)])
            )
        return found

    def _text(self, connection: Connection, count: int) -> _Text:
        if count not in self._texts:
            statement = self._of_values(count) if count else self._of_json()
            self._texts[count] = _Text(statement.returning(*self._returning) if self._returning else statement, connection.dialect)
        return self._texts[count]

    def _of_values(self, count: int) -> Any:
        statement: Any = sqlite_insert(self._table)
        if self._passing_over:
            statement = statement.on_conflict_do_nothing()
        types = {name: self._table.c[name].type for name in self._columns}
        return statement.values([{name: bindparam(f"{name}_{i}", type_=types[name]) for name in types} for i in range(count)])

    def _of_json(self) -> Any:
        statement: Any = postgresql_insert(self._table)
        if self._passing_over:
            statement = statement.on_conflict_do_nothing()
        rows: Any = sql(f"json_populate_recordset(NULL::{self._table.name}, CAST(:rows AS json))")
        rows = select(*(literal_column(name) for name in self._columns)).select_from(rows)
        return statement.from_select(list(self._columns), rows)


def _json_of(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows, default=_in_json, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _in_json(value: Any) -> str:
    """What JSON has no form for, as PostgreSQL reads it: bytes and moments."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime):
        return utc(value).isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in a row")


class NothingFound(Exception):
    """A statement that has to find its row found none."""


class Batch:
    """Writes of one transaction that wait to be sent together: on PostgreSQL they become one statement, in one round trip.

    They see the database as it was before the first of them, in no particular order: none may need what another one writes, but for
    foreign keys, which are checked at the end. Whoever reads in the meantime does not see them.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: list[tuple[_Text, list[Any]]] = []

    def add(self, statement: Prepared, /, **values: Any) -> None:
        """Let `statement` wait; the order is that in which SQLite runs them."""
        text = statement.text(self.connection)
        self._waiting.append((text, text.given(values)))

    def add_rows(self, statement: PreparedRows, rows: Sequence[Mapping[str, Any]]) -> None:
        """Let the insertion of `rows` wait."""
        self._waiting += statement.texts(self.connection, rows)

    def run(self, *, guarded: bool = False, last: bool = False) -> None:
        """Send what waits.

        Args:
            guarded: the last statement, which returns something, has to find a row.
            last: nothing follows in the transaction, so that PostgreSQL may be told to commit it in the same breath.

        Raises:
            NothingFound: the last statement found no row; nothing of the batch is done.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        if self.connection.dialect.name == "postgresql":
            given = [value for _, values in waiting for value in values]
            text = _joined(tuple(statement.text for statement, _ in waiting), guarded)
            try:
                _execute(self.connection, text, given, last=last)
            except DataError as error:
                if guarded and getattr(error.orig, "sqlstate", None) == DIVISION_BY_ZERO:
                    raise NothingFound from error
                raise
            return
        for statement, values in waiting:
            cursor = _execute(self.connection, statement.text, values)
        if guarded and cursor.fetchone() is None:
            raise NothingFound


@lru_cache(maxsize=1_000)
def _joined(texts: tuple[str, ...], guarded: bool) -> str:
    """One statement that does what all of them do; guarded, it fails unless the last one returns a row."""
    steps = ", ".join(f"step_{number} AS ({text})" for number, text in enumerate(texts if guarded else texts[:-1]))
    if guarded:
        return f"WITH {steps} SELECT 1 / count(*) FROM step_{len(texts) - 1}"  # noqa: S608  # texts of our own
    return f"WITH {steps} {texts[-1]}" if steps else texts[-1]


def _execute(connection: Connection, text: str, given: Any, *, last: bool = False) -> Any:
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    if before := connection.dispatch.before_cursor_execute:
        before(connection, None, text, given, None, False)
    try:
        if connection.dialect.name == "postgresql" and (last or _would_begin(driver)):
            # The transaction's BEGIN goes along with its first statement, its COMMIT with the last. Should that one fail, the
            # server passes over the COMMIT, and the transaction is rolled back as any other.
            with driver.pipeline():
                cursor = driver.execute(text, given)
                if last:
                    driver.commit()
            return cursor
        return driver.execute(text, given)
    except connection.dialect.loaded_dbapi.Error as error:
        _refused(connection, text, given, error)


def _would_begin(driver: Any) -> bool:
    return driver.info.transaction_status == TransactionStatus.IDLE and not driver.autocommit


def _refused(connection: Connection, text: str, given: Any, error: Exception) -> NoReturn:
    """As SQLAlchemy itself does it: a connection that broke is given up, and the error is of SQLAlchemy's family."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if broken and not connection.invalidated:
        connection.invalidate(error)
    raise DBAPIError.instance(
        text, given, error, dialect.loaded_dbapi.Error, connection_invalidated=broken, dialect=dialect
    ) from error
