"""The processes that are deployed: the version in force of each, and their earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from engine.store.tables import definition, deployment, instance, person

PROCESS = "process"


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A version of a process. `under_way`: its instances that run."""

    id: int
    key: str
    version: int
    version_tag: str
    name: str
    file_name: str
    properties: Mapping[str, Any]
    live: bool
    registration: str
    why: str
    deployed_at: datetime
    deployed_by: str | None
    under_way: int


def processes_in_force(connection: Connection) -> list[ProcessRow]:
    """The version on which new instances of each process start, by name. One statement."""
    newest = (
        select(func.max(definition.c.version))
        .where(definition.c.kind == PROCESS, definition.c.live)
        .where(definition.c.key == _outer.c.key)
        .scalar_subquery()
    )
    query = _versions().where(_outer.c.live, _outer.c.version == newest).order_by(_outer.c.name, _outer.c.key)
    return [ProcessRow(**row) for row in connection.execute(query).mappings()]


def versions_of(connection: Connection, key: str) -> list[ProcessRow]:
    """Every version of the process `key`, newest first. One statement."""
    query = _versions().where(_outer.c.key == key).order_by(_outer.c.version.desc())
    return [ProcessRow(**row) for row in connection.execute(query).mappings()]


_outer = definition.alias("version")


def _versions() -> Select[Any]:
    running = (
        select(func.count(instance.c.id))
        .where(instance.c.definition_id == _outer.c.id, instance.c.status == "running")
        .scalar_subquery()
    )
    own = ("id", "key", "version", "version_tag", "name", "file_name", "properties", "live")
    return (
        select(
            *(_outer.c[name] for name in own),
            deployment.c.registration, deployment.c.why, deployment.c.deployed_at,
            person.c.name.label("deployed_by"), running.label("under_way"),
        )
        .select_from(_outer)  # said, not worked out: two first requests at once could be told that it is ambiguous
        .join(deployment, deployment.c.id == _outer.c.deployment_id)
        .outerjoin(person, person.c.id == deployment.c.deployed_by)
        .where(_outer.c.kind == PROCESS)
    )  # fmt: skip
