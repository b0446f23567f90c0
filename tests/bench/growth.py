"""What does not grow: a late round of a loop, lists over many instances, idle instances, and many timers at one moment."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from engine.clock import SimulatedClock
from engine.store import Database
from engine.store.cases import CaseFilter, list_cases
from engine.store.codec import pack
from engine.store.tables import definition, history, instance, involvement, task, task_role
from engine.store.tasks import Viewer, inbox
from tests.bench.diagrams import loop_of_splits, loop_of_tasks, timers
from tests.bench.ours import Ours

BEGAN = datetime(2026, 1, 12, 7, tzinfo=UTC)
WINDOW = 9  # rounds on either side of the one that is asked about


def late_round(ours: Ours, key: str, early: int, late: int) -> float:
    """How many times the `early` round of a loop its `late` round takes; each as the median of the rounds around it."""
    ours.runtime.deploy({f"{key}.bpmn": loop_of_tasks() if key == "loop" else loop_of_splits()}, why="bench")
    (task_id,) = ours.runtime.start(key, {}, actor=ours.actor).tasks
    seconds = []
    for _ in range(late + WINDOW):
        began = time.perf_counter()
        (task_id,) = ours.runtime.complete(task_id, {}, actor=ours.actor).tasks
        seconds.append(time.perf_counter() - began)

    def around(number: int) -> float:
        return statistics.median(seconds[max(0, number - WINDOW) : number + WINDOW])

    return around(late) / around(early)


OWN = 50  # tasks that lie with the person whose inbox is read, and cases of their body; all others lie with others


def fill(ours: Ours, count: int) -> None:
    """Running instances with an open task each, written straight into the tables: what lists read."""

    def council(n: int) -> str:
        return "radet" if n - last <= OWN else f"rad-{n % 40}"
    with ours.database.write() as connection:
        this = connection.execute(select(definition.c.id).limit(1)).scalar_one()
        last = connection.execute(select(func.coalesce(func.max(instance.c.id), 0))).scalar_one()
        state = pack({"kernel": {}, "chain": [0, "00" * 32]})
        for first in range(0, count, 5_000):
            numbers = range(last + first + 1, last + min(first + 5_000, count) + 1)
            cases = [
                {"id": n, "definition_id": this, "business_key": f"FY-{n}", "kind": "case", "status": "running", "revision": 1,
                 "state": state, "title": f"Fråga {n}", "body": council(n), "party": "norr", "started_by": 1,
                 "started_at": BEGAN, "changed_at": BEGAN + timedelta(seconds=n)}
                for n in numbers
            ]  # fmt: skip
            connection.execute(insert(instance), cases)
            tasks = [
                {"id": n, "instance_id": n, "root_id": n, "token": 2, "element_id": "decide", "name": "Decide", "status": "open",
                 "due_at": BEGAN + timedelta(minutes=n), "created_at": BEGAN}
                for n in numbers
            ]  # fmt: skip
            connection.execute(insert(task), tasks)
            connection.execute(insert(task_role), [{"task_id": n, "role": f"{council(n)}:ordforande"} for n in numbers])
            connection.execute(insert(involvement), [{"root_id": n, "subject": f"body:{council(n)}"} for n in numbers])


def list_times(ours: Ours) -> dict[str, float]:
    """Milliseconds of a person's inbox, of a coordinator's list of cases, and of the same for somebody who sees a body's."""
    roles = frozenset({"radet:ordforande", "person:1"})
    now = BEGAN
    asked: dict[str, Callable[[Database], object]] = {
        "inbox": lambda db: _reading(db, lambda c: inbox(c, Viewer(1, roles), now=now)),
        "instance list": lambda db: _reading(db, lambda c: list_cases(c, CaseFilter(), viewer=None, now=now)),
        "own instance list": lambda db: _reading(
            db, lambda c: list_cases(c, CaseFilter(), viewer=frozenset({"body:radet"}), now=now)
        ),
    }
    found = {}
    for name, act in asked.items():
        act(ours.database)
        seconds = []
        for _ in range(15):
            began = time.perf_counter()
            act(ours.database)
            seconds.append(time.perf_counter() - began)
        found[name] = min(seconds) * 1000
    return found


def _reading(database: Database, question: Callable[..., object]) -> object:
    with database.read() as connection:
        return question(connection)


def wakes(ours: Ours) -> float:
    """Milliseconds of a wake of the scheduler at which nothing is due."""
    seconds = []
    for _ in range(30):
        began = time.perf_counter()
        ours.runtime.run_due()
        ours.runtime.next_due()
        seconds.append(time.perf_counter() - began)
    return min(seconds) * 1000


def timers_at_once(database: Database, count: int) -> tuple[float, float]:
    """Instances whose timers come due at one moment: (fired a second, plain completions a second), every one fired once.

    Raises:
        RuntimeError: a timer was lost, or fired twice.
    """
    clock = SimulatedClock(BEGAN)
    ours = Ours.open(database, clock)
    ours.runtime.deploy({"timers.bpmn": timers()}, why="bench")
    for _ in range(count):
        ours.runtime.start("timers", {}, actor=ours.actor)
    tasks = [ours.start() for _ in range(min(count, 2_000))]
    began = time.perf_counter()
    for task_id in tasks:
        ours.complete(task_id)
    completions = len(tasks) / (time.perf_counter() - began)
    clock.advance(timedelta(hours=2))
    began = time.perf_counter()
    done = ours.runtime.run_due()
    fired = count / (time.perf_counter() - began)
    with database.read() as connection:
        rows = connection.execute(select(func.count()).select_from(history).where(history.c.kind == "fired")).scalar_one()
        ended = connection.execute(
            select(func.count()).select_from(instance).where(instance.c.status == "completed", instance.c.next_due.is_(None))
        ).scalar_one()
    if (done, rows, ended) != (count, count, count + len(tasks)):
        raise RuntimeError(f"of {count} timers {done} were carried out and {rows} written; {ended} instances are over")
    return fired, completions


def small_and_large(folder: Path, open_database: Callable[[Path], Database], large: int) -> tuple[dict[str, float], float, float]:
    """(list → how many times longer over `large` instances than over 100, ms of a wake with 100, ms of a wake with `large`)."""
    few, many = (Ours.open(open_database(folder / name)) for name in ("few", "many"))
    fill(few, 100)
    fill(many, large)
    small, big = list_times(few), list_times(many)
    result = {name: big[name] / small[name] for name in small}, wakes(few), wakes(many)
    few.database.close()
    many.database.close()
    return result
