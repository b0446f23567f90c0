"""People's tasks: those that the caller may see, and what the caller may do with them, by the rules of the pages."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, Row, Select, exists, or_, select
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from engine.runtime.looking import variables_at, variables_of
from engine.runtime.task_errors import task_error
from engine.store.tables import also, definition, instance, person, task, task_role
from web.answers import body, json, nothing
from web.auth.programs import caller, program
from web.context import house, reading, reading_again
from web.rest import bp
from web.rest.doing import filled_in, may_set
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
    like,
    number_of,
    one_of,
    one_of_ids,
    texts,
    truth,
    when,
    whole,
)
from web.rest.seeing import may_see, visible
from web.rest.tree import execution_id
from web.rest.values import all_written, moment, read_all, written
from web.rest.variables import named

_holder = also(person, "holder")


def _role_in(value: Any) -> ColumnElement[bool]:
    return exists(select(task_role.c.task_id).where(task_role.c.task_id == task.c.id, task_role.c.role.in_(texts(value))))


def _reach() -> ColumnElement[bool]:
    """Tasks of cases that the caller sees, and those that the caller may do."""
    person_ = caller().person
    return or_(visible(), task.c.assignee_id == person_.id, _role_in(sorted(person_.roles)))


_unassigned = task.c.assignee_id.is_(None)
LISTING = Listing(
    {
        "taskId": equal_id(task.c.id), "taskIdIn": one_of_ids(task.c.id), "name": equal(task.c.name), "nameLike": like(task.c.name),
        "processInstanceId": equal_id(task.c.instance_id), "processInstanceIdIn": one_of_ids(task.c.instance_id),
        "processInstanceBusinessKey": equal(instance.c.business_key),
        "processInstanceBusinessKeyIn": one_of(instance.c.business_key),
        "processDefinitionId": definition_is(instance.c.definition_id), "processDefinitionKey": equal(definition.c.key),
        "processDefinitionKeyIn": one_of(definition.c.key), "processDefinitionName": equal(definition.c.name),
        "taskDefinitionKey": equal(task.c.element_id), "taskDefinitionKeyIn": one_of(task.c.element_id),
        "taskDefinitionKeyLike": like(task.c.element_id), "assignee": equal(_holder.c.username),
        "assigneeIn": one_of(_holder.c.username), "assigned": when(~_unassigned), "unassigned": when(_unassigned),
        "candidateGroup": lambda value: _role_in(value) & _unassigned,
        "candidateGroups": lambda value: _role_in(value) & _unassigned,
        "includeAssignedTasks": when(task.c.id.is_not(None)), "active": when(task.c.id.is_not(None)),
        "suspended": when(task.c.id.is_(None)), "priority": lambda value: task.c.priority == whole(value, "priority"),
        "minPriority": lambda value: task.c.priority >= whole(value, "minPriority"),
        "maxPriority": lambda value: task.c.priority <= whole(value, "maxPriority"),
        "dueBefore": before(task.c.due_at), "dueAfter": after(task.c.due_at), "createdBefore": before(task.c.created_at),
        "createdAfter": after(task.c.created_at), "followUpBefore": before(task.c.follow_up_at),
        "followUpAfter": after(task.c.follow_up_at), **TENANTS,
    },
    task.c.id,
    {"instanceId": task.c.instance_id, "dueDate": task.c.due_at, "followUpDate": task.c.follow_up_at,
     "assignee": _holder.c.username,
     "created": task.c.created_at, "name": task.c.name, "priority": task.c.priority, "id": task.c.id},
)  # fmt: skip


def _query() -> Select[Any]:
    return (
        select(
            task, instance.c.definition_id, definition.c.key.label("definition_key"),
            definition.c.version.label("definition_version"),
            _holder.c.username.label("assignee"),
        )
        .join(instance, instance.c.id == task.c.instance_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .outerjoin(_holder, _holder.c.id == task.c.assignee_id)
        .where(task.c.status == "open")
    )  # fmt: skip


def _shown(row: Row[Any]) -> dict[str, Any]:
    element = house().runtime.definitions.process(row.definition_id).elements[row.element_id]
    form = {"key": element.form_key, "binding": element.form_binding, "version": None} if element.form_key else None
    return {
        "id": str(row.id), "name": row.name, "assignee": row.assignee, "created": moment(row.created_at), "due": moment(row.due_at),
        "followUp": moment(row.follow_up_at), "lastUpdated": None, "delegationState": None,
        "description": element.documentation or None,
        "executionId": execution_id(row.instance_id, row.token), "owner": None, "parentTaskId": None, "priority": row.priority,
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "processInstanceId": str(row.instance_id), "taskDefinitionKey": row.element_id, "caseExecutionId": None,
        "caseInstanceId": None, "caseDefinitionId": None, "suspended": False, "formKey": None, "camundaFormRef": form,
        "operatonFormRef": form, "tenantId": None, "taskState": "Updated" if row.assignee else "Created",
    }  # fmt: skip


list_routes("/task", LISTING, _query, _shown, where=lambda: (_reach(),))


@bp.get("/task/<id>")
@program("read")
def task_one(id: str) -> Response:
    return json(_shown(_found(id)))


@bp.get("/task/<id>/form")
@program("read")
def task_form(id: str) -> Response:
    row = _found(id)
    return json({"key": None, "camundaFormRef": _shown(row)["camundaFormRef"], "contextPath": None})


@bp.get("/task/<id>/form-variables")
@program("read")
def form_variables(id: str) -> Response:
    """What the task's form knows already; all that the task sees when it has no form."""
    row = _found(id)
    variables = _variables(row)
    if row.form_id is not None:
        fields = {field.key for field in house().runtime.definitions.form(row.form_id).fields}
        variables = {name: value for name, value in variables.items() if name in fields}
    return json(all_written(variables))


