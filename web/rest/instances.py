"""Process instances that run: list, one, where they stand, deletion."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy import Row, Select, exists, select, true

from engine.runtime.looking import look
from engine.store.tables import definition, incident, instance
from web.answers import json, nothing
from web.auth.programs import caller, program
from web.context import house, reading
from web.rest import bp
from web.rest.holding import Held, held_in, wanted_variables
from web.rest.queries import (
    TENANTS,
    Listing,
    definition_id,
    definition_is,
    equal,
    equal_id,
    like,
    one_of,
    one_of_ids,
    paged,
    when,
)
from web.rest.seeing import instances, seen_instance, visible
from web.rest.tree import tree

_troubled = exists(
    select(incident.c.id).where(incident.c.instance_id == instance.c.id, incident.c.resolved_at.is_(None)).correlate(instance)
)
FILTERS = {
    "processInstanceIds": one_of_ids(instance.c.id), "businessKey": equal(instance.c.business_key),
    "businessKeyLike": like(instance.c.business_key), "processDefinitionId": definition_is(instance.c.definition_id),
    "processDefinitionKey": equal(definition.c.key), "processDefinitionKeyIn": one_of(definition.c.key),
    "superProcessInstance": equal_id(instance.c.parent_id), "rootProcessInstances": when(instance.c.parent_id.is_(None)),
    "withIncident": when(_troubled), "active": when(instance.c.status == "running"),
    "suspended": when(instance.c.id.is_(None)), **TENANTS,
}  # fmt: skip
LISTING = Listing(
    {**FILTERS, "variables": lambda value: true()},
    instance.c.id,
    {"instanceId": instance.c.id, "businessKey": instance.c.business_key, "definitionId": instance.c.definition_id,
     "definitionKey": definition.c.key},
)  # fmt: skip
def as_instance(row: Row[Any]) -> dict[str, Any]:
    return {
        "links": [], "id": str(row.id),
        "definitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "definitionKey": row.definition_key, "businessKey": row.business_key, "caseInstanceId": None,
        "ended": row.status != "running", "suspended": False, "tenantId": None,
    }  # fmt: skip


def _rows() -> list[Row[Any]]:
    running = (instance.c.status == "running", visible())
    wanted = wanted_variables()
    if not wanted:
        return LISTING.rows(instances(), *running)
    return paged(_holding(LISTING.rows(instances(), *running, paged=False), wanted))


def _holding(rows: list[Row[Any]], wanted: list[Held]) -> list[Row[Any]]:
    """Those whose variables are as wanted. Variables are no columns: each state is read."""
    return [row for row in rows if held_in(row, wanted)]


@bp.get("/process-instance")
@program("read")
def process_instances() -> Response:
    return json([as_instance(row) for row in _rows()])


@bp.post("/process-instance")
@program("read")
def process_instances_by_body() -> Response:
    return json([as_instance(row) for row in _rows()])


@bp.get("/process-instance/count")
@program("read")
def process_instance_count() -> Response:
    running = (instance.c.status == "running", visible())
    wanted = wanted_variables()
    if wanted:
        return json({"count": len(_holding(LISTING.rows(instances(), *running, paged=False), wanted))})
    return json({"count": LISTING.count(instances(), *running)})


@bp.get("/process-instance/<id>")
@program("read")
def process_instance(id: str) -> Response:
    return json(as_instance(seen_instance(id, running=True)))


@bp.delete("/process-instance/<id>")
@program("coordinator")
def delete_process_instance(id: str) -> Response:
    """End an instance where it stands. Its history stays: nothing of a case is deleted here."""
    row = seen_instance(id, running=True)
    reason = request.args.get("deleteReason") or "ended through the REST API"
    house().runtime.cancel(row.id, reason[:2000], actor=caller().actor)
    return nothing()


@bp.get("/process-instance/<id>/activity-instances")
@program("read")
def activity_instances(id: str) -> Response:
    row = seen_instance(id, running=True)
    standing: Select[Any] = select(incident.c.id, incident.c.element_id, incident.c.token).where(
        incident.c.instance_id == row.id, incident.c.resolved_at.is_(None)
    )
    incidents = list(reading().execute(standing).all())
    return json(tree(row, look(house().runtime, reading(), row).kernel, incidents))
