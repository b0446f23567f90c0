"""The baseline: the same process on SpiffWorkflow as it comes, its state written to JSON and read back, and no database."""

from __future__ import annotations

import io
import json
import time

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow


def completions_per_second(diagram: bytes, key: str, rounds: int) -> float:
    """Start an instance, write it, read it back, complete its user task, write it again; completions a second."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(diagram))
    spec = parser.get_spec(key)
    serializer = BpmnWorkflowSerializer()
    began = time.perf_counter()
    for _ in range(rounds):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        stored = serializer.serialize_json(workflow)
        workflow = serializer.deserialize_json(stored)
        (task,) = [task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        task.run()
        workflow.do_engine_steps()
        stored = serializer.serialize_json(workflow)
        if not workflow.is_completed() or not json.loads(stored):
            raise RuntimeError("the baseline did not complete its instance")
    return rounds / (time.perf_counter() - began)
