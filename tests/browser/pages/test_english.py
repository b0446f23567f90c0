"""Every page in every state, in English. A file a language, so that two workers share them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.look import faults_of
from tests.browser.stops import STOPS, Stop
from tests.browser.wording import Wording


@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_every_page_is_for_everybody(visit: Callable[..., Page], wording: Wording, stop: Stop) -> None:
    faults = faults_of(visit(stop, "en"), wording, "en")
    assert not faults, "\n".join(faults)
