"""Start, end, intermediate and boundary events, and the event-based gateway, whose catches race each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import EndReached, Left, Passed, Taken
from engine.bpmn.kernel.compensation import undo_next
from engine.bpmn.kernel.propagation import ErrorDefinition
from engine.bpmn.kernel.spec import FlatSpec

if TYPE_CHECKING:
    from engine.bpmn.kernel.subprocess import EventSubProcess
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.kernel.workflow import Kernel


class Catching:
    """Waits for its event in one of three ways: on its own, racing behind a gateway, or on behalf of something else."""

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
        self.event_definition.disarm(token, fired=False)


class Part(Catching, FlatSpec):
    """One of several definitions of an event, waiting on behalf of the event."""

    def __init__(self, wf_spec: Any, name: str, bpmn_id: str, event_definition: Any) -> None:
        super().__init__(wf_spec, name)
        self.bpmn_id = bpmn_id
        self.event_definition = event_definition

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        event = token.owner
        if event is None:
            raise AssertionError("a part of an event waits through the event")
        event.task_spec.event_definition.happened(event, token, variables)


class Throwing(FlatSpec):
    """Does what its definitions say, in their order, and passes; undoing what was done, it waits for that."""

    event_definition: Any

    def _run_hook(self, my_task: Token) -> bool | None:
        self._read_inputs(my_task)
        for definition in self.event_definition.every():
            if self._throws_here(definition):
                definition.throw(my_task)
                if my_task.has_state(TaskState.FINISHED_MASK):
                    return None
        if "undo" not in my_task.internal_data:
            return True
        self._enter(my_task)
        undo_next(my_task)
        return None

    def _throws_here(self, definition: Any) -> bool:
        return True


class StartEvent(Catching, FlatSpec, defaults.StartEvent):
    """Of a process or subprocess: a place where tokens begin. Of an event subprocess: what its scope listens for."""

    handler: EventSubProcess | None = None

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        if self.handler is None:
            raise AssertionError("only the start of an event subprocess listens")
        self.handler.triggered(token, variables)

    caught = heard

    def _run_hook(self, my_task: Token) -> bool | None:
        return True


class EndEvent(Throwing, defaults.EndEvent):
    """Ends its token; what goes outwards from it (a termination of its scope, an error) goes when the token is gone."""

    ends_process = False

    def _throws_here(self, definition: Any) -> bool:
        return not definition.outward

    def _on_complete(self, my_task: Token) -> None:
        kernel, scope, definitions = my_task.workflow, my_task.scope, self.event_definition.every()
        self._announce(my_task)
        if self.ends_process and not any(isinstance(definition, ErrorDefinition) for definition in definitions):
            kernel.say(EndReached(self.bpmn_id, self.element.name))
        kernel.drop(my_task)
        for definition in definitions:
            if kernel.scopes.get(scope.id) is scope and kernel.failure is None:
                definition.leave(my_task)


class IntermediateThrowEvent(Throwing, defaults.IntermediateThrowEvent):
    """A thrown link goes on at the event that catches it: a flow that is not drawn, and that nobody sees taken."""

    link: FlatSpec | None = None

    def _go_on(self, token: Token) -> None:
        if self.link is None:
            super()._go_on(token)
        else:
            token.workflow.place(self.link, token.scope)


class IntermediateCatchEvent(Catching, FlatSpec, defaults.IntermediateCatchEvent):
    def _run_hook(self, my_task: Token) -> bool | None:
        if self.element.event == "link":
            return True
        self._enter(my_task, TaskState.WAITING)
        self.listen(my_task)
        return None


class BoundaryEvent(Catching, FlatSpec, defaults.BoundaryEvent):
    """Listens while its host waits; ends the host, or lets a further token out and goes on listening."""

    def heard(self, token: Token, variables: Mapping[str, Any]) -> None:
        host = token.owner
        if host is None:
            raise AssertionError("a boundary event listens through its host")
        if self.cancel_activity:
            self.event_definition.disarm(token, fired=True)
        elif not self.event_definition.again(token):
            token.cancel()
        self.caught(host, variables)

    def caught(self, host: Token, variables: Mapping[str, Any]) -> None:
        """Its event has happened while `host` was at work."""
        kernel, scope = host.workflow, host.scope
        if self.cancel_activity:
            host.cancel()
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

    def begin(self, kernel: Kernel, first: FlatSpec) -> None:
        """Begins the instance with the event `first` behind it; one for all of its events then waits for the others."""
        token = kernel.create(self, kernel.root)
        kernel.say(Passed(self.bpmn_id, token.id))
        for way in self.ways:
            if way.target is first:
                kernel.say(Taken(way.id))
                kernel.passed(first, kernel.root, {})
            elif self.element.all_events:
                kernel.take(way, token)
        kernel.drop(token)
