"""The house set up from its files, and the demo: invented people, and cases that they have played in the months before today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select

from engine.clock import SimulatedClock, civil_date, utc
from engine.register import Loaded, Register
from engine.runtime import Deployed, Runtime
from engine.services import SERVICES, Services
from engine.simulate.player import Player
from engine.simulate.scenario import Scenario, read_scenarios
from engine.simulate.stage import RuntimeStage
from engine.store import Database
from engine.store.tables import account, instance, person
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

    def demo_cases(self) -> dict[str, str]:
        """The cases of the demo."""
        return {path.name: path.read_text("utf-8") for path in sorted((self.processes / "demo" / "cases").glob("*.yaml"))}


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo has put in: people of the register with accounts, and instances that were played."""

    people: int
    accounts: int
    instances: int


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


def load_demo(
    database: Database, folders: Folders, *, password_hash: str, now: datetime, toolkit: Toolkit, services: Services = SERVICES
) -> Demo:
    """Fill an empty database with the demo. The cases are played on a clock of their own, which ends at `now`.

    Args:
        password_hash: of the one password that all invented people share; hashed by the caller.

    Raises:
        ValueError: the database has instances already; a demo is not mixed with anything else.
        LoadRefused, DeploymentRefused, ScenarioInvalid, ScenarioFailed: the files are wrong.
    """
    scenarios = read_scenarios(folders.demo_cases())
    today = civil_date(now)
    register = Register(database)
    with database.read() as connection:
        if connection.execute(select(instance.c.id).limit(1)).first() is not None:
            raise ValueError("the database holds cases already; the demo needs an empty one")
    load_register(register, folders, today)
    load_people(register, folders, today)
    accounts = _open_accounts(database, password_hash)
    clock = SimulatedClock(_beginning(scenarios, today, now))
    runtime = Runtime(database, clock, register, toolkit, services)
    deploy(runtime, folders, why="Första versionen")
    Player(RuntimeStage(runtime), clock, today=today).play(scenarios, until=utc(now))
    with database.read() as connection:
        played = len(connection.execute(select(instance.c.id)).all())
    return Demo(len(register.people()), accounts, played)


def _beginning(scenarios: list[Scenario], today: date, now: datetime) -> datetime:
    starts = [scenario.clock.resolve(today=today, present=None) for scenario in scenarios]
    return min([*starts, utc(now)])


def _open_accounts(database: Database, password_hash: str) -> int:
    """An account for each invented person who has none."""
    without = select(person.c.id).where(person.c.invented, person.c.id.not_in(select(account.c.person_id)))
    with database.write() as connection:
        rows = [{"person_id": number, "password": password_hash} for number in connection.execute(without).scalars()]
        if rows:
            connection.execute(insert(account), rows)
    return len(rows)


def _yaml(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded
