"""Registration numbers: `ÄR-2026-0012`, counted per series and civil year, without gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.clock import civil_date
from engine.store.tables import series


def next_registration(connection: Connection, name: str, now: datetime) -> str:
    """The next number of series `name`; given back if the transaction is rolled back."""
    year = civil_date(now).year
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = (
        insert(series)
        .values(name=name, year=year, last=1)
        .on_conflict_do_update(index_elements=[series.c.name, series.c.year], set_={"last": series.c.last + 1})
        .returning(series.c.last)
    )
    return f"{name}-{year}-{connection.execute(statement).scalar_one():04d}"
