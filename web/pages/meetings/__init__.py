"""Meetings: the calendar, and one meeting with its agenda, who was there, what came of each case, and its minutes."""

from flask import Blueprint

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

from web.pages.meetings import views  # noqa: E402, F401
