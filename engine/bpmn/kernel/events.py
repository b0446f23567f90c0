"""Start, end, intermediate and boundary events, and the event-based gateway, whose catches race each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import EndReached, Left, Taken
from engine.bpmn.kernel.definitions import MessageDefinition, TimerDefinition
from engine.bpmn.kernel.spec import FlatSpec

if TYPE_CHECKING:
    from engine.bpmn.kernel.subprocess import EventSubProcess
    from engine.bpmn.kernel.token import Token


class Catching:
    """Waits for a message or a timer, in one of three ways: on its own, racing behind a gateway, or on behalf of something else."""

    event_definition: Any

    def listen(self, token: Token) -> None:
        """Arms the event for a waiting token."""
        token._set_state(TaskState.WAITING)
        self.event_definition.arm(token)

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        """The event has happened; `variables` are what it brought."""
        owner = token.owner
        if owner is not None and isinstance(owner.task_spec, EventBasedGateway):
            owner.task_spec.decided(owner, token, variables)
            return
        self.event_definition.disarm(token, fired=True)
        token.innermost.write(variables)
        token.complete()

    def _closed(self, token: Token, *, completed: bool) -> None:
        if isinstance(self.event_definition, MessageDefinition | TimerDefinition):
            self.event_definition.disarm(token, fired=False)


class Throwing(FlatSpec):
    """Says its message and passes; without a definition it only passes."""

    def _run_hook(self, my_task: Token) -> bool | None:
        self._read_inputs(my_task)
        if isinstance(self.event_definition, MessageDefinition):
            self.event_definition.throw(my_task)
        return True


class StartEvent(Catching, FlatSpec, defaults.StartEvent):
    """Of a process or subprocess: a place where tokens begin. Of an event subprocess: what its scope listens for."""

    handler: EventSubProcess | None = None

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        if self.handler is None:
            raise AssertionError("only the start of an event subprocess listens")
        self.handler.triggered(token, variables)

    def _run_hook(self, my_task: Token) -> bool | None:
        return True


class EndEvent(Throwing, defaults.EndEvent):
    """Ends its token; a terminate end event everything else in its scope as well."""

    ends_process = False

    def _on_complete(self, my_task: Token) -> None:
        kernel, scope = my_task.workflow, my_task.scope
        self._announce(my_task)
        if self.ends_process:
            kernel.say(EndReached(self.bpmn_id, self.element.name))
        kernel.drop(my_task)
        if isinstance(self.event_definition, TerminateEventDefinition):
            kernel.empty(scope)


class IntermediateThrowEvent(Throwing, defaults.IntermediateThrowEvent):
    pass


class IntermediateCatchEvent(Catching, FlatSpec, defaults.IntermediateCatchEvent):
    def _run_hook(self, my_task: Token) -> bool | None:
        self._enter(my_task, TaskState.WAITING)
        self.listen(my_task)
        return None


class BoundaryEvent(Catching, FlatSpec, defaults.BoundaryEvent):
    """Listens while its host waits; ends the host, or lets a further token out and goes on listening."""

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        host = token.owner
        if host is None:
            raise AssertionError("a boundary event listens through its host")
        kernel, scope = token.workflow, host.scope
        if self.cancel_activity:
            self.event_definition.disarm(token, fired=True)
            host.cancel()
        elif not self.event_definition.again(token):
            token.cancel()
        kernel.passed(self, scope, variables)


class EventBasedGateway(FlatSpec, defaults.EventBasedGateway):
    """Arms every event behind it; the first to happen takes the token and gives up the others."""

    def _run_hook(self, my_task: Token) -> bool | None:
        self._enter(my_task, TaskState.WAITING)
        for way in self.ways:
            racing = my_task.workflow.create(way.target, my_task.scope, parent=my_task, listening=True, via=way.id)
            way.target.listen(racing)
        return None

    def decided(self, token: Token, winner: Token, variables: Mapping[str, Any]) -> None:
        kernel, scope, spec, via = token.workflow, token.scope, winner.task_spec, winner.via
        spec.event_definition.disarm(winner, fired=True)
        kernel.say(Left(self.bpmn_id, token.id))
        kernel.drop(token)
        kernel.say(Taken(via or ""))
        kernel.passed(spec, scope, variables)
