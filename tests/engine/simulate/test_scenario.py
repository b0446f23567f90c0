"""Scenario files: moments, steps, and every problem named with its line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.clock import CIVIL
from engine.simulate import ScenarioInvalid, read_scenarios
from engine.simulate.moments import read_when
from engine.simulate.scenario import EachTask, Expect, Start, Task, Wait

TODAY = date(2026, 4, 1)


def civil(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CIVIL)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-12T08:00", civil(2026, 1, 12, 8)),
        ("2026-01-12 08:00", civil(2026, 1, 12, 8)),
        ("2026-01-12T08:00+00:00", civil(2026, 1, 12, 9)),
        ("-60d 09:00", civil(2026, 1, 31, 9)),
        ("-1w 09:00", civil(2026, 3, 25, 9)),
        ("+14d", civil(2026, 4, 11, 8)),
        ("+2w 16:30", civil(2026, 4, 11, 16, 30)),
        ("+1d", civil(2026, 3, 29, 8)),  # summer time begins: the hour on the wall stays
        ("+24h", civil(2026, 3, 29, 9)),
        ("+90min", civil(2026, 3, 28, 9, 30)),
        ("+0d 17:00", civil(2026, 3, 28, 17)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert read_when(text).resolve(today=TODAY, present=civil(2026, 3, 28, 8)) == moment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("soon", "is no moment"),
        ("2026-01-12", "lacks a time of day"),
        ("-60d", "lacks a time of day"),
        ("-2h", "only go forward"),
        ("+2h 09:00", "only go forward"),
        ("+1d 25:00", "no time of day"),
        ("2026-02-30T08:00", "is no moment"),
    ],
)
def test_what_is_no_moment(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_when(text)


def test_a_moment_from_the_present_needs_one() -> None:
    with pytest.raises(ValueError, match="counts from the present"):
        read_when("+14d").resolve(today=TODAY, present=None)


GOOD = """
scenarios:
  - name: Frågan avgörs
    clock: 2026-01-12T08:00
    steps:
      - start: arendegang
        by: anna.ek
        answers: {titel: Hemgång, datum: 2026-02-01}
        as: fraga
      - task: granska
        by: karin.lind
        answers: {utfall: komplett}
        at: +1d
      - task: {each: svar, of: fraga, answers_by_party: {default: {svar: ja}, bjurholm: null}}
      - at: +14d
      - expect: {of: fraga, status: completed}
"""


def test_reads_steps() -> None:
    [scenario] = read_scenarios({"a.scenario.yaml": GOOD})
    start, task, each, wait, expect = scenario.steps
    assert isinstance(start, Start)
    assert (start.process, start.by, start.name) == ("arendegang", "anna.ek", "fraga")
    assert start.answers == {"titel": "Hemgång", "datum": "2026-02-01"}  # a date stays text, as a browser posts it
    assert isinstance(task, Task)
    assert (task.element, task.of, task.at) == ("granska", None, read_when("+1d"))
    assert isinstance(each, EachTask)
    assert each.answers_by_party == {"default": {"svar": "ja"}, "bjurholm": None}
    assert isinstance(wait, Wait)
    assert isinstance(expect, Expect)
    assert expect.expected == {"status": "completed"}
    assert task.where == "a.scenario.yaml:10: Frågan avgörs, step 2 (task granska)"


BAD = """
scenarios:
  - name: Fel
    clock: tomorrow
    steps:
      - start: arendegang
        answers: nej
      - task: granska
        of: annan
      - task: {each: svar, answers_by_party: {umea: ja}}
      - expect: {}
      - expect: {state: completed, waiting: granska}
      - act: Återkalla
        by: anna.ek
        answers: {key: "${fraga.name}"}
      - nothing: 1
      - task: x
        act: y
      - granska
  - clock: 2026-01-12T08:00
"""


def test_every_problem_is_named_with_its_place() -> None:
    with pytest.raises(ScenarioInvalid) as refused:
        read_scenarios({"bad.yaml": BAD})
    expected = [
        ("bad.yaml:3: Fel: ", "“tomorrow” is no moment"),
        ("bad.yaml:6: Fel, step 1 (start arendegang): ", "lacks by"),
        ("bad.yaml:6: ", "answers must be named after the form's fields"),
        ("bad.yaml:10: Fel, step 3 (task svar): ", "answers_by_party must hold answers, or null"),
        ("bad.yaml:11: Fel, step 4 (expect ): ", "expects nothing"),
        ("bad.yaml:12: ", "does not know state; it knows body, not_passed, of,"),
        ("bad.yaml:12: ", "waiting must be a list"),
        ("bad.yaml:13: ", "“${fraga.name}” refers to nothing"),
        ("bad.yaml:16: ", "must hold one of start, task, act, expect or at"),
        ("bad.yaml:17: ", "must hold one of start, task, act, expect or at"),
        ("bad.yaml:?: Fel, step 9: ", "must have named fields"),
        ("bad.yaml:20: ", "a scenario needs a name, a clock and steps"),
    ]
    assert len(refused.value.problems) == len(expected)
    for problem, (place, reason) in zip(refused.value.problems, expected, strict=True):
        assert problem.startswith(place)
        assert reason in problem


def test_names_must_be_given_before_they_are_used_or_by_another_scenario() -> None:
    one = """
scenarios:
  - name: Ett
    clock: 2026-01-12T08:00
    steps:
      - task: granska
      - start: arendegang
        by: anna.ek
        answers: {annan: "${fraga.key}", egen: "${arendegang.key}", fel: "${okand.key}"}
      - expect: {of: fraga, status: running}
"""
    with pytest.raises(ScenarioInvalid) as refused:
        read_scenarios({"one.yaml": one, "good.yaml": GOOD})
    assert len(refused.value.problems) == 3
    assert "nothing has been started in this scenario" in refused.value.problems[0]
    assert "“arendegang”" in refused.value.problems[1]
    assert "“okand”" in refused.value.problems[2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("scenarios: [", "is no YAML"),
        ("- a", "must hold a list called scenarios"),
        ("scenarios: {}", "must hold a list called scenarios"),
        ("scenarios:\n  - {name: a, name: b}", "“name” stands twice"),
        ("scenarios: []\nother: 1", "must hold a list called scenarios"),
        ("scenarios: !!python/object/apply:os.getcwd []", "is no YAML"),
    ],
)
def test_what_is_no_scenario_file(text: str, reason: str) -> None:
    with pytest.raises(ScenarioInvalid, match=reason):
        read_scenarios({"x.yaml": text})
