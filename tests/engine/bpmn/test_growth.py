"""An instance that runs for years costs as much in its last round as in its first, and its state does not grow."""

from __future__ import annotations

import json
import sys
from itertools import pairwise

import pytest

from tests.engine.bpmn.diagrams import boundary, end, exclusive, inclusive, message, parallel, process, start, timer, user
from tests.engine.bpmn.play import Play, compiled

LOOP = process(start(), user("a"), exclusive("x"), end(), flows="start>a; a>x; x>a ${again}; x>end *")
SPLIT = process(
    start(),
    exclusive("m"),
    parallel("split"),
    user("a"),
    user("b"),
    parallel("join"),
    exclusive("x"),
    end(),
    flows="start>m; m>split; split>a; split>b; a>join; b>join; join>x; x>m ${again}; x>end *",
)
INCLUSIVE = process(
    start(),
    exclusive("m"),
    inclusive("split"),
    user("a"),
    user("b"),
    inclusive("join"),
    exclusive("x"),
    end(),
    flows="start>m; m>split; split>a ${again}; split>b *; a>join; b>join; join>x; x>m ${again}; x>end *",
)
BOUNDARY = process(
    start(),
    user("a"),
    boundary("b", "a", timer(duration="P1D")),
    boundary("c", "a", message("M"), interrupting=False),
    exclusive("x"),
    end(),
    end("late"),
    end("c_end"),
    flows="start>a; a>x; x>a ${again}; x>end *; b>late; c>c_end",
)


def calls(work):
    """How many functions `work` calls, Python's and C's."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("diagram", "tasks"), [(LOOP, 1), (SPLIT, 2), (INCLUSIVE, 1), (BOUNDARY, 1)], ids=["loop", "split", "inclusive", "boundary"]
)
def test_five_thousand_rounds_stay_flat(diagram, tasks):
    story = Play(diagram).start({"again": True})
    instance = story.instance

    def rounds(count):
        for _ in range(count):
            for live in instance.open_tasks():
                instance.complete(live.token, {"again": True})
            instance.drain()

    rounds(100)  # caches
    size = len(json.dumps(instance.state()))
    early = calls(lambda: rounds(20))
    rounds(5_000)
    late = calls(lambda: rounds(20))
    assert len(instance.open_tasks()) == tasks
    assert len(json.dumps(instance.state())) <= size + 40  # ids get more digits
    assert late <= early * 1.02  # work is counted, not timed: a busy machine changes nothing
    for live in instance.open_tasks():
        instance.complete(live.token, {"again": False})
    assert instance.is_completed
    assert instance.state()["t"] == []


def test_a_non_interrupting_boundary_fires_hundreds_of_times():
    story = Play(BOUNDARY).start()
    for _ in range(700):
        story.receive("c")
    assert story.open() == ["a"]
    assert len(story.instance.state()["t"]) == 3


def test_a_straight_line_of_thousands_of_tasks_compiles_and_runs():
    ids = [f"t{n}" for n in range(3_000)]
    flows = ["start>t0", *(f"{a}>{b}" for a, b in pairwise(ids)), f"{ids[-1]}>end"]
    story = Play(process(start(), *(exclusive(id) for id in ids), end(), flows="; ".join(flows))).start()
    assert story.over


def test_state_is_hundreds_of_bytes_without_any_specification():
    story = Play(SPLIT).start({"again": True}).complete("a")
    text = json.dumps(story.instance.state())
    assert len(text) < 300
    assert "again" in text
    assert "${" not in text


def test_a_state_of_another_form_or_process_is_refused():
    from engine.bpmn.instance import Instance

    story = Play(LOOP).start()
    state = story.instance.state()
    with pytest.raises(ValueError, match="form"):
        Instance.restore(story.model, story.env, {**state, "v": 99})
    with pytest.raises(ValueError, match="does not have"):
        Instance.restore(compiled(process(start(), user("z"), end(), flows="start>z; z>end")), story.env, state)
