"""Messages, signals and conditions from other systems."""

from __future__ import annotations

from typing import Any

from flask import Response
from werkzeug.exceptions import BadRequest

from engine.runtime.correlation import Correlated, Message, Mismatch, correlate
from engine.runtime.looking import variables_of
from engine.store.tables import instance
from web.answers import body, json, nothing
from web.auth.programs import caller, program
from web.context import house, reading, reading_again
from web.rest import bp
from web.rest.errors import fault
from web.rest.instances import as_instance
from web.rest.queries import number_of, text, truth
from web.rest.seeing import instances
from web.rest.tree import execution_id
from web.rest.values import all_written, read_all


@bp.post("/message")
@program("work")
def message() -> Response:
    """Deliver a message to the instance that waits for it, or start the process that begins with it."""
    given = body()
    name = text(given["messageName"]) if given.get("messageName") else None
    if name is None:
        raise BadRequest("No message name supplied")
    if given.get("tenantId"):
        raise BadRequest("There are no tenants here: leave tenantId out.")
    key = given.get("businessKey")
    wanted = Message(
        name=name,
        business_key=text(key) if key not in (None, "") else None,
        keys=read_all(given.get("correlationKeys"), "correlationKeys") | read_all(given.get("localCorrelationKeys")),
        instance_id=number_of(given["processInstanceId"]) if given.get("processInstanceId") is not None else None,
        variables=read_all(given.get("processVariables"), "processVariables")
        | read_all(given.get("processVariablesLocal"), "processVariablesLocal"),
    )
    done = correlate(house().runtime, wanted, to_all=truth(given.get("all") or False), actor=caller().actor)
    if not truth(given.get("resultEnabled") or False):
        return nothing()
    reading_again()
    with_variables = truth(given.get("variablesInResultEnabled") or False)
    return json([_result(each, with_variables=with_variables) for each in done])


@bp.errorhandler(Mismatch)
def _mismatch(error: Mismatch) -> Response:
    return fault(400, str(error), "MismatchingMessageCorrelationException")


def _result(done: Correlated, *, with_variables: bool) -> dict[str, Any]:
    row = reading().execute(instances().where(instance.c.id == done.instance_id)).one()
    execution = execution_id(row.id, done.token)
    started = done.token is None
    told: dict[str, Any] = {
        "resultType": "ProcessDefinition" if started else "Execution",
        "processInstance": as_instance(row) if started else None,
        "execution": None if started else {"id": execution, "processInstanceId": str(row.id), "ended": False, "tenantId": None},
    }
    if with_variables:
        told["variables"] = all_written(variables_of(house().runtime, reading(), row))
    return told


@bp.post("/signal")
@program("work")
def signal() -> Response:
    """Send a signal to everybody who waits for it."""
    given = body()
    name = text(given["name"]) if given.get("name") else None
    if name is None:
        raise BadRequest("No signal name given")
    house().runtime.signal(name, read_all(given.get("variables")), actor=caller().actor)
    return nothing()


@bp.post("/condition")
@program("work")
def condition() -> Response:
    """Begin every process whose conditional start event holds over the variables."""
    given = body()
    if given.get("processDefinitionId"):
        raise BadRequest("Every process in force whose condition holds begins: leave processDefinitionId out.")
    business_key = None if given.get("businessKey") is None else text(given["businessKey"])
    done = house().runtime.evaluate_conditions(read_all(given.get("variables")), actor=caller().actor, business_key=business_key)
    reading_again()
    begun = instances().where(instance.c.id.in_([each.instance_id for each in done]))
    return json([as_instance(row) for row in reading().execute(begun)])
