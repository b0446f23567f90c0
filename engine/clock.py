"""The one clock, injected everywhere, and what a civil date means here (Europe/Stockholm, by zoneinfo)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CIVIL = ZoneInfo("Europe/Stockholm")


class Clock(Protocol):
    """Tells the time. Implementations return aware datetimes in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved; it never goes backwards."""

    def __init__(self, now: datetime) -> None:
        self._now = utc(now)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move to `moment`.

        Raises:
            ValueError: `moment` is naive, or lies before the clock's present.
        """
        moment = utc(moment)
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and cannot go back to {moment.isoformat()}")
        self._now = moment

    def advance(self, by: timedelta) -> None:
        """Move forward by an exact (not civil) amount of time."""
        self.move_to(self._now + by)


def utc(moment: datetime) -> datetime:
    """`moment` in UTC.

    Raises:
        ValueError: `moment` carries no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} carries no time zone")
    return moment.astimezone(UTC)


def civil_date(moment: datetime) -> date:
    """The date on the wall in Västerbotten at `moment`."""
    return utc(moment).astimezone(CIVIL).date()


def start_of_day(day: date) -> datetime:
    """The first moment of the civil `day`, in UTC."""
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first moment after the civil `day`, in UTC: what is due on a date is late from then on."""
    return start_of_day(day + timedelta(days=1))
