"""What the command line does to accounts, and that nothing has a password by default."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.register import Register
from engine.store import Database
from engine.store.accounts import fetch_account_of, has_any_account
from web import people
from web.cli import main
from web.config import Settings, kept_secret

GOOD = "åtta små grisar"


@pytest.fixture
def house(site):
    return replace(site.house, register=Register(site.house.database))


def test_adds_a_person_with_an_office_who_can_sign_in(house, site):
    number = people.add(house, "Ny.Person", GOOD, name="Ny Person", party="vilhelmina", office="koordinator")
    assert site.sign_in("ny.person", GOOD).get("/help/").status_code == 200
    assert "koordinator" in house.register.roles_of(number, site.clock.now().date())


def test_gives_an_account_to_somebody_whom_the_register_knows(house, site):
    people.deactivate(house, "anna.ek")
    people.add(house, "anna.ek", GOOD)
    assert site.sign_in("anna.ek", GOOD)


@pytest.mark.parametrize(
    ("username", "password", "more", "reason"),
    [
        ("anna.ek", "kort", {}, "12 to 256 characters"),
        ("ny", GOOD, {}, "say --name"),
        ("ny", GOOD, {"name": "Ny", "party": "nowhere"}, "no party nowhere"),
        ("anna.ek", GOOD, {"office": "koordinator"}, "say --party"),
        ("anna.ek", GOOD, {"office": "kung", "party": "vilhelmina"}, "no office kung"),
    ],
)
def test_refuses_in_words(house, username, password, more, reason):
    with pytest.raises(people.Refused, match=reason):
        people.add(house, username, password, **more)


def test_a_new_password_and_a_closed_account(house, site):
    people.set_password(house, "anna.ek", GOOD)
    assert site.client().post("/sign-in", data={"username": "anna.ek", "password": "sju gula älgar"}).status_code == 401
    people.deactivate(house, "anna.ek")
    assert site.client().post("/sign-in", data={"username": "anna.ek", "password": GOOD}).status_code == 401
    for change in (lambda: people.set_password(house, "ingen", GOOD), lambda: people.deactivate(house, "ingen")):
        with pytest.raises(people.Refused, match="nobody"):
            change()


def test_a_new_database_has_no_account_at_all(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/new.db")
    database.migrate()
    with database.read() as connection:
        assert not has_any_account(connection)
        assert fetch_account_of(connection, "admin") is None
    database.close()


def test_the_secret_is_made_once_and_for_the_owner_alone(tmp_path: Path):
    first = Settings.from_environment({"SAMVERKA_DATA": str(tmp_path)})
    again = Settings.from_environment({"SAMVERKA_DATA": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 64
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "other") != first.secret_key


def test_a_short_secret_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="32 characters"):
        Settings.from_environment({"SAMVERKA_DATA": str(tmp_path), "SAMVERKA_SECRET_KEY": "secret"})


def doctor(folder: Path, **environment: str) -> tuple[int, str]:
    said = CliRunner().invoke(main, ["doctor"], env={"SAMVERKA_DATA": str(folder), **environment})
    return said.exit_code, said.output


def test_the_doctor_finds_a_new_database_without_tables(tmp_path: Path):
    code, said = doctor(tmp_path, SAMVERKA_DATABASE_URL=f"sqlite:///{tmp_path}/samverka.db")
    assert code == 1
    assert "FAULT  tables" in said
    assert "Run: samverka init" in said
    assert "ok     secret" in said


def test_the_doctor_is_content_with_a_database_of_today(site, tmp_path: Path):
    _, said = doctor(tmp_path, SAMVERKA_DATABASE_URL=f"sqlite:///{tmp_path}/samverka.db")
    assert "ok     tables" in said
    assert "ok     database" in said


def test_the_doctor_names_a_database_that_does_not_answer(tmp_path: Path):
    code, said = doctor(tmp_path, SAMVERKA_DATABASE_URL="mysql://nowhere/x")
    assert code == 1
    assert "FAULT  database" in said
    assert "Traceback" not in said
