"""What goes between instances beside messages, and what begins them: signals, errors, jobs, timers, conditions, stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.bpmn import StepFailed
from engine.runtime import SYSTEM
from engine.store.tables import data_store, errand, history, incident, instance, start_timer, subscription
from tests.engine.bpmn.diagrams import (
    association,
    boundary,
    call,
    catch,
    condition,
    end,
    error,
    escalation,
    node,
    parallel,
    process,
    retry,
    service,
    signal,
    specification,
    start,
    terminate,
    throwing,
    timer,
    user,
)
from tests.engine.runtime.conftest import Flaky, House


def chair(id: str, *children: Any, **attributes: Any) -> Any:
    """A task of the chair's."""
    return user(id, *children, _candidateGroups="radet:ordforande", **attributes)


def rows(house: House, *columns: Any, where: Any = True) -> list[Any]:
    with house.database.read() as connection:
        return list(connection.execute(select(*columns).where(where).order_by(columns[0])))


def states(house: House) -> dict[str, str]:
    return {row.business_key: row.status for row in rows(house, instance.c.business_key, instance.c.status)}


def sound(house: House) -> None:
    """Every history holds, and every state follows from it."""
    assert house.runtime.verify(replay=True).faults == ()


WAITS = process(
    start(), catch("alarm", signal("Alarm")), chair("after"), end(), flows="start>alarm; alarm>after; after>end", key="waits"
)
THROWS = process(
    start(), throwing("out", signal("Alarm")), end(), flows="start>out; out>end", key="throws"
)  # fmt: skip
BEGINS = process(node("startEvent", "on", signal("Alarm")), chair("woken"), end(), flows="on>woken; woken>end", key="begins")


def test_a_signal_reaches_everybody_who_waits_and_begins_what_begins_with_it(house: House) -> None:
    house.deploy(waits__bpmn=WAITS, throws__bpmn=THROWS, begins__bpmn=BEGINS)
    for _ in range(3):
        house.runtime.start("waits", {}, actor=house.karin)
    house.runtime.start("throws", {}, actor=house.karin)
    elements = [row.element_id for row in rows(house, history.c.element_id, where=history.c.kind == "entered")]
    assert elements.count("after") == 3
    assert elements.count("woken") == 1
    assert rows(house, subscription.c.id) == []
    assert rows(house, errand.c.id) == []
    sound(house)


def test_a_signal_from_outside_is_not_kept_for_those_who_come_later(house: House) -> None:
    house.deploy(waits__bpmn=WAITS)
    early = house.runtime.start("waits", {}, actor=house.karin)
    house.runtime.signal("Alarm", {"why": "fire"}, actor=house.karin)
    late = house.runtime.start("waits", {}, actor=house.karin)
    assert house.open_tasks(early.instance_id)
    assert not house.open_tasks(late.instance_id)
    sound(house)


def test_one_receiver_s_fault_is_nobody_else_s(house: House) -> None:
    fails = process(
        start(), catch("alarm", signal("Alarm")), chair("after", _dueDate="${missing.day}"), end(),
        flows="start>alarm; alarm>after; after>end", key="fails",
    )  # fmt: skip
    house.deploy(waits__bpmn=WAITS, fails__bpmn=fails)
    broken = house.runtime.start("fails", {}, actor=house.karin)
    whole = house.runtime.start("waits", {}, actor=house.karin)
    house.runtime.signal("Alarm", {}, actor=house.karin)
    assert house.open_tasks(whole.instance_id)
    house.pass_time(hours=1)
    assert [row.instance_id for row in rows(house, incident.c.instance_id)] == [broken.instance_id]
    sound(house)


CALLED = process(
    start(), chair("inside"), node("endEvent", "broken", error("E1")), flows="start>inside; inside>broken",
    key="called",
)  # fmt: skip
CALLS = process(
    start(), call("ask", "called"), end(), boundary("caught", "ask", error("E1")), chair("mend"), end("mended"),
    flows="start>ask; ask>end; caught>mend; mend>mended", key="calls",
)  # fmt: skip


