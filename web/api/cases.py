"""Cases and meetings, to be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import marshmallow as ma
from flask import abort
from marshmallow import validate

from engine.store.cases import PAGE_SIZE, CaseFilter, Sort, State, list_cases
from engine.store.meetings import MeetingRow, meetings_between
from web.api.paging import text
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house, reading

bp = resource("cases", "Cases and meetings")
LONGEST_SPAN = timedelta(days=3 * 366)


class Case(ma.Schema):
    """A case as a line of a list."""

    id = ma.fields.Integer(required=True)
    business_key = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    process = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String(required=True, allow_none=True)
    body = ma.fields.String(required=True, allow_none=True)
    party = ma.fields.String(required=True, allow_none=True)
    due_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    started_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class CasePage(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(Case), required=True, attribute="rows")
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    pages = ma.fields.Integer(required=True)


class CaseQuery(ma.Schema):
    state = ma.fields.String(load_default="open", validate=validate.OneOf([each.value for each in State]))
    body = text(100, load_default="")
    party = text(100, load_default="")
    search = text(200, load_default="")
    sort = ma.fields.String(load_default="changed", validate=validate.OneOf([each.value for each in Sort]))
    descending = ma.fields.Boolean(load_default=True)
    page = ma.fields.Integer(load_default=1, validate=validate.Range(1, 100_000))


class Meeting(ma.Schema):
    id = ma.fields.Integer(required=True)
    business_key = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    process = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    outcome = ma.fields.String(required=True, allow_none=True)
    event_date = ma.fields.Date(required=True, allow_none=True)
    bodies = ma.fields.List(ma.fields.String(), required=True)


class MeetingQuery(ma.Schema):
    """Both days included."""

    first = ma.fields.Date(required=True)
    last = ma.fields.Date(required=True)
    body = text(100, load_default="")


@bp.route("/cases")
@program("read")
@bp.arguments(CaseQuery, location="query")
@bp.response(200, CasePage, description=f"{PAGE_SIZE} to a page")
def cases(asked: dict[str, Any]) -> Any:
    """The cases that the caller may see."""
    wanted = CaseFilter(
        State(asked["state"]), asked["body"], asked["party"], asked["search"], Sort(asked["sort"]), asked["descending"],
        asked["page"],
    )  # fmt: skip
    return list_cases(reading(), wanted, viewer=caller().viewer, now=house().clock.now())


@bp.route("/meetings")
@program("read")
@bp.arguments(MeetingQuery, location="query")
@bp.response(200, Meeting(many=True))
def meetings(asked: dict[str, Any]) -> list[MeetingRow]:
    """The meetings of some days that the caller may see."""
    if asked["last"] - asked["first"] > LONGEST_SPAN:
        abort(400, f"Ask for {LONGEST_SPAN.days} days at the most.")
    return meetings_between(reading(), asked["first"], asked["last"], viewer=caller().viewer, body_slug=asked["body"])
