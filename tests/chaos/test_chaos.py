"""A server that is killed under load, here some eight times on each database; `make chaos` does it a thousand times."""

from __future__ import annotations

import random
from pathlib import Path

from engine.store import Database
from tests.chaos.run import Run

KILLS = 8


def test_nothing_is_lost_and_nothing_happens_twice(empty_database: Database, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    url = empty_database.engine.url.render_as_string(hide_password=False)
    result = Run(url, tmp_path, str(seed)).play(KILLS)
    assert result.faults == [], f"seed {seed}"
    assert result.kills.total() == KILLS
    assert result.figures["commands"] > KILLS
    assert result.figures["messages"] > 0
    assert result.figures["timers"] > 0