def test_an_error_of_a_called_process_is_caught_by_its_caller(house: House) -> None:
    house.deploy(called__bpmn=CALLED, calls__bpmn=CALLS)
    caller = house.runtime.start("calls", {}, actor=house.karin)
    house.runtime.complete(house.open_tasks()["inside"], {}, actor=house.anna)
    assert house.open_tasks(caller.instance_id).keys() == {"mend"}
    assert sorted(states(house).values()) == ["completed", "running"]
    assert rows(house, errand.c.id) == []
    sound(house)


def test_an_error_that_nothing_catches_is_rolled_back_to_an_incident(house: House) -> None:
    house.deploy(called__bpmn=CALLED)
    alone = house.runtime.start("called", {}, actor=house.karin)
    with pytest.raises(StepFailed, match=r"E1.*nothing catches it"):
        house.runtime.complete(alone.tasks[0], {}, actor=house.anna)
    (told,) = rows(house, incident.c.message, incident.c.element_id)
    assert told.element_id == "broken"
    assert house.open_tasks(alone.instance_id).keys() == {"inside"}
    sound(house)


def test_a_caller_that_does_not_catch_the_error_gets_an_incident_of_its_own(house: House) -> None:
    calls = process(start(), call("ask", "called"), end(), flows="start>ask; ask>end", key="calls")
    house.deploy(called__bpmn=CALLED, calls__bpmn=calls)
    caller = house.runtime.start("calls", {}, actor=house.karin)
    house.runtime.complete(house.open_tasks()["inside"], {}, actor=house.anna)
    house.pass_time(hours=1)
    (told,) = rows(house, incident.c.instance_id, incident.c.message)
    assert told.instance_id == caller.instance_id
    assert "E1" in told.message
    sound(house)


def test_an_escalation_of_a_called_process_reaches_its_caller_and_both_go_on(house: House) -> None:
    called = process(
        start(), throwing("up", escalation("X1")), chair("inside"), end(),
        flows="start>up; up>inside; inside>end", key="called",
    )  # fmt: skip
    calls = process(
        start(), call("ask", "called"), end(),
        boundary("heard", "ask", escalation("X1"), interrupting=False), chair("told"), end("e2"),
        flows="start>ask; ask>end; heard>told; told>e2", key="calls",
    )  # fmt: skip
    house.deploy(called__bpmn=called, calls__bpmn=calls)
    house.runtime.start("calls", {}, actor=house.karin)
    assert house.open_tasks().keys() == {"inside", "told"}
    for name in ("told", "inside"):
        house.runtime.complete(house.open_tasks()[name], {}, actor=house.anna)
    assert set(states(house).values()) == {"completed"}
    sound(house)


def test_a_process_begins_on_time_and_once_a_round(house: House) -> None:
    daily = process(
        node("startEvent", "hourly", timer(cycle="R/PT1H")), chair("look"), end(), flows="hourly>look; look>end", key="daily"
    )
    house.deploy(daily__bpmn=daily)
    assert house.runtime.next_due() == house.clock.now() + timedelta(hours=1)
    house.pass_time(hours=3.5)
    assert len(states(house)) == 3
    house.clock.advance(timedelta(hours=5))  # nobody looked: what was missed begins as one
    house.runtime.run_due()
    assert len(states(house)) == 4
    sound(house)


def test_a_new_version_takes_the_timers_and_signals_over(house: House) -> None:
    def version(name: str) -> bytes:
        return process(
            node("startEvent", "on", timer(cycle="R/PT1H")), chair(name), end(), flows=f"on>{name}; {name}>end", key="daily"
        )

    house.deploy(daily__bpmn=version("first"))
    house.deploy(daily__bpmn=version("second"))
    assert len(rows(house, start_timer.c.id)) == 1
    house.pass_time(hours=1)
    assert house.open_tasks().keys() == {"second"}


