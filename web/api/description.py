"""The API's own description."""

from __future__ import annotations

from flask import Response, current_app

from web.answers import json
from web.api.resource import resource
from web.auth.programs import program

bp = resource("description", "This description")


@bp.get("/openapi.json")
@program("read")
def openapi() -> Response:
    """OpenAPI 3.1, made from the routes and their schemas."""
    return json(current_app.extensions["samverka.openapi"].to_dict())
