"""Where a modeler finds our pages: the well-known address, and links made for Camunda's web applications."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from web.answers import json
from web.auth import access
from web.rest.queries import number_of

bp = Blueprint("webapps", __name__)


@bp.get("/.well-known/camunda-automation-platform/webapps")
@access("anyone")
def webapps() -> Response:
    base = current_app.config["SETTINGS"].base_url
    return json({"adminUrl": f"{base}/register/", "cockpitUrl": f"{base}/cockpit", "tasklistUrl": f"{base}/tasks/"})


@bp.get("/cockpit/process-instance/<instance_id>")
@access("official")
def process_instance(instance_id: str) -> ResponseReturnValue:
    """The case's page, which decides who may see it."""
    return redirect(url_for("cases.show", instance_id=number_of(instance_id)))


@bp.get("/cockpit/repository")
@access("official")
def repository() -> ResponseReturnValue:
    return redirect(url_for("processes.index"))


@bp.get("/cockpit", strict_slashes=False)
@access("official")
def cockpit() -> ResponseReturnValue:
    return redirect(url_for("cases.index"))
