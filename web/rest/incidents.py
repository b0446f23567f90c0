"""Incidents: what failed and waits for a coordinator."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Row, Select, case, select
from werkzeug.exceptions import NotFound

from engine.runtime.retry import retry
from engine.store.tables import definition, incident, instance
from web.answers import json, nothing
from web.auth.programs import caller, program
from web.context import house, reading
from web.rest import bp
from web.rest.lists import list_routes
from web.rest.queries import (
    TENANTS,
    Listing,
    after,
    before,
    definition_id,
    definition_is,
    equal,
    equal_id,
    like,
    number_of,
    one_of,
)
from web.rest.seeing import visible
from web.rest.tree import execution_id
from web.rest.values import moment

KIND = case((incident.c.cause == "WorkerFailed", "failedExternalTask"), else_="failedJob")
COMMON = {
    "incidentId": equal_id(incident.c.id), "incidentType": equal(KIND), "incidentMessage": equal(incident.c.message),
    "incidentMessageLike": like(incident.c.message), "processInstanceId": equal_id(incident.c.instance_id),
    "processDefinitionId": definition_is(instance.c.definition_id), "processDefinitionKeyIn": one_of(definition.c.key),
    "activityId": equal(incident.c.element_id), "failedActivityId": equal(incident.c.element_id), **TENANTS,
}  # fmt: skip
SORTS = {
    "incidentId": incident.c.id, "incidentTimestamp": incident.c.created_at, "createTime": incident.c.created_at,
    "endTime": incident.c.resolved_at, "activityId": incident.c.element_id, "processInstanceId": incident.c.instance_id,
    "incidentMessage": incident.c.message,
}  # fmt: skip
LISTING = Listing(
    COMMON | {"incidentTimestampBefore": before(incident.c.created_at), "incidentTimestampAfter": after(incident.c.created_at)},
    incident.c.id,
    SORTS,
)


def incidents_query() -> Select[Any]:
    """Incidents with their instance's definition, standing or resolved."""
    return (
        select(
            incident, KIND.label("kind"), instance.c.definition_id, instance.c.root_id, definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version"),
        )
        .join(instance, instance.c.id == incident.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
    )  # fmt: skip


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id), "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": str(row.instance_id), "executionId": execution_id(row.instance_id, row.token),
        "incidentTimestamp": moment(row.created_at), "incidentType": row.kind, "activityId": row.element_id,
        "failedActivityId": row.element_id, "causeIncidentId": str(row.id), "rootCauseIncidentId": str(row.id),
        "configuration": f"errand-{row.errand_id}" if row.errand_id is not None else None, "tenantId": None,
        "incidentMessage": row.message, "jobDefinitionId": None, "annotation": None,
    }  # fmt: skip


_stands = incident.c.resolved_at.is_(None)


list_routes("/incident", LISTING, incidents_query, _shown, where=lambda: (visible(), _stands), by_body=False)


@bp.get("/incident/<id>")
@program("read")
def incident_one(id: str) -> Response:
    row = reading().execute(incidents_query().where(incident.c.id == number_of(id), visible(), _stands)).one_or_none()
    if row is None:
        raise NotFound(f"No matching incident with id {id}")
    return json(_shown(row))


@bp.delete("/incident/<id>")
@program("coordinator")
def resolve_incident(id: str) -> Response:
    """Try again what the incident tells of: that is how one is resolved here."""
    retry(house().runtime, number_of(id), actor=caller().actor)
    return nothing()
