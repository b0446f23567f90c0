"""How often a failing step is tried again: as its element says (camunda:failedJobRetryTimeCycle), else as the engine does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.bpmn.calendar import parse_cycle, parse_duration

# Without a word from the diagram: two further tries, the second pause four times as long as the first.
DELAYS = (60.0, 240.0)
TRIES = len(DELAYS) + 1


def delays_of(retry: str) -> list[float]:
    """The pauses in seconds before each further try: of `R3/PT10M` (three tries) two, of `PT1M,PT1H` as many as are listed.

    Raises:
        ValueError: it is neither.
    """
    if retry.startswith("R"):
        tries = parse_cycle(retry).count
        if tries is None:
            raise ValueError(f"“{retry}” would try for ever: write how often, as R3/PT10M")
        return [_seconds(retry.rpartition("/")[2])] * max(tries - 1, 0)
    return [_seconds(part) for part in retry.split(",")]


def pause(delays: Sequence[float] | None, attempts: int) -> timedelta | None:
    """How long to wait after the failed try number `attempts` (from 1); None when there is to be no other."""
    planned = DELAYS if delays is None else delays
    return timedelta(seconds=planned[attempts - 1]) if attempts <= len(planned) else None


def _seconds(duration: str) -> float:
    # Measured on a day without a change of clocks: a pause between tries is a length of time and not a civil period.
    noon = datetime(2026, 1, 12, 12, tzinfo=UTC)
    return (parse_duration(duration.strip()).after(noon) - noon).total_seconds()
