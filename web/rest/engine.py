"""What this is: the engine's name and the version whose contract is served."""

from __future__ import annotations

from flask import Response

from web.answers import json
from web.auth.programs import program
from web.rest import bp

VERSION = "7.24.0"
"""The Camunda 7 version whose REST contract this is; clients compare it to know what they may ask."""


@bp.get("/version")
@program("read")
def version() -> Response:
    return json({"version": VERSION})


@bp.get("/engine")
@program("read")
def engines() -> Response:
    return json([{"name": "default"}])
