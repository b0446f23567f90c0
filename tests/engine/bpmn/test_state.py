"""What a state has to remember besides tokens and variables: who is ready, and who has waited longest."""

from __future__ import annotations

import json

from engine.bpmn.instance import Instance
from tests.engine.bpmn.diagrams import boundary, catch, end, message, parallel, process, start, timer, user
from tests.engine.bpmn.play import Play


def copied(story: Play) -> Instance:
    return Instance.restore(story.model, story.env, json.loads(json.dumps(story.instance.state())))


def test_the_ready_queue_goes_on_where_it_was():
    story = Play(
        process(start(), parallel("split"), user("a"), user("b"), end(), flows="start>split; split>a; split>b; a>end; b>end")
    )
    kernel = story.instance._kernel
    kernel.started = True
    kernel.place(kernel.spec.task_specs["start"], kernel.root)
    for _ in range(2):
        kernel.queue.popleft().run()
    assert story.instance.state()["q"] == [3, 4]
    other = copied(story)
    for instance in (story.instance, other):
        instance._kernel.do_engine_steps()
        assert [live.element_id for live in instance.open_tasks()] == ["a", "b"]
    assert other.state() == story.instance.state()


def test_of_two_timers_due_at_once_the_one_that_has_waited_longer_fires_first():
    """A repeating timer goes to the back of the queue; after reading the state it still stands there."""
    diagram = process(
        start(),
        user("a"),
        boundary("often", "a", timer(cycle="R/PT1H"), interrupting=False),
        boundary("once", "a", timer(duration="PT2H"), interrupting=False),
        end(),
        end("often_end"),
        end("once_end"),
        flows="start>a; a>end; often>often_end; once>once_end",
    )
    for restoring in (False, True):
        story = Play(diagram, restoring=restoring).start().later(hours=2)
        assert [id for id in story.trail() if id in ("often", "once")] == ["often", "once", "often"]


def test_a_state_is_a_snapshot_and_can_be_read_twice():
    diagram = process(
        start(),
        parallel("split"),
        user("a"),
        user("b"),
        catch("c", message("M")),
        parallel("join"),
        end(),
        flows="start>split; split>a; split>b; split>c; a>join; b>join; c>join; join>end",
    )
    story = Play(diagram).start({"x": 1}).complete("a")
    state = story.instance.state()
    before = json.dumps(state)
    for _ in range(2):
        instance = Instance.restore(story.model, story.env, state)
        instance.complete(story.token("b"), {"x": 2})
        instance.set_variables({"y": 1})
        assert json.dumps(state) == before
    story.complete("b", {"x": 3})
    assert json.dumps(state) == before
