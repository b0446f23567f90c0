"""A question goes the whole way in browsers: raised, completed, prepared, two meetings, sixteen decisions, answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.stage import open_stage
from tests.browser.the_walk import BEGIN, CHAPTERS, Walk


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, open_page_for_all: OpenPage, hashed: str) -> Iterator[Walk]:
    """The walk, walked: every chapter in order."""
    with open_stage(tmp_path_factory.mktemp("walk"), open_page_for_all, hashed, now=BEGIN) as stage:
        walk = Walk(stage)
        for chapter in CHAPTERS:
            chapter(walk)
        yield walk


def test_every_page_is_for_everybody(walk: Walk) -> None:
    assert {kind: found for kind, found in walk.stage.findings.items() if found} == {}
