"""Subprocesses, multi-instance and calls: whatever has variables of its own."""

from __future__ import annotations

import pytest

from engine.bpmn.events import CallClosed, CallOpened, Entered, Left, MessageThrown, Passed, ServiceOpened, TaskOpened
from engine.bpmn.failures import StepFailed
from tests.engine.bpmn.diagrams import (
    boundary,
    call,
    data,
    each,
    end,
    exclusive,
    extension,
    io,
    message,
    process,
    receive,
    rule,
    send,
    service,
    start,
    sub,
    timer,
    user,
)


def around(activity, *more, flows=""):
    id = activity.get("id")
    return process(start(), activity, user("after"), end(), *more, flows=f"start>{id}; {id}>after; after>end; {flows}")


def test_a_subprocess_within_a_subprocess(play):
    inner = sub("I", start("is"), user("x"), end("ie"), flows="is>x; x>ie")
    outer = sub("O", start("os"), inner, user("y"), end("oe"), flows="os>I; I>y; y>oe")
    story = play(around(outer)).start()
    assert story.open() == ["O", "I", "x"]
    story.complete("x").complete("y").complete("after")
    assert story.over
    assert story.trail() == ["start", "os", "is", "x", "ie", "I", "y", "oe", "O", "after", "end"]


def test_input_parameters_of_a_subprocess_are_seen_inside_only(play):
    inner = sub("S", io({"x": "${x + 1}"}, {"ut": "${x}"}), start("s"), user("u"), end("e"), flows="s>u; u>e")
    story = play(around(inner)).start({"x": 1})
    assert story.instance.variables_at(story.token("u"))["x"] == 2
    story.complete("u", {"x": 7, "z": 1})
    assert story.variables == {"x": 1, "z": 1, "ut": 7}


def test_sixteen_side_by_side_with_results_in_order(play):
    body = user("a", each(collection="parter", variable="part", into="svaren", item="svar"), name="${part}")
    story = play(around(body, data("svaren"))).start({"parter": [f"p{n}" for n in range(16)]})
    assert [opened.name for opened in story.of(TaskOpened)] == [f"p{n}" for n in range(16)]
    for n in reversed(range(16)):
        assert story.open().count("a") == n + 1
        story.complete("a", {"svar": n * 10, "sist": n}, index=n)
    assert story.open() == ["after"]
    assert story.variables["svaren"] == [n * 10 for n in range(16)]
    assert story.variables["sist"] == 0
    assert "svar" not in story.variables
    assert len(story.of(Entered)) == len(story.of(Left)) + 1 == 17


def test_one_after_the_other(play):
    body = user(
        "a", each(cardinality="${n}", sequential=True, into="svaren", item="svar"), name="${loopCounter} av ${nrOfInstances}"
    )
    story = play(around(body, data("svaren"))).start({"n": 3})
    for n in range(3):
        assert story.open() == ["a"]
        story.complete("a", {"svar": n})
    assert story.open() == ["after"]
    assert [opened.name for opened in story.of(TaskOpened) if opened.element_id == "a"] == ["0 av 3", "1 av 3", "2 av 3"]
    assert story.variables["svaren"] == [0, 1, 2]


@pytest.mark.parametrize("sequential", [False, True])
def test_nothing_to_run_passes(play, sequential):
    body = user("a", each(collection="parter", sequential=sequential, into="svaren", item="svar"))
    story = play(around(body, data("svaren"))).start({"parter": []})
    assert story.open() == ["after"]
    assert "a" in [event.element_id for event in story.of(Passed)]
    assert story.variables["svaren"] == []


def test_a_null_item_is_an_item(play):
    body = user("a", each(collection="${[]}" if False else "parter", variable="part", sequential=True))
    story = play(around(body)).start({"parter": [None, 1]}).complete("a")
    assert story.open() == ["a"]
    assert story.complete("a").open() == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_the_completion_condition_sees_counts_results_and_the_child(play, sequential):
    for until in ("${nrOfCompletedInstances >= 2}", "${size(svaren) == 2}", "${svar == 'nej'}"):
        body = user("a", each(collection="parter", sequential=sequential, until=until, into="svaren", item="svar"))
        story = play(around(body, data("svaren"))).start({"parter": [1, 2, 3]})
        story.complete("a", {"svar": "ja"}).complete("a", {"svar": "nej"})
        assert story.open() == ["after"]
        assert story.variables["svaren"] == ["ja", "nej"]
        assert story.cancelled() == ([] if sequential else ["a"])


def test_a_deadline_ends_the_rest_and_keeps_what_has_come_in(play):
    body = user("a", each(collection="parter", into="svaren", item="svar"))
    story = play(around(body, boundary("b", "a", timer(duration="P30D")), user("late"), data("svaren"), flows="b>late"))
    story.start({"parter": [1, 2, 3]}).complete("a", {"svar": "ja"}, index=1).later(days=30)
    assert story.open() == ["late"]
    assert story.variables["svaren"] == ["ja"]
    assert story.cancelled() == ["a", "a"]


def test_a_reminder_over_all_children(play):
    body = user("a", each(collection="parter"))
    reminder = boundary("b", "a", timer(duration="P7D"), interrupting=False)
    story = play(around(body, reminder, end("reminded"), flows="b>reminded")).start({"parter": [1, 2]}).later(days=20)
    assert story.trail().count("b") == 1
    assert story.complete("a").complete("a").open() == ["after"]


