"""The form of all field types, the case around it, and FEEL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SimulatedClock
from engine.toolkit import Toolkit
from forms import Feel, Form, load

PARTIES = (
    "Bjurholm Dorotea Lycksele Malå Nordmaling Norsjö Robertsfors Skellefteå Sorsele Storuman Umeå Vilhelmina Vindeln Vännäs Åsele"
)
CONTEXT: dict[str, Any] = {
    "titel": "Hjälpmedel *över* gränsen",
    "utlatande": "Tretton huvudmän svarar ja.\nEn svarar ja med ändringar.",
    "parties": [{"value": str(number), "label": f"{name}s kommun"} for number, name in enumerate(PARTIES.split())]
    + [{"value": "region", "label": "Region Västerbotten"}],
    "members": [{"value": 12, "label": "Anna Ek", "role": "lsg"}, {"value": 13, "label": "Bo Al", "role": "samrad"}],
}
ANSWERS: dict[str, Any] = {
    "rubrik": "Hjälpmedel",
    "fraga": "Vem betalar?",
    "antal": 2,
    "niva": "regional",
    "parter": ["0", "region"],
    "dag": "2026-02-12",
    "last": True,
}


@pytest.fixture(scope="session")
def feel() -> Iterator[Feel]:
    toolkit = Toolkit(SimulatedClock(datetime(2026, 1, 12, 8, tzinfo=UTC)))
    yield toolkit.feel
    toolkit.close()


@pytest.fixture(scope="session")
def every(feel: Feel) -> Form:
    return load((Path(__file__).parent / "alla.form").read_bytes(), "alla.form", feel=feel)
