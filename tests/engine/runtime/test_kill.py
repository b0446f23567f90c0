"""A server that is killed again and again, between statements, before commits and after them, loses and doubles nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine.clock import SystemClock
from engine.register import Register
from engine.runtime import Runtime
from engine.services import SERVICES
from engine.store import Database
from engine.store.tables import definition, errand, history, incident, instance, person, series, task
from engine.toolkit import Toolkit
from tests.engine.runtime.mortal import FINISHED, ROOT

KILLS = 9  # on each database
POINTS = {"statement": 160, "before commit": 14, "after commit": 14}  # the farthest point of its kind that a life reaches


def deaths(seed: int) -> list[tuple[str | None, int]]:
    """Where the lives end, the last of them nowhere. Drawn anew from `seed`; a failure names it."""
    chance = random.Random(seed)  # noqa: S311
    points = [point for point in POINTS for _ in range(KILLS // len(POINTS) + 1)][:KILLS]
    chance.shuffle(points)
    return [*((point, chance.randint(1, POINTS[point])) for point in points), (None, 0)]


def play(database: Database, journal: Path, lives: list[tuple[str | None, int]]) -> list[str]:
    """Play the main walk through `lives`; how each of them ended."""
    url = database.engine.url.render_as_string(hide_password=False)
    plan = json.dumps({"database": url, "journal": str(journal), "deaths": lives})
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.runtime.mortal"], cwd=ROOT, input=plan, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    ends = done.stdout.split()
    assert "1" not in ends, done.stderr
    return ends


def happened(database: Database) -> Counter[tuple[Any, ...]]:
    """Every row of every history, without its moment and its number; people by name, as a dead command may have taken numbers."""
    query = select(definition.c.key, instance.c.party, history.c.kind, history.c.element_id, person.c.username)
    query = query.join(instance, instance.c.id == history.c.instance_id).outerjoin(person, person.c.id == history.c.actor_id)
    query = query.join(definition, definition.c.id == instance.c.definition_id)
    with database.read() as connection:
        return Counter(tuple(row) for row in connection.execute(query))


def open_tasks(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(task.c.element_id).where(task.c.status == "open")).scalars())


def test_the_walk_survives_a_server_that_is_killed(database: Database, migrated_sqlite: Path, tmp_path: Path) -> None:
    whole = Database(f"sqlite:///{tmp_path / 'whole.db'}")
    whole.migrate()
    assert play(whole, tmp_path / "whole", [(None, 0)]) == [str(FINISHED)]
    seed = random.SystemRandom().randrange(10**6)
    ends = play(database, tmp_path / "journal", deaths(seed))
    said = f"seed {seed}: {ends}"
    assert ends[-1] == str(FINISHED), said
    assert ends.count("killed") >= KILLS / 2, said

    assert happened(database) == happened(whole), said  # nothing lost, nothing doubled: timers, answers, messages
    assert open_tasks(database) == open_tasks(whole), said  # what a meeting after the case waits for
    runtime = Runtime(database, SystemClock(), Register(database), Toolkit(), SERVICES)
    assert runtime.verify(replay=True).faults == (), said
    with database.read() as connection:
        walked = select(instance).join(definition, definition.c.id == instance.c.definition_id)
        root = connection.execute(walked.where(definition.c.key == "arendegang")).one()
        parts = connection.execute(select(instance.c.party, instance.c.status).where(instance.c.parent_id == root.id)).all()
        assert root.status == "completed"
        assert (len(parts), len({part.party for part in parts}), {part.status for part in parts}) == (16, 16, {"completed"})
        assert connection.execute(select(func.count(errand.c.id))).scalar_one() == 0, said
        assert connection.execute(select(func.count(incident.c.id))).scalar_one() == 0, said
        keys = connection.execute(select(instance.c.business_key)).scalars().all()
        last = dict(connection.execute(select(series.c.name, series.c.last)).all())
    assert len(keys) == len(set(keys))
    assert sum(last.values()) - last["PV"] == len(keys), said  # a number that a dead command had taken was given back
    whole.close()
