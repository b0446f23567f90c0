"""Taking the time: everything that is compared is run by turns, so that whatever else the machine does falls on all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

Turn = Callable[[int], float]
"""Runs something so many times; the seconds that it took."""


def turn(act: Callable[[], object]) -> Turn:
    """`act`, run one at a time."""

    def run(times: int) -> float:
        began = time.perf_counter()
        for _ in range(times):
            act()
        return time.perf_counter() - began

    return run


def by_turns(acts: Mapping[str, Turn], times: int, *, turns: int = 7) -> dict[str, float]:
    """Name → runs a second, of the best of `turns` turns of `times` runs each: the one that was disturbed least."""
    best = dict.fromkeys(acts, float("inf"))
    for act in acts.values():
        act(max(1, times // 4))
    for _ in range(turns):
        for name, act in acts.items():
            best[name] = min(best[name], act(times) / times)
    return {name: 1 / seconds for name, seconds in best.items()}
