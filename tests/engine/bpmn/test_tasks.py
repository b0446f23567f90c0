from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from engine.bpmn.events import (
    Completed,
    EndReached,
    Entered,
    Left,
    MessageThrown,
    Passed,
    ServiceClosed,
    ServiceOpened,
    Subscribed,
    Taken,
    TaskClosed,
    TaskOpened,
    Unsubscribed,
)
from engine.bpmn.failures import NotWaiting, StepFailed
from tests.engine.bpmn.diagrams import end, io, process, receive, rule, send, service, start, user


def line(*nodes):
    ids = ["start", *(node.get("id") for node in nodes), "end"]
    flows = "; ".join(f"{source}>{target}" for source, target in pairwise(ids))
    return process(start(), *nodes, end(), flows=flows)


def test_a_user_task_from_start_to_end_says_everything_in_order(play):
    diagram = line(
        user(
            "a",
            name="Granska ${what}",
            _assignee="${who}",
            _candidateGroups="lsg:ordforande, ${roles}",
            _candidateUsers="x,y",
            _dueDate="2026-02-01",
            _followUpDate="2026-01-20",
            _priority="70",
            _formRef="granska",
        )
    )
    story = play(diagram).start({"what": "frågan", "who": "anna", "roles": ["part:umea:registrator", "koordinator"]})
    story.complete("a", {"utfall": "ja"})
    task = story.of(TaskOpened)[0]
    assert story.events == [
        Passed("start", 1),
        Taken("start_to_a"),
        Entered("a", 2),
        TaskOpened(
            "a",
            2,
            "Granska frågan",
            "anna",
            ("lsg:ordforande", "part:umea:registrator", "koordinator"),
            ("x", "y"),
            datetime(2026, 2, 1, 23, tzinfo=UTC),
            datetime(2026, 1, 19, 23, tzinfo=UTC),
            70,
            "granska",
        ),
        TaskClosed("a", 2, True),
        Left("a", 2),
        Taken("a_to_end"),
        Passed("end", 3),
        EndReached("end", "end"),
        Completed("p"),
    ]
    assert task.due.tzinfo is UTC
    assert story.variables["utfall"] == "ja"


def test_a_failing_expression_names_its_element(play):
    with pytest.raises(StepFailed) as failed:
        play(line(user("a", _assignee="${missing}"))).start()
    assert failed.value.element_id == "a"
    assert "missing" in failed.value.message


def test_wrong_use_is_refused(play):
    story = play(line(user("a"), service("s", "topic"))).start()
    token = story.token("a")
    for command in (story.instance.receive, story.instance.serve, story.instance.call_returned):
        with pytest.raises(NotWaiting):
            command(token, {})
    with pytest.raises(NotWaiting):
        story.instance.complete(999, {})
    story.complete("a")
    with pytest.raises(NotWaiting):
        story.instance.complete(token, {})
    with pytest.raises(NotWaiting):
        story.instance.start({})


def test_input_parameters_are_local_and_output_parameters_go_out(play):
    diagram = line(
        user("a", io({"x": "${x + 1}", "list": ["${x}", "b"], "map": {"k": "${x}"}}, {"sum": "${x + y}", "copy": "${list}"})),
        user("b"),
    )
    story = play(diagram).start({"x": 1})
    assert story.instance.variables_at(story.token("a")) == {"x": 2, "list": [2, "b"], "map": {"k": 2}}
    assert story.instance.evaluate("${x}", token=story.token("a")) == 2
    assert story.instance.evaluate("${x}") == 1
    story.complete("a", {"x": 10, "y": 5})  # x is declared by the task, y by nobody
    assert story.variables == {"x": 1, "y": 5, "sum": 15, "copy": [2, "b"]}


