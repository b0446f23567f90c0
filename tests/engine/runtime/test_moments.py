"""Deadlines across the changes of the clock, over leap days and after outages, from the diagram to the rows and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.clock import CIVIL, SimulatedClock
from engine.register import Register
from engine.runtime import Done, Runtime
from engine.services import SERVICES
from engine.store.tables import definition, errand, history, instance, task, timer
from tests.engine.runtime.conftest import House
from tests.engine.runtime.diagrams import diagram, end, line, start, user
from tests.engine.runtime.test_commands import column

DUE = diagram(
    "due",
    start()
    + user("decide", "radet", dueDate="${addDuration(today(), 'P14D')}", followUpDate="${addDuration(now(), 'P7D')}")
    + '<bpmn:boundaryEvent id="late" attachedToRef="decide" cancelActivity="false"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("remind", "koordinator")
    + end()
    + end("reminded")
    + line("begin", "decide", "done")
    + line("late", "remind", "reminded"),
).decode()


def civil(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL).astimezone(UTC)


def at(house: House, moment: str, duration: str = "P14D") -> Done:
    """An instance that is started at a civil moment, with a deadline `duration` later."""
    house.deploy(due__bpmn=DUE.replace("{duration}", duration).encode())
    house.clock.move_to(civil(moment))
    return house.runtime.start("due", {}, actor=house.karin)


@pytest.mark.parametrize(
    ("begun", "duration", "due"),
    [
        ("2026-03-20T10:00", "P14D", "2026-04-03T10:00"),  # over the last Sunday of March: the civil hour stays
        ("2026-10-20T10:00", "P14D", "2026-11-03T10:00"),
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30"),  # 02:30 does not exist that night
        ("2026-10-24T02:30", "P1D", "2026-10-25T02:30"),  # and here it comes twice: the first counts
        ("2026-03-28T10:00", "PT24H", "2026-03-29T11:00"),  # exact hours are exact
        ("2028-02-28T10:00", "P1D", "2028-02-29T10:00"),
        ("2028-02-29T10:00", "P1Y", "2029-02-28T10:00"),
        ("2026-03-01T00:00", "P2Y", "2028-03-01T00:00"),
    ],
)
def test_a_deadline_lands_on_the_civil_moment(house: House, begun: str, duration: str, due: str) -> None:
    started = at(house, begun, duration)
    assert column(house, timer.c.due_at) == column(house, instance.c.next_due) == [civil(due)]
    assert house.runtime.next_due() == civil(due)
    house.clock.move_to(civil(due) - timedelta(seconds=1))
    assert house.runtime.run_due() == 0
    house.clock.advance(timedelta(seconds=1))
    assert house.reopened().run_due() == 1
    assert sorted(house.open_tasks(started.instance_id)) == ["decide", "remind"]
    assert house.runtime.next_due() is None
    assert house.runtime.verify(replay=True).faults == ()


@pytest.mark.parametrize(
    ("begun", "due", "follow_up"),
    [
        ("2026-03-20T10:00", "2026-04-04T00:00", "2026-03-27T10:00"),  # a date is late when its civil day is over
        ("2026-10-20T23:30", "2026-11-04T00:00", "2026-10-27T23:30"),
        ("2028-02-22T10:00", "2028-03-08T00:00", "2028-02-29T10:00"),
    ],
)
def test_a_tasks_due_date_is_a_civil_day(house: House, begun: str, due: str, follow_up: str) -> None:
    at(house, begun)
    with house.database.read() as connection:
        row = connection.execute(select(task.c.due_at, task.c.follow_up_at)).one()
    assert row == (civil(due), civil(follow_up))


CHAIN = diagram(
    "chain",
    start()
    + "".join(
        f'<bpmn:intermediateCatchEvent id="{name}"><bpmn:timerEventDefinition id="t{name}"><bpmn:timeDuration>{duration}'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        for name, duration in (("first", "P2D"), ("second", "P3D"))
    )
    + user("decide", "radet")
    + end()
    + line("begin", "first", "second", "decide", "done"),
)


def test_after_a_month_without_power_everything_fires_once_in_order(house: House) -> None:
    begun = [at(house, f"2026-03-0{day}T10:00", f"P{10 - day}D") for day in (1, 2, 3)]  # all due the same week, the last first
    house.deploy(chain__bpmn=CHAIN)
    chain = house.runtime.start("chain", {}, actor=house.karin)
    house.clock.move_to(civil("2026-04-10T08:00"))
    woken = house.reopened()
    woken.run_due()
    assert woken.run_due() == 0
    with house.database.read() as connection:
        fired = connection.execute(
            select(history.c.instance_id, history.c.at, history.c.data).where(history.c.kind == "fired").order_by(history.c.id)
        ).all()
    assert {row.at for row in fired} == {house.clock.now()}
    of_three = [row.instance_id for row in fired if row.instance_id != chain.instance_id]
    assert of_three == [each.instance_id for each in begun]
    # The chain's second wait begins when the first one ended: three days from the day on which power came back.
    assert column(house, timer.c.element_id) == ["second"]
    assert column(house, timer.c.due_at) == [civil("2026-04-13T08:00")]
    assert column(house, errand.c.id) == []
    house.pass_time(days=3)
    assert "decide" in house.open_tasks(chain.instance_id)
    assert woken.verify(replay=True).faults == ()


def test_a_second_process_whose_clock_is_behind_waits_for_the_moment(house: House) -> None:
    started = at(house, "2026-03-01T10:00", "P1D")
    parts = house.runtime.parts
    behind = SimulatedClock(civil("2026-03-02T09:59"))
    house.clock.move_to(civil("2026-03-02T10:01"))
    other = Runtime(house.database, behind, Register(house.database), parts.toolkit, SERVICES)
    assert other.run_due() == 0
    assert house.runtime.run_due() == 1
    assert other.run_due() == 0
    assert other.complete(house.open_tasks(started.instance_id)["decide"], {}, actor=house.anna).instance_id == started.instance_id
    assert house.runtime.verify(replay=True).faults == ()


SEASON = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="Season" namespace="http://samverka/test">
  <decision id="season" name="Season"><decisionTable id="t" hitPolicy="UNIQUE">
    <input id="i"><inputExpression id="e" typeRef="boolean"><text>today() &lt; date("2026-07-01")</text></inputExpression></input>
    <output id="o" name="season" typeRef="string"/>
    <rule id="r1"><inputEntry id="a"><text>true</text></inputEntry><outputEntry id="b"><text>"spring"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>false</text></inputEntry>
      <outputEntry id="f"><text>string(now())</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
ASKS = diagram(
    "asks",
    start()
    + '<bpmn:businessRuleTask id="ask" camunda:decisionRef="season" camunda:resultVariable="said" '
    'camunda:mapDecisionResult="singleEntry"/>' + user("decide", "radet") + end() + line("begin", "ask", "decide", "done"),
    columns="said=Season",
)  # fmt: skip


@pytest.mark.parametrize(
    ("begun", "said"), [("2026-05-01T10:00", "spring"), ("2026-09-01T10:00", "2026-09-01T10:00:00@Europe/Stockholm")]
)
def test_a_decision_sees_the_moment_of_its_command_also_when_it_is_played_again(house: House, begun: str, said: str) -> None:
    # The toolkit of these tests runs on the machine's clock: what the table sees comes from the command.
    house.runtime.deploy({"season.dmn": SEASON, "asks.bpmn": ASKS}, why="test")
    house.clock.move_to(civil(begun))
    house.runtime.start("asks", {}, actor=house.karin)
    with house.database.read() as connection:
        assert connection.execute(select(instance.c.summary)).scalar_one() == {"said": said}
    house.clock.advance(timedelta(days=200))
    assert house.runtime.verify(replay=True).faults == ()
    assert column(house, definition.c.kind) == ["decision", "process"]