def test_a_condition_begins_the_processes_for_which_it_holds(house: House) -> None:
    def begins(key: str, when: str) -> bytes:
        return process(node("startEvent", "when", condition(when)), chair("see"), end(), flows="when>see; see>end", key=key)

    house.deploy(high__bpmn=begins("high", "${beds > 100}"), low__bpmn=begins("low", "${beds < 10}"))
    begun = house.runtime.evaluate_conditions({"beds": 120}, actor=house.karin)
    assert [done.business_key for done in begun] == ["high-2026-0001"]
    assert house.open_tasks().keys() == {"see"}
    assert house.runtime.evaluate_conditions({"beds": 50}, actor=house.karin) == []
    sound(house)


def jobs(house: House) -> int:
    with house.database.read() as connection:
        found: int = connection.execute(select(func.count()).where(errand.c.kind == "job")).scalar_one()
    return found


def test_an_asynchronous_step_is_a_command_of_its_own(house: House) -> None:
    diagram = process(
        start(), service("flaky", "flaky", _asyncBefore="true"), chair("after"), end(), flows="start>flaky; flaky>after; after>end"
    )
    house.deploy(p__bpmn=diagram)
    house.runtime.start("p", {}, actor=house.karin)
    assert house.open_tasks().keys() == {"after"}, "what follows at once is carried out before the command answers"
    kinds = [row.kind for row in rows(house, history.c.number, history.c.kind)]
    assert kinds.count("started") == kinds.count("carried on") == 1
    sound(house)


def test_a_job_that_fails_is_tried_again_as_its_element_says(house: House) -> None:
    fails = chair("after", retry("PT5M,PT1H"), _asyncBefore="true", _dueDate="${missing.day}")
    house.deploy(p__bpmn=process(start(), fails, end(), flows="start>after; after>end"))
    begun = house.runtime.start("p", {}, actor=house.karin)
    assert (jobs(house), rows(house, incident.c.id)) == (1, [])
    house.pass_time(minutes=5)
    assert rows(house, incident.c.id) == []
    house.pass_time(minutes=60)
    (told,) = rows(house, incident.c.instance_id, incident.c.element_id)
    assert tuple(told) == (begun.instance_id, "after")
    assert house.runtime.next_due() is None, "it rests until a coordinator has mended it"
    sound(house)


def test_a_job_is_dropped_with_the_scope_that_it_belonged_to(house: House, flaky: Flaky) -> None:
    diagram = process(
        start(), parallel("both"), chair("waits", _asyncBefore="true"), chair("stop"), node("endEvent", "over", terminate()), end(),
        flows="start>both; both>waits; both>stop; waits>end; stop>over",
    )  # fmt: skip
    house.deploy(p__bpmn=diagram)
    house.runtime.start("p", {}, actor=house.karin)
    house.runtime.complete(house.open_tasks()["stop"], {}, actor=house.anna)
    assert jobs(house) == 0
    assert set(states(house).values()) == {"completed"}
    sound(house)


def test_a_data_store_outlives_the_instance_and_is_seen_by_the_next(house: House) -> None:
    stored = (node("dataStore", "Register", name="Register"), node("dataStoreReference", "ref", dataStoreRef="Register"))
    gives = chair("give", specification("", "value"), association("Output", "out_value", "ref"))
    takes = chair("take", specification("seen"), association("Input", "ref", "in_seen"))
    house.deploy(
        writes__bpmn=process(start(), gives, end(), *stored, flows="start>give; give>end", key="writes"),
        reads__bpmn=process(start(), takes, end(), *stored, flows="start>take; take>end", key="reads"),
    )
    house.runtime.start("writes", {}, actor=house.karin)
    house.runtime.complete(house.open_tasks()["give"], {}, actor=house.anna, free={"value": "37"})
    assert [row.name for row in rows(house, data_store.c.name)] == ["Register"]
    reader = house.runtime.start("reads", {}, actor=house.karin)
    with house.reopened().parts.work(SYSTEM) as work:
        kernel = work.load(reader.instance_id).kernel
        assert kernel.variables_at(kernel.open_tasks()[0].token)["seen"] == "37"
    sound(house)
