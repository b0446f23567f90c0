"""Plays a diagram step by step, either in memory or with the state written to JSON and read back after every command."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from engine.bpmn.calendar import moment_of
from engine.bpmn.compile import compile_diagram
from engine.bpmn.environment import Environment
from engine.bpmn.events import Cancelled, Event, Left, Passed, StoreWritten, Subscribed, Taken, Unsubscribed
from engine.bpmn.instance import Instance
from engine.bpmn.model import ProcessModel
from engine.clock import SimulatedClock
from engine.toolkit import ScriptResult, Toolkit
from tests.engine.bpmn.diagrams import Everything

MONDAY = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)


def compiled(content: bytes) -> ProcessModel:
    """The first process of the file; its global tasks come after it."""
    return compile_diagram(content, file_name="test.bpmn", catalog=Everything(), check_script=toolkit().check_script)[0]


@cache
def toolkit() -> Toolkit:
    """One for all tests: what it runs leaves no trace in it."""
    return Toolkit()


class Play:
    """One instance. `events` is everything that happened; elements are named by id, an open one is the oldest there."""

    def __init__(
        self,
        diagram: bytes | ProcessModel,
        *,
        restoring: bool = False,
        decide: Callable[[str, Mapping[str, Any]], Any] = lambda key, variables: None,
        key: str = "ÄR-2026-0001",
    ) -> None:
        self.model = compiled(diagram) if isinstance(diagram, bytes) else diagram
        self.clock = SimulatedClock(MONDAY)
        self.stores: dict[str, Any] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.decide = decide
        self.env = Environment(self.clock, decide, self._script, self._stored, self._decide_by)
        self.restoring = restoring
        self.instance = Instance.new(self.model, self.env, business_key=key)
        self.events: list[Event] = []

    def _script(self, language: str, source: str, variables: Mapping[str, Any]) -> ScriptResult:
        return toolkit().at(self.clock.now()).script(language, source, variables)

    def _stored(self, store: str) -> Any:
        if store not in self.stores:
            raise ValueError(f"the data store {store} is empty")
        return self.stores[store]

    def _decide_by(self, key: str, binding: str, version: str | None, variables: Mapping[str, Any]) -> Any:
        self.asked.append((key, binding, version))
        return self.decide(key, variables)

    def _after(self) -> None:
        happened = self.instance.drain()
        self.stores.update((event.store, event.value) for event in happened if isinstance(event, StoreWritten))
        self.events += happened
        if self.restoring:
            state = json.loads(json.dumps(self.instance.state()))
            self.instance = Instance.restore(self.model, self.env, state)

    def start(self, variables: Mapping[str, Any] | None = None, **options: Any) -> Play:
        self.instance.start(variables or {}, **options)
        self._after()
        return self

    def token(self, element_id: str, index: int = 0) -> int:
        return [live.token for live in self.instance.live() if live.element_id == element_id][index]

    def complete(self, element_id: str, variables: Mapping[str, Any] | None = None, *, index: int = 0) -> Play:
        return self._do(self.instance.complete, self.token(element_id, index), variables)

    def serve(self, element_id: str, variables: Mapping[str, Any] | None = None, *, index: int = 0) -> Play:
        return self._do(self.instance.serve, self.token(element_id, index), variables)

    def returned(self, element_id: str, variables: Mapping[str, Any] | None = None, *, index: int = 0) -> Play:
        return self._do(self.instance.call_returned, self.token(element_id, index), variables)

    def receive(self, element_id: str, variables: Mapping[str, Any] | None = None, *, index: int = 0) -> Play:
        token = [found.token for found in self.subscriptions() if found.element_id == element_id][index]
        return self._do(self.instance.receive, token, variables)

    def _do(self, command: Callable[[int, Mapping[str, Any]], None], token: int, variables: Mapping[str, Any] | None) -> Play:
        command(token, variables or {})
        self._after()
        return self

    def error(self, element_id: str, code: str, message: str = "", *, index: int = 0, **variables: Any) -> Play:
        self.instance.raise_error(self.token(element_id, index), code, message, variables)
        self._after()
        return self

    def escalate(self, element_id: str, code: str, *, index: int = 0, **variables: Any) -> Play:
        self.instance.raise_escalation(self.token(element_id, index), code, variables)
        self._after()
        return self

    def at(self, moment: str) -> Play:
        """Moves the clock to a time on the wall, firing each timer at its own moment."""
        return self._until(moment_of(moment))

    def later(self, **amount: float) -> Play:
        return self._until(self.clock.now() + timedelta(**amount))

    def _until(self, moment: datetime) -> Play:
        while (due := self.instance.next_due()) is not None and due <= moment:
            self.clock.move_to(max(due, self.clock.now()))
            self.fire()
        self.clock.move_to(moment)
        return self

    def jump(self, **amount: float) -> Play:
        """Moves the clock without anybody looking at the timers: an outage."""
        self.clock.advance(timedelta(**amount))
        return self

    def fire(self) -> int:
        fired = self.instance.fire_due()
        self._after()
        return fired

    def open(self) -> list[str]:
        """Ids of the elements with a token, in order of age."""
        return [live.element_id for live in self.instance.live()]

    def subscriptions(self) -> list[Subscribed]:
        found: dict[int, Subscribed] = {}
        for event in self.events:
            if isinstance(event, Subscribed):
                found[event.token] = event
            elif isinstance(event, Unsubscribed):
                found.pop(event.token)
        return list(found.values())

    def of(self, *kinds: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kinds)]

    def trail(self) -> list[str]:
        """What was passed or left, in order."""
        return [event.element_id for event in self.of(Passed, Left)]

    def cancelled(self) -> list[str]:
        return [event.element_id for event in self.of(Cancelled)]

    def taken(self) -> list[str]:
        return [event.element_id for event in self.of(Taken)]

    @property
    def over(self) -> bool:
        return self.instance.is_completed

    @property
    def variables(self) -> dict[str, Any]:
        return self.instance.variables()
