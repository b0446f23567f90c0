"""`/engine-rest`: the REST contract of Camunda 7 and Operaton, as desktop Camunda Modeler and existing workers speak it.

A module a resource. Names, shapes and dates are the contract's; rules of access are this product's (`web.auth.programs`).
"""

from typing import cast

from flask import Blueprint, Flask

from web.auth.programs import protect

bp = Blueprint("rest", __name__, url_prefix="/engine-rest")
protect(bp)

from web.rest import (  # noqa: E402
    definitions,
    deployments,
    engine,
    errors,
    executions,
    external_tasks,
    history,
    history_steps,
    incidents,
    instances,
    jobs,
    messages,
    subscriptions,
    tasks,
    variables,
    wellknown,
)

__all__ = [
    "bp", "definitions", "deployments", "engine", "errors", "executions", "external_tasks", "history", "history_steps", "incidents",
    "instances", "jobs", "messages", "subscriptions", "tasks", "variables", "wellknown",
]  # fmt: skip
bp.record_once(lambda state: errors.init_app(cast(Flask, state.app)))
