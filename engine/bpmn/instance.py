"""One running process: commands in, events and state out. No database, no form, no people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.environment import Environment, JuelEngine, JuelEnvironment
from engine.bpmn.events import Event
from engine.bpmn.failures import NotWaiting, StepFailed
from engine.bpmn.juel import JuelError
from engine.bpmn.kernel import jobs
from engine.bpmn.kernel.adhoc import AdHocSubProcess
from engine.bpmn.kernel.call import CallActivity
from engine.bpmn.kernel.definitions import MessageDefinition, SignalDefinition
from engine.bpmn.kernel.element_listeners import tell
from engine.bpmn.kernel.events import Catching, EventBasedGateway, StartEvent
from engine.bpmn.kernel.loop import LoopBody
from engine.bpmn.kernel.multi_instance import MultiInstanceBody
from engine.bpmn.kernel.propagation import throw_error, throw_escalation
from engine.bpmn.kernel.spec import Activity, FlatSpec
from engine.bpmn.kernel.state import read_state, written_state
from engine.bpmn.kernel.tasks import ServiceTask, UserTask
from engine.bpmn.kernel.token import Token
from engine.bpmn.kernel.workflow import Kernel
from engine.bpmn.model import Element, ProcessModel

_Spec = TypeVar("_Spec")


@dataclass(frozen=True, slots=True)
class Live:
    """A token at work. `state` is "started" (a task, subprocess or call) or "waiting" (an event, a join)."""

    token: int
    element_id: str
    state: str


class Instance:
    """A running process over a compiled model.

    Every command first fires the timers that are due, so that a deadline that has passed wins over what comes after it, and then
    steps until every token waits. A command that raises leaves the instance half stepped: throw it away and restore the state from
    before. Values handed in are kept, not copied; nobody changes them afterwards.
    """

    def __init__(self, model: ProcessModel, env: Environment, business_key: str) -> None:
        self.model = model
        self.env = env
        self.business_key = business_key
        self._kernel = Kernel(model.spec, JuelEngine(JuelEnvironment(env, business_key)))

    @classmethod
    def new(cls, model: ProcessModel, env: Environment, *, business_key: str) -> Instance:
        """An instance that has not started yet."""
        return cls(model, env, business_key)

    @classmethod
    def restore(cls, model: ProcessModel, env: Environment, state: Mapping[str, Any]) -> Instance:
        """The instance as `state` left it.

        Raises:
            ValueError: the state is of an unknown form or does not fit the model.
        """
        instance = cls(model, env, state["key"])
        read_state(instance._kernel, state)
        return instance

    def state(self) -> dict[str, Any]:
        """Plain JSON: tokens, scopes, order of listening, ready queue, counters. Variables' values are shared, not copied."""
        return {"key": self.business_key, **written_state(self._kernel)}

    # --- commands

    def start(self, variables: Mapping[str, Any], *, element_id: str | None = None, initiator: str | None = None) -> None:
        """Starts at the none start event, or at `element_id`: a start event that waits for something, a receive task or an event
        behind an event-based gateway with which an instance begins. What happened has happened: `variables` are what it brought.
        `initiator`, who did it, goes to the variable that the start event names for it.

        Raises:
            NotWaiting: it has started before, or was cancelled.
            ValueError: there is no such start.
            StepFailed: an element failed.
        """
        kernel = self._kernel
        if kernel.started or kernel.cancelled:
            raise NotWaiting(0, "the instance has started before, or was cancelled")
        start = self.model.elements.get(element_id) if element_id is not None else self.model.start
        implicit = self.model.implicit_starts().get(None, ()) if element_id is None and start is None else ()
        if (start is None and not implicit) or (start is not None and start.scope is not None):
            raise ValueError(f"{self.model.key} has no start {element_id or 'without an event'}")
        gateway = None if start is None else self._gateway_before(start)
        specs: list[FlatSpec] = [kernel.spec.task_specs[id] for id in ([start.id] if start is not None else implicit)]
        if start is not None and gateway is None and not isinstance(specs[0], StartEvent) and not start.instantiate:
            raise ValueError(f"{self.model.key} has no start {start.id}")
        kernel.started = True
        kernel.root.variables.update(variables)
        if start is not None and start.initiator and initiator is not None:
            kernel.root.variables[start.initiator] = initiator
        kernel.declare(kernel.root, None)
        tell(kernel, kernel.root, self.model.key, self.model.name, self.model.listeners, "start")
        kernel.listen(kernel.root, None)
        if gateway is not None:
            gateway.begin(kernel, specs[0])
        elif start is not None and start.instantiate:
            kernel.passed(specs[0], kernel.root, {})
        else:
            for spec in specs:
                kernel.place(spec, kernel.root)
        kernel.do_engine_steps()

    def _gateway_before(self, element: Element) -> EventBasedGateway | None:
        """The event-based gateway with which an instance begins by this event."""
        for flow in element.incoming:
            source = self.model.elements[self.model.flows[flow].source]
            if source.type == "eventBasedGateway" and source.instantiate:
                found: EventBasedGateway = self._kernel.spec.task_specs[source.id]
                return found
        return None

    def complete(self, token: int, variables: Mapping[str, Any]) -> None:
        """Completes the open user task of `token`.

        Raises:
            NotWaiting: it is not open, also because a timer that was due has just ended it.
            StepFailed: an element failed.
        """
        waiting, spec = self._waiting(token, UserTask, "no user task is open there")
        spec.answered(waiting, variables)
        self._kernel.do_engine_steps()

    def receive(self, token: int, variables: Mapping[str, Any]) -> None:
        """Delivers a message or a signal to the subscription of `token`. Raises as `complete` does."""
        waiting, spec = self._waiting(token, Catching, "no message is awaited there")
        if not isinstance(spec.event_definition, MessageDefinition | SignalDefinition) or not self._kernel.event_manager.has(
            waiting
        ):
            raise NotWaiting(token, "no message is awaited there")
        spec.heard(waiting, variables)
        self._kernel.do_engine_steps()

    def serve(self, token: int, variables: Mapping[str, Any], local: Mapping[str, Any] | None = None) -> None:
        """Answers the external service task of `token`; `local`, from a worker, are for the task's own scope.

        Raises as `complete` does.
        """
        waiting, spec = self._waiting(token, ServiceTask, "no service is asked there")
        spec.answered(waiting, variables, local)
        self._kernel.do_engine_steps()

    def call_returned(self, token: int, variables: Mapping[str, Any]) -> None:
        """The process called at `token` is over; `variables` are its instance's. Raises as `complete` does."""
        waiting, spec = self._waiting(token, CallActivity, "nothing is called there")
        spec.returned(waiting, variables)
        self._kernel.do_engine_steps()

    def carry_on(self, token: int) -> None:
        """The turn of a job that a token rests at (`JobSet`). Raises as `complete` does."""
        self.fire_due()
        found = self._token(token)
        if not jobs.is_resting(found):
            raise NotWaiting(token, "no job rests there")
        jobs.carry_on(found)
        self._kernel.do_engine_steps()

    def start_activity(self, token: int, element_id: str) -> None:
        """Begins an activity of the open ad-hoc subprocess of `token` once more. Raises as `complete` does."""
        waiting, spec = self._waiting(token, AdHocSubProcess, "no ad-hoc subprocess is open there")
        spec.start_activity(waiting, element_id)
        self._kernel.do_engine_steps()

    def raise_error(self, token: int, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        """Throws the error `code` at the activity that waits at `token`: a worker, a form or a called process could not do it.

        Whatever catches it gets `variables`; if nothing does, the instance fails. Raises as `complete` does.
        """
        waiting, _ = self._waiting(token, Activity, "no activity waits there")
        throw_error(waiting, code, message, variables or {})
        self._kernel.do_engine_steps()

    def raise_escalation(self, token: int, code: str, variables: Mapping[str, Any] | None = None) -> None:
        """Throws the escalation `code` at the activity that waits at `token`, which goes on waiting unless it is interrupted.

        Raises as `complete` does.
        """
        waiting, _ = self._waiting(token, Activity, "no activity waits there")
        throw_escalation(waiting, code, variables or {})
        self._kernel.do_engine_steps()

    def fire_due(self) -> int:
        """Fires every timer that is due, earliest first, those included that are set on the way; how many.

        Raises:
            StepFailed: an element failed.
        """
        kernel = self._kernel
        fired = 0
        while True:
            token = kernel.event_manager.earliest()
            if token is None or token.timer is None or token.timer.due > self.env.clock.now():
                return fired
            fired += 1
            if fired > _MOST_TIMERS:
                raise StepFailed(token.task_spec.bpmn_id, f"more than {_MOST_TIMERS} timers due at once: a loop here takes no time")
            spec: Any = token.task_spec
            spec.heard(token, {})
            kernel.do_engine_steps()

    def cancel(self) -> None:
        """Ends the instance without effect; every wait says that it was cancelled."""
        if not self.is_completed and self.failure is None:
            self._kernel.cancel()

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Sets variables of the instance's own scope, as a coordinator does; conditional events may happen by it.

        Raises:
            StepFailed: an element failed.
        """
        self.fire_due()
        self._kernel.root.variables.update(variables)
        self._kernel.do_engine_steps()

    # --- looking

    def drain(self) -> list[Event]:
        """What has happened since the last drain, in order."""
        events, self._kernel.events = self._kernel.events, []
        self._kernel.stores.clear()
        return events

    def variables(self) -> dict[str, Any]:
        """The variables of the instance's own scope."""
        return dict(self._kernel.root.variables)

    def variables_at(self, token: int) -> dict[str, Any]:
        """All variables as `token` sees them.

        Raises:
            NotWaiting: there is no such token.
        """
        return dict(self._token(token).data)

    def evaluate(self, expression: str, *, token: int | None = None) -> Any:
        """The value of the template `expression` as `token` (None: the instance) sees the variables.

        Raises:
            StepFailed: it fails.
            NotWaiting: there is no such token.
        """
        if token is not None:
            return self._kernel.script_engine.evaluate(self._token(token), expression)
        try:
            return self._kernel.script_engine.environment.evaluate(expression, self._kernel.root.variables)
        except JuelError as error:
            raise StepFailed(self.model.key, str(error)) from error

    def open_tasks(self) -> list[Live]:
        """The user tasks that are open, oldest first."""
        return [_live(token) for token in self._working() if isinstance(token.task_spec, UserTask) and token.entered]

    def next_due(self) -> datetime | None:
        """When the next timer is due, in UTC."""
        token = self._kernel.event_manager.earliest()
        return None if token is None or token.timer is None else token.timer.due

    @property
    def is_completed(self) -> bool:
        """Whether it came to its end; a cancelled one did not."""
        return self._kernel.is_completed()

    @property
    def failure(self) -> tuple[str, str, str] | None:
        """The element, code and message of the error that ended it, because nothing in it caught it."""
        return self._kernel.failure

    def live(self) -> list[Live]:
        """The tokens at work, oldest first; the children of a multi-instance rather than its body, and no listeners."""
        return [_live(token) for token in self._working()]

    def _working(self) -> Iterator[Token]:
        for token in self._kernel.tasks.values():
            if not token.listening and not isinstance(token.task_spec, MultiInstanceBody | LoopBody):
                yield token

    def _token(self, token: int) -> Token:
        found = self._kernel.tasks.get(token)
        if found is None:
            raise NotWaiting(token, "there is no such token any more")
        return found

    def _waiting(self, token: int, kind: type[_Spec], reason: str) -> tuple[Token, _Spec]:
        self.fire_due()
        found = self._token(token)
        spec: FlatSpec = found.task_spec
        if (
            not isinstance(spec, kind)
            or not found.has_state(TaskState.STARTED | TaskState.WAITING)
            or not (found.entered or found.listening)
        ):
            raise NotWaiting(token, reason)
        return found, spec


_MOST_TIMERS = 10_000


def _live(token: Token) -> Live:
    return Live(token.id, token.task_spec.bpmn_id, TaskState.get_name(token.state).lower())
