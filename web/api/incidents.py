"""Incidents: what failed and waits for a coordinator."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, abort
from marshmallow import validate

from engine.runtime.retry import retry as retry_incident
from engine.store.tables import incident
from web.answers import nothing
from web.api.paging import PageQuery, cut, page_of
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house
from web.rest.incidents import incidents_query
from web.rest.seeing import visible

bp = resource("incidents", "What failed")


class Incident(ma.Schema):
    """Something that failed. `cause` is the kind of fault, `message` its words."""

    id = ma.fields.Integer(required=True)
    instance_id = ma.fields.Integer(required=True)
    definition_key = ma.fields.String(required=True)
    element_id = ma.fields.String(required=True, allow_none=True)
    message = ma.fields.String(required=True)
    cause = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    resolved_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class IncidentQuery(PageQuery):
    instance_id = ma.fields.Integer(validate=validate.Range(0, 2**63 - 1))
    resolved = ma.fields.Boolean(load_default=False)


@bp.route("/incidents")
@program("read")
@bp.arguments(IncidentQuery, location="query")
@bp.response(200, page_of(Incident))
def listed(asked: dict[str, Any]) -> dict[str, Any]:
    """Incidents that stand (or, `resolved`, that are over), the latest first."""
    over = incident.c.resolved_at.is_not(None)
    query = incidents_query().where(visible(), over if asked["resolved"] else ~over)
    if "instance_id" in asked:
        query = query.where(incident.c.instance_id == asked["instance_id"])
    return cut(query, [incident.c.id.desc()], asked)


@bp.route("/incidents/<int:incident_id>/retry", methods=["POST"])
@program("coordinator")
@bp.response(204)
def retry(incident_id: int) -> Response:
    """Try again what the incident tells of; it stands until that has gone well."""
    if incident_id > 2**63 - 1:
        abort(404)
    retry_incident(house().runtime, incident_id, actor=caller().actor)
    return nothing()
