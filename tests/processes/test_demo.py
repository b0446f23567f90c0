"""The demo's cases play to the end on whatever day they are loaded, and leave something of everything to look at."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import CIVIL
from engine.register import Register
from engine.simulate import Folders, load_people, load_register
from engine.simulate.demo import play_demo
from engine.store import Database
from engine.store.tables import errand, incident, instance, task
from tests.processes.drawing import FORMS, PROCESSES

FOLDERS = Folders(PROCESSES, FORMS)


# The second of January: nearly all of it lies in the year before, with that year's chairs. A leap day: periods across it.
@pytest.mark.parametrize("day", ["2027-01-02", "2028-02-29"])
def test_the_demo_shows_every_stage(day: str, tmp_path: Path, migrated_sqlite: Path) -> None:
    now = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=CIVIL)
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'demo.db')}")
    register = Register(database)
    load_register(register, FOLDERS, now.date())
    load_people(register, FOLDERS, now.date())
    play_demo(database, FOLDERS.cases, now=now, definitions=FOLDERS.definitions())
    with database.read() as connection:
        rows = connection.execute(select(instance).where(instance.c.parent_id.is_(None))).all()
        open_tasks = set(connection.execute(select(task.c.element_id).where(task.c.status == "open")).scalars())
        late = connection.execute(select(task.c.id).where(task.c.status == "open", task.c.due_at < now)).all()
        assert connection.execute(select(incident.c.message)).scalars().all() == []
        assert connection.execute(select(errand.c.kind)).scalars().all() == []
    database.close()
    cases = [row for row in rows if row.kind == "case"]
    standing = Counter(row.status for row in cases)
    assert len(cases) >= 20
    assert len(cases) / 4 <= standing["completed"] <= len(cases) / 2
    assert len({row.outcome for row in cases if row.status == "completed"}) >= 8
    assert open_tasks >= {
        "granska_underlag", "komplettera_underlag", "bekrafta_niva", "bereda_infor_lsg", "svara_pa_remiss", "bereda_infor_samradet",
        "ta_emot", "besluta", "hantera_uteblivet_svar", "hantera_sent_remissvar", "sammanstalla_svaren", "ta_del_av_svaret",
    }  # fmt: skip
    assert len(late) >= 5
    meetings = [row for row in rows if row.kind == "meeting"]
    assert {row.outcome for row in meetings if row.status == "completed"} == {
        "Mötet avslutat",
        "Inställt",
        "Inställt – för få deltog",
    }
    assert sum(row.event_date > now.date() for row in meetings) >= 3
