"""SpiffWorkflow as it comes, and no database: in memory, and with its state written to JSON and read back at the user task."""

from __future__ import annotations

import io
import json

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from tests.bench.diagrams import KEY, process


class Bare:
    """The process on SpiffWorkflow, parsed once."""

    def __init__(self) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(process("python")))
        self._spec = parser.get_spec(KEY)
        self._serializer = BpmnWorkflowSerializer()

    def in_memory(self) -> None:
        """Start an instance and complete its user task."""
        workflow = self._started()
        self._complete(workflow)

    def with_json(self) -> None:
        """The same, written and read back in between, and written again at the end."""
        stored = self._serializer.serialize_json(self._started())
        workflow = self._serializer.deserialize_json(stored)
        self._complete(workflow)
        if not json.loads(self._serializer.serialize_json(workflow)):
            raise RuntimeError("the baseline wrote nothing")

    def _started(self) -> BpmnWorkflow:
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        return workflow

    def _complete(self, workflow: BpmnWorkflow) -> None:
        (task,) = [task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        task.run()
        workflow.do_engine_steps()
        if not workflow.is_completed():
            raise RuntimeError("the baseline did not complete its instance")
