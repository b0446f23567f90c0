"""The pages of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.runtime.looking import actions_for, look, variables_of
from engine.runtime.work import Loaded
from engine.store.cases import MOST_COUNTED, list_cases
from engine.store.dossier import Dossier, InstanceRow, find_instance, open_dossier
from engine.store.timeline import read_reached
from web.auth import access
from web.auth.access import may_see, require_sight
from web.auth.sessions import current_person
from web.context import house, reading
from web.formats import clock_words
from web.pages.cases import bp, listing
from web.pages.cases.contents import contents
from web.pages.cases.history import meetings_that_treated, story
from web.pages.cases.outline import outline
from web.pages.cases.parts import answers, facts
from web.pages.cases.standing import standing
from web.pages.cases.tasks import task_lines
from web.pages.comments import comments_panel
from web.pages.documents import documents_panel
from web.wording import body_name, model, names, process_name, remember_people, translated


@bp.get("/")
@access("official")
def index() -> str:
    """The cases that the person may see."""
    wanted, now = listing.asked(request.args), house().clock.now()
    person = current_person()
    page = list_cases(reading(), wanted, viewer=None if person.is_coordinator else person.subjects, now=now)
    return render_template(
        "cases/index.html",
        wanted=wanted,
        page=page,
        most=MOST_COUNTED,
        lines=listing.lines(page, now),
        columns=listing.columns(wanted),
        states=listing.STATES,
        bodies=[(slug, body_name(slug)) for slug in names().bodies if slug in page.choices.bodies],
        parties=[(slug, name) for slug, name in names().parties.items() if slug in page.choices.parties],
    )


@bp.get("/<int:instance_id>")
@access("official")
def show(instance_id: int) -> str:
    """One case, or one process that a case called."""
    row = seen(instance_id)
    connection, now, person = reading(), house().clock.now(), current_person()
    dossier = open_dossier(connection, row)
    remember_people(role for task in dossier.tasks for role in task.roles)
    loaded = look(house().runtime, connection, row)
    variables = loaded.kernel.variables()
    reached = read_reached(connection, row.id)
    return render_template(
        "cases/show.html",
        row=row,
        process=process_name(row.definition_id),
        parent=find_instance(connection, row.parent_id) if row.parent_id else None,
        dossier=dossier,
        standing=standing(dossier, reached, now),
        outline=outline(model(row.definition_id), reached, dossier.open_tasks(row.id), running=row.status == "running", now=now),
        actions=action_buttons(loaded, row, dossier),
        story=story(connection, row, variables),
        contents=contents(row, variables),
        answers=answers(dossier, now),
        tasks=task_lines(dossier, now, person.roles),
        meetings=[(meeting, may_see(meeting.id)) for meeting in meetings_that_treated(connection, row.id)],
        facts=facts(row),
        documents=documents_panel(row.id, back=request.path) if row.parent_id is None else None,
        comments=comments_panel(row.id, back=request.path) if row.parent_id is None else None,
    )


def action_buttons(loaded: Loaded, row: InstanceRow, dossier: Dossier) -> list[dict[str, Any]]:
    """What the person may do to the instance by hand: the subscription that each button leads to, and its text."""
    own = [each for each in dossier.subscriptions if each.instance_id == row.id]
    return [
        {"id": action.subscription_id, "text": translated(action.properties, "action", action.properties["action"])}
        for action in actions_for(house().runtime, loaded, own, current_person().roles)
    ]


@bp.get("/<int:instance_id>/history")
@access("official")
def history(instance_id: int) -> str:
    """What happened in a case before a given point: the rest of the case page's timeline."""
    row = seen(instance_id)
    before = request.args.get("before", type=int)
    variables = variables_of(house().runtime, reading(), row)
    earlier = story(reading(), row, variables, before=before)
    return render_template("cases/history.html", row=row, story=earlier)


@bp.get("/<int:instance_id>/diagram.bpmn")
@access("official")
def diagram(instance_id: int) -> ResponseReturnValue:
    """The diagram of the version that the case runs on, for the viewer."""
    return xml(house().runtime.definitions.row(seen(instance_id).definition_id).content)


def seen(instance_id: int) -> InstanceRow:
    """The instance, if it exists and the person may see the case that it belongs to; else the page of that error."""
    row = find_instance(reading(), instance_id)
    if row is None:
        abort(404)
    require_sight(row.root_id)
    return row


def xml(content: bytes) -> Response:
    """A diagram as the viewer fetches it. Never shown as a page of its own: a browser that is led here saves a file."""
    response = Response(content, mimetype="application/xml")
    response.headers["Content-Disposition"] = "attachment"
    return response


@bp.app_template_filter("clock")
def clock(moment: datetime) -> str:
    """The clock on the wall at a moment: "14:05"."""
    return clock_words(moment)
