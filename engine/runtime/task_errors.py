"""A BPMN error reported by the person who has a task, in place of completing it (Camunda 7: POST /task/{id}/bpmnError)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import NotWaiting
from engine.runtime.actor import Actor
from engine.runtime.ledger import Entry
from engine.runtime.runtime import Done, LockedTask, Runtime


def task_error(
    runtime: Runtime, task_id: int, code: str, message: str, variables: Mapping[str, Any], *, actor: Actor
) -> Done:
    """Leave the open task `task_id` by the error `code`.

    Raises:
        NotFound, NotAllowed, TaskTaken, TaskClosed: as `Runtime.complete`.
        StepFailed: what follows cannot be taken; nothing was saved.
    """
    row: LockedTask | None = None
    try:
        with runtime.parts.work(actor) as work:
            row, roles = runtime.locked_task(work, task_id)
            right = runtime.may_do(work, row, roles, actor)
            loaded = work.restore(row.instance)
            loaded.kernel.raise_error(row.token, code, message, variables)
            facts = {"task": task_id, "role": right.role, "for": right.acting_for}
            content = {"code": code, "message": message, "variables": dict(variables)}
            outcome = work.save(loaded, Entry("erred", row.element_id, row.token, actor.person_id, facts, content), last=True)
    except NotWaiting:
        raise runtime.came_late(task_id, row) from None
    return runtime.follow(outcome)
