"""One task: do it, take it, give it back; and what is told when somebody else was first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.bpmn import StepFailed
from engine.runtime import Authority, Conflict, InstanceEnded, NotAllowed, TaskClosed, TaskTaken
from engine.runtime.looking import variables_at
from engine.store.answers import answers
from engine.store.names import people_named
from engine.store.tasks import TaskRow, inbox, one_task
from forms import FormErrors
from web.auth import access, current_person, may_see
from web.context import forget_what_was_read, house, reading, register_today
from web.i18n import locale
from web.pages.comments import panel as comments
from web.pages.documents import panel as documents
from web.pages.tasks import bp
from web.pages.tasks.desk import actor, element_of, instruction, line, lines, said, viewer
from web.pages.tasks.forms import DO, FORM_ID, Sheet, sent, sheet
from web.pages.tasks.story import story, told_answer
from web.pages.tasks.words import changed_meanwhile, moved, step_failed
from web.wording import remember_people, role_words, roles_words


@dataclass(frozen=True, slots=True)
class Why:
    """Why a task lies on somebody's desk. `role` in words, empty for one that is personal; `acting_for` names the absent person."""

    role: str
    acting_for: str
    vacant: bool
    clause: str
    follows: str
    late: str


@bp.get("/tasks/<int:task_id>")
@access("official")
def show(task_id: int) -> ResponseReturnValue:
    """The task, or what became of it, or who may do it."""
    row = _found(task_id)
    if row.status != "open":
        return _closed(row)
    right = _right(row)
    if right is None:
        return _not_mine(row)
    return _page(row, right, _fresh_sheet(row))


@bp.post("/tasks/<int:task_id>")
@access("official")
def do(task_id: int) -> ResponseReturnValue:
    """Carry out the button that was pressed. What was typed goes along with every one of them."""
    row = _found(task_id)
    wanted = request.form.get(DO, "complete")
    if wanted == "complete":
        return _complete(row)
    if row.status != "open":
        return _too_late(row, _typed(row))
    right = _right(row)
    if right is None:
        return _not_mine(row, _typed(row))
    if wanted in ("take", "return"):
        return _move(row, taking=wanted == "take")
    filled = _typed(row)
    if filled is None:
        return _too_late(_found(task_id), None)
    if wanted == "attach":
        error = _attach(row)
        return _page(row, right, filled, document_error=error, code=422 if error else 200)
    if wanted == "comment":
        error = _comment(row)
        return _page(row, right, filled, comment_error=error, code=422 if error else 200)
    abort(400)


@bp.get("/tasks/<int:task_id>/receipt")
@access("official")
def receipt(task_id: int) -> ResponseReturnValue:
    """What happens now and who has it, for the one who completed the task."""
    row = _found(task_id)
    if row.status != "completed" or row.closed_by != current_person().id:
        return redirect(url_for("tasks.show", task_id=task_id))
    element = element_of(row.definition_id, row.element_id)
    own = inbox(reading(), viewer(), now=house().clock.now(), limit=1)
    return render_template(
        "tasks/receipt.html", row=row, task=line(row), story=story(row.root_id), follows=said(element, "next"),
        answers=_answered(row), following=next(iter(lines(own.rows)), None),
    )  # fmt: skip


def _found(task_id: int) -> TaskRow:
    row = one_task(reading(), task_id)
    if row is None:
        abort(404)
    remember_people(row.roles)
    return row


def _right(row: TaskRow) -> Authority | None:
    try:
        return house().runtime.task_authority(row.roles, row.assignee_id, actor(), register_today())
    except NotAllowed:
        return None


def _fresh_sheet(row: TaskRow) -> Sheet:
    return sheet(row.form_id, variables_at(house().runtime, row.instance_id, row.token, reading()))


def _typed(row: TaskRow) -> Sheet | None:
    """The form with what was sent in it; None when the task is closed and its variables gone, and there is no form to read by."""
    if row.form_id is None and row.status != "open":
        return None
    try:
        context = variables_at(house().runtime, row.instance_id, row.token, reading()) if row.status == "open" else {}
    except InstanceEnded:
        context = {}
    return sent(row.form_id, context)


def _complete(row: TaskRow) -> ResponseReturnValue:
    filled = _typed(row) or sent(None, {})  # also of a closed task: the same submit twice is answered as the first time
    if row.status == "open" and _right(row) is not None and (errors := _what_lies_beside(row)):
        return _page(row, _right(row), filled, code=422, **errors)
    try:
        house().runtime.complete(row.id, filled.values, actor=actor(), submission=filled.submission, locale=locale())
    except FormErrors as refusal:
        return _page(row, _right(row), replace(filled, errors=refusal.errors), code=422)
    except (TaskClosed, TaskTaken, InstanceEnded):
        forget_what_was_read()
        return _too_late(_found(row.id), filled)
    except NotAllowed:
        return _not_mine(row, filled)
    except Conflict:
        flash(changed_meanwhile(), "warning")
        return _page(row, _right(row), filled, code=409)
    except StepFailed:
        flash(step_failed(), "danger")
        return _page(row, _right(row), filled, code=500)
    return redirect(url_for("tasks.receipt", task_id=row.id), 303)


