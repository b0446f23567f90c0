"""Every story of the kernel is told twice: in memory, and with the state read back from JSON after every command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.engine.bpmn.play import Play


@pytest.fixture(params=[False, True], ids=["in-memory", "restored"])
def play(request: pytest.FixtureRequest) -> Callable[..., Play]:
    return partial(Play, restoring=request.param)
