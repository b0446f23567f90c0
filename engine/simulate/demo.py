"""The house set up from its files, and the demo: cases that invented people have played in the months before today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from engine.clock import SimulatedClock, civil_date, utc
from engine.register import Loaded, Register
from engine.runtime import Deployed, Runtime
from engine.services import SERVICES, Services
from engine.simulate.player import Player
from engine.simulate.scenario import Scenario, read_scenarios
from engine.simulate.stage import RuntimeStage
from engine.store import Database
from engine.store.accounts import save_account
from engine.store.tables import instance
from engine.toolkit import Toolkit

SUFFIXES = (".bpmn", ".dmn", ".form")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the product's data lies: `processes` (diagrams, tables, the register, the demo) and `forms`."""

    processes: Path
    forms: Path

    @property
    def register(self) -> Path:
        return self.processes / "register" / "register.yaml"

    @property
    def people(self) -> Path:
        return self.processes / "demo" / "people.yaml"

    def definitions(self) -> dict[str, bytes]:
        """Every diagram, decision table and form to deploy: file name → content."""
        found = [*self.processes.glob("*"), *self.forms.glob("*")]
        return {path.name: path.read_bytes() for path in sorted(found) if path.suffix in SUFFIXES}

    def scenarios(self) -> dict[str, str]:
        """The scenario beside each process."""
        return {path.name: path.read_text("utf-8") for path in sorted(self.processes.glob("*.scenario.yaml"))}

    @property
    def cases(self) -> Path:
        """The scenario files of the demo."""
        return self.processes / "demo" / "cases"


def load_register(register: Register, folders: Folders, today: date) -> Loaded:
    """Parties, bodies and quotas.

    Raises:
        LoadRefused: the file does not hold together.
    """
    return register.load(_yaml(folders.register), today=today)


def load_people(register: Register, folders: Folders, today: date) -> Loaded:
    """The invented people, with appointments and absences around `today`.

    Raises:
        LoadRefused: the file does not hold together.
    """
    return register.load(_yaml(folders.people), today=today, invented=True)


def deploy(runtime: Runtime, folders: Folders, *, why: str) -> Deployed:
    """Put the product's own definitions in force; unchanged ones make no new version.

    Raises:
        DeploymentRefused: with every problem.
    """
    return runtime.deploy(folders.definitions(), why=why, source="files")


def play_demo(
    database: Database,
    cases: Path,
    *,
    now: datetime,
    definitions: Mapping[str, bytes] | None = None,
    toolkit: Toolkit | None = None,
    services: Services = SERVICES,
) -> int:
    """Play the demo's cases into a database that has the register and its people; how many instances came of it.

    They are played on a clock of their own, which starts with the first case and ends at `now`. Relative days in the files
    count from the Monday of the week of `now`.

    Args:
        cases: the folder of scenario files.
        definitions: deployed first, when the clock starts, so that the processes were in force before the cases; None: they
            are deployed already.

    Raises:
        ValueError: the database has instances already; a demo is not mixed with anything else.
        DeploymentRefused, ScenarioInvalid, ScenarioFailed: the files are wrong.
    """
    scenarios = read_scenarios({path.name: path.read_text("utf-8") for path in sorted(cases.glob("*.yaml"))})
    if _instances(database):
        raise ValueError("the database holds cases already; the demo needs an empty one")
    today = monday_of(civil_date(now))
    clock = SimulatedClock(_beginning(scenarios, today, now))
    runtime = Runtime(database, clock, Register(database), toolkit or Toolkit(), services)
    if definitions is not None:
        runtime.deploy(definitions, why="Första versionen", source="demo")
    Player(RuntimeStage(runtime), clock, today=today).play(scenarios, until=utc(now))
    return _instances(database)


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration holds."""

    people: int
    instances: int


def load_demo(
    database: Database, folders: Folders, *, password_hash: str, now: datetime, toolkit: Toolkit | None = None, cases: bool = True
) -> Demo:
    """Fill an empty database: the register, invented people who all sign in with one password, the processes, and with `cases`
    what the people have played in the months before `now`.

    Raises:
        ValueError: the database has instances already.
        DeploymentRefused, LoadRefused, ScenarioInvalid, ScenarioFailed: a file is wrong.
    """
    today, register = civil_date(now), Register(database)
    load_register(register, folders, today)
    load_people(register, folders, today)
    people = register.people()
    with database.write() as connection:
        for one in people:
            save_account(connection, one.id, password_hash)
    if not cases:
        deploy(Runtime(database, SimulatedClock(now), register, toolkit or Toolkit()), folders, why="Första versionen")
        return Demo(len(people), 0)
    return Demo(len(people), play_demo(database, folders.cases, now=now, definitions=folders.definitions(), toolkit=toolkit))


def monday_of(day: date) -> date:
    """The Monday of that week: counted from it the demo's days fall on working days, whatever day it is loaded."""
    return day - timedelta(days=day.weekday())


def _beginning(scenarios: list[Scenario], today: date, now: datetime) -> datetime:
    starts = [scenario.clock.resolve(today=today, present=None) for scenario in scenarios]
    return min([*starts, utc(now)])


def _instances(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(instance)).scalar_one()


def _yaml(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded
