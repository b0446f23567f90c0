"""PostgreSQL goes away in the middle of what follows from a command: that is no fault of the case, and costs it no try."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from engine.runtime.work import Work
from engine.services import Request
from engine.store.tables import errand, incident, start_timer
from tests.engine.bpmn.diagrams import catch, end, in_line, process, service, start, timer
from tests.engine.runtime.conftest import House

pytestmark = pytest.mark.parametrize("kind_of_database", ["postgresql"])
LOSE = text("SELECT pg_terminate_backend(pg_backend_pid())")


def count(house: House, table: Any) -> int:
    with house.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def lost_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The connection of the first command that saves is lost before it does, once the list has been filled."""
    armed: list[bool] = []
    save = Work.save

    def losing(work: Work, *args: Any, **kwargs: Any) -> Any:
        if armed:
            armed.clear()
            work.connection.execute(LOSE)
        return save(work, *args, **kwargs)

    monkeypatch.setattr(Work, "save", losing)
    return armed


def test_a_command_stands_when_what_follows_has_to_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.deploy(served__bpmn=in_line(service("ask", "flaky")))
    woken: list[Any] = []
    house.runtime.parts.wake = woken.append

    def losing(_: str, request: Request) -> NoReturn:
        request.connection.execute(LOSE)
        raise AssertionError("the connection was not lost")

    with monkeypatch.context() as patch:
        patch.setattr(house.runtime.parts.services, "serve", losing)
        house.runtime.start("p", {}, actor=house.karin)
    assert woken == [house.clock.now()]
    with house.database.read() as connection:
        assert [(row.status, row.attempts) for row in connection.execute(select(errand))] == [("due", 0)]
    assert house.runtime.run_due() == 1
    assert (count(house, errand), count(house, incident)) == (0, 0)


def test_a_timer_fires_later_and_nobody_is_troubled(house: House, lost_once: list[bool]) -> None:
    house.deploy(waits__bpmn=in_line(catch("rest", timer(duration="PT1H"))))
    done = house.runtime.start("p", {}, actor=house.karin)
    house.clock.move_to(house.runtime.next_due() or house.clock.now())
    lost_once.append(True)
    with pytest.raises(DBAPIError):
        house.runtime.run_due()
    assert count(house, incident) == 0
    assert house.runtime.run_due() == 1
    assert house.runtime.verify(done.instance_id, replay=True).faults == ()


def test_a_process_that_begins_on_time_begins_as_soon_as_it_can(house: House, lost_once: list[bool]) -> None:
    house.deploy(p__bpmn=process(start("start", timer(duration="PT1H")), end(), flows="start>end"))
    due = house.runtime.next_due()
    assert due is not None
    house.clock.move_to(due)
    lost_once.append(True)
    with pytest.raises(DBAPIError):
        house.runtime.run_due()
    with house.database.read() as connection:
        assert connection.execute(select(start_timer.c.due_at)).scalar_one() == due
    assert house.runtime.run_due() == 1
