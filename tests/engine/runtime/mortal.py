"""A server that can be killed: plays the main walk, each life in a process of its own, and dies where it is told to.

Run by `test_kill.py` as a child process. It reads a plan as JSON: the database, a journal of the steps that are over, and for each
life the point at which it is to die (null: it lives to the end). A life begins where the database stands and plays on from there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, exists, func, select

from engine.clock import SimulatedClock, civil_date
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES
from engine.simulate import Folders, Player, RuntimeStage, deploy, load_people, load_register, read_scenarios
from engine.simulate.player import _Running
from engine.simulate.scenario import EachTask, Start, Step, Task
from engine.simulate.stage import Case
from engine.store import Database
from engine.store.tables import history, task
from engine.toolkit import Toolkit

ROOT = Path(__file__).parents[3]
FOLDERS = Folders(ROOT / "processes", ROOT / "forms")
FINISHED = 7  # what a life that came to its end answers with


@dataclass
class Death:
    """Dies the `count`-th time that `point` is passed: a statement, before a commit, or after one, before what follows from it."""

    point: str | None
    count: int

    def passes(self, point: str) -> None:
        if point == self.point:
            self.count -= 1
            if self.count <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(Database):
    """A database whose every transaction passes the points of death."""

    def __init__(self, url: str, death: Death) -> None:
        super().__init__(url)
        self._death = death
        event.listen(self.engine, "before_cursor_execute", lambda *_: death.passes("statement"))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as connection:
            yield connection
            self._death.passes("before commit")
        self._death.passes("after commit")


class Stage(RuntimeStage):
    """Gives every command the name of its step, as a browser gives every submit one: given again, it happens once."""

    step = 0

    def start(self, process: str, answers: Mapping[str, Any], actor: Actor) -> Case:
        done = self._runtime.start(process, answers, actor=actor, submission=f"walk-{self.step}")
        return Case(done.instance_id, done.business_key)

    def complete(self, task_id: int, answers: Mapping[str, Any], actor: Actor) -> None:
        self._runtime.complete(task_id, answers, actor=actor, submission=f"walk-{self.step}")


class MortalPlayer(Player):
    """Skips the steps that the journal holds, and what the database holds of the step that was under way."""

    def __init__(self, stage: Stage, clock: SimulatedClock, database: Database, journal: Path, today: date) -> None:
        super().__init__(stage, clock, today=today)
        self._mortal_stage = stage
        self._database = database
        self._journal = journal
        self._over = [json.loads(entry) for entry in journal.read_text().splitlines()] if journal.exists() else []

    def _pass_time(self, moment: datetime, running: _Running) -> None:
        if running.next >= len(self._over):
            self.pass_time(max(moment, self._clock.now()))

    def _play_step(self, step: Step, running: _Running) -> None:
        if running.next < len(self._over):
            running.names = {name: Case(*case) for name, case in self._over[running.next]["names"].items()}
            self._names |= running.names
            running.last = Case(*self._over[running.next]["last"])
            return
        if not isinstance(step, Start | Task | EachTask) and hasattr(step, "label"):
            raise ValueError("an act carries no submission that it could be recognised by")
        self._mortal_stage.step = running.next
        super()._play_step(step, running)
        assert running.last is not None
        names = {name: (case.id, case.key) for name, case in running.names.items()}
        with self._journal.open("a") as journal:
            journal.write(json.dumps({"names": names, "last": (running.last.id, running.last.key)}) + "\n")
        self._over.append({})

    def _task(self, step: Task, running: _Running) -> None:
        with self._database.read() as connection:
            if connection.execute(select(exists().where(task.c.submission == f"walk-{running.next}"))).scalar_one():
                return
        super()._task(step, running)

    def _each(self, step: EachTask, running: _Running) -> None:
        for found in self._stage.open_tasks(self._case(step.of, running)):
            party = found.party if found.party in step.answers_by_party else "default"
            if found.element_id == step.element and (answers := step.answers_by_party.get(party or "default")) is not None:
                self._complete(found, answers, step.by, running)


def live(url: str, journal: Path, death: Death) -> None:
    """One life, from where the database stands."""
    scenario = next(each for each in read_scenarios(FOLDERS.scenarios()) if each.file.startswith("arendegang."))
    began = scenario.clock.resolve(today=date(2026, 1, 12), present=None)
    database = MortalDatabase(url, death)
    with database.read() as connection:
        last = connection.execute(select(func.max(history.c.at))).scalar_one()
    clock, register = SimulatedClock(max(began, last or began)), Register(database)
    runtime = Runtime(database, clock, register, Toolkit(clock), SERVICES)
    if last is None:
        load_register(register, FOLDERS, civil_date(began))
        load_people(register, FOLDERS, civil_date(began))
        deploy(runtime, FOLDERS, why="test")
    runtime.run_due()  # as the scheduler does when a server starts
    MortalPlayer(Stage(runtime), clock, database, journal, civil_date(began)).play([scenario])


def main() -> None:
    plan = json.load(sys.stdin)
    for point, count in plan["deaths"]:
        child = os.fork()
        if child == 0:
            try:
                live(plan["database"], Path(plan["journal"]), Death(point, count))
            except BaseException:  # noqa: BLE001 -- told, and answered for by the exit status
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(FINISHED)
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        how = "killed" if ended == -signal.SIGKILL else str(ended)
        print(how, flush=True)
        if how != "killed":
            break


if __name__ == "__main__":
    main()
