"""The loop marker: an activity that is run again as long as a condition holds (BPMN 13.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.kernel.values import truth_of, whole_number
from engine.bpmn.model import StandardLoop

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class LoopBody(Activity):
    """Stands where the activity stands, with its flows and boundary events; each run is a child token of `#each:<id>`.

    Its scope declares `loopCounter`, the number of runs that are over: the condition and the run see it.
    """

    def __init__(self, wf_spec: object, bpmn_id: str, *, task_spec: str, **kwargs: object) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec = task_spec

    @property
    def loop(self) -> StandardLoop:
        loop = self.element.standard_loop
        if loop is None:
            raise AssertionError(f"{self.bpmn_id} has no loop marker")
        return loop

    def _run_hook(self, my_task: Token) -> bool | None:
        scope = my_task.workflow.open_scope(my_task)
        scope.variables["loopCounter"] = 0
        most = None if self.loop.most is None else whole_number("loopMaximum", self.loop.most, my_task)
        my_task.internal_data.update(done=0, most=most)
        if most == 0 or (self.loop.test_before and not self._again(my_task)):
            my_task.internal_data.clear()
            return True
        my_task._set_state(TaskState.STARTED)
        self._start(my_task)
        self._arm_boundaries(my_task)
        return None

    def _on_complete(self, my_task: Token) -> None:
        if "done" not in my_task.internal_data:
            self._announce(my_task)  # no run is passing; otherwise the runs have said what there is to say
        self._depart(my_task)

    def _again(self, token: Token) -> bool:
        if self.loop.condition is None:
            return True
        return truth_of("the loop's condition", self.loop.condition, token)

    def _start(self, body: Token) -> None:
        child = body._add_child(body.workflow.spec.task_specs[self.task_spec])
        scope = body.workflow.open_scope(child)
        scope.parent = body.local  # it sees the counter

    def collect(self, child: Token) -> bool:
        """Counts a run that ends; True if it was the last."""
        body = child.owner
        if body is None or body.local is None:
            raise StepFailed(self.bpmn_id, "the run of a loop lives through its body")
        done = body.internal_data["done"] = body.internal_data["done"] + 1
        body.local.variables["loopCounter"] = done
        return bool(done == body.internal_data["most"])

    def advance(self, body: Token, over: bool) -> None:
        """A run has gone: the next one, or the end."""
        if over or not self._again(body):
            body.complete()
        else:
            self._start(body)
