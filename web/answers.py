"""JSON for programs: bodies read strictly, answers with exactly the type that clients look for."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import BadRequest

JSON = "application/json"
"""Exactly this: with a charset behind it the JavaScript client of Camunda 7 hands its users bytes."""


def json(value: Any, status: int = 200, content_type: str = JSON) -> Response:
    """`value` as JSON; keys keep their order."""
    return Response(orjson.dumps(value), status, content_type=content_type)


def nothing() -> Response:
    """204: it is done."""
    return Response(status=204)


def body() -> dict[str, Any]:
    """The request's JSON object, whatever type the client says it is; {} for an empty body.

    Raises:
        BadRequest: it is no JSON object, or holds what no database takes.
    """
    raw = request.get_data(cache=True)
    if not raw.strip():
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The request body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadRequest("The request body must be a JSON object.")
    if b"\\u0000" in raw and _holds_null(found):
        raise BadRequest("The character U+0000 cannot be stored.")
    return found


def _holds_null(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in key or _holds_null(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_null, value))
