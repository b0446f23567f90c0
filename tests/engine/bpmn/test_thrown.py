"""What signals, errors, escalations and compensation say to the outside, and what the state keeps of them."""

from __future__ import annotations

import json

import pytest

from engine.bpmn.events import (
    ErrorThrown,
    Escalated,
    EscalationThrown,
    Failed,
    Left,
    SignalThrown,
    Subscribed,
    TimerCleared,
    Unsubscribed,
)
from engine.bpmn.failures import NotWaiting
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    condition,
    end,
    escalation,
    exclusive,
    in_line,
    io,
    message,
    parallel,
    process,
    service,
    signal,
    start,
    throwing,
    timer,
    undoing,
    undone,
    user,
)
from tests.engine.bpmn.play import Play, compiled


def test_an_error_that_nothing_catches_is_told_and_kept(play):
    story = play(in_line(service("a", "t"))).start().error("a", "E1", "no answer")
    assert story.of(ErrorThrown, Failed) == [ErrorThrown("a", "E1", "no answer"), Failed("a", "E1", "no answer")]
    assert story.instance.failure == ("a", "E1", "no answer")
    assert not story.over
    assert story.instance.live() == []
    before = len(story.events)
    story.instance.cancel()
    assert story.instance.drain() == [] and len(story.events) == before


def test_an_error_is_raised_only_at_an_activity_that_waits(play):
    story = play(in_line(catch("c", message("M")))).start()
    with pytest.raises(NotWaiting, match="no activity waits there"):
        story.error("c", "E1")


def test_an_escalation_that_nothing_catches_is_handed_out(play):
    story = play(in_line(throwing("t", escalation("L1"), io({"why": "late"})))).start()
    assert story.of(EscalationThrown, Escalated) == [EscalationThrown("t", "L1", {"why": "late"}), Escalated("t", "L1",
        {"why": "late"})]
    assert story.over


def test_a_signal_is_said_after_those_inside_have_it(play):
    diagram = process(
        start(), parallel("fork"), catch("c", signal("S")), throwing("t", signal("S"), io({"x": "${1}"})), end(),
        flows="start>fork; fork>c; fork>t; c>end; t>end",
    )  # fmt: skip
    story = play(diagram).start()
    assert story.of(Subscribed) == [Subscribed("c", 3, "S", "", "signal")]
    said = [type(event) for event in story.of(Unsubscribed, Left, SignalThrown)]
    assert said == [Unsubscribed, Left, SignalThrown]
    assert story.of(SignalThrown) == [SignalThrown("t", "S", {"x": 1})]


def test_of_several_timers_of_an_event_only_the_one_that_came_has_fired(play):
    event = boundary("b", "a", timer(duration="PT1H"), extra=(timer(duration="PT2H"),))
    story = play(process(start(), user("a"), event, end(), flows="start>a; a>end; b>end")).start().later(hours=1)
    assert sorted(cleared.fired for cleared in story.of(TimerCleared)) == [False, True]
    assert story.over


def test_the_starts_of_a_process_are_told():
    model = compiled(
        process(
            start("m", message("M"), signal("S")), start("t", timer(cycle="R/P1D")), start("c", condition("${n > 1}")), user("a"),
            flows="m>a; t>a; c>a",
        )
    )  # fmt: skip
    assert (model.start, dict(model.message_starts), dict(model.signal_starts)) == (None, {"M": "m"}, {"S": "m"})
    assert {key: found.expression for key, found in model.timer_starts.items()} == {"t": "R/P1D"}
    assert dict(model.condition_starts) == {"c": "${n > 1}"}
    with pytest.raises(ValueError, match="has no start"):
        Play(model).start()


def test_a_loop_whose_work_can_be_undone_does_not_grow():
    diagram = process(
        start(), exclusive("m"), user("a"), exclusive("x"), throwing("t", undoing()), end(), *undone("a", user("undo_a")),
        flows="start>m; m>a; a>x; x>m ${again}; x>t *; t>end",
    )  # fmt: skip
    story = Play(diagram).start().complete("a", {"again": True})
    size = len(json.dumps(story.instance.state()))
    for _ in range(300):
        story.complete("a", {"again": True})
    assert len(json.dumps(story.instance.state())) <= size + 20  # numbers get more digits
    story.complete("a", {"again": False})
    for _ in range(302):
        story.complete("undo_a")
    assert story.over
    assert "k" not in story.instance.state()
