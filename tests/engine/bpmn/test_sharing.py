"""One specification serves every instance and thread and is never written to."""

from __future__ import annotations

import threading
from typing import Any

from tests.engine.bpmn.diagrams import (
    boundary,
    call,
    catch,
    data,
    each,
    end,
    event_sub,
    exclusive,
    inclusive,
    message,
    parallel,
    process,
    race,
    start,
    sub,
    timer,
    user,
)
from tests.engine.bpmn.play import Play, compiled

EVERYTHING = process(
    start(),
    parallel("split"),
    user("a", each(collection="parter", into="ut", item="svar")),
    boundary("b", "a", timer(cycle="R/P1D"), interrupting=False),
    sub(
        "S", start("s"), user("u"), end("e"), event_sub("H", start("hs", message("M")), end("he"), flows="hs>he"), flows="s>u; u>e"
    ),
    race("g"),
    catch("gm", message("N")),
    catch("gt", timer(duration="P9D")),
    parallel("join"),
    inclusive("i"),
    call("c", "x"),
    exclusive("j"),
    inclusive("k"),
    end("b_end"),
    end(),
    data("ut"),
    flows="start>split; split>a; split>S; split>g; g>gm; g>gt; gm>j; gt>j; j>join; a>join; S>join; "
    "join>i; i>c ${parter[0] == 1}; i>k *; c>k; k>end; b>b_end",
)


def snapshot(model) -> dict[str, Any]:
    """Every attribute of every spec, its lists and dictionaries as text."""
    return {name: {key: repr(value) for key, value in vars(spec).items()} for name, spec in model.spec.task_specs.items()}


def run(model, parter):
    story = Play(model).start({"parter": parter}).later(days=1)
    for n in range(len(parter)):
        story.complete("a", {"svar": n})
    story.receive("hs").receive("gm")
    if parter[0] == 1:
        story.returned("c")
    assert story.over, story.open()
    return [type(event).__name__ + event.element_id for event in story.events]


def test_eight_threads_on_one_specification():
    model = compiled(EVERYTHING)
    before = snapshot(model)
    expected = {first: run(model, [first, 2]) for first in (1, 3)}
    found: list[bool] = []

    def work(first):
        found.extend(run(model, [first, 2]) == expected[first] for _ in range(40))

    threads = [threading.Thread(target=work, args=(1 if number % 2 else 3,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 320
    assert snapshot(model) == before
