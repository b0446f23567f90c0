"""Passwords under argon2id."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters
LONGEST = 256  # beyond it, hashing would be a way to keep the server busy
_hasher = PasswordHasher()  # argon2id with the parameters that RFC 9106 recommends for limited memory


class WeakPassword(ValueError):
    """The password is refused; the message says why."""


def hashed(password: str) -> str:
    """The hash to store.

    Raises:
        WeakPassword: shorter than SHORTEST, or longer than LONGEST.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"the password must have {SHORTEST} to {LONGEST} characters")
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that was stored.

    `stored` is None for an account that does not exist; the answer then takes as long as for one that does,
    so that nobody learns which names have accounts.
    """
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))