def _what_lies_beside(row: TaskRow) -> dict[str, str]:
    """A file that was chosen and a comment that was written, without their buttons being pressed: they come along too."""
    errors = {}
    chosen, written = request.files.get(documents.FIELD), request.form.get(comments.FIELD, "").strip()
    if chosen is not None and chosen.filename and (error := _attach(row)):
        errors["document_error"] = error
    if written and (error := _comment(row)):
        errors["comment_error"] = error
    return errors


def _attach(row: TaskRow) -> str:
    answer = documents.attach(request.files.get(documents.FIELD), row.root_id, task_id=row.id)
    return answer if isinstance(answer, str) else ""


def _comment(row: TaskRow) -> str:
    return comments.write_comment(request.form.get(comments.FIELD, ""), row.root_id)


def _move(row: TaskRow, *, taking: bool) -> ResponseReturnValue:
    """Take the task, or give it back; what was typed stays in the form."""
    runtime, filled = house().runtime, _typed(row)
    try:
        if taking:
            runtime.claim(row.id, actor=actor())
        else:
            runtime.release(row.id, actor=actor())
    except (TaskClosed, TaskTaken):
        forget_what_was_read()
        return _too_late(_found(row.id), filled)
    except NotAllowed:
        return _not_mine(row, filled)
    forget_what_was_read()
    row = _found(row.id)
    flash(moved(taken=taking), "success")
    return _page(row, _right(row), filled or _fresh_sheet(row))


def _page(
    row: TaskRow, right: Authority | None, filled: Sheet, *, document_error: str = "", comment_error: str = "", code: int = 200
) -> ResponseReturnValue:
    """The task with its form; a task that somebody else has taken shows who, without a form."""
    if right is None:
        return _not_mine(row, filled)
    if row.assignee_id is not None and row.assignee_id != current_person().id:
        return _taken(row, filled if code != 200 else None)
    element = element_of(row.definition_id, row.element_id)
    address = url_for("tasks.show", task_id=row.id)
    text = request.form.get(comments.FIELD, "") if comment_error or request.form.get(DO) != "comment" else ""
    page = render_template(
        "tasks/task.html",
        row=row,
        task=line(row),
        sheet=filled,
        why=_why(row, right),
        instruction=instruction(element),
        story=story(row.root_id),
        form_id=FORM_ID,
        documents=documents.documents_panel(row.root_id, task_id=row.id, form_id=FORM_ID, error=document_error, back=address),
        comments=comments.comments_panel(row.root_id, form_id=FORM_ID, text=text, error=comment_error, back=address),
    )
    return make_response(page, code)


def _why(row: TaskRow, right: Authority) -> Why:
    element = element_of(row.definition_id, row.element_id)
    names = people_named(reading(), {right.acting_for}) if right.acting_for is not None else {}
    role = "" if right.role is None or right.role.startswith("person:") else role_words(right.role)
    return Why(
        role=roles_words(row.roles) if right.vacant else role,
        acting_for=names.get(right.acting_for or 0, ""),
        vacant=right.vacant,
        clause=said(element, "clause"),
        follows=said(element, "next"),
        late=said(element, "late"),
    )


def _answered(row: TaskRow) -> list[tuple[str, object]]:
    found = answers(reading(), row.root_id, task_id=row.id)
    return list(told_answer(found[0]).pairs) if found else []


def _closed(row: TaskRow) -> ResponseReturnValue:
    """What was done, for those who see the case."""
    if not may_see(row.root_id) and row.closed_by != current_person().id:
        return _not_mine(row)
    return make_response(
        render_template("tasks/closed.html", row=row, task=line(row), answers=_answered(row), story=story(row.root_id), typed=[])
    )


def _too_late(row: TaskRow, filled: Sheet | None) -> ResponseReturnValue:
    """Somebody was first: who and when, and what was typed, to copy."""
    typed = filled.typed if filled else []
    if row.status == "open":
        return _taken(row, filled)
    if not may_see(row.root_id) and _right(row) is None:
        return _not_mine(row, filled)
    page = render_template(
        "tasks/closed.html", row=row, task=line(row), answers=_answered(row), story=story(row.root_id), typed=typed, late=True
    )
    return make_response(page, 409)


def _taken(row: TaskRow, filled: Sheet | None) -> ResponseReturnValue:
    typed = filled.typed if filled else []
    page = render_template("tasks/taken.html", row=row, task=line(row), story=story(row.root_id), typed=typed)
    return make_response(page, 409 if filled else 200)


def _not_mine(row: TaskRow, filled: Sheet | None = None) -> ResponseReturnValue:
    """403: who may do it. The task's and the case's names only for those who see the case."""
    page = render_template("tasks/forbidden.html", task=line(row), sees=may_see(row.root_id), typed=filled.typed if filled else [])
    return make_response(page, 403)
