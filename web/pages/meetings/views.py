"""The pages of meetings. What a meeting is, its diagram says (`kind`); what it holds, its forms."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from engine.runtime.actor import Actor
from engine.runtime.looking import look
from engine.store.cases import Viewer
from engine.store.dossier import find_by_business_key, open_dossier
from engine.store.meetings import (
    MEETING,
    MeetingRow,
    bodies_of,
    bodies_that_meet,
    coming_meetings,
    meetings_between,
    past_meetings,
)
from engine.store.timeline import read_reached
from web.auth import access
from web.auth.access import may_see
from web.auth.sessions import current_person
from web.context import house, reading, register_today, today
from web.pages.cases.contents import business_keys, contents
from web.pages.cases.history import story
from web.pages.cases.parts import facts
from web.pages.cases.standing import standing
from web.pages.cases.tasks import task_lines
from web.pages.cases.views import action_buttons, seen
from web.pages.documents import documents_panel
from web.pages.meetings import bp
from web.pages.meetings.month import month, read_month, span
from web.pages.meetings.outcomes import items
from web.wording import body_name, element_name, end_mark, process_name, remember_people, translated

PAST = 10


@bp.get("/")
@access("official")
def index() -> str:
    """The calendar: a month, what comes, and what has been."""
    connection, person = reading(), current_person()
    viewer = None if person.is_coordinator else person.subjects
    bodies = bodies_that_meet(connection, viewer=viewer)
    chosen = request.args.get("body", "")
    if chosen not in bodies:
        chosen = ""
    page = max(1, request.args.get("past", 1, type=int))
    first = read_month(request.args.get("month"), today())
    past = past_meetings(connection, today(), viewer=viewer, body_slug=chosen, limit=PAST + 1, offset=(page - 1) * PAST)
    return render_template(
        "meetings/index.html",
        month=month(first, _within(connection, first, viewer, chosen)),
        coming=coming_meetings(connection, today(), viewer=viewer, body_slug=chosen),
        past=past[:PAST],
        more_past=len(past) > PAST,
        page=page,
        bodies=[(slug, body_name(slug)) for slug in bodies],
        chosen=chosen,
        today=today(),
        startable=_startable(),
        state=meeting_state,
    )


@bp.get("/<int:instance_id>")
@access("official")
def show(instance_id: int) -> ResponseReturnValue:
    """One meeting."""
    row = seen(instance_id)
    if row.kind != MEETING:
        return redirect(url_for("cases.show", instance_id=row.id))
    connection, now, person = reading(), house().clock.now(), current_person()
    dossier = open_dossier(connection, row)
    remember_people(role for task in dossier.tasks for role in task.roles)
    loaded = look(house().runtime, connection, row)
    variables = loaded.kernel.variables()
    named = find_by_business_key(connection, business_keys(variables))
    on_agenda = {key: case for key, case in named.items() if person.is_coordinator or may_see(case.root_id)}
    return render_template(
        "meetings/show.html",
        row=row,
        process=process_name(row.definition_id),
        dossier=dossier,
        standing=standing(dossier, read_reached(connection, row.id), now),
        bodies=[body_name(slug) for slug in bodies_of(connection, [row.id]).get(row.id, ())],
        contents=contents(row, variables),
        agenda=items(connection, row, on_agenda),
        actions=action_buttons(loaded, row, dossier),
        tasks=task_lines(dossier, now, person.roles),
        story=story(connection, row, variables),
        facts=facts(row),
        documents=documents_panel(row.id, back=request.path),
    )


def meeting_state(meeting: MeetingRow) -> tuple[str, str]:
    """A meeting's status as shape and words: what its diagram calls its end, or whether it is planned, prepared or held."""
    if meeting.status != "running":
        words = element_name(meeting.definition_id, meeting.outcome_id, meeting.outcome or "")
        mark = "stopped" if meeting.status == "cancelled" else end_mark(meeting.definition_id, meeting.outcome_id)
        return mark, words or _("Ended")
    if meeting.event_date is None:
        return "open", _("Day not set")
    return ("live", _("After the meeting")) if meeting.event_date < today() else ("soon", _("Planned"))


def _within(connection: Connection, first: date, viewer: Viewer, chosen: str) -> list[MeetingRow]:
    start, end = span(first)
    return meetings_between(connection, start, end, viewer=viewer, body_slug=chosen)


def _startable() -> list[tuple[str, str]]:
    """(process key, text of the button) for each process of meetings that the person may start by hand."""
    person = current_person()
    allowed = house().runtime.may_start(Actor(person.id, person.name), reading(), register_today())
    return [
        (each.key, translated(each.properties, "start", each.properties.get("start", "") or process_name(each.id)))
        for each in allowed
        if each.properties.get("kind") == MEETING
    ]

