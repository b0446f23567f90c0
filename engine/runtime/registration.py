"""Registration numbers: `ÄR-2026-0012`, counted per series and civil year, without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.clock import civil_date
from engine.store.prepared import Prepared
from engine.store.tables import series


def _counted(insert: Any) -> Any:
    first = insert(series).values(name=bindparam("series"), year=bindparam("in_year"), last=1)
    raised = {"last": series.c.last + 1}
    return first.on_conflict_do_update(index_elements=[series.c.name, series.c.year], set_=raised).returning(series.c.last)


COUNT = Prepared(_counted(sqlite_insert), postgresql=_counted(postgresql_insert))


def next_registration(connection: Connection, name: str, now: datetime) -> str:
    """The next number of series `name`; given back if the transaction is rolled back."""
    year = civil_date(now).year
    return f"{name}-{year}-{COUNT.value(connection, series=name, in_year=year):04d}"
