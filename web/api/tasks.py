"""Tasks: the caller's desk, one task with its form, taking, giving back, completing."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response, abort
from marshmallow import validate

from engine.runtime.looking import variables_at
from engine.store.tasks import Pile, TaskRow, Viewer, inbox, one_task, roles_in_use
from forms.model import options_of
from web.answers import nothing
from web.api.paging import PageQuery, page_of, text
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house, reading, today
from web.rest.doing import filled_in
from web.rest.seeing import may_see

bp = resource("tasks", "People's tasks")


class Task(ma.Schema):
    """A task with its case."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    element_id = ma.fields.String(required=True)
    instance_id = ma.fields.Integer(required=True)
    case_id = ma.fields.Integer(required=True, attribute="root_id")
    case_key = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    party = ma.fields.String(required=True, allow_none=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(("open", "completed", "cancelled")))
    roles = ma.fields.List(ma.fields.String(), required=True)
    assignee = ma.fields.String(required=True, allow_none=True, attribute="assignee_name")
    due_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class Option(ma.Schema):
    value = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class Field(ma.Schema):
    key = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)
    options = ma.fields.List(ma.fields.Nested(Option), required=True)


class Form(ma.Schema):
    key = ma.fields.String(required=True)
    fields_ = ma.fields.List(ma.fields.Nested(Field), required=True, data_key="fields", attribute="fields")


class TaskWithForm(Task):
    form = ma.fields.Nested(Form, required=True, allow_none=True)


class TaskQuery(PageQuery):
    pile = ma.fields.String(load_default="all", validate=validate.OneOf([each.value for each in Pile]))
    search = text(200, load_default="")


class Completion(ma.Schema):
    """`submission`: a key of the client's own; the same one twice completes once. `variables`: answers to the form's questions."""

    variables = ma.fields.Dict(keys=text(200), load_default=dict)
    submission = ma.fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"[A-Za-z0-9_-]{16,64}\Z"))


class Completed(ma.Schema):
    """`tasks`: those that the completion opened, in all instances that it reached."""

    instance_id = ma.fields.Integer(required=True)
    case_id = ma.fields.Integer(required=True, attribute="root_id")
    business_key = ma.fields.String(required=True)
    completed = ma.fields.Boolean(required=True, metadata={"description": "the instance came to its end"})
    tasks = ma.fields.List(ma.fields.Integer(), required=True)


@bp.route("/tasks")
@program("read")
@bp.arguments(TaskQuery, location="query")
@bp.response(200, page_of(Task))
def desk(asked: dict[str, Any]) -> dict[str, Any]:
    """The caller's desk: their own tasks and those that one of their roles may take, the earliest due first."""
    person = caller().person
    vacant = house().register.vacant(roles_in_use(reading()), today()) if person.is_coordinator else None
    found = inbox(
        reading(), Viewer(person.id, person.roles, vacant), now=house().clock.now(), search=asked["search"],
        pile=Pile(asked["pile"]), limit=asked["size"], offset=(asked["page"] - 1) * asked["size"],
    )  # fmt: skip
    return {"items": found.rows, "total": found.total, "page": asked["page"], "size": asked["size"]}


@bp.route("/tasks/<int:task_id>")
@program("read")
@bp.response(200, TaskWithForm)
def one(task_id: int) -> dict[str, Any]:
    """One task with its form."""
    row = _found(task_id)
    known = {name: getattr(row, name) for name in TaskRow.__dataclass_fields__}
    return known | {"form": _form(row) if row.status == "open" else None}


@bp.route("/tasks/<int:task_id>/claim", methods=["POST"])
@program("act")
@bp.response(204)
def claim(task_id: int) -> Response:
    """Take a task, so that others see who has it."""
    house().runtime.claim(_found(task_id).id, actor=caller().actor)
    return nothing()


@bp.route("/tasks/<int:task_id>/release", methods=["POST"])
@program("act")
@bp.response(204)
def release(task_id: int) -> Response:
    """Give a taken task back to its roles."""
    house().runtime.release(_found(task_id).id, actor=caller().actor)
    return nothing()


@bp.route("/tasks/<int:task_id>/complete", methods=["POST"])
@program("act")
@bp.arguments(Completion)
@bp.response(200, Completed)
def complete(given: dict[str, Any], task_id: int) -> Any:
    """Complete a task; its form checks what it asks for."""
    row = _found(task_id)
    answers, free = filled_in(row.form_id, given["variables"])
    return house().runtime.complete(row.id, answers, actor=caller().actor, submission=given["submission"], free=free)


def _found(task_id: int) -> TaskRow:
    """The task, for those who see its case or may do it."""
    row = one_task(reading(), task_id)
    if row is None:
        abort(404)
    person = caller().person
    if not may_see(row.root_id) and row.assignee_id != person.id and not person.roles & set(row.roles):
        abort(403)
    return row


def _form(row: TaskRow) -> dict[str, Any] | None:
    if row.form_id is None:
        return None
    form, feel = house().runtime.definitions.form(row.form_id), house().toolkit.feel
    context = variables_at(house().runtime, row.instance_id, row.token)
    fields = [
        {
            "key": field.key, "type": field.type, "label": field.label, "required": field.required,
            "options": [{"value": option.value, "label": option.label.sv} for option in options_of(field, context, feel)],
        }
        for field in form.fields
    ]  # fmt: skip
    return {"key": form.key, "fields": fields}
