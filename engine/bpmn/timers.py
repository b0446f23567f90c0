"""One timer for dates, durations and repetitions: when it is due, and where the next round lies on its grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.bpmn.calendar import Cycle, moment_of, parse_cycle, parse_duration

Kind = Literal["date", "duration", "cycle"]
_EVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Timer:
    """A running timer. `due` is in UTC.

    A repetition keeps its text (`cycle`), the `anchor` from which its grid is counted and the `round` that is due: every round
    is counted from the anchor, so that a monthly one from the 31st comes back to the 31st after February.
    """

    due: datetime
    cycle: str | None = None
    anchor: datetime | None = None
    round: int = 0

    @classmethod
    def of(cls, kind: Kind, text: str, now: datetime) -> Timer | None:
        """The timer that `text` sets at `now`; None for a repetition without a round.

        A grid that began in the past goes on with its next round; one that is over fires once, at once.

        Raises:
            ValueError: `text` is not what ISO 8601 calls a date, duration or repetition, or a negative one.
        """
        if kind == "date":
            return cls(moment_of(text))
        if kind == "duration":
            return cls(parse_duration(text).after(now))
        cycle = parse_cycle(text)
        anchor = now if cycle.start is None else cycle.start
        first = 1 if cycle.start is None else 0
        last = _last(cycle, anchor)
        if last < first:
            return None
        number = min(max(first, _rounds_before(cycle, anchor, now)), last)
        return cls(cycle.round(anchor, number), text, anchor, number)

    def following(self, now: datetime) -> Timer | None:
        """The first round after `now`, or None if there is no more: rounds that were missed have fired as one."""
        if self.cycle is None or self.anchor is None:
            return None
        cycle = parse_cycle(self.cycle)
        number = max(self.round, _rounds_before(cycle, self.anchor, now, inclusive=True) - 1) + 1
        if number > _last(cycle, self.anchor):
            return None
        return Timer(cycle.round(self.anchor, number), self.cycle, self.anchor, number)

    def state(self) -> list[Any]:
        """Plain JSON: `[due]` or `[due, cycle, anchor, round]`, moments as ISO text in UTC."""
        if self.cycle is None or self.anchor is None:
            return [self.due.isoformat()]
        return [self.due.isoformat(), self.cycle, self.anchor.isoformat(), self.round]

    @classmethod
    def restore(cls, state: list[Any]) -> Timer:
        due = datetime.fromisoformat(state[0])
        return cls(due) if len(state) == 1 else cls(due, state[1], datetime.fromisoformat(state[2]), state[3])


def _last(cycle: Cycle, anchor: datetime) -> int:
    last = _EVER if cycle.count is None else cycle.count - (cycle.start is not None)
    if cycle.end is not None:
        last = min(last, _rounds_before(cycle, anchor, cycle.end, inclusive=True) - 1)
    return last


def _rounds_before(cycle: Cycle, anchor: datetime, moment: datetime, *, inclusive: bool = False) -> int:
    """How many rounds, counted from 0 at the anchor, lie before `moment` (or at it, if inclusive).

    By bisection: a repetition by the minute that stood still for years has millions of them.
    """

    def before(number: int) -> bool:
        try:
            at = cycle.round(anchor, number)
        except (ValueError, OverflowError):  # beyond the calendar
            return False
        return at <= moment if inclusive else at < moment

    if not before(0):
        return 0
    high = 1
    while before(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if before(middle) else (low, middle)
    return high
