"""Executions: an instance, or a token in it, and the variables seen from there."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.bpmn import NotWaiting
from engine.runtime.looking import look, variables_at
from web.answers import json
from web.auth.programs import program
from web.context import house, reading
from web.rest import bp
from web.rest.queries import number_of
from web.rest.seeing import seen_instance
from web.rest.values import all_written, written
from web.rest.variables import download, named


def _seen_from(id: str) -> tuple[int, dict[str, Any]]:
    """The variables as an execution sees them, its own before those around it."""
    number, _dash, token = id.partition("-")
    row = seen_instance(number, running=True)
    if not token:
        return row.id, look(house().runtime, reading(), row).kernel.variables()
    try:
        return row.id, variables_at(house().runtime, row.id, number_of(token))
    except NotWaiting:
        return row.id, look(house().runtime, reading(), row).kernel.variables()


@bp.get("/execution/<id>")
@program("read")
def execution(id: str) -> Response:
    row = seen_instance(id.partition("-")[0], running=True)
    return json({"id": id, "processInstanceId": str(row.id), "ended": False, "tenantId": None})


@bp.get("/execution/<id>/localVariables")
@program("read")
def local_variables(id: str) -> Response:
    return json(all_written(_seen_from(id)[1]))


@bp.get("/execution/<id>/localVariables/<name>")
@program("read")
def local_variable(id: str, name: str) -> Response:
    return json(written(named(_seen_from(id)[1], name)))


@bp.get("/execution/<id>/localVariables/<name>/data")
@program("read")
def local_variable_data(id: str, name: str) -> Response:
    return download(named(_seen_from(id)[1], name))
