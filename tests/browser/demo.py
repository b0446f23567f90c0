"""The demonstration, served: the year of cases that its invented people have played, on a clock that stands still.

Beside it a second site, `halted`, where scenarios stop just before steps that nobody waits at in the demonstration, so that every
form of the product has a task to be shown in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Row, Select, func, select, update

from engine import simulate
from engine.clock import CIVIL, SimulatedClock, civil_date
from engine.register import COORDINATOR
from engine.runtime import Runtime
from engine.simulate.scenario import Scenario, Task
from engine.store.tables import account, definition, person, task, task_role
from tests.browser.conftest import served
from web.app import create_app
from web.auth import passwords
from web.config import Settings
from web.context import Samverka
from web.house import open_house
from web.setup import FOLDERS

PASSWORD = "sju gula älgar"
NOW = datetime(2026, 3, 18, 9, 0, tzinfo=CIVIL)


@dataclass(frozen=True, slots=True)
class Demo:
    """A served site with its house, for looking up what a page is to be about."""

    app: Flask
    house: Samverka
    address: str

    def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self.house.database.read() as connection:
            return connection.execute(query).all()

    def username(self, person_id: int) -> str:
        return str(self.rows(select(person.c.username).where(person.c.id == person_id))[0][0])

    def holder(self, roles: Sequence[str]) -> str:
        """Somebody who can act in one of `roles` today; a coordinator when nobody can."""
        today = civil_date(self.house.clock.now())
        for role in (*roles, COORDINATOR):
            if found := self.house.register.holders(role, today):
                return self.username(found[0].person_id)
        raise LookupError(f"nobody can act as {roles}")

    def speak(self, username: str, language: str) -> None:
        """Let the person's account speak `language`, as the account menu does."""
        ids = select(person.c.id).where(person.c.username == username)
        with self.house.database.write() as connection:
            connection.execute(update(account).where(account.c.person_id.in_(ids)).values(locale=language))

    def open_tasks(self, form: str) -> Sequence[Row[Any]]:
        """Open tasks with that form: id, root_id, assignee_id."""
        query = select(task.c.id, task.c.root_id, task.c.assignee_id).join(definition, definition.c.id == task.c.form_id)
        return self.rows(query.where(definition.c.key == form, task.c.status == "open").order_by(task.c.id))

    def roles(self, task_id: int) -> list[str]:
        return [role for (role,) in self.rows(select(task_role.c.role).where(task_role.c.task_id == task_id))]

    def asked(self, found: Row[Any]) -> str:
        """Somebody who may do a task of `open_tasks`."""
        return self.username(found.assignee_id) if found.assignee_id else self.holder(self.roles(found.id))


@contextmanager
def _open(folder: Path, clock: SimulatedClock, fill: Callable[[Samverka], None]) -> Iterator[Demo]:
    settings = Settings(database_url=f"sqlite:///{folder}/samverka.db", secret_key="test-secret-" * 4, data=folder)
    settings.documents.mkdir(parents=True, exist_ok=True)
    house = open_house(settings, clock)
    house.database.migrate()
    fill(house)
    app = create_app({"RATELIMIT_ENABLED": False}, house=house, settings=settings)
    with served(app) as address:
        yield Demo(app, house, address)
    house.database.close()


@contextmanager
def open_demo(folder: Path) -> Iterator[Demo]:
    """The demonstration as it stands at NOW, its files in `folder`."""

    def fill(house: Samverka) -> None:
        hashed = passwords.hashed(PASSWORD)
        simulate.load_demo(house.database, FOLDERS, password_hash=hashed, now=NOW, toolkit=house.toolkit)

    with _open(folder, SimulatedClock(NOW), fill) as demo:
        yield demo


@contextmanager
def open_halted(folder: Path, forms: Sequence[str]) -> Iterator[Demo]:
    """Scenarios of the processes, each stopped before the first task that shows one of `forms`."""
    scenarios = simulate.read_scenarios(FOLDERS.scenarios())
    start = min(scenario.clock.resolve(today=civil_date(NOW), present=None) for scenario in scenarios)
    clock = SimulatedClock(start)

    def fill(house: Samverka) -> None:
        hashed = passwords.hashed(PASSWORD)
        simulate.load_demo(house.database, FOLDERS, password_hash=hashed, now=start, toolkit=house.toolkit, cases=False)
        elements = _elements(house.runtime)
        stopped = [_stopped(scenarios, elements[form]) for form in forms if form in elements]
        simulate.Player(simulate.RuntimeStage(house.runtime), clock).play(stopped)

    with _open(folder, clock, fill) as demo:
        yield demo


def _elements(runtime: Runtime) -> dict[str, str]:
    """Form → the user task that shows it, in the processes in force."""
    found: dict[str, str] = {}
    with runtime.parts.database.read() as connection:
        latest = select(func.max(definition.c.id)).where(definition.c.kind == "process").group_by(definition.c.key)
        ids = connection.execute(latest).scalars().all()
    for each in ids:
        for element in runtime.definitions.process(each).elements.values():
            if element.type == "userTask" and element.form_key:
                found.setdefault(element.form_key, element.id)
    return found


def _stopped(scenarios: Sequence[Scenario], element: str) -> Scenario:
    for scenario in scenarios:
        for place, step in enumerate(scenario.steps):
            if isinstance(step, Task) and step.element == element:
                return replace(scenario, steps=scenario.steps[:place])
    raise LookupError(f"no scenario does {element}")
