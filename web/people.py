"""What the command line does to accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from engine.clock import civil_date
from engine.register import COORDINATOR, PARTY_OFFICES, PROCESS_OWNER, RegisterError
from engine.store.accounts import fetch_account_of, fetch_person_id, save_account, save_deactivated, save_person
from web.auth import passwords, tokens
from web.context import Samverka

OFFICES = (COORDINATOR, PROCESS_OWNER, *PARTY_OFFICES)


class Refused(Exception):
    """The account cannot be changed as asked; the message says why."""


def add(
    house: Samverka, username: str, password: str, *,
    name: str | None = None, email: str = "", party: str | None = None, title: str = "", office: str | None = None,
) -> int:  # fmt: skip
    """Give a person an account, and the person to the register when it does not know the username; the person's id.

    Raises:
        Refused: the password is too weak, a new person has no name, or the register refuses the office.
    """
    username, hashed = _tidy(username), _hashed(password)
    if office and not party:
        raise Refused("an office is held in a party: say --party")
    if office and office not in OFFICES:
        raise Refused(f"there is no office {office}: the offices are {', '.join(OFFICES)}")
    with house.database.write() as connection:
        person_id = fetch_person_id(connection, username)
        if person_id is None:
            if not name:
                raise Refused(f"the register does not know {username}: say --name (and --party)")
            if party is not None and party not in {known.slug for known in house.register.parties()}:
                raise Refused(f"there is no party {party}")
            person_id = save_person(connection, username=username, name=name, email=email, party_slug=party, title=title)
        save_account(connection, person_id, hashed)
    if office:
        try:
            house.register.appoint(person_id, office, starts=civil_date(house.clock.now()), party=party)
        except RegisterError as error:
            raise Refused(f"{username} has an account, but not the office: {error}") from error
    return person_id


def set_password(house: Samverka, username: str, password: str) -> None:
    """Raises:
    Refused: nobody has that username, or the password is too weak.
    """
    hashed = _hashed(password)
    with house.database.write() as connection:
        save_account(connection, _known(fetch_person_id(connection, _tidy(username)), username), hashed)


def deactivate(house: Samverka, username: str) -> None:
    """Raises:
    Refused: nobody with that username has an account.
    """
    with house.database.write() as connection:
        if not save_deactivated(connection, _known(fetch_person_id(connection, _tidy(username)), username)):
            raise Refused(f"{username} has no account")


def make_token(house: Samverka, username: str, *, name: str, rights: Iterable[str], days: int) -> tuple[int, str]:
    """An access token for a person with an account: its number, and the token.

    Raises:
        Refused: nobody with that username has an account, or the token cannot be made as asked.
    """
    try:
        return tokens.make(house, _with_account(house, username), name=name, rights=rights, valid_for=timedelta(days=days))
    except tokens.TokenRefused as refused:
        raise Refused(str(refused)) from refused


def list_tokens(house: Samverka, username: str | None) -> list[str]:
    """Raises:
    Refused: nobody with that username has an account.
    """
    return tokens.listed(house, None if username is None else _with_account(house, username))


def revoke_token(house: Samverka, number: int) -> None:
    """Raises:
    Refused: there is no such token, or it is revoked already.
    """
    if not tokens.revoke(house, number):
        raise Refused(f"there is no token {number} that could be revoked")


def _with_account(house: Samverka, username: str) -> int:
    with house.database.read() as connection:
        account = fetch_account_of(connection, _tidy(username))
    if account is None:
        raise Refused(f"{username} has no account")
    return account.person_id


def _known(person_id: int | None, username: str) -> int:
    if person_id is None:
        raise Refused(f"the register knows nobody called {username}")
    return person_id


def _tidy(username: str) -> str:
    return username.strip().lower()


def _hashed(password: str) -> str:
    try:
        return passwords.hashed(password)
    except passwords.WeakPassword as error:
        raise Refused(str(error)) from error
