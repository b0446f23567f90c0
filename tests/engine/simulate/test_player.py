"""The player's rules: order of time, who acts, names, and failures that say what was found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from engine.clock import CIVIL, SimulatedClock
from engine.simulate import Player, ScenarioFailed, read_scenarios
from engine.simulate.stage import OpenTask, Standing
from tests.engine.simulate.fake import FakeStage

START = datetime(2026, 1, 12, 8, 0, tzinfo=CIVIL)


@pytest.fixture
def stage() -> FakeStage:
    return FakeStage(SimulatedClock(START))


def play(stage: FakeStage, steps: str, *more: str, until: datetime | None = None) -> None:
    files = {
        f"{n}.yaml": f"scenarios:\n  - name: S{n}\n    clock: 2026-01-12T08:00\n    steps:\n{text}"
        for n, text in enumerate((steps, *more))
    }
    Player(stage, stage.clock).play(read_scenarios(files), until=until)


def open_task(number: int, element: str, party: str | None = None, *roles: str) -> OpenTask:
    return OpenTask(number, element, party, "ÄR-2026-0001", roles)


BEGIN = "      - {start: arendegang, by: anna.ek, as: fraga}\n"


def test_what_is_due_on_the_way_happens_at_its_own_moment(stage: FakeStage) -> None:
    reminder, later = START + timedelta(days=3), START + timedelta(days=5)
    stage.due = [(later, stage.note("escalate")), (reminder, stage.note("remind"))]
    play(stage, BEGIN + "      - {act: Påminn, at: +4d, by: anna.ek}\n")
    assert [(moment, what) for moment, what, _, _ in stage.done] == [
        (START, "start arendegang"), (reminder, "remind"), (START + timedelta(days=4), "act Påminn ÄR-2026-0001"),
    ]  # fmt: skip


def test_time_passes_to_the_end_of_the_play(stage: FakeStage) -> None:
    stage.due = [(START + timedelta(days=3), stage.note("remind"))]
    end = START + timedelta(days=9)
    play(stage, BEGIN, until=end)
    assert [what for _, what, _, _ in stage.done] == ["start arendegang", "remind"]
    assert stage.clock.now() == end


def test_steps_of_several_scenarios_are_merged_in_the_order_of_time(stage: FakeStage) -> None:
    first = "      - {start: a, by: anna.ek}\n      - {start: b, by: anna.ek, at: +3d}\n      - {start: c, by: anna.ek, at: +1d}\n"
    second = "      - {start: x, by: anna.ek, at: +2d}\n      - at: +1d\n      - {start: y, by: anna.ek}\n"
    play(stage, first, second)
    days = [((moment - START).days, what[-1]) for moment, what, _, _ in stage.done]
    assert days == [(0, "a"), (2, "x"), (3, "b"), (3, "y"), (4, "c")]


def test_a_task_is_done_by_whom_the_step_names_or_by_who_holds_its_role(stage: FakeStage) -> None:
    stage.tasks = [open_task(n, "granska", None, role) for n, role in enumerate(["lsg", "vacant", "lsg"])]
    play(stage, BEGIN + "      - task: granska\n      - {task: granska, by: anna.ek}\n      - {task: granska, by: lsg}\n")
    assert [who for _, what, who, _ in stage.done if what.startswith("complete")] == ["bo.alm", "anna.ek", "bo.alm"]


def test_somebody_without_the_role_fails_the_scenario(stage: FakeStage) -> None:
    stage.tasks = [open_task(1, "granska", None, "lsg")]
    with pytest.raises(ScenarioFailed) as failed:
        play(stage, BEGIN + "      - {task: granska, by: anna.ek}\n")
    assert str(failed.value) == (
        "0.yaml:6: S0, step 2 (task granska): anna.ek holds none of the roles that may do this: lsg"
    )


def test_a_task_can_be_chosen_by_party(stage: FakeStage) -> None:
    stage.tasks = [open_task(1, "svara", "umea"), open_task(2, "svara", "mala")]
    play(stage, BEGIN + "      - {task: svara, party: mala, by: anna.ek}\n")
    assert stage.done[-1][1] == "complete svara mala"


def test_each_task_gets_its_partys_answers_and_null_is_silence(stage: FakeStage) -> None:
    stage.tasks = [open_task(n, "svara", party) for n, party in enumerate(["umea", "mala", "norsjo"])]
    stage.tasks.append(open_task(9, "other", "umea"))
    each = "      - task: {each: svara, of: fraga, answers_by_party: {default: {svar: ja}, mala: {svar: nej}, norsjo: null}}\n"
    play(stage, BEGIN + each)
    answered = [(what, answers) for _, what, _, answers in stage.done[1:]]
    assert answered == [("complete svara umea", {"svar": "ja"}), ("complete svara mala", {"svar": "nej"})]
    assert [task.party for task in stage.tasks] == ["norsjo", "umea"]


def test_answers_for_a_party_without_a_task_fail(stage: FakeStage) -> None:
    stage.tasks = [open_task(1, "svara", "umea")]
    with pytest.raises(ScenarioFailed, match="no open svara concerns mala"):
        play(stage, BEGIN + "      - task: {each: svara, answers_by_party: {mala: {svar: ja}}}\n")


def test_a_missing_task_says_which_are_open(stage: FakeStage) -> None:
    stage.tasks = [open_task(1, "svara", "umea")]
    with pytest.raises(ScenarioFailed, match=r"ÄR-2026-0001 has no open task granska; open are svara \(umea\)"):
        play(stage, BEGIN + "      - task: granska\n")


def test_references_are_filled_in(stage: FakeStage) -> None:
    answers = (
        '{keys: ["${fraga.key}"], who: "${person:karin.lind}", text: "om ${fraga.key}", day: "${today+14d}", id: "${fraga.id}"}'
    )
    play(stage, BEGIN + f"      - {{start: mote, by: anna.ek, at: +1d, answers: {answers}}}\n")
    assert stage.done[-1][3] == {
        "keys": ["ÄR-2026-0001"], "who": "2", "text": "om ÄR-2026-0001", "day": "2026-01-27", "id": "1",
    }  # fmt: skip


def test_another_scenarios_names_can_be_used_once_they_are_given(stage: FakeStage) -> None:
    meeting = '      - {start: mote, by: anna.ek, at: +1d, answers: {cases: ["${fraga.key}"]}}\n'
    play(stage, BEGIN, meeting)
    assert stage.done[-1][3] == {"cases": ["ÄR-2026-0001"]}
    with pytest.raises(ScenarioFailed, match="nothing has been started as “fraga” yet"):
        play(FakeStage(SimulatedClock(START)), "      - at: +2d\n" + BEGIN, meeting)


def test_a_step_before_its_predecessor_or_after_the_end_fails(stage: FakeStage) -> None:
    with pytest.raises(ScenarioFailed, match="lies before the step that precedes it"):
        play(stage, BEGIN + "      - at: 2026-01-11T08:00\n")
    with pytest.raises(ScenarioFailed, match="after the last moment of the play"):
        play(FakeStage(SimulatedClock(START)), BEGIN + "      - at: +2d\n", until=START + timedelta(days=1))


def test_what_is_due_for_ever_is_not_waited_for_for_ever(stage: FakeStage) -> None:
    class Stuck(FakeStage):
        def run_due(self) -> int:
            return 0

    stuck = Stuck(SimulatedClock(START), due=[(START, stage.note("never"))])
    with pytest.raises(RuntimeError, match="nothing carries it out"):
        play(stuck, BEGIN)


STANDING = Standing(
    facts={"status": "running", "outcome": None, "outcome_id": None, "title": "Hemgång", "body": "lsg", "party": "umea"},
    waiting=frozenset({"behandla", "lyssna"}),
    also_waiting=frozenset({"svara"}),
    passed=frozenset({"granska"}),
    variables={"utfall": "komplett"},
)


def test_an_expectation_that_holds(stage: FakeStage) -> None:
    stage.standing = STANDING
    play(stage, BEGIN + (
        "      - expect: {status: running, title: Hemgång, waiting: [behandla, lyssna, svara], passed: [granska],"
        " not_passed: [behandla], variables: {utfall: komplett}}\n"
    ))  # fmt: skip


def test_an_expectation_that_does_not_hold_tells_every_difference(stage: FakeStage) -> None:
    stage.standing = STANDING
    with pytest.raises(ScenarioFailed) as failed:
        play(stage, BEGIN + (
            "      - expect: {status: completed, outcome: klar, waiting: [behandla, granska], passed: [besluta],"
            " not_passed: [granska], variables: {utfall: brist, svar: ja}}\n"
        ))  # fmt: skip
    assert failed.value.reasons == (
        "ÄR-2026-0001 is not as expected",
        "status: expected completed, found running",
        "outcome: expected klar, found none",
        "waiting: not waiting granska; found behandla, lyssna, svara",
        "waiting: also lyssna",
        "passed: not passed besluta; found granska",
        "not_passed: granska was passed",
        "variables: utfall expected 'brist', found 'komplett'",
        "variables: svar is not set; set are utfall",
    )
