"""External tasks: what workers fetch, hold and answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, request
from sqlalchemy import ColumnElement, and_, func, or_
from werkzeug.exceptions import BadRequest, NotFound

from engine.runtime.external import Fetched, Topic, Workers
from engine.store.external import ExternalTask, Order, tasks_query
from engine.store.tables import definition, external_task, instance
from web.answers import body, json, nothing
from web.auth.programs import caller, program
from web.context import house, reading
from web.parking import KEY, Place
from web.rest import bp
from web.rest.queries import (
    TENANTS,
    Listing,
    after,
    before,
    definition_id,
    definition_is,
    definition_number,
    equal,
    equal_id,
    number_of,
    one_of,
    one_of_ids,
    text,
    texts,
    truth,
    when,
    whole,
)
from web.rest.seeing import visible
from web.rest.tree import execution_id
from web.rest.values import all_written, moment, read, read_all

LONGEST_WAIT = 1_800_000
"""Milliseconds that a fetch may wait, as the contract bounds it."""
LONGEST_LOCK = 10 * 365 * 86_400_000
MOST_TASKS = 1_000
MOST_TOPICS = 200


def _locked() -> ColumnElement[bool]:
    return and_(external_task.c.worker.is_not(None), external_task.c.locked_until > house().clock.now())


def _free() -> ColumnElement[bool]:
    return or_(external_task.c.locked_until.is_(None), external_task.c.locked_until <= house().clock.now())


_left = func.coalesce(external_task.c.retries, 1) > 0
LISTING = Listing(
    {
        "externalTaskId": equal_id(external_task.c.id), "externalTaskIdIn": one_of_ids(external_task.c.id),
        "topicName": equal(external_task.c.topic), "workerId": equal(external_task.c.worker),
        "locked": lambda value: when(_locked())(value), "notLocked": lambda value: when(_free())(value),
        "withRetriesLeft": when(_left), "noRetriesLeft": when(~_left),
        "lockExpirationAfter": after(external_task.c.locked_until), "lockExpirationBefore": before(external_task.c.locked_until),
        "activityId": equal(external_task.c.element_id), "activityIdIn": one_of(external_task.c.element_id),
        "processInstanceId": equal_id(external_task.c.instance_id), "processInstanceIdIn": one_of_ids(external_task.c.instance_id),
        "processDefinitionId": definition_is(instance.c.definition_id), "processDefinitionKey": equal(definition.c.key),
        "businessKey": equal(instance.c.business_key), "active": when(external_task.c.id.is_not(None)),
        "suspended": when(external_task.c.id.is_(None)),
        "priorityHigherThanOrEquals": lambda value: external_task.c.priority >= whole(value, "priority", least=-(2**31)),
        "priorityLowerThanOrEquals": lambda value: external_task.c.priority <= whole(value, "priority", least=-(2**31)),
        **TENANTS,
    },
    external_task.c.id,
    {"id": external_task.c.id, "lockExpirationTime": external_task.c.locked_until, "processInstanceId": external_task.c.instance_id,
     "processDefinitionId": instance.c.definition_id, "processDefinitionKey": definition.c.key,
     "taskPriority": external_task.c.priority, "createTime": external_task.c.created_at},
)  # fmt: skip


def shown(task: ExternalTask) -> dict[str, Any]:
    execution = execution_id(task.instance_id, task.token)
    return {
        "activityId": task.element_id, "activityInstanceId": f"{task.element_id}:{execution}", "errorMessage": task.error_message,
        "errorDetails": task.error_details, "executionId": execution, "id": str(task.id),
        "lockExpirationTime": moment(task.locked_until), "createTime": moment(task.created_at),
        "processDefinitionId": definition_id(task.definition_key, task.definition_version, task.definition_id),
        "processDefinitionKey": task.definition_key, "processDefinitionVersionTag": task.version_tag or None,
        "processInstanceId": str(task.instance_id), "tenantId": None, "retries": task.retries, "suspended": False,
        "workerId": task.worker, "topicName": task.topic, "priority": task.priority, "businessKey": task.business_key,
    }  # fmt: skip


def _rows() -> list[ExternalTask]:
    return [ExternalTask(**row._mapping) for row in LISTING.rows(tasks_query(), visible())]


@bp.get("/external-task")
@program("read")
def external_tasks() -> Response:
    return json([shown(task) for task in _rows()])


@bp.post("/external-task")
@program("read")
def external_tasks_by_body() -> Response:
    return json([shown(task) for task in _rows()])


@bp.get("/external-task/count")
@program("read")
def external_task_count() -> Response:
    return json({"count": LISTING.count(tasks_query(), visible())})


@bp.get("/external-task/<id>")
@program("read")
def external_task_one(id: str) -> Response:
    return json(shown(_found(id)))


@bp.get("/external-task/<id>/errorDetails")
@program("read")
def error_details(id: str) -> Response:
    details = _found(id).error_details
    return Response(details or "", 200 if details else 204, content_type="text/plain; charset=utf-8")


def _found(id: str) -> ExternalTask:
    row = reading().execute(tasks_query().where(external_task.c.id == number_of(id), visible())).one_or_none()
    if row is None:
        raise NotFound(f"External task with id {id} does not exist")
    return ExternalTask(**row._mapping)


# --- Fetching ---


@bp.post("/external-task/fetchAndLock")
@program("work")
def fetch_and_lock() -> Response:
    """Lock work for a worker. When there is none the request waits as long as the worker says, without a thread."""
    given = body()
    worker, topics = _worker(given), _topics(given.get("topics"))
    wait = whole(given.get("asyncResponseTimeout") or 0, "asyncResponseTimeout", most=LONGEST_WAIT)
    most = min(MOST_TASKS, whole(given.get("maxTasks"), "maxTasks"))
    order = _order(given.get("usePriority"), given.get("sorting"))
    fetched = _workers().fetch_and_lock(worker, topics, most, order)
    if not fetched and wait and topics and most:
        place: Place | None = request.environ.get(KEY)
        if place is not None:  # under a server that cannot park nobody waits: the worker asks again
            place.wait({topic.name for topic in topics}, wait / 1000)
    return json([_handed_over(each) for each in fetched])


def _handed_over(fetched: Fetched) -> dict[str, Any]:
    told = shown(fetched.task) | {"variables": all_written(fetched.variables)}
    if fetched.properties is not None:
        told["extensionProperties"] = fetched.properties
    return told


def _topics(given: Any) -> list[Topic]:
    """What is asked for. A null, an empty object and an empty list are no filter."""
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(topic, dict) for topic in given):
        raise BadRequest("“topics” must be a list of objects.")
    if len(given) > MOST_TOPICS:
        raise BadRequest(f"A worker asks for {MOST_TOPICS} topics at the most.")
    return [_topic(topic) for topic in given if not topic.get("tenantIdIn")]  # there are no tenants: theirs is no work


def _topic(given: dict[str, Any]) -> Topic:
    ids = [*_list(given.get("processDefinitionIdIn")), *_list(given.get("processDefinitionId"))]
    keys = [*_list(given.get("processDefinitionKeyIn")), *_list(given.get("processDefinitionKey"))]
    equal = given.get("processVariables") or {}
    if not isinstance(equal, dict):
        raise BadRequest("“processVariables” must be an object.")
    names = given.get("variables")
    return Topic(
        name=_text(given.get("topicName"), "topicName"),
        lock_for=_milliseconds(given.get("lockDuration"), "lockDuration", least=1),
        business_key=text(given["businessKey"]) if given.get("businessKey") is not None else None,
        definition_ids=tuple(map(definition_number, ids)),
        definition_keys=tuple(keys),
        version_tag=text(given["processDefinitionVersionTag"]) if given.get("processDefinitionVersionTag") is not None else None,
        equal={name: read(name, value) if isinstance(value, dict) and "value" in value else value for name, value in equal.items()},
        variables=tuple(texts(names)) if names is not None else None,
        local_only=truth(given.get("localVariables") or False),
        with_properties=truth(given.get("includeExtensionProperties") or False),
    )


def _list(value: Any) -> list[str]:
    return [] if value is None else texts(value if isinstance(value, list) else [value])


def _order(by_priority: Any, sorting: Any) -> Order:
    created = None
    for each in sorting or []:
        if not isinstance(each, dict) or each.get("sortBy") != "createTime" or each.get("sortOrder") not in (None, "asc", "desc"):
            raise BadRequest("Work is sorted by createTime, sortOrder asc or desc.")
        created = each.get("sortOrder") or "asc"
    return Order(truth(by_priority or False), created)


# --- Answering ---


@bp.post("/external-task/<id>/complete")
@program("work")
def complete(id: str) -> Response:
    given = body()
    variables, local = read_all(given.get("variables")), read_all(given.get("localVariables"), "localVariables")
    _workers().complete(number_of(id), _worker(given), variables, local, actor=caller().actor)
    return nothing()


@bp.post("/external-task/<id>/failure")
@program("work")
def failure(id: str) -> Response:
    given = body()
    if given.get("variables") or given.get("localVariables"):
        raise BadRequest("A failure sets no variables: say what went wrong in errorMessage and errorDetails.")
    _workers().failure(
        number_of(id),
        _worker(given),
        message=_optional(given.get("errorMessage")) or "",
        details=_optional(given.get("errorDetails")),
        retries=whole(given.get("retries") or 0, "retries"),
        pause=_milliseconds(given.get("retryTimeout") or 0, "retryTimeout"),
        actor=caller().actor,
    )
    return nothing()


@bp.post("/external-task/<id>/bpmnError")
@program("work")
def bpmn_error(id: str) -> Response:
    given = body()
    code, message = _text(given.get("errorCode"), "errorCode"), _optional(given.get("errorMessage")) or ""
    variables = read_all(given.get("variables"))
    _workers().bpmn_error(number_of(id), _worker(given), code, message, variables, actor=caller().actor)
    return nothing()


@bp.post("/external-task/<id>/extendLock")
@program("work")
def extend_lock(id: str) -> Response:
    given = body()
    _workers().extend_lock(number_of(id), _worker(given), _milliseconds(given.get("newDuration"), "newDuration", least=1))
    return nothing()


@bp.post("/external-task/<id>/lock")
@program("work")
def lock(id: str) -> Response:
    given = body()
    _workers().lock(number_of(id), _worker(given), _milliseconds(given.get("lockDuration"), "lockDuration", least=1))
    return nothing()


@bp.post("/external-task/<id>/unlock")
@program("work")
def unlock(id: str) -> Response:
    _workers().unlock(number_of(id))
    return nothing()


@bp.put("/external-task/retries")
@program("work")
def set_retries_of_many() -> Response:
    given = body()
    for number in _list(given.get("externalTaskIds")):
        _workers().set_retries(number_of(number), whole(given.get("retries"), "retries"))
    return nothing()


@bp.put("/external-task/<id>/retries")
@program("work")
def set_retries(id: str) -> Response:
    _workers().set_retries(number_of(id), whole(body().get("retries"), "retries"))
    return nothing()


@bp.put("/external-task/<id>/priority")
@program("work")
def set_priority(id: str) -> Response:
    _workers().set_priority(number_of(id), whole(body().get("priority"), "priority", least=-(2**31)))
    return nothing()


def _workers() -> Workers:
    return Workers(house().runtime)


def _worker(given: dict[str, Any]) -> str:
    return _text(given.get("workerId"), "workerId")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise BadRequest(f"“{name}” must be a text of 1 to 500 characters.")
    return value


def _optional(value: Any) -> str | None:
    """A text, or anything that a client puts there, as text."""
    return None if value is None else value if isinstance(value, str) else str(value)


def _milliseconds(value: Any, name: str, *, least: int = 0) -> timedelta:
    return timedelta(milliseconds=whole(value, name, least=least, most=LONGEST_LOCK))
