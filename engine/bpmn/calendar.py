"""Dates, moments, durations and repetitions as ISO 8601 writes them, and what adding one to the other means here.

Years, months, weeks and days are *civil*: counted on the calendar in Västerbotten, the hour on the wall kept. Hours,
minutes and seconds are *exact*: time that passes. `P1D` over the change to summer time so lands on the same hour of the
next day, `PT24H` an hour later on the wall. An hour on the wall that does not exist is moved forward by the gap; one that
exists twice is its first. A month that is too short gives its last day. Years run from 1000 to 9998, so that every
moment has a civil date.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from engine.clock import CIVIL, end_of_day, start_of_day, utc

_Day = TypeVar("_Day", date, datetime)

_FIRST_YEAR, _LAST_YEAR = 1000, 9998
_BEYOND = f"the date lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}"
_NUMBER = r"\d{1,9}"
_DURATION = re.compile(
    rf"(?P<sign>[+-])?P(?=\d|T\d)(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?(?:(?P<weeks>{_NUMBER})W)?(?:(?P<days>{_NUMBER})D)?"
    rf"(?:T(?=\d)(?:(?P<hours>{_NUMBER})H)?(?:(?P<minutes>{_NUMBER})M)?(?:(?P<seconds>{_NUMBER})(?:[.,](?P<fraction>\d{{1,6}})\d*)?S)?)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?(?:\[Europe/Stockholm\])?", re.ASCII
)
_CYCLE = re.compile(r"R(?P<count>\d{1,9})?/(?:(?P<start>\d[^/]+)/)?(?P<duration>[^/\d][^/]*)(?:/(?P<end>\d[^/]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time: civil `months` and `days` (a year is twelve months, a week seven days) and an `exact` rest.

    Only an offset (`parse_offset`) runs backwards.
    """

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    def __bool__(self) -> bool:
        return bool(self.months or self.days or self.exact)

    @property
    def is_civil(self) -> bool:
        """Whether it holds whole days only, so that adding it to a date gives a date."""
        return not self.exact

    def times(self, number: int) -> Duration:
        """`number` times as long: added to an anchor it keeps the anchor's day of the month, which single steps would lose."""
        return Duration(self.months * number, self.days * number, self.exact * number)

    def after(self, moment: datetime) -> datetime:
        """The moment in UTC that lies this much after `moment`: civil parts on the wall first, the exact rest after them.

        Raises:
            ValueError: `moment` carries no time zone, or the result lies beyond the year 9998.
        """
        if self.months or self.days:
            local = utc(moment).astimezone(CIVIL)
            day = self.after_date(local.date())
            if day != local.date():
                moment = on_the_wall(datetime.combine(day, local.time().replace(fold=0)))
        try:
            return _within(utc(moment) + self.exact)
        except OverflowError as error:
            raise ValueError(_BEYOND) from error

    def after_date(self, day: date) -> date:
        """The date that lies this much after `day`; an exact rest is not looked at.

        Raises:
            ValueError: the result lies beyond the year 9998.
        """
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        try:
            length = calendar.monthrange(year, month + 1)[1] if year <= _LAST_YEAR else 0
            return _within(date(year, month + 1, min(day.day, length)) + timedelta(days=self.days))
        except (OverflowError, ValueError) as error:
            raise ValueError(_BEYOND) from error


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: `count` rounds (None: without end), one every `duration`.

    The grid begins at `start`, or at the moment when the timer is armed if that is None; no round lies after `end`.
    """

    count: int | None
    duration: Duration
    start: datetime | None = None
    end: datetime | None = None

    def round(self, anchor: datetime, number: int) -> datetime:
        """The moment of round `number`, counted from 0 at `anchor`.

        Raises:
            ValueError: the moment lies beyond the year 9998.
        """
        return self.duration.times(number).after(anchor)


def on_the_wall(local: datetime) -> datetime:
    """The moment in UTC at which the clock on the wall shows the naive `local`."""
    return local.replace(tzinfo=CIVIL).astimezone(UTC)


def parse_duration(text: str) -> Duration:
    """`P14D`, `P2Y6M`, `PT36H`, `P1DT12H` …

    Raises:
        ValueError: it is no ISO 8601 duration, or a negative one.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"“{_short(text)}” is no ISO 8601 duration; write for example P14D for fourteen days or PT36H for 36 hours"
        )
    if found["sign"] == "-":
        raise ValueError(f"“{_short(text)}” is negative; durations here only run forward")
    part = {name: int(found[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")}
    months = part["years"] * 12 + part["months"]
    days = part["weeks"] * 7 + part["days"]
    try:
        exact = timedelta(
            hours=part["hours"],
            minutes=part["minutes"],
            seconds=part["seconds"],
            microseconds=int((found["fraction"] or "0").ljust(6, "0")),
        )
    except OverflowError as error:
        raise ValueError(f"“{_short(text)}” is longer than any date can reach") from error
    if months > 120_000 or days > 3_700_000 or exact > timedelta(days=3_700_000):
        raise ValueError(f"“{_short(text)}” is longer than any date can reach")
    return Duration(months, days, exact)


def parse_offset(text: str) -> Duration:
    """A duration to count forward, or with a minus before it back: `P14D`, `-P14D`. Timers take no offsets, only durations.

    Raises:
        ValueError: it is no ISO 8601 duration.
    """
    stripped = text.strip()
    return parse_duration(stripped[1:]).times(-1) if stripped.startswith("-") else parse_duration(stripped)


def parse_moment(text: str) -> date | datetime:
    """An ISO 8601 date as a `date`, or a date and time as a moment in UTC; without a zone it is the time on the wall.

    Raises:
        ValueError: it is neither, or names a day that does not exist.
    """
    text = text.strip()
    try:
        if _DATE.fullmatch(text):
            return _within(date.fromisoformat(text))
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.removesuffix("[Europe/Stockholm]").replace(",", "."))
            _within(moment)
            return on_the_wall(moment) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"“{_short(text)}” names a day or a time that does not exist") from error
    raise ValueError(f"“{_short(text)}” is no ISO 8601 date or time; write for example 2026-01-12 or 2026-01-12T09:00")


def moment_of(value: str | date | datetime) -> datetime:
    """The moment in UTC that a timer's date means; a date alone is the first moment of that civil day.

    Raises:
        ValueError: `value` is a text that is no date or time.
    """
    parsed = _parsed(value)
    return parsed if isinstance(parsed, datetime) else start_of_day(parsed)


def due_of(value: str | date | datetime) -> datetime:
    """The moment in UTC from which a task with this due date is late; a date alone lasts until the end of that civil day.

    Raises:
        ValueError: `value` is a text that is no date or time.
    """
    parsed = _parsed(value)
    return parsed if isinstance(parsed, datetime) else end_of_day(parsed)


def parse_cycle(text: str) -> Cycle:
    """`R3/PT1H`, `R/P1M`, `R/2026-01-31T09:00/P1M`, with an optional end after a last slash. `R0/…` runs no round.

    Raises:
        ValueError: it is no such repetition, or its duration is zero or negative.
    """
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{_short(text)}” is no ISO 8601 repetition; write for example R3/PT1H or R/2026-01-31T09:00/P1M")
    duration = parse_duration(found["duration"])
    if not duration:
        raise ValueError(f"“{_short(text)}” repeats without time between the rounds")
    start, end = found["start"], found["end"]
    return Cycle(
        count=None if found["count"] is None else int(found["count"]),
        duration=duration,
        start=None if start is None else moment_of(start),
        end=None if end is None else moment_of(end),
    )


def _within(value: _Day) -> _Day:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(_BEYOND)
    return value


def _parsed(value: str | date | datetime) -> date | datetime:
    if isinstance(value, str):
        return parse_moment(value)
    return utc(value) if isinstance(value, datetime) else value


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57]}…"
