"""The history of an instance as a chain: each row carries a digest over itself and the row before it.

Personal content (what people typed) stands beside the chain under a salted digest, so that erasing it leaves the chain provable.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from engine.clock import utc
from engine.store.codec import canonical, pack
from engine.store.prepared import Batch, Prepared, PreparedRows
from engine.store.tables import history, history_content

WRITE_ROWS = PreparedRows(
    history, ("instance_id", "number", "at", "kind", "element_id", "token", "actor_id", "data", "content_digest", "hash")
)
WRITE_CONTENT = Prepared(insert(history_content), sets=("instance_id", "number", "salt", "content"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, before it is written. `data` is free of personal content; `content` is not."""

    kind: str
    element_id: str | None = None
    token: int | None = None
    actor_id: int | None = None
    data: Mapping[str, Any] | None = None
    content: Mapping[str, Any] | None = None

    def beside(self, stores: Mapping[str, Any]) -> Entry:
        """The same with what the command read from data stores, which its replay has to see again."""
        return replace(self, content={**(self.content or {}), "stores": dict(stores)}) if stores else self


@dataclass(slots=True)
class Chain:
    """Where an instance's history stands: the number and the digest of its last row."""

    number: int
    digest: bytes
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _contents: list[tuple[int, bytes, bytes]] = field(default_factory=list)

    @classmethod
    def begin(cls, business_key: str, started_at: datetime) -> Chain:
        """A chain without rows; its first link depends on the registration number and the moment of the start."""
        return cls(0, genesis(business_key, started_at))

    @classmethod
    def resume(cls, head: tuple[int, str]) -> Chain:
        return cls(head[0], bytes.fromhex(head[1]))

    @property
    def head(self) -> tuple[int, str]:
        """What is kept in the instance's state, so that a cut-off tail is noticed."""
        return self.number, self.digest.hex()

    def append(self, at: datetime, entries: Iterable[Entry]) -> None:
        """Link `entries` to the chain; `write` puts them into the database."""
        moment = utc(at).isoformat()
        for entry in entries:
            self.number += 1
            digest = None
            if entry.content is not None:
                salt, body = os.urandom(16), canonical(entry.content)
                digest = content_digest(salt, body)
                self._contents.append((self.number, salt, pack(entry.content)))
            row = {
                "number": self.number, "at": at, "kind": entry.kind, "element_id": entry.element_id, "token": entry.token,
                "actor_id": entry.actor_id, "data": dict(entry.data) if entry.data is not None else None, "content_digest": digest,
            }  # fmt: skip
            self.digest = row["hash"] = link(self.digest, row, moment)
            self._rows.append(row)

    def write(self, batch: Batch, instance_id: int) -> None:
        """Let what was appended since the last write wait in `batch`."""
        batch.add_rows(WRITE_ROWS, [{"instance_id": instance_id, **row} for row in self._rows])
        for number, salt, content in self._contents:
            batch.add(WRITE_CONTENT, instance_id=instance_id, number=number, salt=salt, content=content)
        self._rows, self._contents = [], []


def genesis(business_key: str, started_at: datetime) -> bytes:
    """What stands before the first row."""
    return hashlib.sha256(canonical(["samverka", business_key, utc(started_at).isoformat()])).digest()


def link(before: bytes, row: Mapping[str, Any], moment: str) -> bytes:
    """The digest of `row` in a chain whose last digest is `before`. `moment` is the row's `at` in UTC as ISO text."""
    facts = [
        row["number"], moment, row["kind"], row["element_id"], row["token"], row["actor_id"], row["data"],
        row["content_digest"].hex() if row["content_digest"] is not None else None,
    ]  # fmt: skip
    return hashlib.sha256(before + canonical(facts)).digest()


def content_digest(salt: bytes, body: bytes) -> bytes:
    """The digest that stands in the chain for personal content beside it."""
    return hashlib.sha256(salt + body).digest()
