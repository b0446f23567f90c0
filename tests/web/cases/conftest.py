"""The whole house behind the pages of cases: a real register, the real runtime, and processes of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from engine.clock import SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES
from engine.store import Database
from engine.store.accounts import save_account
from engine.store.tables import appointment, body, instance, party, person, quota, task
from engine.toolkit import Toolkit
from tests.web.cases.material import FILES
from web.app import create_app
from web.auth import passwords
from web.config import Settings
from web.context import Samverka
from web.extensions import limiter

PASSWORD = "sju gula älgar"
MORNING = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
PEOPLE = {"anna": "norr", "bo": "norr", "karin": "soder", "eva": "soder", "sven": "oster", "rita": "norr"}
SEATS = (
    ("anna", "radet", "norr", "ordforande"), ("bo", "radet", "norr", "ersattare"), ("karin", None, "soder", "koordinator"),
    ("eva", None, "soder", "registrator"), ("rita", None, "norr", "registrator"),
)  # fmt: skip


@dataclass
class Pages:
    """Anna chairs the council, Bo is her substitute, Karin coordinates, Eva and Rita register, Sven belongs to a third party."""

    app: Flask
    house: Samverka
    clock: SimulatedClock
    ids: dict[str, int]

    @property
    def runtime(self) -> Runtime:
        runtime: Runtime = self.house.runtime
        return runtime

    def actor(self, username: str) -> Actor:
        return Actor(self.ids[username], username.title())

    def sign_in(self, username: str = "karin") -> FlaskClient:
        client = self.app.test_client()
        answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    def read(self, path: str, *, by: str = "karin", status: int = 200) -> str:
        answer = self.sign_in(by).get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def raise_question(self, titel: str = "Hemsjukvård i Åsele", parter: tuple[str, ...] = ("norr", "soder")) -> int:
        return int(self.runtime.start("fraga", {"titel": titel, "parter": list(parter)}, actor=self.actor("anna")).instance_id)

    def meet(self, dag: str = "2026-01-20", **answers: Any) -> int:
        given = {"dag": dag, "plats": "Umeå", "punkt": "ÄR-2026-0001"} | answers
        return int(self.runtime.start("traff", given, actor=self.actor("karin")).instance_id)

    def complete(self, element: str, by: str, answers: dict[str, Any] | None = None, *, party_slug: str | None = None) -> None:
        """Complete the oldest open task of the element."""
        query = select(task.c.id).join(instance, instance.c.id == task.c.instance_id)
        query = query.where(task.c.element_id == element, task.c.status == "open").order_by(task.c.id)
        if party_slug:
            query = query.where(instance.c.party == party_slug)
        with self.house.database.read() as connection:
            found = connection.execute(query).scalars().first()
        assert found is not None, f"no open task {element}"
        self.runtime.complete(found, answers or {}, actor=self.actor(by))


@pytest.fixture(scope="session")
def toolkit() -> Toolkit:
    return Toolkit()


@pytest.fixture(scope="session")
def hashed() -> str:
    return passwords._hasher.hash(PASSWORD)


@pytest.fixture
def pages(tmp_path: Path, toolkit: Toolkit, hashed: str) -> Iterator[Pages]:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/samverka.db", secret_key="test-secret-" * 4, data=tmp_path)
    database = Database(settings.database_url)
    database.migrate()
    with database.write() as connection:
        ids = _fill(connection, hashed)
    clock, register = SimulatedClock(MORNING), Register(database)
    runtime = Runtime(database, clock, register, toolkit, SERVICES)
    runtime.deploy(FILES, why="Prov av sidorna")
    house = Samverka(database, runtime, register, clock, toolkit, settings.documents)
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False, "BABEL_DEFAULT_LOCALE": "sv"}, house=house, settings=settings)
    yield Pages(app, house, clock, ids)
    with app.app_context():
        limiter.reset()
    database.close()


def _fill(connection: Any, hashed: str) -> dict[str, int]:
    for position, slug in enumerate(("norr", "soder", "oster"), start=1):
        name = f"{slug.title()} kommun"
        connection.execute(insert(party).values(slug=slug, name=name, side="municipal", position=position))
    founded = {"slug": "radet", "name": "Rådet", "name_en": "The Council", "level": "officials", "clause": "R6.1", "position": 1}
    connection.execute(insert(body).values(founded))
    connection.execute(insert(quota).values(body="radet", party="norr", ordinary=2, substitutes=1, required=2))
    ids = {}
    for number, (username, of) in enumerate(PEOPLE.items(), start=1):
        values = {"id": number, "username": username, "name": username.title(), "email": f"{username}@example.invalid", "party": of}
        connection.execute(insert(person).values(values))
        save_account(connection, number, hashed)
        ids[username] = number
    for username, where, of, function in SEATS:
        given = {"person_id": ids[username], "body": where, "party": of, "function": function, "starts": date(2020, 1, 1)}
        connection.execute(insert(appointment).values(given))
    return ids
