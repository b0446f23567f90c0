"""The real APScheduler on the real clock: wakes when something is due, and at no other time. No test sleeps."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from engine.jobs import Scheduler, scheduler
from engine.runtime import Runtime

SECONDS = 20  # what a test waits; reached only when something hangs


class Runs:
    """Stands for the runtime: counts its runs and does in each what the test says."""

    def __init__(self) -> None:
        self.parts = SimpleNamespace(wake=lambda moment: None)
        self.changed = threading.Condition()
        self.runs: list[datetime] = []
        self.due: datetime | None = None
        self.within: Callable[[int], int] = lambda number: 0

    def run_due(self) -> int:
        with self.changed:
            self.runs.append(datetime.now(UTC))
            number = len(self.runs)
            self.changed.notify_all()
        return self.within(number)

    def next_due(self) -> datetime | None:
        return self.due

    def wait_for(self, number: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.runs) >= number, SECONDS), f"{len(self.runs)} of {number} runs"


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def waking(runs: Runs) -> Iterator[Scheduler]:
    found = Scheduler(cast(Runtime, runs))
    yield found
    if not found._stopped:
        found.stop()


def planned(waking: Scheduler) -> datetime:
    moment: datetime = waking._apscheduler.get_job(scheduler.JOB).next_run_time
    return moment


def resting(waking: Scheduler, runs: Runs) -> None:
    """Wait until the run that has begun is over and the next one planned."""
    over = threading.Event()
    for _ in range(SECONDS * 100):
        with waking._lock:
            if not waking._running and waking._next is not None:
                return
        over.wait(0.01)
    raise AssertionError("the run does not end")


def test_what_fell_due_while_nothing_ran_is_carried_out_at_the_start(waking: Scheduler, runs: Runs) -> None:
    waking.start()
    runs.wait_for(1)


def test_it_sleeps_until_the_first_moment_and_no_longer_than_a_minute(waking: Scheduler, runs: Runs) -> None:
    runs.due = datetime.now(UTC) + timedelta(days=30)
    waking.start()
    runs.wait_for(1)
    resting(waking, runs)
    assert timedelta(seconds=40) < planned(waking) - datetime.now(UTC) <= scheduler.LONGEST_SLEEP
    soon = datetime.now(UTC) + timedelta(seconds=30)
    runs.parts.wake(soon)
    assert planned(waking) == soon
    runs.parts.wake(soon + timedelta(seconds=5))  # later than what is planned
    assert planned(waking) == soon
    assert len(runs.runs) == 1


def test_it_wakes_on_time_and_not_before(waking: Scheduler, runs: Runs) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=1)
    runs.due = moment

    def carried_out(number: int) -> int:
        if number == 2:
            runs.due = None
        return number - 1

    runs.within = carried_out
    waking.start()
    runs.wait_for(2)
    assert runs.runs[1] >= moment
    resting(waking, runs)
    assert len(runs.runs) == 2


def test_a_commit_in_another_thread_wakes_it_at_once(waking: Scheduler, runs: Runs) -> None:
    waking.start()
    runs.wait_for(1)
    resting(waking, runs)
    threading.Thread(target=runs.parts.wake, args=(datetime.now(UTC),)).start()
    runs.wait_for(2)


def test_a_commit_during_a_run_is_not_forgotten(waking: Scheduler, runs: Runs) -> None:
    """What is committed after the run has asked for the next moment, and before the run is over, is carried out at once too."""
    asked = threading.Event()

    def next_due() -> datetime | None:
        if len(runs.runs) == 1 and not asked.is_set():
            asked.set()
            runs.parts.wake(datetime.now(UTC))
        return None

    runs.next_due = next_due  # type: ignore[method-assign]
    waking.start()
    runs.wait_for(2)


def test_a_wake_from_inside_a_run_neither_stops_it_nor_delays_what_is_next(waking: Scheduler, runs: Runs) -> None:
    def within(number: int) -> int:
        if number == 1:
            runs.parts.wake(datetime.now(UTC) - timedelta(seconds=1))  # a command's errands: carried out by this very run
            runs.parts.wake(datetime.now(UTC) + timedelta(days=14))
            runs.due = datetime.now(UTC) + timedelta(seconds=1)
        else:
            runs.due = None
        return 1

    runs.within = within
    waking.start()
    runs.wait_for(2)
    assert runs.runs[1] - runs.runs[0] >= timedelta(seconds=0.9)
    assert runs.runs[1] - runs.runs[0] < timedelta(seconds=SECONDS)
    resting(waking, runs)
    assert len(runs.runs) == 2


def test_it_survives_a_run_that_fails(
    waking: Scheduler, runs: Runs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_AGAIN", timedelta(milliseconds=50))

    def within(number: int) -> int:
        if number < 3:
            raise RuntimeError("the database is away")
        return 0

    runs.within = within
    waking.start()
    runs.wait_for(3)
    assert caplog.text.count("what is due could not be carried out") == 2


def test_something_in_other_hands_is_not_asked_for_all_the_time(waking: Scheduler, runs: Runs) -> None:
    runs.due = datetime.now(UTC) - timedelta(hours=1)  # due, but nothing is carried out
    waking.start()
    runs.wait_for(1)
    resting(waking, runs)
    assert planned(waking) - runs.runs[0] >= scheduler.LOOK_AGAIN
    assert len(runs.runs) == 1


def test_it_finishes_what_is_under_way_and_then_rests(waking: Scheduler, runs: Runs) -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def within(number: int) -> int:
        begun.set()
        assert go_on.wait(SECONDS)
        ended.set()
        return 1

    runs.within = within
    waking.start()
    assert begun.wait(SECONDS)
    stopping = threading.Thread(target=waking.stop)
    stopping.start()
    while not waking._stopped:
        stopping.join(0.01)
    go_on.set()
    stopping.join(SECONDS)
    assert ended.is_set() and not stopping.is_alive()
    runs.parts.wake(datetime.now(UTC))  # a request that is still answered has nobody to wake, and that is no error
    assert len(runs.runs) == 1


def test_its_machinery_is_quiet(waking: Scheduler, runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        waking.start()
        runs.wait_for(1)
        resting(waking, runs)
        waking.stop()
    assert [record for record in caplog.records if record.name.startswith("apscheduler")] == []


