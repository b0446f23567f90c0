"""`/api/v1`: this product's own JSON API, described by OpenAPI at `/api/v1/openapi.json`.

A module a resource; schemas beside them. The rules of access are those of the pages (`web.auth.programs`); errors are problem JSON
(RFC 9457); lists are filtered and cut into pages by the database.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from flask import Flask
from flask_smorest import Api

from web.api import description
from web.api.problems import PROBLEM_JSON, Problem

MODULES = ("definitions", "instances", "tasks", "messages", "incidents", "cases")


class Description(Api):  # type: ignore[misc]  # flask-smorest carries no types
    """flask-smorest, but errors are told by `problems`, and the description is served to those who sign in."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Nothing: one for the whole application would answer for the pages as well."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_JSON
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE  # the class's own, for all that is no error


def init_app(app: Flask) -> None:
    app.config.update(API_TITLE="Samverka", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    security: dict[str, Any] = {"basic": {"type": "http", "scheme": "basic"}, "bearer": {"type": "http", "scheme": "bearer"}}
    options = {
        "info": {"description": "Cases, tasks and processes of collaboration agreements."},
        "security": [{"basic": []}, {"bearer": []}],
        "components": {"securitySchemes": security},
    }
    api = Description(app, spec_kwargs=options)
    for module in MODULES:
        api.register_blueprint(import_module(f"web.api.{module}").bp)
    app.register_blueprint(description.bp)
    app.extensions["samverka.openapi"] = api.spec

