"""The pages of processes: a list, and one diagram with the same as text."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from engine.store.processes import ProcessRow, processes_in_force, versions_of
from web.auth import access
from web.context import house, reading
from web.pages.cases.outline import outline
from web.pages.cases.views import xml
from web.pages.processes import bp
from web.wording import model, process_name, translated


@bp.get("/")
@access("official")
def index() -> str:
    """The processes in force."""
    rows = processes_in_force(reading())
    described = [(row, process_name(row.id), _documentation(row)) for row in rows]
    return render_template("processes/index.html", processes=described)


@bp.get("/<key>/<int:version>")
@access("official")
def show(key: str, version: int) -> str:
    """One version of a process."""
    row, versions = _version(key, version)
    return render_template(
        "processes/show.html",
        row=row,
        versions=versions,
        name=process_name(row.id),
        documentation=_documentation(row),
        outline=outline(model(row.id)),
    )


@bp.get("/<key>/<int:version>/diagram.bpmn")
@access("official")
def diagram(key: str, version: int) -> ResponseReturnValue:
    """The diagram as deployed, for the viewer."""
    return xml(_content(_version(key, version)[0]))


@bp.get("/<key>/<int:version>/download")
@access("official")
def download(key: str, version: int) -> ResponseReturnValue:
    """The file as deployed, for a modeler."""
    row, _versions = _version(key, version)
    response = Response(_content(row), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"{row.key}-v{row.version}.bpmn")
    return response


def _version(key: str, version: int) -> tuple[ProcessRow, list[ProcessRow]]:
    versions = versions_of(reading(), key)
    found = next((row for row in versions if row.version == version), None)
    if found is None:
        abort(404)
    return found, versions


def _content(row: ProcessRow) -> bytes:
    content: bytes = house().runtime.definitions.row(row.id).content
    return content


def _documentation(row: ProcessRow) -> str:
    process = model(row.id)
    return translated(process.properties, "documentation", process.documentation)
