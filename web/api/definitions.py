"""Processes in force, their versions, and publishing new ones."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, abort, request

from engine.store.processes import ProcessRow, processes_in_force, versions_of
from engine.store.tables import instance
from web.api.instances import Instance
from web.api.paging import text
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house, reading, reading_again
from web.rest.doing import filled_in
from web.rest.doing import form_of_start as form_id_of
from web.rest.seeing import instances

bp = resource("definitions", "Processes and their versions")


class Definition(ma.Schema):
    """A version of a process."""

    id = ma.fields.Integer(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    version_tag = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    in_force = ma.fields.Boolean(required=True, attribute="live")
    registration = ma.fields.String(required=True, metadata={"description": "registration number of the deployment"})
    why = ma.fields.String(required=True)
    deployed_at = ma.fields.AwareDateTime(required=True)
    deployed_by = ma.fields.String(required=True, allow_none=True)
    under_way = ma.fields.Integer(required=True, metadata={"description": "instances that run on it"})


class Version(ma.Schema):
    kind = ma.fields.String(required=True)
    key = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)


class Deployed(ma.Schema):
    """`registration` is null when no file differed from the version in force."""

    registration = ma.fields.String(required=True, allow_none=True)
    new = ma.fields.List(ma.fields.Nested(Version), required=True)


class Files(ma.Schema):
    """Diagrams (.bpmn), decision tables (.dmn) and forms (.form), each a part under any name."""

    why = text(2_000, load_default="")


class Start(ma.Schema):
    """`variables` that the start form asks for are checked by it; others need the right to work."""

    business_key = text(200, load_default=None, allow_none=True)
    variables = ma.fields.Dict(keys=text(200), load_default=dict)


@bp.route("/definitions")
@program("read")
@bp.response(200, Definition(many=True))
def definitions() -> list[ProcessRow]:
    """The processes in force, by name."""
    return processes_in_force(reading())


@bp.route("/definitions/<key>/versions")
@program("read")
@bp.response(200, Definition(many=True))
def versions(key: str) -> list[ProcessRow]:
    """Every version of a process, newest first."""
    found = versions_of(reading(), _clean(key))
    if not found:
        abort(404)
    return found


@bp.route("/definitions/<key>/versions/<int:version>/diagram")
@program("read")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def diagram(key: str, version: int) -> Response:
    """The file as it was deployed."""
    row = next((row for row in versions_of(reading(), _clean(key)) if row.version == version), None)
    if row is None:
        abort(404)
    answer = Response(house().runtime.definitions.row(row.id).content, content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{row.key}-v{row.version}.bpmn")
    return answer


@bp.route("/definitions/<key>/instances", methods=["POST"])
@program("act")
@bp.arguments(Start)
@bp.response(201, Instance)
def start(given: dict[str, Any], key: str) -> Any:
    """Start an instance of the version in force."""
    owner = house().runtime.definitions.live("process", _clean(key))
    if owner is None:
        abort(404)
    answers, free = filled_in(form_id_of(owner.id), given["variables"])
    done = house().runtime.start(
        owner.key, answers, actor=caller().actor, version=owner, business_key=given["business_key"] or None, free=free
    )
    return reading_again().execute(instances().where(instance.c.id == done.instance_id)).one()


@bp.route("/deployments", methods=["POST"])
@program("deploy")
@bp.arguments(Files, location="form", content_type="multipart/form-data")
@bp.response(201, Deployed)
def deploy(given: dict[str, Any]) -> Any:
    """Publish files, all of them or none."""
    files: dict[str, bytes] = {}
    for _field, file in request.files.items(multi=True):
        name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
        if not name or "\0" in name or name in files:
            abort(400, "Every file has a name, and no two have the same.")
        files[name] = file.read()
    if not files:
        abort(400, "There is no file in the request.")
    return house().runtime.deploy(files, why=given["why"], by=caller().actor, source="API")


def _clean(key: str) -> str:
    if "\0" in key:
        abort(404)
    return key

