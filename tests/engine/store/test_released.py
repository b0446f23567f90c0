"""Databases of every released schema are brought here with their cases under way, which then go on as if nothing had happened."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES
from engine.store import Database
from engine.store.migrate import current_revision, newest_revision
from engine.store.tables import errand, incident, instance, task
from engine.toolkit import Toolkit
from tests.engine.store.released.__main__ import BEGAN

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))


def test_there_is_a_dump_of_the_first_schema() -> None:
    assert [file.stem for file in RELEASED][:1] == ["0001"]


@pytest.mark.parametrize("dump", RELEASED, ids=lambda file: file.stem)
def test_a_released_database_is_migrated_and_played_on(dump: Path, tmp_path: Path) -> None:
    file = tmp_path / "samverka.db"
    connection = sqlite3.connect(file)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    database = Database(f"sqlite:///{file}")
    database.migrate()
    assert current_revision(database.engine) == newest_revision()
    clock = SimulatedClock(BEGAN + timedelta(days=15))  # the deadline passed while the service was being brought up to date
    runtime = Runtime(database, clock, Register(database), Toolkit(clock), SERVICES)
    assert runtime.verify(replay=True).faults == ()
    runtime.run_due()

    def open_tasks() -> dict[str, int]:
        with database.read() as reading:
            found = reading.execute(select(task.c.element_id, task.c.id).where(task.c.status == "open").order_by(task.c.id))
            return {row.element_id: row.id for row in found}

    assert set(open_tasks()) == {"answer", "decide", "remind"}
    people = {"remind": Actor(3, "Karin")}
    while tasks := open_tasks():
        for element, number in tasks.items():
            runtime.complete(number, {}, actor=people.get(element, Actor(1, "Anna")))
    with database.read() as reading:
        keys = list(reading.execute(select(instance.c.business_key).where(instance.c.kind == "case")).scalars())
    assert len(keys) == 3
    for key in keys:
        runtime.send("news", key, {}, actor=Actor(3, "Karin"))
    with database.read() as reading:
        assert set(reading.execute(select(instance.c.status)).scalars()) == {"completed"}
        assert list(reading.execute(select(errand.c.id))) == list(reading.execute(select(incident.c.id))) == []
    assert runtime.verify(replay=True).faults == ()
    database.close()
