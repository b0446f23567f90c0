"""The whole house behind the desk: a real register, the real runtime, a small process of the tests' own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from engine.clock import SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES
from engine.store import Database
from engine.store.accounts import save_account
from engine.store.tables import appointment, body, party, person, task
from engine.toolkit import Toolkit
from tests.web.desk.material import FILES
from web.app import create_app
from web.auth import passwords
from web.config import Settings
from web.context import Samverka
from web.extensions import limiter

PASSWORD = "sju gula älgar"
MORNING = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
PEOPLE = (
    ("anna.ek", "Anna Ek", "norr"), ("bo.lund", "Bo Lund", "norr"), ("karin.lind", "Karin Lind", "soder"),
    ("eva.ny", "Eva Ny", "soder"), ("dag.moe", "Dag Moe", "norr"),
)  # fmt: skip
SEATS = (
    (1, "radet", "norr", "ordforande"), (2, "radet", "norr", "ledamot"), (3, None, "soder", "koordinator"),
    (5, "radet", "norr", "ordforande"),
)  # fmt: skip
KEY = re.compile(r'name="desk-submission" value="([^"]+)"')


@dataclass
class Desk:
    """What a test holds in its hands. Anna and Dag chair the council, Bo sits in it, Karin coordinates, Eva has no role."""

    app: Flask
    house: Samverka
    clock: SimulatedClock
    folder: Path

    @property
    def database(self) -> Database:
        return self.house.database

    def sign_in(self, username: str = "anna.ek") -> FlaskClient:
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    def actor(self, number: int) -> Actor:
        return Actor(number, PEOPLE[number - 1][1])

    def raise_question(self, titel: str = "Hemsjukvård i Åsele", by: int = 1) -> int:
        """A case, begun behind the pages; returns its id."""
        done = self.house.runtime.start("fragan", {"titel": titel, "fraga": "Hur gör vi?", "antal": "3"}, actor=self.actor(by))
        return int(done.instance_id)

    def open_task(self, root_id: int) -> int:
        with self.database.read() as connection:
            found = select(task.c.id).where(task.c.root_id == root_id, task.c.status == "open")
            return int(connection.execute(found).scalar_one())

    def rows(self, query: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(query).all())


def submission(page: TestResponse) -> str:
    """The key that the page's form would send."""
    found = KEY.search(page.text)
    assert found, page.text
    return found[1]


@pytest.fixture(scope="session")
def toolkit() -> Toolkit:
    return Toolkit()


@pytest.fixture(scope="session")
def hashed() -> str:
    return passwords._hasher.hash(PASSWORD)


@pytest.fixture
def desk(tmp_path: Path, toolkit: Toolkit, hashed: str) -> Iterator[Desk]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/samverka.db", secret_key="test-secret-" * 4, data=tmp_path)
    database = Database(settings.database_url)
    database.migrate()
    with database.write() as connection:
        _fill(connection, hashed)
    clock, register = SimulatedClock(MORNING), Register(database)
    runtime = Runtime(database, clock, register, toolkit, SERVICES)
    runtime.deploy(FILES, why="prov")
    house = Samverka(database, runtime, register, clock, toolkit, settings.documents)
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, house=house, settings=settings)
    yield Desk(app, house, clock, settings.documents)
    with app.app_context():
        limiter.reset()
    database.close()


def _fill(connection: Any, hashed: str) -> None:
    for position, slug in enumerate(("norr", "soder"), start=1):
        connection.execute(insert(party).values(slug=slug, name=slug.title() + " kommun", side="municipal", position=position))
    connection.execute(
        insert(body).values(slug="radet", name="Rådet", name_en="the Council", level="officials", clause="R6.1", position=1)
    )
    for number, (username, name, of) in enumerate(PEOPLE, start=1):
        connection.execute(insert(person).values(id=number, username=username, name=name, email=f"{username}@example.se", party=of))
        save_account(connection, number, hashed)
    for person_id, where, of, function in SEATS:
        connection.execute(
            insert(appointment).values(person_id=person_id, body=where, party=of, function=function, starts=date(2020, 1, 1))
        )
