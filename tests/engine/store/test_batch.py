"""Writes that go to the database together, and ids that are known before."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.store import Database
from engine.store.numbers import AT_A_TIME, Numbers
from engine.store.prepared import Batch, NothingFound, Prepared, PreparedRows
from engine.store.tables import party

PARTIES = PreparedRows(party, ("slug", "name", "side", "position"))
RENAME = Prepared(update(party).where(party.c.slug == bindparam("of")).returning(party.c.slug), sets=("name",))
ADD = Prepared(insert(party), sets=("slug", "name", "side", "position"))
NORTH, SOUTH = ({"slug": slug, "name": slug.title(), "side": "municipal", "position": 1} for slug in ("norr", "syd"))


def names(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.slug: row.name for row in connection.execute(select(party.c.slug, party.c.name).order_by(party.c.slug))}


@pytest.mark.parametrize("last", [False, True])
def test_what_waits_is_written_together(database: Database, last: bool) -> None:
    with database.write() as connection:
        batch = Batch(connection)
        batch.add_rows(PARTIES, [NORTH, SOUTH])
        batch.run()
        batch.add(RENAME, of="norr", name="Nord")
        batch.add(RENAME, of="syd", name="Söder")
        batch.run(guarded=True, last=last)
    assert names(database) == {"norr": "Nord", "syd": "Söder"}


@pytest.mark.parametrize("last", [False, True])
def test_a_guarded_batch_that_does_not_find_its_row_does_nothing(database: Database, last: bool) -> None:
    with pytest.raises(NothingFound), database.write() as connection:
        batch = Batch(connection)
        batch.add_rows(PARTIES, [NORTH])
        batch.add(RENAME, of="öster", name="Ost")
        batch.run(guarded=True, last=last)
    assert names(database) == {}


@pytest.mark.parametrize("last", [False, True])
def test_a_batch_that_is_refused_does_nothing_and_the_connection_goes_on(database: Database, last: bool) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        batch = Batch(connection)
        batch.add(ADD, **NORTH)
        batch.add(ADD, **NORTH)
        batch.run(last=last)
    with database.write() as connection:
        batch = Batch(connection)
        batch.add(ADD, **SOUTH)
        batch.run(last=last)
    assert names(database) == {"syd": "Syd"}


def test_numbers_rise_and_nobody_gets_one_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.numbers is None:
        pytest.skip("SQLite gives a row's number when it is written")
    mine, other = Numbers(), Numbers()
    with database.write() as connection:
        taken = mine.take(connection, "task", AT_A_TIME + 3)
        assert taken == sorted(set(taken))
        taken += other.take(connection, "task", 5) + mine.take(connection, "task")
        monkeypatch.setattr(os, "getpid", lambda: -1)  # a child that was forked holds what its parent held
        taken += mine.take(connection, "task", 2)
    assert len(set(taken)) == len(taken)
