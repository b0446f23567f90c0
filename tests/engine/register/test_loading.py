"""The product's own register and demo people, and files that do not hold together."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
import yaml

from engine.register import LoadRefused, Register
from engine.register.dates import read_date
from engine.store import Database
from tests.engine.register.conftest import DAY, ROOT, Seats

PEOPLE = ROOT / "processes/demo/people.yaml"


def people_file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(PEOPLE.read_text())
    return loaded


@pytest.fixture
def demo(seats: Seats) -> Register:
    seats.register.load(people_file(), today=DAY, invented=True)
    return seats.register


def test_the_parties_are_the_sixteen_of_the_agreement(seats: Seats) -> None:
    parties = seats.register.parties()
    assert len(parties) == 16
    assert [p.slug for p in parties if p.side == "regional"] == ["region-vasterbotten"]
    assert len(seats.register.quotas("lsg")) == len(seats.register.quotas("samradet")) == 16
    assert sum(q.ordinary for q in seats.register.quotas("lsg")) == 13 + 2 * 2 + 4
    assert sum(q.ordinary for q in seats.register.quotas("samradet")) == 13 + 2 * 2 + 3


def test_loading_again_changes_nothing_and_loading_a_change_changes_it(demo: Register, database: Database) -> None:
    fixed = yaml.safe_load((ROOT / "processes/register/register.yaml").read_text())
    for file in (fixed, people_file()):
        again = demo.load(file, today=DAY, invented=True)
        assert (again.added, again.changed) == (0, 0)
    fixed["bodies"][0]["name_en"] = "Another name"
    fixed["quotas"][1]["seats"]["regional"]["ordinary"] = 5
    people = people_file()
    people["people"]["vilhelmina"][0]["title"] = "Another title"
    people["appointments"][0]["to"] = "year"
    assert demo.load(fixed, today=DAY).changed == 2
    assert demo.load(people, today=DAY, invented=True).changed == 2
    assert demo.body(fixed["bodies"][0]["slug"]).name_en == "Another name"


def test_loading_on_a_later_day_adds_nothing_twice(demo: Register) -> None:
    before = len(demo.appointments())
    demo.load(people_file(), today=date(2026, 5, 4), invented=True)
    assert len(demo.appointments()) == before


def test_demo_people_are_invented(demo: Register) -> None:
    people = demo.people()
    assert len(people) > 100
    assert all(person.invented and person.email.endswith(".example") for person in people)
    assert all(person.username.isascii() and person.username.islower() for person in people)


@pytest.mark.parametrize("body", ["lsg", "samradet"])
@pytest.mark.parametrize("year", [DAY.year - 1, DAY.year, DAY.year + 1])
def test_demo_chairs_follow_the_chair_rule(demo: Register, body: str, year: int) -> None:
    side = {party.slug: party.side for party in demo.parties()}
    chairs: dict[int, list[str]] = {}
    for on in (date(year, 1, 1), date(year, 12, 31)):
        [chair] = demo.holders(f"{body}:ordforande", on)
        [vice] = demo.holders(f"{body}:vice-ordforande", on)
        assert {side[chair.party or ""], side[vice.party or ""]} == {"municipal", "regional"}
        assert chair.person_id in {h.person_id for h in demo.holders(body, on)}
        chairs.setdefault(year, []).append(side[chair.party or ""])
    if year <= DAY.year:
        [following] = demo.holders(f"{body}:ordforande", date(year + 1, 1, 1))
        assert side[following.party or ""] not in chairs[year]


def test_the_demo_has_the_vacancies_and_the_absence_that_it_says(demo: Register) -> None:
    assert {(v.kind, v.body, v.party) for v in demo.vacancies(DAY)} == {
        ("office", None, "dorotea"), ("seat", "lsg", "region-vasterbotten"), ("substitute", "samradet", "mala"),
    }  # fmt: skip
    acting = {h.name: h.acting_for for h in demo.holders("lsg", DAY) if h.acting_for is not None}
    assert set(acting) == {"Gunilla Risvall", "Anneli Granskär"}


def test_a_file_is_refused_with_all_its_problems_and_nothing_of_it_is_kept(seats: Seats) -> None:
    file = {
        "email": "{username}@{party}.example",
        "people": {"vilhelmina": [{"username": "new", "name": "New", "seats": ["lsg:Ledamot"]}, {"name": "Nameless"}]},
        "appointments": [{"person": "new", "role": "lsg:ledamot", "from": "yesterday"}],
        "typo": [],
    }
    with pytest.raises(LoadRefused) as refused:
        seats.register.load(file, today=DAY)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "the file", "people, vilhelmina 1 (new)", "people, vilhelmina 2", "appointments 1 (new)",
    ]  # fmt: skip
    assert seats.register.people() == []


def test_a_file_that_breaks_a_quota_or_names_nobody_is_refused_whole(seats: Seats) -> None:
    file = copy.deepcopy(people_file())
    file["appointments"] += [
        {"person": "david.marsfjall", "role": "samradet:ledamot", "from": "year"},
        {"person": "nobody.here", "role": "lsg:ledamot", "from": "year"},
        {"person": "anna.sjolund", "role": "nowhere:ledamot", "from": "year"},
    ]
    with pytest.raises(LoadRefused) as refused:
        seats.register.load(file, today=DAY)
    assert ["taken in some part" in p for p in refused.value.problems] == [True, False, False]
    assert refused.value.problems[1:] == ("there is nobody called nobody.here", "anna.sjolund: there is no body nowhere")
    assert seats.register.people() == []


@pytest.mark.parametrize(
    ("text", "last", "day"),
    [
        ("year", False, date(2028, 1, 1)),
        ("year", True, date(2028, 12, 31)),
        ("year+1", False, date(2029, 1, 1)),
        ("today-1d", False, date(2028, 2, 29)),
        ("today", True, date(2028, 3, 1)),
        ("2026-02-03", False, date(2026, 2, 3)),
        (date(2026, 2, 3), True, date(2026, 2, 3)),
    ],
)
def test_dates_count_from_the_day_of_loading(text: object, last: bool, day: date) -> None:
    assert read_date(text, date(2028, 3, 1), last=last) == day


@pytest.mark.parametrize("text", ["2026-02-30", "year-", "today+3", "", "None", "tomorrow"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        read_date(text, DAY)
