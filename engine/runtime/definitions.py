"""Deployed definitions as objects: parsed once per version and process, shared, never changed.

The caches can be dropped at any time; a definition's row never changes after its deployment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, literal_column, select

from engine.bpmn import ProcessModel, compile_diagram
from engine.bpmn.decisions import DecisionTable, load_decisions
from engine.runtime.errors import NotFound
from engine.store import Database
from engine.store.prepared import Prepared
from engine.store.tables import definition
from forms import Form
from forms import load as load_form

T = TypeVar("T")

NEWEST = Prepared(
    select(definition.c.id)
    .where(definition.c.kind == bindparam("kind"), definition.c.key == bindparam("key"), definition.c.live)
    .order_by(definition.c.version.desc())
    .limit(literal_column("1"))
)

ALL_NEWEST = Prepared(
    select(func.max(definition.c.id).label("id"))
    .where(definition.c.kind == bindparam("kind"), definition.c.live)
    .group_by(definition.c.key)
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A row of `definition`."""

    id: int
    kind: str
    key: str
    version: int
    name: str
    file_name: str
    content: bytes
    bindings: Mapping[str, int]
    properties: Mapping[str, str]
    deployment_id: int


class EverythingExists:
    """The catalog for a diagram that was checked when it was deployed."""

    def has_form(self, key: str) -> bool:
        return True

    has_decision = has_process = has_topic = has_form


@lru_cache(maxsize=256)
def _compiled(content: bytes, file_name: str) -> list[ProcessModel]:
    """Shared by every runtime of the process, as a file is often the same in a version, in the one after it, and in a copy."""
    return compile_diagram(content, file_name=file_name, catalog=EverythingExists())


class Definitions:
    """Definitions by id, and the version that new instances start on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, int], Any] = {}

    def row(self, definition_id: int) -> Definition:
        """Raises:
        NotFound: no such definition.
        """
        return self._cached("row", definition_id, lambda: self._fetch(definition.c.id == definition_id))

    def process(self, definition_id: int) -> ProcessModel:
        """The compiled process of a definition of kind process."""

        def build() -> ProcessModel:
            row = self.row(definition_id)
            return next(model for model in _compiled(row.content, row.file_name) if model.key == row.key)

        return self._cached("process", definition_id, build)

    def form(self, definition_id: int) -> Form:
        """The form of a definition of kind form."""

        def build() -> Form:
            row = self.row(definition_id)
            return load_form(row.content, row.file_name)

        return self._cached("form", definition_id, build)

    def decision(self, definition_id: int) -> DecisionTable:
        """The decision table of a definition of kind decision."""

        def build() -> DecisionTable:
            row = self.row(definition_id)
            return next(table for table in load_decisions(row.content, row.file_name) if table.key == row.key)

        return self._cached("decision", definition_id, build)

    def live(self, kind: str, key: str, connection: Connection | None = None) -> Definition | None:
        """The version in force of `key`; None when there is none. Asked on `connection`, where a command has one already."""
        with self._database.read() if connection is None else nullcontext(connection) as reading:
            found = NEWEST.value(reading, kind=kind, key=key)
        return None if found is None else self.row(found)

    def all_live(self, kind: str, connection: Connection | None = None) -> list[Definition]:
        """The version in force of every definition of a kind, by name."""
        with self._database.read() if connection is None else nullcontext(connection) as reading:
            found = ALL_NEWEST.rows(reading, kind=kind)
        return sorted((self.row(row.id) for row in found), key=lambda row: row.name)

    def bound(self, owner: Definition, kind: str, key: str, binding: str = "deployment") -> Definition:
        """What `owner` means by `key`: as bound when it was deployed, or the version now in force.

        Raises:
            NotFound: it is not deployed.
        """
        bound = owner.bindings.get(f"{kind}:{key}") if binding == "deployment" else None
        found = self.row(bound) if bound is not None else self.live(kind, key)
        if found is None:
            raise NotFound(f"{kind} {key} is not deployed")
        return found

    def version(self, kind: str, key: str, version: int) -> Definition:
        """Raises:
        NotFound: there is no such version.
        """
        return self._fetch((definition.c.kind == kind) & (definition.c.key == key) & (definition.c.version == version))

    def tagged(self, kind: str, key: str, tag: str) -> Definition:
        """The newest version of `key` with a version tag.

        Raises:
            NotFound: there is none.
        """
        newest = select(func.max(definition.c.id)).where(
            definition.c.kind == kind, definition.c.key == key, definition.c.version_tag == tag
        )
        return self._fetch(definition.c.id == newest.scalar_subquery())

    def _fetch(self, condition: Any) -> Definition:
        columns = [definition.c[name] for name in Definition.__dataclass_fields__]
        with self._database.read() as connection:
            found = connection.execute(select(*columns).where(condition)).one_or_none()
        if found is None:
            raise NotFound("there is no such definition")
        return Definition(**found._mapping)

    def _cached(self, kind: str, definition_id: int, build: Callable[[], T]) -> T:
        key = (kind, definition_id)
        found: T | None = self._cache.get(key)
        if found is None:
            value = build()
            with self._lock:
                found = self._cache.setdefault(key, value)
        return found
