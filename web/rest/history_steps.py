"""History of steps: what tokens came to and left, and what workers did. Read from the chained rows of `history`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import Response
from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from werkzeug.exceptions import NotFound

from engine.store.codec import unpack
from engine.store.tables import also, beside_history, definition, history, history_content, instance, task
from engine.store.timeline import BROKEN_OFF, ENDED, ENTERED, LEFT, PASSED
from web.answers import json
from web.auth.programs import program
from web.context import house, reading
from web.rest import bp
from web.rest.history import duration
from web.rest.lists import list_routes
from web.rest.queries import (
    TENANTS,
    Listing,
    after,
    before,
    definition_id,
    definition_is,
    equal,
    equal_id,
    number_of,
    one_of,
    when,
)
from web.rest.seeing import visible
from web.rest.tree import execution_id
from web.rest.values import moment

_end = also(history, "leaving")
_leaves = and_(
    _end.c.instance_id == history.c.instance_id, _end.c.token == history.c.token, _end.c.element_id == history.c.element_id,
    _end.c.kind.in_((LEFT, BROKEN_OFF)), history.c.kind == ENTERED,
)  # fmt: skip
# Where an end that was reached is told as passed besides, its own row names no token.
_is_step = or_(history.c.kind.in_((ENTERED, PASSED)), and_(history.c.kind == ENDED, history.c.token.is_not(None)))
_is_over = or_(_end.c.id.is_not(None), history.c.kind != ENTERED)
ACTIVITIES = Listing(
    {
        "activityInstanceId": equal_id(history.c.id), "processInstanceId": equal_id(history.c.instance_id),
        "processDefinitionId": definition_is(instance.c.definition_id), "activityId": equal(history.c.element_id),
        "activityIdIn": one_of(history.c.element_id), "finished": when(_is_over), "unfinished": when(~_is_over),
        "canceled": when(_end.c.kind == BROKEN_OFF), "startedBefore": before(history.c.at), "startedAfter": after(history.c.at),
        **TENANTS,
    },
    history.c.id,
    {"activityInstanceId": history.c.id, "instanceId": history.c.instance_id, "activityId": history.c.element_id,
     "startTime": history.c.at, "endTime": _end.c.at, "definitionId": instance.c.definition_id},
)  # fmt: skip


def _steps() -> Select[Any]:
    return (
        select(
            history.c.id, history.c.instance_id, history.c.at, history.c.kind, history.c.element_id, history.c.token,
            _end.c.at.label("left_at"), _end.c.kind.label("left_by"), instance.c.definition_id, instance.c.root_id,
            definition.c.key.label("definition_key"), definition.c.version.label("definition_version"), task.c.id.label("task_id"),
        )
        .join(instance, instance.c.id == history.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(_end, _leaves)
        .outerjoin(task, and_(task.c.instance_id == history.c.instance_id, task.c.token == history.c.token))
        .where(_is_step, history.c.element_id.is_not(None))
    )  # fmt: skip


def _activity(row: Row[Any]) -> dict[str, Any]:
    element = house().runtime.definitions.process(row.definition_id).elements.get(row.element_id)
    left_at: datetime | None = row.left_at if row.kind == ENTERED else row.at
    return {
        "id": str(row.id), "parentActivityInstanceId": str(row.instance_id), "activityId": row.element_id,
        "activityName": (element.name or None) if element else None, "activityType": element.type if element else None,
        "processDefinitionKey": row.definition_key,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": str(row.instance_id), "executionId": execution_id(row.instance_id, row.token),
        "taskId": str(row.task_id) if row.task_id else None, "calledProcessInstanceId": None, "calledCaseInstanceId": None,
        "assignee": None, "startTime": moment(row.at), "endTime": moment(left_at), "durationInMillis": duration(row.at, left_at),
        "canceled": row.left_by == BROKEN_OFF, "completeScope": element is not None and element.type == "endEvent",
        "tenantId": None, "removalTime": None,
        "rootProcessInstanceId": str(row.root_id or row.instance_id),
    }  # fmt: skip


list_routes("/history/activity-instance", ACTIVITIES, _steps, _activity)


@bp.get("/history/activity-instance/<id>")
@program("read")
def history_activity(id: str) -> Response:
    row = reading().execute(_steps().where(history.c.id == number_of(id), visible())).first()
    if row is None:
        raise NotFound(f"Historic activity instance with id '{id}' does not exist")
    return json(_activity(row))


# --- What workers did ---



def _of_worker(value: Any) -> ColumnElement[bool]:
    return cast(ColumnElement[bool], history.c.data["worker"].as_string() == str(value))


LOGS = Listing(
    {
        "logId": equal_id(history.c.id), "processInstanceId": equal_id(history.c.instance_id),
        "processDefinitionId": definition_is(instance.c.definition_id), "processDefinitionKey": equal(definition.c.key),
        "activityIdIn": one_of(history.c.element_id), "workerId": _of_worker,
        "topicName": lambda value: history.c.data["topic"].as_string() == str(value),
        "successLog": when(history.c.kind == "served"), "failureLog": when(history.c.kind == "failed"),
        "creationLog": when(history.c.id.is_(None)), "deletionLog": when(history.c.id.is_(None)), **TENANTS,
    },
    history.c.id,
    {"timestamp": history.c.at, "activityId": history.c.element_id, "processInstanceId": history.c.instance_id},
)  # fmt: skip


def _logs() -> Select[Any]:
    """The answers of workers; those of our own services name no worker and are left out."""
    return (
        select(
            history, history_content.c.content, instance.c.definition_id, instance.c.root_id,
            definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version"),
        )
        .join(instance, instance.c.id == history.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(history_content, beside_history())
        .where(history.c.kind.in_(("served", "failed")), history.c.data["worker"].as_string().is_not(None))
    )  # fmt: skip


def _log(row: Row[Any]) -> dict[str, Any]:
    content = unpack(row.content) if row.content is not None else {}
    execution = execution_id(row.instance_id, row.token)
    failed = row.kind == "failed"
    return {
        "id": str(row.id), "removalTime": None, "timestamp": moment(row.at), "externalTaskId": None, "topicName": row.data["topic"],
        "workerId": row.data["worker"], "retries": row.data.get("retries"), "priority": 0,
        "errorMessage": content.get("message") if failed else None, "activityId": row.element_id,
        "activityInstanceId": f"{row.element_id}:{execution}", "executionId": execution, "processInstanceId": str(row.instance_id),
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processDefinitionKey": row.definition_key, "tenantId": None, "rootProcessInstanceId": str(row.root_id or row.instance_id),
        "creationLog": False, "failureLog": failed, "successLog": not failed, "deletionLog": False,
    }  # fmt: skip


list_routes("/history/external-task-log", LOGS, _logs, _log)


@bp.get("/history/external-task-log/<id>/error-details")
@program("read")
def external_task_log_details(id: str) -> Response:
    row = reading().execute(_logs().where(history.c.id == number_of(id), visible())).one_or_none()
    if row is None:
        raise NotFound(f"Historic external task log with id {id} does not exist")
    details = (unpack(row.content) if row.content is not None else {}).get("details")
    return Response(details or "", 200 if details else 204, content_type="text/plain; charset=utf-8")
