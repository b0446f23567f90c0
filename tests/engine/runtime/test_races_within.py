"""Two commands on one instance at once: branches that meet at a join, two messages for one wait, a message against an answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.store.tables import errand, history
from tests.engine.runtime.conftest import House
from tests.engine.runtime.diagrams import diagram, end, flow, line, start, user
from tests.engine.runtime.test_commands import WAITER, column
from tests.engine.runtime.test_races import begun, interleaved, sound, threads

__all__ = ["threads"]  # a fixture

JOINED = diagram(
    "joined",
    start()
    + '<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
    + user("left", "radet")
    + user("right", "radet")
    + user("after", "radet")
    + end()
    + line("begin", "split", "left", "join", "after", "done")
    + flow("split", "right")
    + flow("right", "join"),
)


def test_two_branches_come_to_their_join_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    house.deploy(joined__bpmn=JOINED)
    begun(house, "joined")
    open_ones, complete = house.open_tasks(), house.runtime.complete
    results = interleaved(
        house, monkeypatch, threads,
        lambda: complete(open_ones["left"], {}, actor=house.anna), lambda: complete(open_ones["right"], {}, actor=house.bo),
    )  # fmt: skip
    assert not any(isinstance(each, Exception) for each in results)
    assert list(house.open_tasks()) == ["after"]
    assert column(house, history.c.kind, history.c.element_id == "after") == ["entered"]
    sound(house)


def test_two_messages_for_one_wait(house: House, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor) -> None:
    """The first is taken; the second finds nobody and is kept for whoever waits next."""
    house.deploy(waiter__bpmn=WAITER)
    waiting = begun(house, "waiter")
    send, other = house.runtime.send, house.reopened().send
    results = interleaved(
        house, monkeypatch, threads,
        lambda: send("news", waiting.business_key, {"from": "first"}, actor=house.karin),
        lambda: other("news", waiting.business_key, {"from": "second"}, actor=house.karin),
    )  # fmt: skip
    assert not any(isinstance(each, Exception) for each in results)
    assert column(house, history.c.kind, history.c.kind == "received") == ["received"]
    assert column(house, errand.c.status) == ["held"]
    assert house.runtime.verify(replay=True).faults == ()
