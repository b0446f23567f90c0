"""Listeners of elements (Camunda 7): what a diagram has done when an element begins or ends, or a user task changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import StepFailed
from engine.bpmn.model import Listener

if TYPE_CHECKING:
    from engine.bpmn.kernel.scope import Scope
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.kernel.workflow import Kernel


def tell(
    kernel: Kernel,
    scope: Scope,
    element_id: str,
    name: str,
    listeners: tuple[Listener, ...],
    event: str,
    task: Mapping[str, Any] | None = None,
) -> None:
    """Runs those of `listeners` that are for `event`, in their order, where `scope` is seen.

    Raises:
        StepFailed: one failed, or threw a BPMN error: those are for tasks.
    """
    from engine.bpmn.kernel.script import ErrorRaised, perform  # it stands on `spec`, which needs this

    for listener in listeners:
        if listener.event == event:
            facts = {"currentActivityId": element_id, "currentActivityName": name, "eventName": event}
            try:
                perform(kernel, scope, element_id, listener.script, facts, None if task is None else {**task, "eventName": event})
            except ErrorRaised as error:
                raise StepFailed(element_id, f"a listener threw the error {error}, which only a task can do") from error


def notify(token: Token, event: str, task: Mapping[str, Any] | None = None) -> None:
    """Tells the listeners of the token's element."""
    element = token.task_spec.element
    if element.listeners:
        tell(token.workflow, token.innermost, element.id, element.name, element.listeners, event, task)
