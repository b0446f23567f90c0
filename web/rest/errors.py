"""What went wrong, as clients read it: `{"type", "message"}`, and the shape of a refused diagram."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from engine.bpmn import DeploymentRefused, NotWaiting, Problem, StepFailed
from engine.runtime import CommandRefused, Conflict, InstanceEnded, NotAllowed, NotFound, TaskClosed, TaskTaken
from engine.store.database import is_away
from forms import FormErrors
from web.answers import json
from web.auth.sessions import serve_as_nobody
from web.rest import bp

CHALLENGE = 'Basic realm="Samverka", charset="UTF-8"'
PARSE_FAILED = "ENGINE-09005 Could not parse BPMN process."
AWAY = "The database is away for a moment. Whether this was saved is not known: look before you repeat it."
TYPES = {
    400: "InvalidRequestException", 401: "AuthenticationException", 403: "AuthorizationException", 404: "InvalidRequestException",
    409: "OptimisticLockingException", 429: "TooManyRequestsException",
}  # fmt: skip


def fault(status: int, message: str, kind: str | None = None, **more: Any) -> Response:
    """An error in the contract's shape; 401 with the challenge that makes clients ask for a password."""
    answer = json({"type": kind or TYPES.get(status, "RestException"), "message": message, "code": None, **more}, status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer


def init_app(app: Flask) -> None:
    """Addresses below /engine-rest that nobody answers are told of in JSON too."""
    app.extensions.setdefault("samverka.faults", []).append(lambda error: _http(error) if _is_ours() else None)


def _is_ours() -> bool:
    return request.path.startswith("/engine-rest/") or request.path == "/engine-rest"


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    if (error.code or 500) < 400:
        return Response(error.get_response().get_data(), error.code, dict(error.get_response().headers))
    return fault(error.code or 500, error.description or error.name)


@bp.errorhandler(CommandRefused)
def _refused(error: CommandRefused) -> Response:
    return fault(status_of(error), str(error), "TaskAlreadyClaimedException" if isinstance(error, TaskTaken) else None)


def status_of(error: CommandRefused) -> int:
    """The HTTP status that says what a refusal says."""
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, NotFound | TaskClosed | InstanceEnded):
        return 404
    return 409 if isinstance(error, TaskTaken | Conflict) else 400


@bp.errorhandler(NotWaiting)
def _late(error: NotWaiting) -> Response:
    return fault(404, f"Nothing waits there any more: {error}")


@bp.errorhandler(StepFailed)
def _step(error: StepFailed) -> Response:
    return fault(500, f"The process cannot go on at “{error.element_id}”: {error.message}", "ProcessEngineException")


@bp.errorhandler(FormErrors)
def _form(error: FormErrors) -> Response:
    told = "; ".join(f"{name}: {' '.join(lines)}" for name, lines in error.errors.items())
    return fault(400, f"The form is not filled in as it asks: {told}", "FormFieldValidationException")


@bp.errorhandler(DeploymentRefused)
def _diagram(error: DeploymentRefused) -> Response:
    lines = "".join(f"\n* {problem}" for problem in error.problems)
    return fault(400, f"{PARSE_FAILED} Errors:{lines}", "ParseException", details=_details(error.problems))


def _details(problems: Iterable[Problem]) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for problem in problems:
        errors = files.setdefault(problem.file, {"errors": [], "warnings": []})["errors"]
        element = problem.element_id
        named = f"{element} “{problem.element_name}”: " if element and problem.element_name not in (None, element) else ""
        errors.append({
            "message": f"{named}{problem.reason}", "line": problem.line or 0, "column": 0,
            "mainElementId": element, "elementIds": [element] if element else [],
        })  # fmt: skip
    return files


@bp.errorhandler(Exception)
def _unforeseen(error: Exception) -> Response:
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS") is not False:
        raise error
    if is_away(error):
        current_app.logger.warning("the database was away at %s %s: %s", request.method, request.path, error)
        serve_as_nobody()
        return fault(503, AWAY)
    reference = secrets.token_hex(4)
    current_app.logger.exception("error %s at %s %s", reference, request.method, request.path, exc_info=error)
    serve_as_nobody()
    return fault(500, f"Something went wrong here. It stands in the log as {reference}; nothing was saved.")
