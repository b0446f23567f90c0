"""The decision tables, asked everything that the forms can answer: one row always applies, and it says what the agreement says."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from lxml import etree

from engine.bpmn.decisions import DecisionTable, load_decisions
from engine.toolkit import Toolkit
from forms import load
from tests.processes.drawing import FORMS, PROCESSES

TABLES = sorted(PROCESSES.glob("*.dmn"))
QUESTION = load((FORMS / "arende-fraga.form").read_bytes(), "arende-fraga.form")
CONFIRMED = load((FORMS / "arende-niva.form").read_bytes(), "arende-niva.form")


@pytest.fixture(scope="module")
def toolkit() -> Toolkit:
    return Toolkit()


def table(key: str) -> DecisionTable:
    path = PROCESSES / f"{key}.dmn"
    [found] = load_decisions(path.read_bytes(), path.name)
    assert found.key == key
    return found


def offered(key: str) -> list[str]:
    return [option.value for option in QUESTION.field(key).options]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_says_why_in_both_languages_and_the_table_is_drawn(path: Any) -> None:
    root = etree.fromstring(path.read_bytes())
    whys = [rule.findtext("{*}description") or "" for rule in root.iter("{*}rule")]
    assert whys
    assert [why for why in whys if not (why.startswith("R") and "\nEnglish: R" in why)] == []
    assert [shape.get("dmnElementRef") for shape in root.iter("{*}DMNShape")] == [path.stem]


def test_every_question_gets_a_level(toolkit: Toolkit) -> None:
    """Two rows for one question are an error of the table itself; no row would be null."""
    levels = {option.value for option in CONFIRMED.field("niva").options}
    niva = table("fragans-niva")
    for line, alike, municipalities, region in product(
        offered("linje_passerad"), offered("lika_i_lanet"), range(16), (True, False)
    ):
        given = {"linje_passerad": line, "lika_i_lanet": alike, "antal_kommuner": municipalities, "regionen_berors": region}
        assert niva.evaluate(given, toolkit) in levels, given


@pytest.mark.parametrize(
    ("line", "municipalities", "region", "alike", "level"),
    [
        ("nej", 15, True, "ja", "linje"),  # R7: through the own line first
        ("ja", 15, True, "ja", "regional"),  # R6.1.2
        ("ja", 2, False, "nej", "regional"),
        ("behovs_inte", 1, True, "nej", "bilateral"),  # R5.3: one municipality and the region
        ("ja", 1, True, "vet_ej", "regional"),  # R5.3: may concern more than one
        ("ja", 1, False, "ja", "lokal"),
        ("ja", 0, True, "ja", "lokal"),
    ],
)
def test_the_level_follows_the_agreement(
    line: str, municipalities: int, region: bool, alike: str, level: str, toolkit: Toolkit
) -> None:
    given = {"linje_passerad": line, "antal_kommuner": municipalities, "regionen_berors": region, "lika_i_lanet": alike}
    assert table("fragans-niva").evaluate(given, toolkit) == level


def test_every_regional_question_gets_a_body(toolkit: Toolkit) -> None:
    bodies = {option.value for option in CONFIRMED.field("behandlas_av").options}
    found = {
        table("vem-behandlar").evaluate({"omrade": area, "malgrupp": group}, toolkit)
        for area, group in product(offered("omrade"), offered("malgrupp"))
    }
    assert found == bodies


@pytest.mark.parametrize(
    ("area", "group", "body"),
    [
        ("hjalpmedel", "barn_unga", "hjalpmedelsradet"),  # R6.2.3
        ("patientsakerhet", "aldre", "patientsakerhet"),  # R6.2.4
        ("sip", "barn_unga", "beredning-barn-unga"),  # R6.2.1
        ("utskrivning", "aldre", "beredning-vuxna-aldre"),  # R6.2.2
        ("e_halsa", "alla", "lsg"),  # R6.1: without division by age
    ],
)
def test_the_body_follows_the_agreement(area: str, group: str, body: str, toolkit: Toolkit) -> None:
    assert table("vem-behandlar").evaluate({"omrade": area, "malgrupp": group}, toolkit) == body
