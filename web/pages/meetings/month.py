"""A month as weeks of days, each with its meetings."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date, get_day_names
from flask_babel import get_locale

from engine.store.meetings import MeetingRow


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid; `inside`: of the month that is shown."""

    date: date
    inside: bool
    meetings: tuple[MeetingRow, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month from its first Monday's week to its last Sunday's; `before` and `after`: the months beside it, as YYYY-MM."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    name: str
    weekdays: tuple[tuple[str, str], ...]
    before: str
    after: str


def read_month(text: str | None, today: date) -> date:
    """The first day of the month that an address asks for ("2026-03"); today's when it is missing or no month."""
    try:
        return date.fromisoformat(f"{text}-01") if text and len(text) == 7 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def span(first: date) -> tuple[date, date]:
    """The first and the last day that the grid of a month shows."""
    days = [day for week in _weeks(first) for day in week]
    return days[0], days[-1]


def month(first: date, meetings: Iterable[MeetingRow]) -> Month:
    """The grid of the month that begins on `first`."""
    by_day: dict[date, tuple[MeetingRow, ...]] = {}
    for meeting in meetings:
        if meeting.event_date is not None:
            by_day[meeting.event_date] = (*by_day.get(meeting.event_date, ()), meeting)
    weeks = tuple(tuple(Day(day, day.month == first.month, by_day.get(day, ())) for day in week) for week in _weeks(first))
    locale = get_locale()
    wide, short = get_day_names("wide", locale=locale), get_day_names("abbreviated", locale=locale)
    return Month(
        first=first,
        weeks=weeks,
        name=format_date(first, "LLLL y", locale=locale),
        weekdays=tuple((wide[number], short[number]) for number in range(7)),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=31):%Y-%m}",
    )


def _weeks(first: date) -> list[list[date]]:
    return Calendar().monthdatescalendar(first.year, first.month)
