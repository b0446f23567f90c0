"""Whom the sign-in page of a demonstration offers: `processes/demo/visitors.yaml`, as far as the database knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from engine.store.accounts import Account

VISITORS = Path(__file__).parent.parent / "processes/demo/visitors.yaml"
MOST = 8  # as many as can be read at a glance, when the file names none of the people


@dataclass(frozen=True, slots=True)
class Guest:
    """An invented person to sign in as. `why`: by language, one sentence of what they do."""

    username: str
    why: Mapping[str, str]


@cache
def guests() -> tuple[Guest, ...]:
    """The file's people, in its order; none where the file does not come along."""
    if not VISITORS.exists():
        return ()
    listed = yaml.safe_load(VISITORS.read_text(encoding="utf-8"))["visitors"]
    return tuple(Guest(entry["username"], {"sv": entry["sv"], "en": entry["en"]}) for entry in listed)


def offered(invented: list[Account]) -> list[tuple[Account, Mapping[str, str]]]:
    """The accounts to offer among the invented ones, each with why one would be them; none outside a demonstration."""
    known = {account.username: account for account in invented}
    chosen = [(known[guest.username], guest.why) for guest in guests() if guest.username in known]
    return chosen or [(account, {}) for account in invented[:MOST]]