def test_a_multi_instance_subprocess_keeps_each_childs_variables(play):
    inner = sub(
        "S",
        io({"egen": "${part}-${loopCounter}"}, {"svar": "${egen}!"}),
        each(collection="parter", variable="part", into="svaren", item="svar"),
        start("s"),
        user("u"),
        exclusive("x"),
        user("v"),
        end("e"),
        flows="s>u; u>x; x>v ${mer}; x>e *; v>e",
    )
    story = play(around(inner, data("svaren"))).start({"parter": ["a", "b"], "mer": False})
    assert story.open() == ["S", "S", "u", "u"]
    assert story.instance.variables_at(story.token("u", 1))["egen"] == "b-1"
    story.complete("u", {"egen": "B"}, index=1).complete("u", {"egen": "A", "mer": True})
    assert story.open() == ["S", "v"]
    story.complete("v")
    assert story.variables["svaren"] == ["A!", "B!"]
    assert story.open() == ["after"]


def test_multi_instance_within_multi_instance(play):
    inner = user("u", each(collection="${part.namnder}", variable="namnd", into="inre", item="svar"), name="${namnd}")
    outer = sub(
        "S",
        io({"inre": "${null}"}),
        each(collection="parter", variable="part"),
        start("s"),
        inner,
        end("e"),
        data("inre"),
        flows="s>u; u>e",
    )
    story = play(around(outer)).start({"parter": [{"namnder": ["a", "b"]}, {"namnder": ["c"]}]})
    assert [opened.name for opened in story.of(TaskOpened)] == ["a", "b", "c"]
    for _ in range(3):
        story.complete("u", {"svar": 1})
    assert story.open() == ["after"]
    assert "inre" not in story.variables


def test_multi_instance_service_receive_send_and_rule(play):
    parter = {"parter": ["a", "b"]}
    story = play(
        around(
            service("s", "t", each(collection="parter", variable="part", into="ut", item="svar"), io({"p": "${part}"})), data("ut")
        )
    )
    story.start(parter)
    assert [opened.variables for opened in story.of(ServiceOpened)] == [{"p": "a"}, {"p": "b"}]
    story.serve("s", {"svar": 1}).serve("s", {"svar": 2})
    assert story.variables["ut"] == [1, 2]

    story = play(around(receive("r", "Svar", each(collection="parter")))).start(parter).receive("r").receive("r")
    assert story.open() == ["after"]

    story = play(around(send("m", "Ut", each(collection="parter", variable="part"), io({"part": "${part}"})))).start(parter)
    assert [thrown.variables for thrown in story.of(MessageThrown)] == [{"part": "a"}, {"part": "b"}]
    assert story.open() == ["after"]

    asked = rule(
        "d",
        "d",
        each(collection="parter", variable="part", into="ut", item="v"),
        _resultVariable="v",
        _mapDecisionResult="singleEntry",
    )
    story = play(around(asked, data("ut")), decide=lambda key, seen: seen["part"].upper()).start(parter)
    assert story.variables["ut"] == ["A", "B"]


def test_what_is_no_list_is_refused_with_the_element(play):
    with pytest.raises(StepFailed, match="no list") as failed:
        play(around(user("a", each(collection="parter")))).start({"parter": "umea"})
    assert failed.value.element_id == "a"


def test_a_call_maps_in_and_out(play):
    mappings = (
        extension("in", source="a", target="x"),
        extension("in", sourceExpression="${a + 1}", target="y"),
        extension("in", businessKey="${execution.businessKey}"),
        extension("out", source="svar", target="svaret"),
        extension("out", sourceExpression="${svar + 1}", target="mer"),
    )
    story = play(around(call("c", "beredning", *mappings, _calledElementBinding="deployment"))).start({"a": 1, "b": 2})
    assert story.of(CallOpened) == [CallOpened("c", 2, "beredning", "deployment", None, {"x": 1, "y": 2}, "ÄR-2026-0001")]
    story.returned("c", {"svar": 10, "brus": 1})
    assert story.of(CallClosed) == [CallClosed("c", 2, True)]
    assert story.variables == {"a": 1, "b": 2, "svaret": 10, "mer": 11}


def test_a_call_of_all_variables_for_each_item(play):
    mappings = (extension("in", variables="all"), extension("out", source="svar", target="svar"))
    body = call("c", "p-${part}", *mappings, each(collection="parter", variable="part", into="svaren", item="svar"))
    story = play(around(body, data("svaren"))).start({"parter": ["a", "b"]})
    opened = story.of(CallOpened)
    assert [event.called for event in opened] == ["p-a", "p-b"]
    assert opened[1].variables["part"] == "b"
    assert opened[1].business_key is None
    story.returned("c", {"svar": 2, "brus": 1}, index=1).returned("c", {"svar": 1})
    assert story.variables["svaren"] == [1, 2]
    assert story.open() == ["after"]


def test_a_boundary_event_ends_a_call(play):
    story = (
        play(around(call("c", "x"), boundary("b", "c", message("Stopp")), user("stopped"), flows="b>stopped")).start().receive("b")
    )
    assert story.of(CallClosed) == [CallClosed("c", 2, False)]
    assert story.open() == ["stopped"]