@bp.get("/task/<id>/variables")
@program("read")
def task_variables(id: str) -> Response:
    return json(all_written(_variables(_found(id))))


@bp.get("/task/<id>/variables/<name>")
@program("read")
def task_variable(id: str, name: str) -> Response:
    return json(written(named(_variables(_found(id)), name)))


def _found(id: str) -> Row[Any]:
    row = reading().execute(_query().where(task.c.id == number_of(id), _reach())).one_or_none()
    if row is None:
        raise NotFound(f"No matching task with id {id}")
    return row


def _variables(row: Row[Any]) -> dict[str, Any]:
    return variables_at(house().runtime, row.instance_id, row.token)


# --- Doing ---


@bp.post("/task/<id>/claim")
@program("act")
def claim(id: str) -> Response:
    _for_oneself(body().get("userId"))
    house().runtime.claim(_found(id).id, actor=caller().actor)
    return nothing()


@bp.post("/task/<id>/unclaim")
@program("act")
def unclaim(id: str) -> Response:
    house().runtime.release(_found(id).id, actor=caller().actor)
    return nothing()


@bp.post("/task/<id>/assignee")
@program("act")
def assignee(id: str) -> Response:
    """Take the task, or with a null give it back."""
    who = body().get("userId")
    if who is None:
        house().runtime.release(_found(id).id, actor=caller().actor)
    else:
        _for_oneself(who)
        house().runtime.claim(_found(id).id, actor=caller().actor)
    return nothing()


def _for_oneself(who: Any) -> None:
    if who is not None and str(who).strip().lower() != caller().person.username:
        raise Forbidden("A task is taken by the person who will do it: userId must be your own username.")


@bp.post("/task/<id>/complete")
@program("act")
def complete_task(id: str) -> Response:
    return _complete(id)


@bp.post("/task/<id>/submit-form")
@program("act")
def submit_form(id: str) -> Response:
    return _complete(id)


def _complete(id: str) -> Response:
    given, row = body(), _found(id)
    answers, free = filled_in(row.form_id, read_all(given.get("variables")))
    done = house().runtime.complete(row.id, answers, actor=caller().actor, free=free)
    if not truth(given.get("withVariablesInReturn") or False):
        return nothing()
    found = reading_again().execute(select(instance).where(instance.c.id == done.instance_id)).one()
    return json(all_written(variables_of(house().runtime, reading(), found)) if may_see(done.root_id) else {})


@bp.post("/task/<id>/bpmnError")
@program("act")
def task_bpmn_error(id: str) -> Response:
    given, row = body(), _found(id)
    code, message = given.get("errorCode"), given.get("errorMessage") or ""
    if not isinstance(code, str) or not code or not isinstance(message, str):
        raise BadRequest("“errorCode” must be a text, “errorMessage” a text or left out.")
    variables = read_all(given.get("variables"))
    if variables:
        may_set(variables)
    task_error(house().runtime, row.id, code, message, variables, actor=caller().actor)
    return nothing()
