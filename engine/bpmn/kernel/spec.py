"""What every element has in common: how a token begins, ends, is cancelled and goes on along the flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import Cancelled, Entered, Left, Passed, StoreWritten
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel import jobs
from engine.bpmn.kernel.compensation import remember, undo_next
from engine.bpmn.kernel.element_listeners import notify
from engine.bpmn.kernel.values import parameter_value
from engine.bpmn.model import Element, Flow, Listener

if TYPE_CHECKING:
    from engine.bpmn.kernel.adhoc import AdHocSubProcess
    from engine.bpmn.kernel.events import BoundaryEvent
    from engine.bpmn.kernel.loop import LoopBody
    from engine.bpmn.kernel.multi_instance import MultiInstanceBody
    from engine.bpmn.kernel.scope import Scope
    from engine.bpmn.kernel.token import Token


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow as a token sees it: where it leads and under which condition (None: always)."""

    id: str
    target: FlatSpec
    condition: _BpmnCondition | None
    default: bool
    listeners: tuple[Listener, ...] = ()

    def holds(self, token: Token) -> bool:
        """
        Raises:
            StepFailed: the condition fails, or gives something else than true or false.
        """
        if self.condition is None:
            return True
        value = self.condition._matches(token)
        if not isinstance(value, bool):
            raise StepFailed(self.id, f"the condition “{self.condition.args[0]}” gave {value!r}, which is neither true nor false")
        return value


