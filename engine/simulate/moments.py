"""Moments in scenarios: civil, absolute or relative, as people write them.

| text                                     | moment                                                                   |
|------------------------------------------|--------------------------------------------------------------------------|
| `2026-01-12T08:00`, `2026-01-12 08:00`   | that civil time in Västerbotten                                           |
| `-60d 09:00`                             | 60 days before today, at nine                                            |
| `+14d`, `+2w`                            | so many civil days after the scenario's present, at the same time of day |
| `+14d 09:00`                             | the same, at nine                                                        |
| `+2h`, `+90min`                          | so much exact time after the scenario's present                          |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.clock import CIVIL, utc

_RELATIVE = re.compile(r"([+-])(\d{1,5})(d|w|h|min)(?: (\d{2}:\d{2}))?")
_FORMS = "write 2026-01-12T08:00, -60d 09:00, +14d, +14d 09:00, +2h or +90min"


@dataclass(frozen=True, slots=True)
class When:
    """A moment as written; `resolve` needs today for what counts from it, and the present for what counts from that."""

    text: str
    absolute: datetime | None = None
    days: int | None = None
    at: time | None = None
    exact: timedelta | None = None
    from_today: bool = False

    def resolve(self, *, today: date, present: datetime | None) -> datetime:
        """The moment in UTC.

        Raises:
            ValueError: it counts from the present and there is none yet.
        """
        if self.absolute is not None:
            return utc(self.absolute)
        if self.from_today and self.at is not None and self.days is not None:
            return utc(datetime.combine(today + timedelta(days=self.days), self.at, CIVIL))
        if present is None:
            raise ValueError(f"“{self.text}” counts from the present, and there is none yet: write 2026-01-12T08:00 or -60d 09:00")
        if self.exact is not None:
            return utc(present) + self.exact
        wall = present.astimezone(CIVIL)
        day = wall.date() + timedelta(days=self.days or 0)
        # A time of day that the spring change skips is read with the offset before it: one hour later on the wall.
        return utc(datetime.combine(day, self.at or wall.time(), CIVIL))


def read_when(text: str) -> When:
    """Read a moment.

    Raises:
        ValueError: `text` is none; the message says how moments look.
    """
    match = _RELATIVE.fullmatch(text)
    if match is None:
        try:
            naive = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{text}” is no moment: {_FORMS}") from None
        if len(text) <= len("2026-01-12"):
            raise ValueError(f"“{text}” lacks a time of day: {_FORMS}")
        return When(text, absolute=naive if naive.tzinfo is not None else naive.replace(tzinfo=CIVIL))
    sign, amount, unit, at = match.groups()
    number = int(amount) * (-1 if sign == "-" else 1)
    try:
        clock = time.fromisoformat(at) if at else None
    except ValueError:
        raise ValueError(f"“{at}” is no time of day") from None
    if unit in ("h", "min"):
        if at or sign == "-":
            raise ValueError(f"“{text}”: hours and minutes only go forward, and to no time of day")
        return When(text, exact=timedelta(hours=number) if unit == "h" else timedelta(minutes=number))
    if sign == "-" and clock is None:
        raise ValueError(f"“{text}” lacks a time of day: {_FORMS}")
    return When(text, days=number * (7 if unit == "w" else 1), at=clock, from_today=sign == "-")
