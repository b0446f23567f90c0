"""Accounts on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.store import Database
from engine.store.accounts import (
    fetch_account,
    fetch_account_of,
    fetch_invented,
    fetch_invented_without_account,
    has_any_account,
    save_account,
    save_deactivated,
    save_locale,
    save_person,
    save_rehashed,
    save_signed_in,
)


@pytest.fixture
def anna(database: Database) -> int:
    with database.write() as connection:
        return save_person(connection, username="anna", name="Anna", email="anna@example.invalid", party_slug=None, title="Chef")


def test_an_account_from_its_first_day_to_its_last(database: Database, anna: int) -> None:
    with database.write() as connection:
        assert not has_any_account(connection)
        save_account(connection, anna, "first")
        account = fetch_account_of(connection, "anna")
        assert account is not None
        assert (account.person_id, account.password, account.locale) == (anna, "first", "sv")
        assert (account.active, account.epoch) == (True, 0)
        save_account(connection, anna, "second")
        save_rehashed(connection, anna, "third")
        save_locale(connection, anna, "en")
        save_signed_in(connection, anna, datetime(2026, 1, 12, tzinfo=UTC))
        account = fetch_account(connection, anna)
        assert account is not None
        assert (account.password, account.locale, account.epoch) == ("third", "en", 1)
        assert save_deactivated(connection, anna)
        account = fetch_account(connection, anna)
        assert account is not None
        assert (account.active, account.epoch) == (False, 2)


def test_nobody(database: Database) -> None:
    with database.write() as connection:
        assert fetch_account(connection, 12) is None
        assert fetch_account_of(connection, "nobody") is None
        assert not save_deactivated(connection, 12)


def test_somebody_who_is_real_is_never_offered(database: Database, anna: int) -> None:
    with database.write() as connection:
        save_account(connection, anna, "x")
        assert fetch_invented(connection) == []
        assert fetch_invented_without_account(connection) == []
