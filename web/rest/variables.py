"""Variables of an instance: read by those who see the case, set by those who do its work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from werkzeug.exceptions import BadRequest, NotFound

from engine.runtime.looking import variables_of
from engine.runtime.setting import set_variables
from web.answers import body, json, nothing
from web.auth.programs import caller, program
from web.context import house, reading
from web.rest import bp
from web.rest.seeing import seen_instance
from web.rest.values import all_written, content_of, read, read_all, written


def _of(id: str) -> tuple[int, dict[str, Any]]:
    row = seen_instance(id, running=True)
    return row.id, variables_of(house().runtime, reading(), row)


def named(variables: dict[str, Any], name: str) -> Any:
    """Raises:
    NotFound: there is no such variable.
    """
    if name not in variables:
        raise NotFound(f"variable with name {name} does not exist")
    return variables[name]


def download(value: Any) -> Response:
    """A file's content, never shown as a page of ours."""
    content, media_type, name = content_of(value)
    answer = Response(content, content_type=media_type if "\n" not in media_type and "\r" not in media_type else None)
    answer.headers.set("Content-Disposition", "attachment", filename=name or "data")
    return answer


@bp.get("/process-instance/<id>/variables")
@program("read")
def instance_variables(id: str) -> Response:
    return json(all_written(_of(id)[1]))


@bp.get("/process-instance/<id>/variables/<name>")
@program("read")
def instance_variable(id: str, name: str) -> Response:
    return json(written(named(_of(id)[1], name)))


@bp.get("/process-instance/<id>/variables/<name>/data")
@program("read")
def instance_variable_data(id: str, name: str) -> Response:
    return download(named(_of(id)[1], name))


@bp.put("/process-instance/<id>/variables/<name>")
@program("work")
def put_instance_variable(id: str, name: str) -> Response:
    return _set(id, lambda: {name: read(name, body())})


@bp.post("/process-instance/<id>/variables")
@program("work")
def modify_instance_variables(id: str) -> Response:
    return _set(id, _modifications)


@bp.put("/process-instance/<id>/variables")
@program("work")
def put_instance_variables(id: str) -> Response:
    return _set(id, _modifications)


def _modifications() -> dict[str, Any]:
    given = body()
    if given.get("deletions"):
        raise BadRequest("Variables are not deleted: set them to null.")
    return read_all(given.get("modifications"), "modifications")


def _set(id: str, what: Callable[[], dict[str, Any]]) -> Response:
    row = seen_instance(id, running=True)
    set_variables(house().runtime, row.id, what(), actor=caller().actor)
    return nothing()
