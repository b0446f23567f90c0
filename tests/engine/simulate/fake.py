"""A stage without an engine: tasks appear as a test says, commands are written down. For the player's own rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import SimulatedClock
from engine.runtime import Actor, NotAllowed
from engine.simulate.stage import Case, OpenTask, Standing

PEOPLE = {"anna.ek": 1, "karin.lind": 2, "bo.alm": 3}
ROLES = {"lsg": "bo.alm", "koordinator": "karin.lind"}


@dataclass
class FakeStage:
    """`done` is what happened, in order: (moment, what, who, answers)."""

    clock: SimulatedClock
    tasks: list[OpenTask] = field(default_factory=list)
    due: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    done: list[tuple[datetime, str, str, Mapping[str, Any]]] = field(default_factory=list)
    standing: Standing | None = None
    started: int = 0

    def who(self, by: str) -> Actor:
        username = by if "." in by else ROLES[by]
        return Actor(PEOPLE[username], username)

    def anybody(self, roles: tuple[str, ...]) -> Actor:
        return self.who(next((role for role in roles if role in ROLES), "koordinator"))

    def start(self, process: str, answers: Mapping[str, Any], actor: Actor) -> Case:
        self.started += 1
        self._note(f"start {process}", actor, answers)
        return Case(self.started, f"ÄR-2026-{self.started:04}")

    def open_tasks(self, case: Case) -> list[OpenTask]:
        return list(self.tasks)

    def complete(self, task_id: int, answers: Mapping[str, Any], actor: Actor) -> None:
        task = next(t for t in self.tasks if t.id == task_id)
        if "lsg" in task.roles and actor.name != ROLES["lsg"]:
            raise NotAllowed(f"{actor.name} holds none of the roles that may do this: lsg", task.roles)
        self.tasks.remove(task)
        self._note(f"complete {task.element_id} {task.party or ''}".strip(), actor, answers)

    def act(self, case: Case, label: str, answers: Mapping[str, Any], actor: Actor) -> None:
        self._note(f"act {label} {case.key}", actor, answers)

    def look(self, case: Case) -> Standing:
        assert self.standing is not None
        return self.standing

    def next_due(self) -> datetime | None:
        return min((moment for moment, _ in self.due), default=None)

    def run_due(self) -> int:
        now = self.clock.now()
        ready = [one for one in self.due if one[0] <= now]
        for one in ready:
            self.due.remove(one)
            one[1]()
        return len(ready)

    def note(self, what: str) -> Callable[[], None]:
        """Something for `due` that writes itself down."""
        return lambda: self._note(what, Actor(None, "clock"), {})

    def _note(self, what: str, actor: Actor, answers: Mapping[str, Any]) -> None:
        self.done.append((self.clock.now(), what, actor.name, answers))
