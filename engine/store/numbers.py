"""Ids that are known before their rows are written."""

from __future__ import annotations

import os
import threading
from collections import deque

from sqlalchemy import Connection, Integer, bindparam, func, literal_column, select

from engine.store.prepared import Prepared

# Ids taken from a sequence at a time: few enough that those of two processes stay near the order of time.
AT_A_TIME = 20


class Numbers:
    """Ids of PostgreSQL's sequences, taken some at a time, so that a row and those that refer to it go to the database together.

    What is left when a process ends is never used: a sequence has such gaps anyway. SQLite has no sequences, and no round trips to
    save; there a row's id comes back when it is written.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, deque[int]] = {}
        self._statements: dict[str, Prepared] = {}
        self._process = os.getpid()

    def take(self, connection: Connection, table: str, count: int = 1) -> list[int]:
        """`count` ids for new rows of `table`, in rising order."""
        with self._lock:
            if self._process != os.getpid():  # a fork has the same ids in memory as its parent
                self._left, self._process = {}, os.getpid()
            left = self._left.setdefault(table, deque())
            while len(left) < count:
                left += [row.number for row in self._next(table).rows(connection, count=AT_A_TIME)]
            return [left.popleft() for _ in range(count)]

    def _next(self, table: str) -> Prepared:
        if table not in self._statements:
            sequence = func.pg_get_serial_sequence(literal_column(f"'{table}'"), literal_column("'id'"))
            rows = func.generate_series(literal_column("1"), bindparam("count", type_=Integer))
            self._statements[table] = Prepared(select(func.nextval(sequence).label("number")).select_from(rows))
        return self._statements[table]
