"""Instances: those that the caller may see, where they stand, their variables and their history."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, abort
from marshmallow import validate
from sqlalchemy import Row

from engine.runtime.looking import variables_of
from engine.runtime.setting import set_variables
from engine.store.tables import definition, instance
from engine.store.timeline import read_timeline
from web.answers import nothing
from web.api.paging import PageQuery, cut, page_of, text
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house, reading
from web.rest.seeing import instances, seen_instance, visible

bp = resource("instances", "Instances of processes")
STATUSES = ("running", "completed", "cancelled")
KINDS = (
    "started", "completed", "acted", "received", "served", "failed", "erred", "returned", "fired", "cancelled", "set", "entered",
    "left", "passed", "ended", "interrupted",
)  # fmt: skip


class Instance(ma.Schema):
    """One instance of a process."""

    id = ma.fields.Integer(required=True)
    definition_key = ma.fields.String(required=True)
    definition_version = ma.fields.Integer(required=True)
    business_key = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, metadata={"description": "case, meeting, decision or nothing, as the diagram says"})
    root_id = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "the whole case, when another called it"})
    parent_id = ma.fields.Integer(required=True, allow_none=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True, allow_none=True)
    party = ma.fields.String(required=True, allow_none=True)
    outcome = ma.fields.String(required=True, allow_none=True)
    started_by = ma.fields.String(required=True, allow_none=True, attribute="starter")
    started_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class InstanceQuery(PageQuery):
    status = ma.fields.String(validate=validate.OneOf(STATUSES))
    definition_key = text(200)
    business_key = text(200)
    kind = text(50)
    body = text(100)
    party = text(100)
    root_id = ma.fields.Integer(validate=validate.Range(0, 2**63 - 1))


class Variables(ma.Schema):
    """Variables by name, as plain JSON."""

    variables = ma.fields.Dict(keys=text(200), required=True)


class Cancel(ma.Schema):
    reason = text(2_000, load_default="")


class Happening(ma.Schema):
    """A row of the chained history. `content` is what a command was given; null where there was nothing, or it was erased."""

    number = ma.fields.Integer(required=True)
    at = ma.fields.AwareDateTime(required=True)
    kind = ma.fields.String(required=True)
    element_id = ma.fields.String(required=True, allow_none=True)
    token = ma.fields.Integer(required=True, allow_none=True)
    actor = ma.fields.String(required=True, allow_none=True)
    data = ma.fields.Raw(required=True, allow_none=True)
    content = ma.fields.Raw(required=True, allow_none=True)


class History(ma.Schema):
    """Newest first; `older` is what to ask for next with `before`, null at the beginning."""

    items = ma.fields.List(ma.fields.Nested(Happening), required=True, attribute="rows")
    older = ma.fields.Integer(required=True, allow_none=True)


class HistoryQuery(ma.Schema):
    before = ma.fields.Integer(load_default=None, validate=validate.Range(1, 2**63 - 1))
    size = ma.fields.Integer(load_default=60, validate=validate.Range(1, 500))


@bp.route("/instances")
@program("read")
@bp.arguments(InstanceQuery, location="query")
@bp.response(200, page_of(Instance))
def listed(asked: dict[str, Any]) -> dict[str, Any]:
    """Instances, the latest changed first."""
    columns = {name: instance.c[name] for name in ("status", "business_key", "kind", "body", "party", "root_id")}
    columns["definition_key"] = definition.c.key
    where = [columns[name] == value for name, value in asked.items() if name in columns]
    return cut(instances().where(visible(), *where), [instance.c.changed_at.desc(), instance.c.id.desc()], asked)


@bp.route("/instances/<int:instance_id>")
@program("read")
@bp.response(200, Instance)
def one(instance_id: int) -> Row[Any]:
    """One instance."""
    return seen_instance(str(instance_id))


@bp.route("/instances/<int:instance_id>/cancel", methods=["POST"])
@program("coordinator")
@bp.arguments(Cancel)
@bp.response(204)
def cancel(given: dict[str, Any], instance_id: int) -> Response:
    """End an instance and what it called where they stand."""
    row = seen_instance(str(instance_id))
    house().runtime.cancel(row.id, given["reason"], actor=caller().actor)
    return nothing()


@bp.route("/instances/<int:instance_id>/variables")
@program("read")
@bp.response(200, Variables)
def variables(instance_id: int) -> dict[str, Any]:
    """The instance's own variables, as they are or were at its end."""
    row = seen_instance(str(instance_id))
    return {"variables": variables_of(house().runtime, reading(), row)}


@bp.route("/instances/<int:instance_id>/variables", methods=["PATCH"])
@program("work")
@bp.arguments(Variables)
@bp.response(204)
def set_some(given: dict[str, Any], instance_id: int) -> Response:
    """Set some of the instance's variables; the history holds who did."""
    row = seen_instance(str(instance_id))
    if row.status != "running":
        abort(404)
    set_variables(house().runtime, row.id, given["variables"], actor=caller().actor)
    return nothing()


@bp.route("/instances/<int:instance_id>/history")
@program("read")
@bp.arguments(HistoryQuery, location="query")
@bp.response(200, History)
def history(asked: dict[str, Any], instance_id: int) -> Any:
    """What happened in the instance."""
    row = seen_instance(str(instance_id))
    return read_timeline(reading(), [row.id], kinds=KINDS, before=asked["before"], size=asked["size"])