def test_a_service_without_output_parameters_answers_outwards(play):
    story = play(line(service("s", "parties", io({"body": "${body}"})), user("b"))).start({"body": "lsg"})
    assert story.of(ServiceOpened) == [ServiceOpened("s", 2, "parties", {"body": "lsg"})]
    story.serve("s", {"parties": ["umea"]})
    assert story.of(ServiceClosed) == [ServiceClosed("s", 2, True)]
    assert story.variables == {"body": "lsg", "parties": ["umea"]}


def test_a_service_with_output_parameters_lets_only_those_out(play):
    story = play(line(service("s", "parties", io(None, {"first": "${parties[0]}"})), user("b"))).start()
    assert story.serve("s", {"parties": ["umea", "vindeln"], "noise": 1}).variables == {"first": "umea"}


def test_a_business_rule_task_keeps_its_result(play):
    asked = []

    def decide(key, variables):
        asked.append((key, dict(variables)))
        return {"kanal": "mote"}

    diagram = line(rule("r", "kanal", _resultVariable="kanal", _mapDecisionResult="singleEntry"), user("b"))
    story = play(diagram, decide=decide).start({"bradskande": False})
    assert asked == [("kanal", {"bradskande": False})]
    assert story.variables["kanal"] == "mote"


@pytest.mark.parametrize(
    ("shape", "answer", "kept"),
    [
        ("singleEntry", "x", "x"),
        ("singleEntry", None, None),
        ("singleEntry", ["x"], "x"),
        ("singleResult", {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ("collectEntries", [{"a": 1}, 2], [1, 2]),
        ("collectEntries", "x", ["x"]),
        ("resultList", {"a": 1}, [{"a": 1}]),
        ("resultList", None, []),
    ],
)
def test_shapes_of_a_decision(play, shape, answer, kept):
    diagram = line(rule("r", "d", _resultVariable="v", _mapDecisionResult=shape), user("b"))
    assert play(diagram, decide=lambda key, variables: answer).start().variables["v"] == kept


def test_a_decision_that_cannot_answer_names_the_task(play):
    def decide(key, variables):
        raise ValueError("rules 1 and 2 both hold")

    with pytest.raises(StepFailed, match="rules 1 and 2") as failed:
        play(line(rule("r", "d", _resultVariable="v", _mapDecisionResult="singleEntry")), decide=decide).start()
    assert failed.value.element_id == "r"


def test_a_send_task_says_its_input_parameters_and_addresses_by_business_key(play):
    diagram = line(send("m", "Kallelse ${slag}", io({"businessKey": "${to}", "datum": "${datum}"})))
    story = play(diagram).start({"slag": "LSG", "to": "MÖ-2026-0002", "datum": "2026-02-01", "hemligt": 1})
    assert story.of(MessageThrown) == [MessageThrown("m", "Kallelse LSG", "MÖ-2026-0002", {"datum": "2026-02-01"})]
    assert story.over


def test_a_receive_task_waits_for_its_message(play):
    story = play(line(receive("r", "Svar"))).start()
    assert story.of(Subscribed) == [Subscribed("r", 2, "Svar", "ÄR-2026-0001")]
    story.receive("r", {"svar": "ja"})
    assert story.of(Unsubscribed) == [Unsubscribed("r", 2)]
    assert story.over
    assert story.variables == {"svar": "ja"}


def test_cancel_closes_everything(play):
    story = play(line(user("a"))).start()
    story.instance.cancel()
    story._after()
    assert story.of(TaskClosed) == [TaskClosed("a", 2, False)]
    assert story.cancelled() == ["a"]
    assert story.open() == []
    assert not story.over
    with pytest.raises(NotWaiting):
        story.instance.complete(2, {})


def test_the_initiator_and_a_coordinators_variables(play):
    diagram = process(start("start", _initiator="vem"), user("a"), end(), flows="start>a; a>end")
    story = play(diagram).start({"x": 1}, initiator="anna.ek")
    story.instance.set_variables({"x": 2})
    assert story.variables == {"x": 2, "vem": "anna.ek"}
