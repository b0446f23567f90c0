"""The product's own register, people, processes and forms, on a simulated clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.simulate import Folders

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def folders() -> Folders:
    return Folders(ROOT / "processes", ROOT / "forms")
