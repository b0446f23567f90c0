"""The whole house behind the REST contract, on both databases: a real register and runtime, and clients that sign each call."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from engine.clock import SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.store import Database
from engine.store.accounts import save_account
from engine.store.tables import appointment, body, party, person
from engine.toolkit import Toolkit
from tests.web.rest.material import FILES
from web.app import create_app
from web.auth import tokens
from web.config import Settings
from web.context import Samverka
from web.extensions import limiter

PASSWORD = "åtta höga ängar"
MORNING = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
PEOPLE = ("anna.ek", "bo.lund", "karin.lind", "olle.berg", "eva.ny")
SEATS = ((1, "radet", "ordforande"), (2, "radet", "ledamot"), (3, None, "koordinator"), (4, None, "processagare"))


def basic(username: str, password: str = PASSWORD, encoding: str = "utf-8") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode(encoding)).decode()}


@dataclass
class Caller:
    """Signs every call with the same header."""

    client: FlaskClient
    headers: dict[str, str]
    base: str = "/engine-rest"

    def __call__(self, method: str, path: str, json: Any = None, **kwargs: Any) -> TestResponse:
        headers = {**self.headers, **kwargs.pop("headers", {})}
        return self.client.open(self.base + path, method=method, json=json, headers=headers, **kwargs)

    def get(self, path: str, **query: Any) -> Any:
        answer = self("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, json: Any = None) -> Any:
        """The answer's JSON, None for 204."""
        answer = self("POST", path, {} if json is None else json)
        assert answer.status_code in (200, 204), answer.text
        return answer.json if answer.status_code == 200 else None

    def put(self, path: str, json: Any) -> None:
        answer = self("PUT", path, json)
        assert answer.status_code == 204, answer.text

    def fault(self, method: str, path: str, json: Any = None, **kwargs: Any) -> tuple[int, str, str]:
        """Status, type and message of a refusal."""
        answer = self(method, path, json, **kwargs)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["Content-Type"] == "application/json"
        return answer.status_code, answer.json["type"], answer.json["message"]


@dataclass
class Office:
    """Anna chairs the council, Bo sits in it, Karin coordinates, Olle owns the processes, Eva has no role."""

    app: Flask
    house: Samverka
    clock: SimulatedClock

    def caller(self, username: str = "karin.lind", **kwargs: Any) -> Caller:
        return Caller(self.app.test_client(use_cookies=False), basic(username), **kwargs)

    def bearer(self, *rights: str, person: int = 3, **kwargs: Any) -> Caller:
        _, token = tokens.make(self.house, person, name="test", rights=rights, valid_for=None)
        return Caller(self.app.test_client(use_cookies=False), {"Authorization": f"Bearer {token}"}, **kwargs)

    def anybody(self) -> Caller:
        return Caller(self.app.test_client(use_cookies=False), {})

    def actor(self, number: int) -> Actor:
        return Actor(number, PEOPLE[number - 1])

    def rows(self, query: Any) -> list[Any]:
        with self.house.database.read() as connection:
            return list(connection.execute(query).all())


def upload(**files: bytes) -> dict[str, Any]:
    """A modeler's form: `name_bpmn=…` sends the file `name.bpmn`."""
    parts: dict[str, Any] = {
        "deployment-name": "Prov", "deployment-source": "Camunda Modeler", "enable-duplicate-filtering": "true",
    }  # fmt: skip
    for name, content in files.items():
        file_name = name.replace("__", ".")
        parts[file_name] = (io.BytesIO(content), file_name)
    return {"data": parts, "content_type": "multipart/form-data"}


@pytest.fixture(scope="session")
def toolkit() -> Toolkit:
    return Toolkit()


@pytest.fixture
def office(database: Database, tmp_path: Path, toolkit: Toolkit, secret: str) -> Iterator[Office]:
    settings = Settings(database_url=str(database.engine.url), secret_key="test-secret-" * 4, data=tmp_path)
    with database.write() as connection:
        fill(connection, secret)
    clock, register = SimulatedClock(MORNING), Register(database)
    runtime = Runtime(database, clock, register, toolkit)
    runtime.deploy(FILES, why="prov")
    house = Samverka(database, runtime, register, clock, toolkit, settings.documents)
    app = create_app({"TESTING": True}, house=house, settings=settings)
    yield Office(app, house, clock)
    with app.app_context():
        limiter.reset()


@pytest.fixture(scope="session")
def secret() -> str:
    from web.auth import passwords

    return passwords.hashed(PASSWORD)


def fill(connection: Any, hashed: str) -> None:
    connection.execute(insert(party).values(slug="norr", name="Norr kommun", side="municipal", position=1))
    connection.execute(
        insert(body).values(slug="radet", name="Rådet", name_en="the Council", level="officials", clause="R6.1", position=1)
    )
    for number, username in enumerate(PEOPLE, start=1):
        named = {"id": number, "username": username, "name": username.title(), "email": f"{username}@example.se", "party": "norr"}
        connection.execute(insert(person).values(named))
        save_account(connection, number, hashed)
    for person_id, where, function in SEATS:
        since = {"party": "norr", "function": function, "starts": date(2020, 1, 1)}
        connection.execute(insert(appointment).values(person_id=person_id, body=where, **since))
