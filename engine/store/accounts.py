"""Accounts: who may sign in, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select, update

from engine.store.prepared import Prepared
from engine.store.tables import account, party, person


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. `password` is an argon2id hash; `epoch` rises to end every session of the account."""

    person_id: int
    username: str
    name: str
    title: str
    party: str | None
    party_name: str | None
    password: str
    locale: str
    active: bool
    epoch: int
    invented: bool


def _accounts() -> Select[Any]:
    return (
        select(
            account.c.person_id, person.c.username, person.c.name, person.c.title, person.c.party, party.c.name.label("party_name"),
            account.c.password, account.c.locale, account.c.active, account.c.session_epoch.label("epoch"), person.c.invented,
        )
        .join(person, person.c.id == account.c.person_id)
        .join(party, party.c.slug == person.c.party, isouter=True)
    )


def _read(row: Row[Any] | None) -> Account | None:
    return None if row is None else Account(**row._mapping)


# Asked at every request of somebody who is signed in.
ACCOUNT = Prepared(_accounts().where(account.c.person_id == bindparam("of_person")))


def fetch_account(connection: Connection, person_id: int) -> Account | None:
    found = ACCOUNT.one_or_none(connection, of_person=person_id)
    return None if found is None else Account(**found._asdict())


def fetch_account_of(connection: Connection, username: str) -> Account | None:
    """The account of `username`, which is stored in lower case."""
    return _read(connection.execute(_accounts().where(person.c.username == username)).one_or_none())


def fetch_invented(connection: Connection) -> list[Account]:
    """The accounts of invented people: none outside a demo database."""
    rows = connection.execute(_accounts().where(person.c.invented, account.c.active).order_by(person.c.id))
    return [found for row in rows if (found := _read(row)) is not None]


def fetch_person_id(connection: Connection, username: str) -> int | None:
    return connection.execute(select(person.c.id).where(person.c.username == username)).scalar_one_or_none()


def save_account(connection: Connection, person_id: int, password: str) -> None:
    """Give the person an account with this hash, or a new password, active again; sessions of the old password end."""
    changed = connection.execute(
        update(account)
        .where(account.c.person_id == person_id)
        .values(password=password, active=True, session_epoch=account.c.session_epoch + 1)
    )
    if changed.rowcount == 0:
        connection.execute(account.insert().values(person_id=person_id, password=password))


def save_rehashed(connection: Connection, person_id: int, password: str) -> None:
    """Keep the same password under stronger parameters; sessions go on."""
    connection.execute(update(account).where(account.c.person_id == person_id).values(password=password))


def save_deactivated(connection: Connection, person_id: int) -> bool:
    """Close the account and end its sessions; False when there is none."""
    changed = connection.execute(
        update(account).where(account.c.person_id == person_id).values(active=False, session_epoch=account.c.session_epoch + 1)
    )
    return changed.rowcount == 1


def save_signed_in(connection: Connection, person_id: int, at: datetime) -> None:
    connection.execute(update(account).where(account.c.person_id == person_id).values(signed_in_at=at))


def save_locale(connection: Connection, person_id: int, locale: str) -> None:
    connection.execute(update(account).where(account.c.person_id == person_id).values(locale=locale))


def save_person(connection: Connection, *, username: str, name: str, email: str, party_slug: str | None, title: str = "") -> int:
    """Add a person to the register by hand; returns the id."""
    return int(
        connection.execute(
            person.insert().values(username=username, name=name, email=email, party=party_slug, title=title).returning(person.c.id)
        ).scalar_one()
    )


def has_any_account(connection: Connection) -> bool:
    return bool(connection.execute(select(exists().select_from(account))).scalar_one())


def fetch_invented_without_account(connection: Connection) -> list[int]:
    """Ids of the invented people who cannot sign in yet."""
    rows = connection.execute(
        select(person.c.id).where(person.c.invented, ~exists().where(account.c.person_id == person.c.id)).order_by(person.c.id)
    )
    return list(rows.scalars())
