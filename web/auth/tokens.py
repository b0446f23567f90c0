"""Making and knowing access tokens. A token is shown once; only its digest is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from engine.store.access_tokens import fetch_tokens, save_revoked, save_token
from web.context import Samverka
from web.rights import RIGHTS

PREFIX = "smv_"  # so that scanners of source code find one that was left there
LONGEST_NAME = 200


class TokenRefused(ValueError):
    """The token cannot be made as asked; the message says why."""


def digest_of(token: str) -> str:
    """What is stored. A token is 256 random bits: nothing to be guessed, so a plain digest keeps it safe."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def make(house: Samverka, person_id: int, *, name: str, rights: Iterable[str], valid_for: timedelta | None) -> tuple[int, str]:
    """A new token for the person: its number and the token itself, which nobody can show again.

    Raises:
        TokenRefused: no name, no right, or one that there is not.
    """
    wanted, name = set(rights), name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise TokenRefused(f"say in 1 to {LONGEST_NAME} characters what the token is for")
    if not wanted or not wanted <= set(RIGHTS):
        raise TokenRefused(f"the rights are {', '.join(RIGHTS)}")
    if valid_for is not None and valid_for <= timedelta(0):
        raise TokenRefused("the token must be valid for some time")
    token, now = PREFIX + secrets.token_urlsafe(32), house.clock.now()
    with house.database.write() as connection:
        number = save_token(
            connection, person_id, name=name, digest=digest_of(token), rights=wanted, now=now,
            expires_at=None if valid_for is None else now + valid_for,
        )  # fmt: skip
    return number, token


def revoke(house: Samverka, token_id: int, person_id: int | None = None) -> bool:
    """End a token; False when there is none to end."""
    with house.database.write() as connection:
        return save_revoked(connection, token_id, house.clock.now(), person_id)


def listed(house: Samverka, person_id: int | None = None) -> list[str]:
    """A line for each token: number, owner, rights, name, how it stands."""
    now = house.clock.now()
    with house.database.read() as connection:
        found = fetch_tokens(connection, person_id)
    lines = []
    for token in found:
        if token.revoked_at is not None:
            state = "revoked"
        elif token.expires_at is not None and token.expires_at <= now:
            state = "expired"
        else:
            state = f"valid until {token.expires_at:%Y-%m-%d}" if token.expires_at else "valid until revoked"
        used = f"last used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
        lines.append(f"{token.id:>5}  {token.username:<20} {','.join(token.rights):<22} {state}, {used}: {token.name}")
    return lines
