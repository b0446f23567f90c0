"""Embedded subprocesses, and event subprocesses, which their scope starts when it hears their event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.kernel.spec import Activity, FlatSpec

if TYPE_CHECKING:
    from engine.bpmn.kernel.events import StartEvent
    from engine.bpmn.kernel.token import Token


class SubProcess(Activity, defaults.SubWorkflowTask):
    """Waits until no token is left in its scope."""

    def _act(self, token: Token) -> None:
        kernel = token.workflow
        scope = token.local if token.local is not None else kernel.open_scope(token)
        kernel.begin(scope, self.bpmn_id)


class EventSubProcess(FlatSpec, defaults.EventSubprocess):
    """Never reached along a flow. Triggered, it runs in a scope of its own inside the one that listened."""

    def triggered(self, listener: Token, variables: Mapping[str, Any]) -> None:
        kernel, scope = listener.workflow, listener.scope
        start: StartEvent = listener.task_spec
        if start.element.interrupting:
            start.event_definition.disarm(listener, fired=True)
            kernel.empty(scope)
        elif not start.event_definition.again(listener):
            listener.cancel()
        token = kernel.create(self, scope)
        self._read_inputs(token)
        self._enter(token)
        inner = token.local if token.local is not None else kernel.open_scope(token)
        kernel.listen(inner, self.bpmn_id)
        kernel.passed(start, inner, variables)
