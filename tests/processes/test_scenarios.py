"""The scenarios beside the processes, each played through the real engine; together they take every sequence flow.

Every scenario is played with a fresh runtime before each command, as after a server that was killed between any two steps:
nothing may live anywhere but in the database. The main walk is also played on PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import SimulatedClock, civil_date
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES
from engine.simulate import Folders, Player, RuntimeStage, Scenario, coverage, deploy, load_people, load_register, read_scenarios
from engine.store import Database
from engine.store.tables import errand, incident
from engine.toolkit import Toolkit

ROOT = Path(__file__).parents[2]
FOLDERS = Folders(ROOT / "processes", ROOT / "forms")
SCENARIOS = read_scenarios(FOLDERS.scenarios())
TODAY = date(2026, 1, 12)
MAIN_WALK = SCENARIOS[0]


class Restarting(RuntimeStage):
    """A stage whose runtime is opened anew for every command, with nothing in memory."""

    def __init__(self, database: Database, clock: SimulatedClock, toolkit: Toolkit) -> None:
        self._open: Callable[[], Runtime] = lambda: Runtime(database, clock, Register(database), toolkit, SERVICES)
        super().__init__(self._open())

    def complete(self, task_id: int, answers: Mapping[str, Any], actor: Actor) -> None:
        self._runtime = self._open()
        super().complete(task_id, answers, actor)

    def run_due(self) -> int:
        self._runtime = self._open()
        return super().run_due()


@pytest.fixture(scope="session")
def toolkit() -> Toolkit:
    return Toolkit()


def prepare(database: Database, moment: datetime, toolkit: Toolkit) -> tuple[SimulatedClock, Runtime]:
    clock, register = SimulatedClock(moment), Register(database)
    load_register(register, FOLDERS, civil_date(moment))
    load_people(register, FOLDERS, civil_date(moment))
    runtime = Runtime(database, clock, register, toolkit, SERVICES)
    deploy(runtime, FOLDERS, why="test")
    return clock, runtime


def play(scenario: Scenario, database: Database, toolkit: Toolkit) -> Runtime:
    moment = scenario.clock.resolve(today=TODAY, present=None)
    clock, runtime = prepare(database, moment, toolkit)
    Player(Restarting(database, clock, toolkit), clock, today=civil_date(moment)).play([scenario])
    return runtime


def held_and_failed(database: Database) -> list[Any]:
    with database.read() as connection:
        return [*connection.execute(select(incident.c.message)).scalars(), *connection.execute(select(errand.c.kind)).scalars()]


def test_every_scenario_goes_as_it_says_and_together_they_take_every_flow(
    subtests: pytest.Subtests, tmp_path: Path, migrated_sqlite: Path, toolkit: Toolkit
) -> None:
    untaken: dict[str, set[str]] = {}
    for number, scenario in enumerate(SCENARIOS):
        with subtests.test(scenario.name):
            database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / f'{number}.db')}")
            runtime = play(scenario, database, toolkit)
            assert runtime.verify(replay=True).faults == ()
            assert held_and_failed(database) == []
            for covered in coverage(runtime):
                untaken[covered.process] = untaken.get(covered.process, set(covered.untaken)) & set(covered.untaken)
            database.close()
    assert untaken == {process: set() for process in untaken}


def test_the_main_walk_on_both_databases(database: Database, toolkit: Toolkit) -> None:
    runtime = play(MAIN_WALK, database, toolkit)
    assert runtime.verify(replay=True).faults == ()
