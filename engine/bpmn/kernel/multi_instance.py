"""An activity run several times, side by side or one after the other, with its results in the order of the items."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.definitions import MessageDefinition, SignalDefinition
from engine.bpmn.kernel.propagation import ErrorDefinition, EscalationDefinition
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.kernel.values import template, truth_of, whole_number
from engine.bpmn.model import Behavior, Element, EventDefinition, MultiInstance

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token

_TOO_MANY = 10_000


class MultiInstanceBody(Activity):
    """Stands where the activity stands, with its flows and boundary events; each run is a child token of `#each:<id>`.

    A child's scope declares the element variable, `loopCounter` (from 0) and the output item; the body's declares `nrOfInstances`,
    `nrOfCompletedInstances` and `nrOfActiveInstances`, as Camunda does. The body's internal data hold only counters and the results
    so far: one after the other, the collection is read again for each item. The output collection is written after every child, so
    that it holds what has come in when a boundary event ends the rest. The completion condition sees the child that has just ended,
    and the results with its own. What the diagram has thrown when a run ends (`MultiInstance.behavior`) is thrown here, when the
    run is gone and before the next one or the end.
    """

    task_spec: str
    _behavior: tuple[tuple[Behavior, Any], ...] = ()

    def describe(self, element: Element) -> None:
        super().describe(element)
        self._behavior = tuple((behavior, _definition(behavior.event)) for behavior in self.loop.behavior)

    @property
    def loop(self) -> MultiInstance:
        loop = self.element.loop
        if loop is None:
            raise AssertionError(f"{self.bpmn_id} is no multi-instance activity")
        return loop

    def _run_hook(self, my_task: Token) -> bool | None:
        items = self._items(my_task)
        total = len(items)
        if self.loop.output_collection:
            my_task.scope.write({self.loop.output_collection: []})
        if total == 0:
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.internal_data.update(total=total, next=0, done=0)
        scope = my_task.workflow.open_scope(my_task)
        scope.variables.update(nrOfInstances=total, nrOfCompletedInstances=0, nrOfActiveInstances=0)
        for _ in range(1 if self.loop.sequential else total):
            self._start_next(my_task, items)
        self._arm_boundaries(my_task)
        return None

    def _on_complete(self, my_task: Token) -> None:
        if "total" not in my_task.internal_data:
            self._announce(my_task)  # nothing to do is passing; otherwise the children have said what there is to say
        self._depart(my_task)

    def _items(self, token: Token) -> list[Any] | range:
        if self.loop.cardinality is not None:
            return range(whole_number("the number of runs", self.loop.cardinality, token, _TOO_MANY))
        text = self.loop.collection or ""
        value = template(text, token) if "${" in text else token.data.get(text)
        if not isinstance(value, list):
            raise StepFailed(self.bpmn_id, f"the collection “{text}” is {value!r}, which is no list")
        if len(value) > _TOO_MANY:
            raise StepFailed(self.bpmn_id, f"the collection “{text}” has {len(value)} items; at most {_TOO_MANY} can be run")
        return value

    def _start_next(self, body: Token, items: list[Any] | range) -> None:
        index = body.internal_data["next"]
        if index >= len(items):
            raise StepFailed(self.bpmn_id, f"the collection has lost items while it was worked through: none is left at {index}")
        body.internal_data["next"] = index + 1
        child = body._add_child(body.workflow.spec.task_specs[self.task_spec])
        child.internal_data["i"] = index
        scope = body.workflow.open_scope(child)
        scope.parent = body.local  # it sees the body's variables
        if self.loop.element_variable:
            scope.variables[self.loop.element_variable] = items[index]
        scope.variables["loopCounter"] = index
        if self.loop.output_item:
            scope.variables[self.loop.output_item] = None
        self._count(body)

    def _count(self, body: Token) -> None:
        if body.local is None:
            raise AssertionError("a multi-instance body has a scope")
        done = body.internal_data["done"]
        body.local.variables.update(nrOfCompletedInstances=done, nrOfActiveInstances=body.internal_data["next"] - done)

    def collect(self, child: Token) -> bool:
        """Takes in the result of a child that ends; True if the completion condition then holds.

        Raises:
            StepFailed: the condition fails, or gives something else than true or false.
        """
        body = child.owner
        if body is None:
            raise AssertionError("the child of a multi-instance lives through its body")
        body.internal_data["done"] += 1
        self._count(body)
        loop, view = self.loop, child.data
        if loop.output_collection and loop.output_item:
            results: list[list[Any]] = body.internal_data.setdefault("out", [])
            insort(results, [child.internal_data["i"], view.get(loop.output_item)], key=_index)
            body.scope.write({loop.output_collection: [value for _, value in results]})
        if loop.completion_condition is None:
            return False
        return truth_of("the completion condition", loop.completion_condition, child)

    def advance(self, body: Token, over: bool) -> None:
        """A child has gone: the next one, or the end, which cancels those that are left.

        Raises:
            StepFailed: the condition of something that is to be thrown fails.
        """
        for number, (behavior, definition) in enumerate(self._behavior):
            if self._is_due(body, number, behavior):
                definition.throw(body)
                if body.has_state(TaskState.FINISHED_MASK):
                    return
        counters: Mapping[str, Any] = body.internal_data
        if over or counters["done"] == counters["total"]:
            body.complete()
        elif self.loop.sequential:
            fixed = self.loop.cardinality is not None
            self._start_next(body, range(counters["total"]) if fixed else self._items(body))

    def _is_due(self, body: Token, number: int, behavior: Behavior) -> bool:
        if behavior.condition is not None:
            return truth_of("the condition of complexBehaviorDefinition", behavior.condition, body)
        thrown: list[int] = body.internal_data.setdefault("thrown", []) if behavior.once else []
        if number in thrown:
            return False
        thrown.append(number)
        return True

    def _inputs_of(self, token: Token) -> dict[str, Any]:
        """Nothing goes with what is thrown: the input parameters are those of each run."""
        return {}


def _definition(event: EventDefinition) -> Any:
    if event.kind in ("error", "escalation"):
        return ErrorDefinition(event) if event.kind == "error" else EscalationDefinition(event)
    if event.name is None:
        raise AssertionError(f"a {event.kind} without a name has been refused")
    return SignalDefinition(event.name) if event.kind == "signal" else MessageDefinition(event.name, None)


def _index(result: list[Any]) -> int:
    return int(result[0])


class ParallelMultiInstance(MultiInstanceBody, defaults.ParallelMultiInstanceTask):
    pass


class SequentialMultiInstance(MultiInstanceBody, defaults.SequentialMultiInstanceTask):
    pass
