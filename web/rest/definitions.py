"""Process definitions: list, one, diagram, start."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, Row, Select, func, select
from werkzeug.exceptions import BadRequest, NotFound

from engine.runtime.definitions import Definition
from engine.runtime.looking import variables_of
from engine.store.tables import also, definition, instance
from web.answers import body, json
from web.auth.programs import caller, program
from web.context import house, reading, reading_again
from web.rest import bp
from web.rest.doing import filled_in, form_of_start
from web.rest.instances import as_instance
from web.rest.queries import (
    TENANTS,
    Listing,
    definition_id,
    definition_is,
    definition_number,
    equal,
    equal_id,
    like,
    one_of,
    text,
    truth,
    when,
    whole,
)
from web.rest.seeing import instances, may_see
from web.rest.values import all_written, read_all

_newer = also(definition, "newer")
_newest = (
    select(func.max(_newer.c.version)).where(_newer.c.kind == "process", _newer.c.key == definition.c.key, _newer.c.live)
).scalar_subquery()


def _version(value: Any) -> ColumnElement[bool]:
    return definition.c.version == whole(value, "version")


LISTING = Listing(
    {
        "processDefinitionId": definition_is(definition.c.id), "key": equal(definition.c.key), "keyLike": like(definition.c.key),
        "keysIn": one_of(definition.c.key), "name": equal(definition.c.name), "nameLike": like(definition.c.name),
        "version": _version, "versionTag": equal(definition.c.version_tag), "versionTagLike": like(definition.c.version_tag),
        "deploymentId": equal_id(definition.c.deployment_id), "resourceName": equal(definition.c.file_name),
        "latestVersion": when(definition.c.version == _newest), "active": when(definition.c.live),
        "suspended": when(~definition.c.live),
        **TENANTS,
    },
    definition.c.id,
    {"key": definition.c.key, "name": definition.c.name, "version": definition.c.version, "id": definition.c.id,
     "deploymentId": definition.c.deployment_id, "versionTag": definition.c.version_tag},
)  # fmt: skip
COLUMNS = ("id", "key", "version", "version_tag", "name", "file_name", "properties", "live", "deployment_id")


def _processes() -> Select[Any]:
    return select(*(definition.c[name] for name in COLUMNS)).where(definition.c.kind == "process")


def process_of(row: Definition) -> Row[Any]:
    return reading().execute(_processes().where(definition.c.id == row.id)).one()


def as_process(row: Row[Any]) -> dict[str, Any]:
    model = house().runtime.definitions.process(row.id)
    days = model.history_time_to_live
    return {
        "id": definition_id(row.key, row.version, row.id), "key": row.key, "category": None,
        "description": model.documentation or None, "name": row.name or None, "version": row.version, "resource": row.file_name,
        "deploymentId": str(row.deployment_id), "diagram": None, "suspended": not row.live, "tenantId": None,
        "versionTag": row.version_tag or None, "historyTimeToLive": int(days) if days and days.isdecimal() else None,
        "startableInTasklist": model.startable,
    }  # fmt: skip


def as_decision(row: Definition) -> dict[str, Any]:
    return {
        "id": definition_id(row.key, row.version, row.id), "key": row.key, "category": None, "name": row.name,
        "version": row.version,
        "resource": row.file_name, "deploymentId": str(row.deployment_id), "tenantId": None,
        "decisionRequirementsDefinitionId": None, "decisionRequirementsDefinitionKey": None, "versionTag": None,
        "historyTimeToLive": None,
    }  # fmt: skip


@bp.get("/process-definition")
@program("read")
def definitions() -> Response:
    return json([as_process(row) for row in LISTING.rows(_processes())])


@bp.get("/process-definition/count")
@program("read")
def definition_count() -> Response:
    return json({"count": LISTING.count(_processes())})


def _by_id(text: str) -> Row[Any]:
    row = reading().execute(_processes().where(definition.c.id == definition_number(text))).one_or_none()
    if row is None:
        raise NotFound(f"No matching definition with id {text}")
    return row


def _by_key(key: str) -> Row[Any]:
    found = house().runtime.definitions.live("process", key)
    if found is None:
        raise NotFound(f"No matching process definition with key: {key} and no tenant-id")
    return process_of(found)


@bp.get("/process-definition/<id>")
@program("read")
def definition_one(id: str) -> Response:
    return json(as_process(_by_id(id)))


@bp.get("/process-definition/key/<key>")
@program("read")
def definition_of_key(key: str) -> Response:
    return json(as_process(_by_key(key)))


@bp.get("/process-definition/<id>/xml")
@program("read")
def diagram(id: str) -> Response:
    return _xml(_by_id(id))


@bp.get("/process-definition/key/<key>/xml")
@program("read")
def diagram_of_key(key: str) -> Response:
    return _xml(_by_key(key))


def _xml(row: Row[Any]) -> Response:
    content: bytes = house().runtime.definitions.row(row.id).content
    return json({"id": definition_id(row.key, row.version, row.id), "bpmn20Xml": content.decode("utf-8", "replace")})


@bp.post("/process-definition/<id>/start")
@program("act")
def start(id: str) -> Response:
    return _start(_by_id(id))


@bp.post("/process-definition/key/<key>/start")
@program("act")
def start_of_key(key: str) -> Response:
    return _start(_by_key(key))


@bp.post("/process-definition/key/<key>/tenant-id/<tenant>/start")
@program("act")
def start_of_tenant(key: str, tenant: str) -> Response:
    raise NotFound(f"No matching process definition with key: {key} and tenant-id: {tenant}")


def _start(row: Row[Any]) -> Response:
    """Start an instance by the rules of the pages: who may, and what a form asks."""
    given, runtime = body(), house().runtime
    if given.get("startInstructions"):
        raise BadRequest("An instance begins at its start event; startInstructions are not carried out.")
    key = text(given["businessKey"]) if given.get("businessKey") not in (None, "") else None
    answers, free = filled_in(form_of_start(row.id), read_all(given.get("variables")))
    version = runtime.definitions.row(row.id)
    done = runtime.start(row.key, answers, actor=caller().actor, version=version, business_key=key, free=free)
    found = reading_again().execute(instances().where(instance.c.id == done.instance_id)).one()
    told = as_instance(found)
    if truth(given.get("withVariablesInReturn") or False) and may_see(done.root_id):
        told["variables"] = all_written(_variables(found))
    return json(told)


def _variables(row: Row[Any]) -> dict[str, Any]:
    return variables_of(house().runtime, reading(), row)
