"""Scenarios on the real runtime, with the demo's people and a small process of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import CIVIL, SimulatedClock, civil_date
from engine.register import Register
from engine.runtime import Runtime
from engine.simulate import (
    Folders,
    Player,
    RuntimeStage,
    ScenarioFailed,
    coverage,
    load_people,
    load_register,
    play_demo,
    read_scenarios,
)
from engine.store import Database
from engine.store.tables import history
from engine.toolkit import Toolkit
from tests.engine.runtime.diagrams import diagram, end, flow, line, start, user

ROOT = Path(__file__).parents[3]
FOLDERS = Folders(ROOT / "processes", ROOT / "forms")
START = datetime(2026, 1, 12, 8, 0, tzinfo=CIVIL)

MESSAGE = '<bpmn:message id="m" name="withdraw"/>'
# The chair looks at it; sixteen days of silence lead to a reminder; the starter may withdraw; two parties answer side by side.
CASE = diagram(
    "case",
    start(initiator="starter")
    + user("look", "lsg:ordforande")
    + '<bpmn:boundaryEvent id="late" attachedToRef="look" cancelActivity="false">'
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P16D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("remind", "koordinator")
    + end("reminded", "Reminded")
    + flow("late", "remind")
    + flow("remind", "reminded")
    + '<bpmn:callActivity id="umea" name="Umeå" calledElement="answer"><bpmn:extensionElements>'
    '<camunda:in sourceExpression="umea" target="part"/></bpmn:extensionElements></bpmn:callActivity>'
    + '<bpmn:callActivity id="dorotea" name="Dorotea" calledElement="answer"><bpmn:extensionElements>'
    '<camunda:in sourceExpression="dorotea" target="part"/></bpmn:extensionElements></bpmn:callActivity>'
    + '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
    + end("told", "Told")
    + line("begin", "look", "split", "umea", "join", "told")
    + line("split", "dorotea", "join")
    + '<bpmn:subProcess id="withdrawing" triggeredByEvent="true"><bpmn:startEvent id="asked"><bpmn:extensionElements>'
    '<camunda:properties><camunda:property name="action" value="Återkalla"/>'
    '<camunda:property name="actionRoles" value="${starter}"/></camunda:properties></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent><bpmn:endEvent id="gone"/>'
    '<bpmn:sequenceFlow id="asked_gone" sourceRef="asked" targetRef="gone"/></bpmn:subProcess>',
    head=MESSAGE,
    attributes='camunda:candidateStarterGroups="lsg"',
    series="ÄR",
    kind="case",
    title="En fråga",
)
ANSWER = diagram(
    "answer",
    start() + user("decide", "part:${part}:registrator") + end() + line("begin", "decide", "done"),
    series="LB",
    kind="decision",
    party="${part}",
)


@pytest.fixture(scope="module")
def toolkit() -> Iterator[Toolkit]:
    yield Toolkit()


@pytest.fixture
def runtime(database: Database, toolkit: Toolkit) -> Runtime:
    clock = SimulatedClock(START)
    register = Register(database)
    load_register(register, FOLDERS, civil_date(START))
    load_people(register, FOLDERS, civil_date(START))
    made = Runtime(database, clock, register, toolkit)
    made.deploy({"case.bpmn": CASE, "answer.bpmn": ANSWER}, why="test")
    return made


def play(runtime: Runtime, *steps: str, until: datetime | None = None) -> None:
    clock = runtime.parts.clock
    assert isinstance(clock, SimulatedClock)
    text = "\n      ".join(["scenarios:\n  - name: S\n    clock: 2026-01-12T08:00\n    steps:", *(f"- {step}" for step in steps)])
    Player(RuntimeStage(runtime), clock).play(read_scenarios({"s.yaml": text}), until=until)


BEGIN = "{start: case, by: anna.sjolund, as: fraga}"


def test_a_case_is_played_to_its_end(runtime: Runtime) -> None:
    play(
        runtime,
        BEGIN,
        "expect: {status: running, waiting: [look], title: En fråga}",
        "{task: look, by: helena.norrby, at: +2d}",
        "expect: {waiting: [umea, dorotea, decide], passed: [look], not_passed: [told, late]}",
        "{task: {each: decide, of: fraga, answers_by_party: {default: {}, dorotea: null}}}",
        "expect: {waiting: [dorotea]}",
        "expect: {waiting: [dorotea, join, decide]}",
        "{task: decide, of: fraga, party: dorotea, by: koordinator}",  # Dorotea has no registrar: it fell to the coordinators
        "expect: {status: completed, outcome: told, waiting: []}",
    )
    verified = runtime.verify(replay=True)
    assert verified.faults == ()


def test_what_falls_due_on_the_way_happens_at_its_own_moment(runtime: Runtime) -> None:
    play(runtime, BEGIN, "{at: +30d, task: remind}", "expect: {waiting: [look], passed: [late, remind]}")
    assert runtime.verify().faults == ()
    [fired] = fired_at(runtime, "late")
    assert fired == START + timedelta(days=16)


def fired_at(runtime: Runtime, element: str) -> list[datetime]:
    with runtime.parts.database.read() as connection:
        query = select(history.c.at).where(history.c.element_id == element, history.c.kind.in_(("passed", "left")))
        return list(connection.execute(query).scalars())


def test_an_act_by_hand_ends_the_case(runtime: Runtime) -> None:
    play(runtime, BEGIN, "{act: Återkalla, by: anna.sjolund}", "expect: {status: completed, outcome: gone, not_passed: [look]}")


def test_failures_say_what_is_wrong(runtime: Runtime) -> None:
    with pytest.raises(ScenarioFailed, match="Anna Sjölund holds none of the roles"):
        play(runtime, BEGIN, "{task: look, by: anna.sjolund}")
    with pytest.raises(ScenarioFailed, match=r"“Bordlägg” cannot be done in .* now; what can: Återkalla"):
        play(runtime, BEGIN, "{act: Bordlägg, by: anna.sjolund}")
    with pytest.raises(ScenarioFailed, match="David Marsfjäll is none of those who may start this"):
        play(runtime, "{start: case, by: david.marsfjall}")
    with pytest.raises(ScenarioFailed, match=r"There is no person nobody\.here"):
        play(runtime, "{start: case, by: nobody.here}")


def test_flows_that_no_scenario_has_taken_are_named(runtime: Runtime) -> None:
    play(runtime, BEGIN, "{task: look}", "{task: {each: decide, answers_by_party: {default: {}}}}")
    covered = {one.process: one for one in coverage(runtime)}
    assert covered["answer"].untaken == ()
    assert {line.split(":")[0] for line in covered["case"].untaken} == {"late_remind", "remind_reminded", "asked_gone"}
    assert str(covered["case"]).startswith("case v1: 7 of 10 flows taken\n  not taken: ")


def test_the_demo_is_played_up_to_the_present_and_not_twice(database: Database, toolkit: Toolkit, tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 10, 30, tzinfo=CIVIL)
    register = Register(database)
    load_register(register, FOLDERS, civil_date(now))
    load_people(register, FOLDERS, civil_date(now))
    (tmp_path / "cases.yaml").write_text(
        'scenarios:\n  - name: D\n    clock: "-20d 09:00"\n    steps:\n      - {start: case, by: anna.sjolund}\n', "utf-8"
    )
    definitions = {"case.bpmn": CASE, "answer.bpmn": ANSWER}
    assert play_demo(database, tmp_path, now=now, definitions=definitions, toolkit=toolkit) == 1
    runtime = Runtime(database, SimulatedClock(now), register, toolkit)
    assert fired_at(runtime, "late") == [datetime(2026, 2, 26, 9, 0, tzinfo=CIVIL)]
    with pytest.raises(ValueError, match="holds cases already"):
        play_demo(database, tmp_path, now=now, definitions=definitions, toolkit=toolkit)
