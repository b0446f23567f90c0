"""Starting something new."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.bpmn import StepFailed
from engine.bpmn.model import ProcessModel
from engine.runtime import NotAllowed, NotFound
from engine.runtime.definitions import Definition
from engine.store.answers import answers
from forms import FormErrors
from web.auth import access, require_sight
from web.context import house, reading, register_today
from web.i18n import locale
from web.pages.tasks import bp
from web.pages.tasks.desk import actor, instruction, said
from web.pages.tasks.forms import Sheet, form_of, sent, sheet
from web.pages.tasks.starting import startable
from web.pages.tasks.story import story, told_answer
from web.pages.tasks.words import start_failed
from web.wording import model, roles_words, translated


@bp.get("/start/")
@access("official")
def start_list() -> str:
    """What the person may start today."""
    found = [startable(definition) for definition in house().runtime.may_start(actor(), reading(), register_today())]
    return render_template("tasks/start_list.html", processes=found)


@bp.get("/start/<key>")
@access("official")
def start(key: str) -> ResponseReturnValue:
    """The form that begins a process."""
    definition, process = _found(key)
    if not _may_start(key):
        return _not_mine(process)
    return _page(definition, process, sheet(form_of(definition, process.start), {}))


@bp.post("/start/<key>")
@access("official")
def begin(key: str) -> ResponseReturnValue:
    """Start the process with what was filled in. The same submit twice starts it once."""
    definition, process = _found(key)
    filled = sent(form_of(definition, process.start), {})
    try:
        done = house().runtime.start(key, filled.values, actor=actor(), submission=filled.submission, locale=locale())
    except FormErrors as refusal:
        return _page(definition, process, replace(filled, errors=refusal.errors), code=422)
    except NotAllowed:
        return _not_mine(process, filled)
    except NotFound:
        abort(404)
    except StepFailed:
        flash(start_failed(), "danger")
        return _page(definition, process, filled, code=500)
    return redirect(url_for("tasks.started", instance_id=done.root_id), 303)


@bp.get("/started/<int:instance_id>")
@access("official")
def started(instance_id: int) -> str:
    """The receipt: its registration number, what happens now and who has it."""
    require_sight(instance_id)
    try:
        found = story(instance_id)
    except NotFound:
        abort(404)
    first = [told_answer(answer) for answer in answers(reading(), instance_id, limit=200) if answer.kind == "started"]
    process = model(found.row.definition_id)
    return render_template(
        "tasks/started.html", story=found, follows=said(process.start, "next"), answers=first[-1].pairs if first else []
    )


def _found(key: str) -> tuple[Definition, ProcessModel]:
    definition = house().runtime.definitions.live("process", key, reading())
    if definition is None:
        abort(404)
    process = house().runtime.definitions.process(definition.id)
    if process.start is None or not process.startable:
        abort(404)
    return definition, process


def _may_start(key: str) -> bool:
    return any(definition.key == key for definition in house().runtime.may_start(actor(), reading(), register_today()))


def _page(definition: Definition, process: ProcessModel, filled: Sheet, *, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "tasks/start.html",
        process=startable(definition),
        sheet=filled,
        instruction=instruction(process.start),
        clause=said(process.start, "clause"),
        follows=said(process.start, "next"),
    )
    return make_response(page, code)


def _not_mine(process: ProcessModel, filled: Sheet | None = None) -> ResponseReturnValue:
    name = translated(process.properties, "name", process.name)
    page = render_template(
        "tasks/start_forbidden.html", name=name, who=roles_words(process.candidate_starters), typed=filled.typed if filled else []
    )
    return make_response(page, 403)
