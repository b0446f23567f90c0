"""Errors as problem JSON (RFC 9457): what happened, in the words of whoever refused it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from engine.bpmn import DeploymentRefused, NotWaiting, StepFailed
from engine.runtime import CommandRefused
from engine.store.database import is_away
from forms import FormErrors
from web.answers import json
from web.auth.sessions import serve_as_nobody
from web.rest.errors import AWAY, CHALLENGE, status_of

PROBLEM_JSON = "application/problem+json"


class Problem(ma.Schema):
    """What went wrong. Nothing was saved; after a 503 that is not known."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True, metadata={"description": "The HTTP status in words"})
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True, metadata={"description": "What happened, for people"})
    errors = ma.fields.Raw(metadata={"description": "By field or file, where that can be said"})


def problem(status: int, detail: str, errors: Any = None) -> Response:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    answer = json(told if errors is None else told | {"errors": errors}, status, PROBLEM_JSON)
    if status == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer


def init_problems(bp: Blueprint) -> None:
    """Let `bp` answer every refusal with a problem."""
    bp.register_error_handler(HTTPException, _http)
    bp.register_error_handler(CommandRefused, lambda error: problem(status_of(error), str(error)))
    bp.register_error_handler(NotWaiting, lambda error: problem(404, f"Nothing waits there any more: {error}"))
    bp.register_error_handler(StepFailed, lambda error: problem(409, f"The process cannot go on at {error}"))
    bp.register_error_handler(FormErrors, _form)
    bp.register_error_handler(DeploymentRefused, _refused)
    bp.register_error_handler(Exception, _unforeseen)
    bp.record_once(lambda state: _tell_of_unknown_addresses(state.app))


def _tell_of_unknown_addresses(app: Any) -> None:
    tellers = app.extensions.setdefault("samverka.faults", [])
    if _unknown not in tellers:
        tellers.append(_unknown)


def _unknown(error: HTTPException) -> Response | None:
    return _http(error) if request.path.startswith("/api/") else None


def _http(error: HTTPException) -> Response:
    messages: Mapping[str, Any] = getattr(error, "data", None) or {}
    errors = messages.get("messages")
    detail = "The request is not as this address takes it." if errors else error.description or error.name
    return problem(error.code or 500, detail, errors)


def _form(error: FormErrors) -> Response:
    return problem(422, "The form is not filled in as it asks.", dict(error.errors))


def _refused(error: DeploymentRefused) -> Response:
    told = [
        {"file": each.file, "element": each.element_id, "name": each.element_name, "reason": each.reason, "line": each.line}
        for each in error.problems
    ]
    return problem(422, f"Refused: {len(told)} problems, nothing was deployed.", told)


def _unforeseen(error: Exception) -> Response:
    app: Flask = current_app
    if app.testing and app.config.get("PROPAGATE_EXCEPTIONS") is not False:
        raise error
    if is_away(error):
        app.logger.warning("the database was away at %s %s: %s", request.method, request.path, error)
        serve_as_nobody()
        return problem(503, AWAY)
    reference = secrets.token_hex(4)
    app.logger.exception("error %s at %s %s", reference, request.method, request.path, exc_info=error)
    serve_as_nobody()
    return problem(500, f"Something went wrong here. It stands in the log as {reference}; nothing was saved.")
