"""What a caller may see: the same cases as on the pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from werkzeug.exceptions import Forbidden, NotFound

from engine.store.involvement import fetch_is_involved
from engine.store.tables import definition, instance, involvement, person
from web.auth.programs import caller
from web.context import reading
from web.rest.queries import number_of


def visible() -> ColumnElement[bool]:
    """The condition on `instance` that the caller may see it, and with it everything that hangs on it."""
    viewer = caller().viewer
    if viewer is None:
        return instance.c.id.is_not(None)
    mine = involvement.alias("mine")
    root = func.coalesce(instance.c.root_id, instance.c.id)
    return exists(select(mine.c.root_id).where(mine.c.root_id == root, mine.c.subject.in_(sorted(viewer))).correlate(instance))


def may_see(root_id: int) -> bool:
    who = caller()
    return who.sees_everything or fetch_is_involved(reading(), root_id, who.person.subjects)


def instances() -> Select[Any]:
    """Instances with their definition and who started them."""
    starter = person.alias("starter")
    return (
        select(
            instance, definition.c.key.label("definition_key"), definition.c.name.label("definition_name"),
            definition.c.version.label("definition_version"), starter.c.username.label("starter"),
        )
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(starter, starter.c.id == instance.c.started_by)
    )  # fmt: skip


def seen_instance(text: str, *, running: bool = False) -> Row[Any]:
    """The instance of that id.

    Raises:
        NotFound: there is none (or, `running`, it is over).
        Forbidden: the caller may not see it.
    """
    row = reading().execute(instances().where(instance.c.id == number_of(text))).one_or_none()
    if row is None or (running and row.status != "running"):
        raise NotFound(f"Process instance with id {text} does not exist")
    if not may_see(row.root_id or row.id):
        raise Forbidden("You are not involved in this case.")
    return row

