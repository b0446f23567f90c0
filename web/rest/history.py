"""History: instances, tasks, incidents and variables, over or not."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, Row, Select, select, true
from werkzeug.exceptions import BadRequest, NotFound

from engine.runtime.looking import variables_of
from engine.store.tables import also, definition, incident, instance, person, task
from web.answers import json
from web.auth.programs import program
from web.context import house, reading
from web.rest import bp
from web.rest.incidents import COMMON, SORTS, incidents_query
from web.rest.lists import list_routes
from web.rest.queries import (
    TENANTS,
    Listing,
    after,
    asked,
    before,
    definition_id,
    definition_is,
    equal,
    equal_id,
    like,
    number_of,
    one_of,
    one_of_ids,
    paged,
    when,
)
from web.rest.seeing import instances, seen_instance, visible
from web.rest.tree import execution_id
from web.rest.values import moment, written

STATES = {"running": "ACTIVE", "completed": "COMPLETED", "cancelled": "EXTERNALLY_TERMINATED"}
_over = instance.c.status != "running"
INSTANCES = Listing(
    {
        "processInstanceId": equal_id(instance.c.id), "processInstanceIds": one_of_ids(instance.c.id),
        "processInstanceBusinessKey": equal(instance.c.business_key),
        "processInstanceBusinessKeyIn": one_of(instance.c.business_key),
        "processInstanceBusinessKeyLike": like(instance.c.business_key), "processDefinitionKey": equal(definition.c.key),
        "processDefinitionId": definition_is(instance.c.definition_id), "processDefinitionKeyIn": one_of(definition.c.key),
        "processDefinitionName": equal(definition.c.name), "superProcessInstanceId": equal_id(instance.c.parent_id),
        "rootProcessInstances": when(instance.c.parent_id.is_(None)), "finished": when(_over), "unfinished": when(~_over),
        "active": when(instance.c.status == "running"), "completed": when(instance.c.status == "completed"),
        "externallyTerminated": when(instance.c.status == "cancelled"), "internallyTerminated": when(instance.c.id.is_(None)),
        "suspended": when(instance.c.id.is_(None)), "startedBefore": before(instance.c.started_at),
        "startedAfter": after(instance.c.started_at), "finishedBefore": before(instance.c.ended_at),
        "finishedAfter": after(instance.c.ended_at), **TENANTS,
    },
    instance.c.id,
    {"instanceId": instance.c.id, "definitionId": instance.c.definition_id, "definitionKey": definition.c.key,
     "definitionName": definition.c.name, "businessKey": instance.c.business_key, "startTime": instance.c.started_at,
     "endTime": instance.c.ended_at},
)  # fmt: skip


def duration(began: Any, ended: Any) -> int | None:
    """Milliseconds; None for what goes on."""
    return None if ended is None else round((ended - began).total_seconds() * 1000)


def _instance(row: Row[Any]) -> dict[str, Any]:
    model = house().runtime.definitions.process(row.definition_id)
    return {
        "id": str(row.id), "rootProcessInstanceId": str(row.root_id or row.id),
        "superProcessInstanceId": str(row.parent_id) if row.parent_id else None, "superCaseInstanceId": None,
        "caseInstanceId": None,
        "processDefinitionName": row.definition_name, "processDefinitionKey": row.definition_key,
        "processDefinitionVersion": row.definition_version,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "businessKey": row.business_key, "startTime": moment(row.started_at), "endTime": moment(row.ended_at), "removalTime": None,
        "durationInMillis": duration(row.started_at, row.ended_at), "startUserId": row.starter,
        "startActivityId": model.start.id if model.start else None, "deleteReason": None, "tenantId": None,
        "state": STATES[row.status], "restartedProcessInstanceId": None,
    }  # fmt: skip


list_routes("/history/process-instance", INSTANCES, instances, _instance)


@bp.get("/history/process-instance/<id>")
@program("read")
def history_instance(id: str) -> Response:
    return json(_instance(seen_instance(id)))


# --- Tasks ---

_holder = also(person, "holder")
TASKS = Listing(
    {
        "taskId": equal_id(task.c.id), "processInstanceId": equal_id(task.c.instance_id),
        "processInstanceBusinessKey": equal(instance.c.business_key), "processDefinitionKey": equal(definition.c.key),
        "processDefinitionId": definition_is(instance.c.definition_id), "taskDefinitionKey": equal(task.c.element_id),
        "taskDefinitionKeyIn": one_of(task.c.element_id), "taskName": equal(task.c.name), "taskNameLike": like(task.c.name),
        "taskAssignee": equal(_holder.c.username), "finished": when(task.c.closed_at.is_not(None)),
        "unfinished": when(task.c.closed_at.is_(None)), "processFinished": when(_over), "processUnfinished": when(~_over),
        "startedBefore": before(task.c.created_at), "startedAfter": after(task.c.created_at),
        "finishedBefore": before(task.c.closed_at), "finishedAfter": after(task.c.closed_at), **TENANTS,
    },
    task.c.id,
    {"taskId": task.c.id, "startTime": task.c.created_at, "endTime": task.c.closed_at, "dueDate": task.c.due_at,
     "taskName": task.c.name, "processInstanceId": task.c.instance_id, "priority": task.c.priority},
)  # fmt: skip


def _tasks() -> Select[Any]:
    return (
        select(
            task, instance.c.definition_id, instance.c.root_id.label("case_id"), definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version"), _holder.c.username.label("assignee"),
        )
        .join(instance, instance.c.id == task.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(_holder, _holder.c.id == task.c.assignee_id)
    )  # fmt: skip


def _task(row: Row[Any]) -> dict[str, Any]:
    execution = execution_id(row.instance_id, row.token)
    return {
        "id": str(row.id), "processDefinitionKey": row.definition_key,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": str(row.instance_id), "rootProcessInstanceId": str(row.root_id), "executionId": execution,
        "activityInstanceId": f"{row.element_id}:{execution}", "name": row.name, "description": None,
        "deleteReason": None if row.status == "open" else "completed" if row.status == "completed" else "deleted",
        "owner": None, "assignee": row.assignee, "startTime": moment(row.created_at), "endTime": moment(row.closed_at),
        "duration": duration(row.created_at, row.closed_at), "taskDefinitionKey": row.element_id, "priority": row.priority,
        "due": moment(row.due_at), "parentTaskId": None, "followUp": moment(row.follow_up_at), "tenantId": None,
        "removalTime": None,
        "caseDefinitionKey": None, "caseDefinitionId": None, "caseInstanceId": None, "caseExecutionId": None,
    }  # fmt: skip


list_routes("/history/task", TASKS, _tasks, _task, by_body=False)


# --- Incidents ---

_open = incident.c.resolved_at.is_(None)
INCIDENTS = Listing(
    COMMON
    | {
        "open": when(_open), "resolved": when(~_open), "deleted": when(incident.c.id.is_(None)),
        "processDefinitionKey": equal(definition.c.key), "createTimeBefore": before(incident.c.created_at),
        "createTimeAfter": after(incident.c.created_at), "endTimeBefore": before(incident.c.resolved_at),
        "endTimeAfter": after(incident.c.resolved_at),
    },
    incident.c.id,
    SORTS,
)  # fmt: skip


def _incident(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id), "processDefinitionKey": row.definition_key,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": str(row.instance_id), "executionId": execution_id(row.instance_id, row.token),
        "rootProcessInstanceId": str(row.root_id or row.instance_id), "createTime": moment(row.created_at),
        "endTime": moment(row.resolved_at), "removalTime": None, "incidentType": row.kind, "activityId": row.element_id,
        "failedActivityId": row.element_id, "causeIncidentId": str(row.id), "rootCauseIncidentId": str(row.id),
        "configuration": f"errand-{row.errand_id}" if row.errand_id is not None else None, "historyConfiguration": None,
        "incidentMessage": row.message, "tenantId": None, "jobDefinitionId": None, "open": row.resolved_at is None,
        "deleted": False, "resolved": row.resolved_at is not None, "annotation": None,
    }  # fmt: skip


list_routes("/history/incident", INCIDENTS, incidents_query, _incident, by_body=False)


# --- Variables ---


def _any(value: Any) -> ColumnElement[bool]:
    return true()


VARIABLE_FILTERS = (
    "processInstanceId", "processInstanceIdIn", "variableName", "variableNameLike", "variableNameIn", "deserializeValues",
    "excludeTaskRelated", "executionIdIn",
)  # fmt: skip
VARIABLES = dict.fromkeys(VARIABLE_FILTERS, _any) | TENANTS


@bp.get("/history/variable-instance")
@program("read")
def history_variables() -> Response:
    """The variables of one instance, as they are now or were at its end."""
    return json(paged(_variables()))


@bp.post("/history/variable-instance")
@program("read")
def history_variables_by_body() -> Response:
    return json(paged(_variables()))


@bp.get("/history/variable-instance/count")
@program("read")
def history_variable_count() -> Response:
    return json({"count": len(_variables())})


def _variables() -> list[dict[str, Any]]:
    given = asked(VARIABLES)
    wanted = given.get("processInstanceId") or given.get("processInstanceIdIn") or given.get("executionIdIn")
    named = wanted if isinstance(wanted, list) else str(wanted or "").split(",")
    ids = [number_of(str(each).partition("-")[0]) for each in named]
    if not wanted:
        raise BadRequest("Variables are kept with their instance: name it in processInstanceId.")
    rows = reading().execute(instances().where(instance.c.id.in_(ids), visible()).order_by(instance.c.id)).all()
    found = [_variable(row, name, value) for row in rows for name, value in variables_of(house().runtime, reading(), row).items()]
    return [each for each in found if _is_asked(each["name"], given)]


def _is_asked(name: str, given: dict[str, Any]) -> bool:
    names = given.get("variableNameIn")
    listed = names if isinstance(names, list) else str(names).split(",") if names else [name]
    part = str(given.get("variableNameLike") or "%").strip("%").lower()
    return given.get("variableName") in (None, name) and name in listed and part in name.lower()


def _variable(row: Row[Any], name: str, value: Any) -> dict[str, Any]:
    number = str(row.id)
    return {
        "id": f"{number}:{name}", "name": name, **written(value), "processDefinitionKey": row.definition_key,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": number, "executionId": number, "activityInstanceId": number, "taskId": None, "caseDefinitionKey": None,
        "caseDefinitionId": None, "caseInstanceId": None, "caseExecutionId": None, "tenantId": None, "errorMessage": None,
        "state": "CREATED", "createTime": moment(row.started_at), "removalTime": None,
        "rootProcessInstanceId": str(row.root_id or row.id),
    }  # fmt: skip


@bp.get("/history/variable-instance/<id>")
@program("read")
def history_variable(id: str) -> Response:
    number, _colon, name = id.partition(":")
    row = seen_instance(number)
    variables = variables_of(house().runtime, reading(), row)
    if name not in variables:
        raise NotFound(f"Variable instance with Id '{id}' does not exist.")
    return json(_variable(row, name, variables[name]))


