from __future__ import annotations

import pytest

from engine.bpmn.failures import StepFailed
from tests.engine.bpmn.diagrams import end, exclusive, inclusive, parallel, process, start, user


def test_exclusive_takes_the_first_that_holds_else_the_default(play):
    diagram = process(
        start(),
        exclusive("x"),
        user("low"),
        user("high"),
        user("rest"),
        flows="start>x; x>low ${n < 10}; x>high ${n > 5 && n < 100}; x>rest *",
    )
    assert play(diagram).start({"n": 7}).open() == ["low"]
    assert play(diagram).start({"n": 50}).open() == ["high"]
    assert play(diagram).start({"n": 100}).open() == ["rest"]


def test_exclusive_without_a_way_says_where(play):
    diagram = process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a ${n == 1}; x>b ${n == 2}")
    with pytest.raises(StepFailed) as failed:
        play(diagram).start({"n": 3})
    assert failed.value.element_id == "x"


def test_a_condition_has_to_be_true_or_false(play):
    diagram = process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a ${n}; x>b *")
    with pytest.raises(StepFailed, match="neither true nor false"):
        play(diagram).start({"n": 3})


def test_parallel_waits_for_every_flow_and_loses_no_write(play):
    diagram = process(
        start(),
        parallel("split"),
        user("a"),
        user("b"),
        parallel("join"),
        user("after"),
        end(),
        flows="start>split; split>a; split>b; a>join; b>join; join>after; after>end",
    )
    story = play(diagram).start({"x": 1})
    assert story.open() == ["a", "b"]
    story.complete("a", {"x": 2})
    assert story.open() == ["b", "join"]
    story.complete("b", {"y": 3})
    assert story.open() == ["after"]
    assert story.variables == {"x": 2, "y": 3}
    assert story.complete("after").over
    assert story.trail() == ["start", "split", "a", "b", "join", "after", "end"]


def test_tokens_in_excess_stay_at_a_parallel_join(play):
    diagram = process(
        start(),
        parallel("split"),
        user("a"),
        user("a2"),
        exclusive("merge"),
        user("b"),
        parallel("join"),
        user("after"),
        end(),
        flows="start>split; split>a; split>a2; split>b; a>merge; a2>merge; merge>join; b>join; join>after; after>end",
    )
    story = play(diagram).start().complete("a").complete("a2")
    assert story.open() == ["b", "join"]
    story.complete("b")
    assert sorted(story.open()) == ["after", "join"]
    story.complete("after")
    assert not story.over
    assert story.open() == ["join"]


def test_inclusive_takes_all_that_hold_and_joins_what_can_come(play):
    diagram = process(
        start(),
        inclusive("split"),
        user("a"),
        user("b"),
        user("c"),
        inclusive("join"),
        user("after"),
        end(),
        flows="start>split; split>a ${a}; split>b ${b}; split>c *; a>join; b>join; c>join; join>after; after>end",
    )
    story = play(diagram).start({"a": True, "b": True})
    assert story.open() == ["a", "b"]
    story.complete("b")
    assert story.open() == ["a", "join"]
    assert story.complete("a").open() == ["after"]
    assert play(diagram).start({"a": True, "b": False}).complete("a").open() == ["after"]
    assert play(diagram).start({"a": False, "b": False}).complete("c").open() == ["after"]


def test_inclusive_join_goes_on_when_the_last_that_could_come_goes_elsewhere(play):
    diagram = process(
        start(),
        parallel("split"),
        user("a"),
        user("b"),
        exclusive("x"),
        end("aside"),
        inclusive("join"),
        user("after"),
        end(),
        flows="start>split; split>a; split>b; a>join; b>x; x>join ${come}; x>aside *; join>after; after>end",
    )
    story = play(diagram).start().complete("a")
    assert story.open() == ["b", "join"]
    story.complete("b", {"come": False})
    assert story.open() == ["after"]
    assert story.complete("after").over


def test_inclusive_join_in_a_loop(play):
    diagram = process(
        start(),
        exclusive("again"),
        inclusive("split"),
        user("a"),
        user("b"),
        inclusive("join"),
        exclusive("x"),
        end(),
        flows="start>again; again>split; split>a ${a}; split>b *; a>join; b>join; join>x; x>again ${n < 3}; x>end *",
    )
    story = play(diagram).start({"a": True, "n": 0})
    for n in range(1, 4):
        story.complete("a", {"n": n})
    assert story.over
    assert story.trail().count("join") == 3


def test_ids_start_and_end_are_free_for_diagrams(play):
    diagram = process(start("Start"), user("Root"), end("End"), flows="Start>Root; Root>End")
    story = play(diagram).start().complete("Root")
    assert story.over
    assert story.trail() == ["Start", "Root", "End"]
