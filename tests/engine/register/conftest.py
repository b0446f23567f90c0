"""A register with the product's own parties, bodies and quotas, and helpers to seat people in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert

from engine.clock import start_of_day
from engine.register import Register
from engine.store import Database
from engine.store.tables import person

ROOT = Path(__file__).parents[3]
DAY = date(2026, 3, 2)


class Seats:
    """The register under test, with short ways to fill it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.register = Register(database)

    def person(self, name: str, party: str = "vilhelmina") -> int:
        """Somebody new; returns the id."""
        values = {"username": name, "name": name.title(), "email": f"{name}@example.org", "party": party}
        with self.database.write() as connection:
            return int(connection.execute(insert(person).values(**values).returning(person.c.id)).scalar_one())

    def seat(
        self, name: str, role: str, party: str = "vilhelmina", starts: date = date(2026, 1, 1), ends: date | None = None
    ) -> int:
        """Somebody new with a seat (`lsg:ledamot`) or an office (`registrator`); returns the person's id."""
        someone = self.person(name, party)
        self.also(someone, role, party, starts, ends)
        return someone

    def also(
        self, someone: int, role: str, party: str | None, starts: date = date(2026, 1, 1), ends: date | None = None
    ) -> tuple[str, ...]:
        """Another seat for somebody; returns the warnings."""
        body, _, function = role.rpartition(":")
        return self.register.appoint(someone, function, starts=starts, ends=ends, body=body or None, party=party).warnings

    def away(self, someone: int, substitute: int | None = None, starts: date = DAY, ends: date = DAY) -> int:
        """Somebody is away on the day of the tests."""
        at = start_of_day(starts)
        return self.register.register_absence(someone, starts=starts, ends=ends, at=at, substitute_id=substitute)

    def acting(self, role: str, on: date = DAY) -> dict[int, int | None]:
        """{who can act: for whom}."""
        return {holder.person_id: holder.acting_for for holder in self.register.holders(role, on)}


@pytest.fixture
def seats(database: Database) -> Seats:
    made = Seats(database)
    made.register.load(yaml.safe_load((ROOT / "processes/register/register.yaml").read_text()), today=DAY)
    return made


@pytest.fixture
def lite(tmp_path: Path) -> Seats:
    """The same on SQLite alone, for tests that make many registers' worth of rows."""
    database = Database(f"sqlite:///{tmp_path / 'register.db'}")
    database.migrate()
    made = Seats(database)
    made.register.load(yaml.safe_load((ROOT / "processes/register/register.yaml").read_text()), today=DAY)
    return made
