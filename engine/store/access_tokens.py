"""Access tokens: what programs sign in with. Only a digest is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select, update

from engine.store.tables import access_token, person

# How exactly the last use is known: a write for every request would cost more than the request.
USE_KNOWN_TO = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of a person's. `rights`: read, act, work, deploy; `used_at`: last use, to the minute."""

    id: int
    person_id: int
    username: str
    name: str
    rights: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


def _tokens() -> Select[Any]:
    own = ("id", "person_id", "name", "rights", "created_at", "expires_at", "used_at", "revoked_at")
    columns = [access_token.c[name] for name in own]
    return select(*columns, person.c.username).join(person, person.c.id == access_token.c.person_id)


def _read(row: Any) -> AccessToken:
    return AccessToken(**{**row, "rights": tuple(row["rights"])})


def fetch_token(connection: Connection, digest: str, now: datetime) -> AccessToken | None:
    """The token with this digest, if it may be used now."""
    usable = and_(access_token.c.revoked_at.is_(None), or_(access_token.c.expires_at.is_(None), access_token.c.expires_at > now))
    row = connection.execute(_tokens().where(access_token.c.digest == digest, usable)).mappings().one_or_none()
    return None if row is None else _read(row)


def fetch_tokens(connection: Connection, person_id: int | None = None) -> list[AccessToken]:
    """Every token, or one person's, revoked and expired ones included, oldest first."""
    query = _tokens().order_by(access_token.c.id)
    rows = connection.execute(query if person_id is None else query.where(access_token.c.person_id == person_id)).mappings()
    return [_read(row) for row in rows]


def save_token(
    connection: Connection,
    person_id: int,
    *,
    name: str,
    digest: str,
    rights: Iterable[str],
    now: datetime,
    expires_at: datetime | None,
) -> int:
    """Keep a new token's digest; returns its number."""
    values = {
        "person_id": person_id, "name": name, "digest": digest, "rights": sorted(rights), "created_at": now,
        "expires_at": expires_at,
    }  # fmt: skip
    return int(connection.execute(access_token.insert().values(values).returning(access_token.c.id)).scalar_one())


def save_revoked(connection: Connection, token_id: int, now: datetime, person_id: int | None = None) -> bool:
    """End a token for good (of `person_id` only, if given); False when there is none to end."""
    this = and_(access_token.c.id == token_id, access_token.c.revoked_at.is_(None))
    if person_id is not None:
        this = and_(this, access_token.c.person_id == person_id)
    return connection.execute(update(access_token).where(this).values(revoked_at=now)).rowcount == 1


def is_use_to_be_noted(token: AccessToken, now: datetime) -> bool:
    return token.used_at is None or now - token.used_at >= USE_KNOWN_TO


def save_used(connection: Connection, token_id: int, now: datetime) -> None:
    connection.execute(update(access_token).where(access_token.c.id == token_id).values(used_at=now))
