"""Dates in the register's files: plain, or counted from the day of loading, so that demo people stay current."""

from __future__ import annotations

import re
from datetime import date, timedelta

_YEAR = re.compile(r"year([+-]\d{1,3})?")
_TODAY = re.compile(r"today(?:([+-]\d{1,5})d)?")


def read_date(value: object, today: date, *, last: bool = False) -> date:
    """The day that `value` names: a date, `2026-01-01`, `today`, `today-30d`, `year`, `year+1`.

    Args:
        today: the civil day of loading.
        last: the value ends a period, so a year means its last day; else its first.

    Raises:
        ValueError: `value` is none of these; the message says so.
    """
    if isinstance(value, date):  # YAML reads 2026-01-01 itself
        return value
    text = str(value)
    if match := _YEAR.fullmatch(text):
        year = today.year + int(match[1] or 0)
        return date(year, 12, 31) if last else date(year, 1, 1)
    if match := _TODAY.fullmatch(text):
        return today + timedelta(days=int(match[1] or 0))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; write 2026-01-31, today-30d or year+1") from None
