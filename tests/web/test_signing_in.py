"""Signing in and out, its limits, and the sessions behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.store.accounts import save_account, save_deactivated
from engine.store.tables import account, person
from web.auth import passwords
from web.auth.returning import is_local

WRONG = "Användarnamnet eller lösenordet stämmer inte"
GOOD = "sju gula älgar"


def attempt(client, username="anna.ek", password=GOOD, **more):
    return client.post("/sign-in", data={"username": username, "password": password, **more})


def test_signs_in_and_out(site):
    client = site.sign_in()
    assert "Anna Ek" in client.get("/help/").text
    client.post("/sign-out")
    assert "Anna Ek" not in client.get("/help/").text


def test_the_moment_is_noted(site):
    site.sign_in()
    with site.house.database.read() as connection:
        assert connection.execute(select(account.c.signed_in_at).where(account.c.person_id == 1)).scalar_one() == site.clock.now()


@pytest.mark.parametrize("username", ["Anna.Ek", " anna.ek "])
def test_case_and_spaces_around_the_username_do_not_matter(site, username):
    assert attempt(site.client(), username).status_code == 302


def test_one_failure_looks_like_another(site):
    """Nothing tells whether the name, the password or the account was at fault."""
    with site.house.database.write() as connection:
        save_deactivated(connection, 3)
    answers = [
        attempt(site.client(), "anna.ek", "fel fel fel fel"),
        attempt(site.client(), "ingen.alls", GOOD),
        attempt(site.client(), "olle.berg", GOOD),
        attempt(site.client(), "anna.ek", ""),
        attempt(site.client(), "anna.ek", "x" * 5000),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert WRONG in answer.text


def test_what_was_typed_stays_except_the_password(site):
    page = attempt(site.client(), 'anna"<b>', "hemligt hemligt").text
    assert "anna&#34;&lt;b&gt;" in page
    assert "hemligt" not in page


def test_ten_failures_close_the_account_for_a_while_and_only_that_one(site):
    client = site.client()
    assert [attempt(client, password="fel").status_code for _ in range(10)] == [401] * 10
    refused = attempt(client)
    assert refused.status_code == 429
    assert "För många försök" in refused.text
    assert "orört" in refused.text
    assert attempt(client, "karin.lind").status_code == 302


def test_successes_do_not_count(site):
    assert [attempt(site.client()).status_code for _ in range(12)] == [302] * 12


def test_forty_failures_close_the_address(site):
    client = site.client()
    for number in range(40):
        assert attempt(client, f"namn{number}", "fel").status_code == 401
    assert attempt(client, "karin.lind").status_code == 429
    assert site.client().post(
        "/sign-in", data={"username": "karin.lind", "password": GOOD}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    ).status_code == 302  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil", "/\tx",
        "/\n/evil.example", "",
    ],
)  # fmt: skip
def test_no_address_leads_off_the_site(site, address):
    assert not is_local(address)
    assert attempt(site.client(), next=address).location == attempt(site.client()).location


@pytest.mark.parametrize("address", ["/", "/cases/?state=open&page=2", "/help/#a", "/x?next=https://evil.example/"])
def test_addresses_of_the_site_are_followed(site, address):
    assert is_local(address)
    assert attempt(site.client(), next=address).location == address


def test_a_session_from_before_does_not_live_on(site):
    """What somebody planted in the browser's session before signing in is gone after it."""
    client = site.client()
    with client.session_transaction() as session:
        session["planted"] = "by another"
    attempt(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] == "1.0"


def test_a_new_password_ends_the_sessions_of_the_old_one(site, hashed_password):
    client = site.sign_in()
    with site.house.database.write() as connection:
        save_account(connection, 1, hashed_password)
    assert "Anna Ek" not in client.get("/help/").text


def test_a_closed_account_ends_its_sessions(site):
    client = site.sign_in()
    with site.house.database.write() as connection:
        save_deactivated(connection, 1)
    assert "Anna Ek" not in client.get("/help/").text


def test_a_session_ends_after_twelve_hours(site):
    client = site.sign_in()
    site.clock.advance(timedelta(hours=11, minutes=59))
    assert "Anna Ek" in client.get("/help/").text
    site.clock.advance(timedelta(minutes=2))
    assert "Anna Ek" not in client.get("/help/").text


def test_an_outdated_hash_is_renewed(site):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=64).hash(GOOD)
    with site.house.database.write() as connection:
        connection.execute(update(account).where(account.c.person_id == 1).values(password=weak))
    site.sign_in()
    with site.house.database.read() as connection:
        stored = connection.execute(select(account.c.password).where(account.c.person_id == 1)).scalar_one()
    assert not passwords.outdated(stored)
    assert stored.startswith("$argon2id$")


def test_only_a_demonstration_offers_people(site):
    assert "demonstration" not in site.client().get("/sign-in").text
    with site.house.database.write() as connection:
        connection.execute(update(person).where(person.c.id == 1).values(invented=True))
    page = site.client().get("/sign-in").text
    assert "Det här är en demonstration" in page
    assert "Anna Ek" in page
    assert "Karin Lind" not in page
