"""Dates and numbers in words, in the language of the page. Moments are aware; days are civil days in Västerbotten."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Literal

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from engine.clock import CIVIL, civil_date, end_of_day, utc
from web.context import house, today

Nearness = Literal["late", "soon", "later"]


def day_words(day: date) -> str:
    """"fredag 12 januari"; with the year when it is not this year's."""
    pattern = "EEEE d MMMM" if day.year == today().year else "EEEE d MMMM y"
    return format_date(day, pattern, locale=get_locale())


def day_full(day: date) -> str:
    """"fredag 12 januari 2026"."""
    return format_date(day, "EEEE d MMMM y", locale=get_locale())


def clock_words(moment: datetime) -> str:
    """"14:05" on the wall in Västerbotten."""
    return format_time(utc(moment).astimezone(CIVIL), "HH:mm", locale=get_locale())


def day(value: date | datetime | str | None) -> Markup:
    """A civil day as a `<time>`: words to read, the full date at hand. Takes a day, a moment or an ISO date."""
    found = _day_of(value)
    return Markup("") if found is None else _day(found, str(get_locale()), today().year)


@lru_cache(maxsize=4096)
def _day(found: date, language: str, this_year: int) -> Markup:
    """As `_moment`."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(found.isoformat(), day_full(found), day_words(found))


def moment(value: datetime | None) -> Markup:
    """A point in time as a `<time>`: the day in words and the clock."""
    if value is None:
        return Markup("")
    return _moment(utc(value).replace(second=0, microsecond=0), str(get_locale()), today().year)


@lru_cache(maxsize=4096)
def _moment(value: datetime, language: str, this_year: int) -> Markup:
    """A list says the same few minutes over and over. `value` is in UTC; language and year tell the kept words apart."""
    local = value.astimezone(CIVIL)
    words = _("%(day)s at %(time)s", day=day_words(local.date()), time=clock_words(value))
    full = _("%(day)s at %(time)s", day=day_full(local.date()), time=clock_words(value))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(local.isoformat(timespec="minutes"), full, words)


def due_day(due: datetime) -> date:
    """The civil day by whose end something is due. What is due on a date alone is stored as the first moment after it."""
    local = utc(due).astimezone(CIVIL)
    day = local.date()
    if local.time() == time(0):
        return date.fromordinal(day.toordinal() - 1)
    return day


def nearness(due: datetime) -> Nearness:
    """late: the moment has passed. soon: today or tomorrow. later: after that."""
    if house().clock.now() >= utc(due):
        return "late"
    return "soon" if (due_day(due) - today()).days <= 1 else "later"


def due_words(due: datetime) -> str:
    """How far away a deadline is: "3 dagar försenad", "i dag", "i morgon", "om 5 dagar"."""
    away = (due_day(due) - today()).days
    if nearness(due) == "late":
        if away == 0:
            return _("late since %(time)s", time=clock_words(due))
        return ngettext("%(num)d day late", "%(num)d days late", max(-away, 1))
    if away == 0:
        return _("today") if utc(due) == end_of_day(today()) else _("today at %(time)s", time=clock_words(due))
    if away == 1:
        return _("tomorrow")
    return ngettext("in %(num)d day", "in %(num)d days", away)


def number(value: float | int) -> str:
    """1234.5 as "1 234,5" or "1,234.5"."""
    return format_decimal(value, locale=get_locale())


def size(octets: int) -> str:
    """A file's size in words: "3,2 MB"."""
    for unit, scale in (("MB", 1_000_000), ("kB", 1_000)):
        if octets >= scale:
            return f"{format_decimal(round(octets / scale, 1), locale=get_locale())} {unit}"
    return ngettext("%(num)d byte", "%(num)d bytes", octets)


def url_with(**changes: object) -> str:
    """This page's address with some of its query changed; None takes a name out."""
    query: dict[str, object] = {name: values if len(values) > 1 else values[0] for name, values in request.args.lists()}
    query.update(changes)
    kept = {name: value for name, value in query.items() if value is not None}
    values: dict[str, Any] = {**(request.view_args or {}), **kept}
    return url_for(request.endpoint or "auth.home", **values)


def _day_of(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return civil_date(value)
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day, moment=moment, day_words=day_words, number=number, size=size,
        due_day=due_day, due_words=due_words, nearness=nearness,
    )
    app.jinja_env.globals.update(url_with=url_with)