class FlatSpec(BpmnSpecMixin):
    """First in every element's method order, so that nothing is predicted and no finished task is kept or read.

    An element overrides `_run_hook` (True: done at once, None: waits) and, where it waits, `_closed`. An element with input
    parameters gets a scope of its own for them; its output parameters are evaluated there and written outside it.
    """

    element: Element
    container: str | None
    each: MultiInstanceBody | LoopBody | None = None
    """The body of a loop or a multi-instance activity whose child this is."""
    offered_by: AdHocSubProcess | None = None
    """The ad-hoc subprocess in which this activity stands."""
    waits_before = False
    """Whether something may keep a token from beginning here."""
    boundaries: Sequence[BoundaryEvent] = ()
    undone_by: FlatSpec | None = None
    """The handler of compensation that a boundary event leads to."""
    can_be_undone = False

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.ways: list[Way] = []
        self.arriving: list[tuple[str, FlatSpec]] = []
        self.behind: list[FlatSpec] = []

    # --- building the specification

    def describe(self, element: Element) -> None:
        self.element = element
        self.container = element.scope
        loop = element.loop
        self.waits_before = element.start_quantity > 1 or element.job_before or (loop is not None and loop.job_before)

    def connect_flow(self, flow: Flow, target: FlatSpec) -> None:
        """Adds the way along `flow`; conditions are SpiffWorkflow's, evaluated through its script engine."""
        self._outputs.append(target.name)
        target._connect_notify(self)
        self.ways.append(
            Way(flow.id, target, None if flow.test is None else _BpmnCondition(flow.test), flow.default, flow.listeners)
        )
        target.arriving.append((flow.id, self))

    # --- what SpiffWorkflow calls

    def _predict(self, my_task: Token, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Nothing: what comes next is decided when it comes."""

    def _predict_hook(self, my_task: Token) -> None:
        """Nothing."""

    def _update(self, my_task: Token) -> None:
        """Nothing: a token that waits is woken by what it waits for."""

    def _run(self, my_task: Token) -> bool | None:
        if self.waits_before and not jobs.admitted(self, my_task):
            return None
        return self.proceed(my_task)

    def proceed(self, my_task: Token) -> bool | None:
        """Nothing keeps the token any more: the element begins."""
        notify(my_task, "start")
        return self._run_hook(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        return True

    def _on_complete(self, my_task: Token) -> None:
        self._closed(my_task, completed=True)
        notify(my_task, "end")
        if self.element.outputs:
            self._write_outputs(my_task)
        for output in self.element.store_outputs:
            value = parameter_value(output.value, my_task)
            my_task.workflow.stores[output.store] = value
            my_task.workflow.say(StoreWritten(self.bpmn_id, output.store, value))
        over = self.each is not None and self.each.collect(my_task)
        if self.can_be_undone:
            remember(my_task)
        self._announce(my_task)
        self._depart(my_task, over)

    def _depart(self, my_task: Token, over: bool = False) -> None:
        """The element is done. A job after it rests in a token of its own, so that what belongs to this one ends now."""
        if not self.job_after():
            self.leave(my_task, over)
            return
        kernel, owner = my_task.workflow, my_task.owner if self.each is not None else None
        resting = kernel.create(self, my_task.scope, parent=owner)
        if over:
            resting.internal_data["over"] = 1
        kernel.drop(my_task)
        jobs.rest(resting, "after")

    def leave(self, my_task: Token, over: bool = False) -> None:
        """The token goes, along the flows or back to its loop (`over`: which ends with it)."""
        body = my_task.owner if self.each is not None else None
        my_task.workflow.drop(my_task)
        if self.each is not None and body is not None:
            self.each.advance(body, over or "over" in my_task.internal_data)
            return
        self._go_on(my_task)
        if self.offered_by is not None and my_task.scope.owner is not None:
            self.offered_by.activity_ended(my_task.workflow.tasks[my_task.scope.owner])

    def job_before(self) -> bool:
        """Whether a job comes before what stands here: the activity as a whole, or the run of a loop."""
        loop = self.element.loop
        return self.element.job_before if self.each is None else loop is not None and loop.job_before

    def job_after(self) -> bool:
        loop = self.element.loop
        return self.element.job_after if self.each is None else loop is not None and loop.job_after

    def scope_over(self, token: Token) -> None:
        """No live token is left in the scope that `token` opened here."""
        token.complete()

    def _on_cancel(self, my_task: Token) -> None:
        jobs.cleared(my_task)
        if my_task.entered or my_task.listening:
            self._closed(my_task, completed=False)
        if my_task.entered:
            if not my_task.workflow.cancelled:
                notify(my_task, "end")
            my_task.workflow.say(Cancelled(self.bpmn_id, my_task.id))

    # --- what elements override or use

    def _closed(self, token: Token, *, completed: bool) -> None:
        """The wait is over: take back what was asked of the outside."""

    def _announce(self, token: Token) -> None:
        token.workflow.say(Left(self.bpmn_id, token.id) if token.entered else Passed(self.bpmn_id, token.id))

    def _enter(self, token: Token, state: int = TaskState.STARTED) -> None:
        """A wait begins."""
        token._set_state(state)
        token.entered = True
        token.workflow.say(Entered(self.bpmn_id, token.id))

    def _go_on(self, token: Token) -> None:
        if self.element.for_compensation and token.owner is not None:
            undo_next(token.owner)
            return
        for way in self._choose(token):
            for _ in range(self.element.completion_quantity):
                token.workflow.take(way, token)

    def _choose(self, token: Token) -> list[Way]:
        """Every unconditional flow, and those whose condition holds; the default one if that makes none.

        Raises:
            StepFailed: there are flows, but none that can be taken.
        """
        ways = self.ways
        if not ways or (len(ways) == 1 and ways[0].condition is None):
            return ways
        chosen = [way for way in ways if not way.default and way.holds(token)]
        if not chosen:
            chosen = [way for way in ways if way.default]
        if not chosen:
            raise StepFailed(self.bpmn_id, "no condition on its outgoing flows holds, and none of them is the default flow")
        return chosen

    def _read_inputs(self, token: Token) -> None:
        """Gives the token a scope of its own with the input parameters, each seeing those before it."""
        if not self.element.inputs:
            return
        scope = token.workflow.open_scope(token)
        for parameter in self.element.inputs:
            scope.variables[parameter.name] = parameter_value(parameter.value, token)

    def _inputs_of(self, token: Token) -> dict[str, Any]:
        """The input parameters as read, and nothing else."""
        return dict(token.innermost.variables) if self.element.inputs else {}

    def _write_outputs(self, token: Token) -> None:
        values = {parameter.name: parameter_value(parameter.value, token) for parameter in self.element.outputs}
        self._outside(token).write(values)

    def _own_scope(self, token: Token) -> Scope:
        """The scope that only this element sees: that of the input parameters, or a new one."""
        return token.local if self.element.inputs and token.local is not None else token.workflow.open_scope(token)

    def _outside(self, token: Token) -> Scope:
        """The scope around the token's own; for the child of a multi-instance that is the child's, which declares the item."""
        local = token.local
        if local is None or local.parent is None or (self.each is not None and local.parent.owner != token.id):
            return token.innermost
        return local.parent


class Activity(FlatSpec):
    """A task, subprocess or call: it can carry boundary events while it waits."""

    waits = True

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.boundaries: list[BoundaryEvent] = []

    def proceed(self, my_task: Token) -> bool | None:
        return self._run_hook(my_task)  # its listeners see the input parameters

    def _run_hook(self, my_task: Token) -> bool | None:
        self._read_inputs(my_task)
        notify(my_task, "start")
        if not self.waits:
            self._act(my_task)
            return None if my_task.has_state(TaskState.FINISHED_MASK) else True  # an error may have ended it
        self._enter(my_task)
        self._act(my_task)
        self._arm_boundaries(my_task)
        return None

    def _act(self, token: Token) -> None:
        """Does what the activity does, or asks for it."""

    def _arm_boundaries(self, token: Token) -> None:
        for boundary in self.boundaries:
            if not boundary.event_definition.listens:
                continue
            listener = token.workflow.create(boundary, token.innermost, parent=token, listening=True)
            boundary.listen(listener)
