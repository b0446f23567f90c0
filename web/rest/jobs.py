"""Jobs: timers, and the errands that a command has left."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Row, Select, case, func, literal, null, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import Text
from werkzeug.exceptions import BadRequest, NotFound

from engine.runtime.retry import retry_errand
from engine.store.tables import Moment, definition, errand, incident, instance, timer
from web.answers import body, json, nothing
from web.auth.programs import caller, program
from web.context import house, reading
from web.rest import bp
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
    one_of_ids,
    when,
    whole,
)
from web.rest.seeing import visible
from web.rest.tree import execution_id
from web.rest.values import moment

_message = (
    select(incident.c.message)
    .where(incident.c.errand_id == errand.c.id, incident.c.resolved_at.is_(None))
    .order_by(incident.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_errands = select(
    (literal("errand-") + sql_cast(errand.c.id, Text)).label("id"), errand.c.id.label("number"),
    func.coalesce(errand.c.receiver_id, errand.c.sender_id).label("instance_id"), errand.c.token, errand.c.due_at,
    case((errand.c.attempts < errand.c.tries, errand.c.tries - errand.c.attempts), else_=0).label("retries"),
    _message.label("message"), sql_cast(null(), Text).label("element_id"), errand.c.created_at, errand.c.tries,
    literal(False).label("is_timer"),
).where(errand.c.status.in_(("due", "failed")))  # fmt: skip
_timers = select(
    (literal("timer-") + sql_cast(timer.c.instance_id, Text) + literal("-") + sql_cast(timer.c.token, Text)).label("id"),
    timer.c.instance_id.label("number"), timer.c.instance_id, timer.c.token, timer.c.due_at, literal(1).label("retries"),
    sql_cast(null(), Text).label("message"), timer.c.element_id, sql_cast(null(), Moment()).label("created_at"),
    literal(1).label("tries"), literal(True).label("is_timer"),
)  # fmt: skip
_jobs = union_all(_errands, _timers).subquery("job")
_jobs.c  # noqa: B018 -- as `also` in tables.py
LISTING = Listing(
    {
        "jobId": equal(_jobs.c.id), "jobIds": one_of(_jobs.c.id), "processInstanceId": equal_id(_jobs.c.instance_id),
        "processInstanceIds": one_of_ids(_jobs.c.instance_id), "processDefinitionId": definition_is(instance.c.definition_id),
        "processDefinitionKey": equal(definition.c.key), "activityId": equal(_jobs.c.element_id),
        "failedActivityId": equal(_jobs.c.element_id), "withRetriesLeft": when(_jobs.c.retries > 0),
        "noRetriesLeft": when(_jobs.c.retries == 0), "withException": when(_jobs.c.message.is_not(None)),
        "exceptionMessage": equal(_jobs.c.message), "timers": when(_jobs.c.is_timer), "messages": when(~_jobs.c.is_timer),
        "executable": lambda value: when((_jobs.c.retries > 0) & (_jobs.c.due_at <= house().clock.now()))(value),
        "dueDates": lambda value: before(_jobs.c.due_at)(value), "dueDateBefore": before(_jobs.c.due_at),
        "dueDateAfter": after(_jobs.c.due_at), "active": when(_jobs.c.id.is_not(None)), "suspended": when(_jobs.c.id.is_(None)),
        **TENANTS,
    },
    _jobs.c.id,
    {"jobId": _jobs.c.id, "executionId": _jobs.c.token, "processInstanceId": _jobs.c.instance_id, "jobRetries": _jobs.c.retries,
     "jobDueDate": _jobs.c.due_at, "processDefinitionId": instance.c.definition_id, "processDefinitionKey": definition.c.key},
)  # fmt: skip


def _query() -> Select[Any]:
    return (
        select(
            _jobs, instance.c.definition_id, definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version")
        )
        .join(instance, instance.c.id == _jobs.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
    )


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "jobDefinitionId": None, "dueDate": moment(row.due_at), "processInstanceId": str(row.instance_id),
        "executionId": execution_id(row.instance_id, row.token), "retries": row.retries, "exceptionMessage": row.message,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processDefinitionKey": row.definition_key, "failedActivityId": row.element_id if row.message else None, "suspended": False,
        "priority": 0, "tenantId": None, "createTime": moment(row.created_at), "batchId": None,
    }  # fmt: skip


list_routes("/job", LISTING, _query, _shown)


@bp.get("/job/<id>")
@program("read")
def job_one(id: str) -> Response:
    return json(_shown(_found(id)))


def _found(id: str) -> Row[Any]:
    row = reading().execute(_query().where(_jobs.c.id == id, visible())).one_or_none()
    if row is None:
        raise NotFound(f"Job with id {id} does not exist")
    return row


@bp.put("/job/<id>/retries")
@program("coordinator")
def set_job_retries(id: str) -> Response:
    """Let a job that rests be tried again, as often as is said; the first time at once."""
    row = _found(id)
    retries = whole(body().get("retries"), "retries", most=row.tries)
    if row.is_timer or retries == 0:
        raise BadRequest("A timer fires when it is due; what can be set, from 1, are the retries of other jobs.")
    retry_errand(house().runtime, row.number, actor=caller().actor, attempts=row.tries - retries)
    return nothing()


@bp.post("/job/<id>/execute")
@program("coordinator")
def execute_job(id: str) -> Response:
    """Carry a job out now; a timer's moment is not brought forward."""
    row = _found(id)
    if not row.is_timer:
        retry_errand(house().runtime, row.number, actor=caller().actor)
    elif not house().runtime.fire(number_of(row.instance_id)):
        raise BadRequest("The timer is not due yet.")
    return nothing()
