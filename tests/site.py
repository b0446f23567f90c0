"""A site for tests: on a database of its own, with a clock that stands still and a register that the test fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from engine.clock import SimulatedClock
from engine.store import Database
from engine.store.accounts import save_account
from engine.store.tables import party, person
from web.app import create_app
from web.config import Settings
from web.context import Samverka
from web.extensions import limiter

PASSWORD = "sju gula älgar"
MORNING = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)


@dataclass(eq=False)
class FilledRegister:
    """Stands for the register, and for it as it is on any day: says of each person what the test has put in."""

    roles: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    subjects: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def day(self, on: date, *, connection: Connection) -> Self:
        return self

    def roles_of(self, person_id: int) -> frozenset[str]:
        return frozenset(self.roles[person_id] | {f"person:{person_id}"})

    def subjects_of(self, person_id: int) -> frozenset[str]:
        return frozenset(self.subjects[person_id] | {f"person:{person_id}"})


@dataclass
class Site:
    """What a test of the site holds in its hands."""

    app: Flask
    house: Samverka
    clock: SimulatedClock
    register: FilledRegister

    def client(self, **kwargs: Any) -> FlaskClient:
        return self.app.test_client(**kwargs)

    def sign_in(self, username: str = "anna.ek", password: str = PASSWORD) -> FlaskClient:
        client = self.client()
        answer = client.post("/sign-in", data={"username": username, "password": password})
        assert answer.status_code == 302, answer.text
        return client


def fill(database: Database, hashed_password: str) -> None:
    """Three people of two parties."""
    with database.write() as connection:
        for position, (slug, name, side) in enumerate(
            [("vilhelmina", "Vilhelmina kommun", "municipal"), ("region", "Region Västerbotten", "regional")]
        ):
            connection.execute(party.insert().values(slug=slug, name=name, side=side, position=position))
        for number, (username, name, of, title) in enumerate(
            [
                ("anna.ek", "Anna Ek", "vilhelmina", "Socialchef"),
                ("karin.lind", "Karin Lind", "region", "Regional koordinator"),
                ("olle.berg", "Olle Berg", "vilhelmina", "Processägare"),
            ],
            start=1,
        ):
            connection.execute(
                person.insert().values(
                    id=number, username=username, name=name, email=f"{username}@example.invalid", party=of, title=title
                )
            )
            save_account(connection, number, hashed_password)


@contextmanager
def open_site(folder: Path, hashed_password: str, **config: Any) -> Iterator[Site]:
    """A site whose files lie in `folder`; everybody's password is the one that was hashed."""
    settings = Settings(database_url=f"sqlite:///{folder}/samverka.db", secret_key="test-secret-" * 4, data=folder)
    database = Database(settings.database_url)
    database.migrate()
    fill(database, hashed_password)
    clock, register = SimulatedClock(MORNING), FilledRegister()
    house = Samverka(database, cast(Any, None), cast(Any, register), clock, cast(Any, None), settings.documents)
    app = create_app({"TESTING": True, **config}, house=house, settings=settings)
    yield Site(app, house, clock, register)
    with app.app_context():
        limiter.reset()
    database.close()
