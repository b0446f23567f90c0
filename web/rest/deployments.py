"""Deployments: from desktop Camunda Modeler and other clients, and the list of them."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy import Row, select
from werkzeug.exceptions import BadRequest, NotFound

from engine.bpmn.dialect import process_keys
from engine.runtime import Deployed
from engine.runtime.definitions import Definition
from engine.store.tables import definition, deployment
from web.answers import json
from web.auth.programs import caller, program
from web.context import house, reading, reading_again
from web.rest import bp
from web.rest.definitions import as_decision, as_process, process_of
from web.rest.queries import TENANTS, Listing, after, before, equal, equal_id, like, number_of
from web.rest.values import moment

LISTING = Listing(
    {"id": equal_id(deployment.c.id), "name": equal(deployment.c.why), "nameLike": like(deployment.c.why),
     "source": equal(deployment.c.source), "before": before(deployment.c.deployed_at), "after": after(deployment.c.deployed_at),
     **TENANTS},
    deployment.c.id,
    {"id": deployment.c.id, "name": deployment.c.why, "deploymentTime": deployment.c.deployed_at},
)  # fmt: skip


def shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "links": [], "id": str(row.id), "name": row.why, "source": row.source or None, "deploymentTime": moment(row.deployed_at),
        "tenantId": None,
    }  # fmt: skip


@bp.get("/deployment")
@program("read")
def deployments() -> Response:
    return json([shown(row) for row in LISTING.rows(select(deployment))])


@bp.get("/deployment/count")
@program("read")
def deployment_count() -> Response:
    return json({"count": LISTING.count(select(deployment))})


@bp.get("/deployment/<deployment_id>")
@program("read")
def deployment_one(deployment_id: str) -> Response:
    return json(shown(_found(deployment_id)))


@bp.get("/deployment/<deployment_id>/resources")
@program("read")
def resources(deployment_id: str) -> Response:
    """The files that the deployment made versions of."""
    row = _found(deployment_id)
    query = select(definition.c.file_name).where(definition.c.deployment_id == row.id).distinct().order_by(definition.c.file_name)
    names = reading().execute(query).scalars()
    return json([{"id": name, "name": name, "deploymentId": str(row.id)} for name in names])


@bp.get("/deployment/<deployment_id>/resources/<name>/data")
@program("read")
def resource(deployment_id: str, name: str) -> Response:
    """A file as it was deployed."""
    row = _found(deployment_id)
    query = select(definition.c.content).where(definition.c.deployment_id == row.id, definition.c.file_name == name).limit(1)
    content = reading().execute(query).scalar_one_or_none()
    if content is None:
        raise NotFound(f"Deployment {deployment_id} has no resource {name}")
    answer = Response(content, content_type="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.post("/deployment/create")
@program("deploy")
def create() -> Response:
    """Publish the files of the request. A file that does not differ from the version in force makes no new version."""
    files = _files()
    name = request.form.get("deployment-name", "").strip()[:500] or "REST"
    source = request.form.get("deployment-source", "").strip()[:200] or "REST"
    if request.form.get("tenant-id"):
        raise BadRequest("There are no tenants here: leave the tenant id empty.")
    done = house().runtime.deploy(files, why=name, by=caller().actor, source=source)
    reading_again()
    return json(_deployed(done, files))


def _files() -> dict[str, bytes]:
    """The request's files by their own names, whatever their fields are called."""
    found: dict[str, bytes] = {}
    for _field, file in request.files.items(multi=True):
        name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
        if name in found:
            raise BadRequest(f"Two files are called {name}.")
        if name:
            found[name] = file.read()
    if not found:
        raise BadRequest("No deployment resources contained in the form upload.")
    return found


def _deployed(done: Deployed, files: dict[str, bytes]) -> dict[str, Any]:
    """What the modeler reads: the definitions of these files, those that were in force already included."""
    definitions = house().runtime.definitions
    made = {(version.kind, version.key): version.definition_id for version in done.new}

    def now(kind: str, key: str) -> Definition | None:
        number = made.get((kind, key))
        return definitions.row(number) if number is not None else definitions.live(kind, key)

    diagrams = {name: content for name, content in files.items() if name.lower().endswith((".bpmn", ".xml"))}
    keys = [key for name, content in diagrams.items() for key in sorted(process_keys(content, name))]
    processes = [row for key in keys if (row := now("process", key)) is not None]
    decisions = [definitions.row(version.definition_id) for version in done.new if version.kind == "decision"]
    every = [definitions.row(version.definition_id) for version in done.new] or processes
    number = every[0].deployment_id if every else _last_of(files)
    published = reading().execute(select(deployment).where(deployment.c.id == number)).one()
    return shown(published) | {
        "deployedProcessDefinitions": {each["id"]: each for each in (as_process(process_of(one)) for one in processes)} or None,
        "deployedDecisionDefinitions": {each["id"]: each for each in map(as_decision, decisions)} or None,
        "deployedDecisionRequirementsDefinitions": None, "deployedCaseDefinitions": None,
    }  # fmt: skip


def _last_of(files: dict[str, bytes]) -> int:
    """The deployment that these files, forms and decisions alone, came with before."""
    query = select(definition.c.deployment_id).where(definition.c.file_name.in_(sorted(files)), definition.c.live)
    return int(reading().execute(query.order_by(definition.c.id.desc()).limit(1)).scalar_one())


def _found(deployment_id: str) -> Row[Any]:
    row = reading().execute(select(deployment).where(deployment.c.id == number_of(deployment_id))).one_or_none()
    if row is None:
        raise NotFound(f"Deployment with id '{deployment_id}' does not exist")
    return row
