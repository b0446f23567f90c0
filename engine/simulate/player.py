"""Plays scenarios: each step as the person it names, at its own moment, everything that falls due on the way included.

Several scenarios share one clock: their steps are merged in the order of time, as cases are in life.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from engine.bpmn import StepFailed
from engine.clock import SimulatedClock, civil_date
from engine.register import RegisterError
from engine.runtime import Actor, CommandRefused
from engine.simulate.errors import ScenarioFailed
from engine.simulate.expectation import differences
from engine.simulate.scenario import REFERENCE, Act, EachTask, Expect, Scenario, Start, Step, Task
from engine.simulate.stage import Case, OpenTask, Stage
from forms import FormErrors


@dataclass(slots=True)
class _Running:
    """A scenario on its way."""

    scenario: Scenario
    moment: datetime
    next: int = 0
    reached: int = -1  # the last step whose `at` has been turned into a moment
    names: dict[str, Case] = field(default_factory=dict)
    last: Case | None = None


class Player:
    """Plays on a stage whose clock only the player moves.

    Args:
        today: from which `-60d 09:00` counts; the clock's present date if not given.
    """

    def __init__(self, stage: Stage, clock: SimulatedClock, *, today: date | None = None) -> None:
        self._stage = stage
        self._clock = clock
        self._today = today or civil_date(clock.now())
        self._names: dict[str, Case] = {}

    def play(self, scenarios: Iterable[Scenario], *, until: datetime | None = None) -> None:
        """Play to the end; then, up to `until`, let pass the time that is left.

        Raises:
            ScenarioFailed: at the first step that does not go as it says, or that lies after `until`.
        """
        queue: list[tuple[datetime, int, _Running]] = []
        for order, scenario in enumerate(scenarios):
            moment = scenario.clock.resolve(today=self._today, present=None)
            heapq.heappush(queue, (moment, order, _Running(scenario, moment)))
        while queue:
            moment, order, running = heapq.heappop(queue)
            if until is not None and moment > until:
                raise ScenarioFailed(self._here(running), [f"it is set at {moment.isoformat()}, after the last moment of the play"])
            self._pass_time(moment, running)
            self._play_present(running)
            if running.next < len(running.scenario.steps):
                heapq.heappush(queue, (running.moment, order, running))
        if until is not None:
            self.pass_time(until)

    def pass_time(self, moment: datetime) -> None:
        """Move the clock to `moment`, stopping wherever something is due to carry it out then and there."""
        stuck: datetime | None = None
        while (due := self._stage.next_due()) is not None and due <= moment:
            self._clock.move_to(max(due, self._clock.now()))
            if self._stage.run_due() == 0:
                if stuck == due:
                    raise RuntimeError(f"something is due at {due.isoformat()} and nothing carries it out")
                stuck = due
        self._clock.move_to(moment)

    def _pass_time(self, moment: datetime, running: _Running) -> None:
        if moment < self._clock.now():
            raise ScenarioFailed(self._here(running), [f"the clock is past {moment.isoformat()} already"])
        self.pass_time(moment)

    def _play_present(self, running: _Running) -> None:
        """The steps up to the next one that lies later."""
        steps = running.scenario.steps
        while running.next < len(steps):
            step = steps[running.next]
            if step.at is not None and running.reached < running.next:
                running.reached = running.next
                goal = step.at.resolve(today=self._today, present=running.moment)
                if goal < running.moment:
                    raise ScenarioFailed(step.where, [f"{step.at.text} lies before the step that precedes it"])
                if goal > running.moment:
                    running.moment = goal
                    return
            self._play_step(step, running)
            running.next += 1

    # --- Steps ------------------------------------------------------------------------------------------------------------

    def _play_step(self, step: Step, running: _Running) -> None:
        try:
            match step:
                case Start():
                    self._start(step, running)
                case Task():
                    self._task(step, running)
                case EachTask():
                    self._each(step, running)
                case Act():
                    case_ = self._case(step.of, running)
                    self._stage.act(case_, step.label, self._filled(step.answers, running), self._stage.who(step.by))
                case Expect():
                    self._expect(step, running)
        except FormErrors as error:
            reasons = [f"{key}: {' '.join(messages)}" for key, messages in error.errors.items()]
            raise ScenarioFailed(step.where, reasons) from error
        except (CommandRefused, StepFailed, RegisterError, LookupError) as error:
            raise ScenarioFailed(step.where, [str(error)]) from error
        self.pass_time(self._clock.now())  # what a command left for later, but not for a later time

    def _start(self, step: Start, running: _Running) -> None:
        case = self._stage.start(step.process, self._filled(step.answers, running), self._stage.who(step.by))
        running.names[step.name] = self._names[step.name] = running.last = case

    def _task(self, step: Task, running: _Running) -> None:
        case = self._case(step.of, running)
        found = [
            t
            for t in self._stage.open_tasks(case)
            if t.element_id == step.element and (step.party is None or t.party == step.party)
        ]
        if not found:
            self._no_task(step.where, case, f"{step.element}{f' of {step.party}' if step.party else ''}")
        self._complete(found[0], step.answers, step.by, running)

    def _each(self, step: EachTask, running: _Running) -> None:
        case = self._case(step.of, running)
        found = [t for t in self._stage.open_tasks(case) if t.element_id == step.element]
        if not found:
            self._no_task(step.where, case, step.element)
        if unknown := step.answers_by_party.keys() - {"default"} - {t.party for t in found}:
            raise ScenarioFailed(step.where, [f"no open {step.element} concerns {', '.join(sorted(unknown))}"])
        for task in found:
            # A party that is named with null stays silent, also where the others have answers by default.
            answers = step.answers_by_party.get(task.party if task.party and task.party in step.answers_by_party else "default")
            if answers is not None:
                self._complete(task, answers, step.by, running)

    def _complete(self, task: OpenTask, answers: Mapping[str, Any], by: str | None, running: _Running) -> None:
        actor: Actor = self._stage.who(by) if by is not None else self._stage.anybody(task.roles)
        self._stage.complete(task.id, self._filled(answers, running), actor)

    def _expect(self, step: Expect, running: _Running) -> None:
        case = self._case(step.of, running)
        if found := differences(self._filled(step.expected, running), self._stage.look(case)):
            raise ScenarioFailed(step.where, [f"{case.key} is not as expected", *found])

    def _no_task(self, where: str, case: Case, wanted: str) -> None:
        still_open = [f"{t.element_id} ({t.party})" if t.party else t.element_id for t in self._stage.open_tasks(case)]
        said = f"open are {', '.join(still_open)}" if still_open else "no task is open there"
        raise ScenarioFailed(where, [f"{case.key} has no open task {wanted}; {said}"])

    # --- Names ------------------------------------------------------------------------------------------------------------

    def _case(self, name: str | None, running: _Running) -> Case:
        if name is None:
            if running.last is None:
                raise LookupError("nothing has been started in this scenario yet")
            return running.last
        case = running.names.get(name) or self._names.get(name)
        if case is None:
            raise LookupError(f"nothing has been started as “{name}” yet")
        return case

    def _filled(self, value: Any, running: _Running) -> Any:
        """`value` with every reference in it replaced by what it refers to, as text."""
        if isinstance(value, str):
            return REFERENCE.sub(lambda match: self._referred(match, running), value)
        if isinstance(value, Mapping):
            return {key: self._filled(inner, running) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, running) for inner in value]
        return value

    def _referred(self, match: re.Match[str], running: _Running) -> str:
        name, attribute, username, _today, days = match.groups()
        if name:
            case = self._case(name, running)
            return case.key if attribute == "key" else str(case.id)
        if username:
            return str(self._stage.who(username).person_id)
        return (civil_date(self._clock.now()) + timedelta(days=int(days or 0))).isoformat()

    def _here(self, running: _Running) -> str:
        return running.scenario.steps[min(running.next, len(running.scenario.steps) - 1)].where
