"""Subprocesses, transactions, event subprocesses, which their scope starts when it hears their event, and going back in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.kernel.compensation import undo_next
from engine.bpmn.kernel.spec import Activity, FlatSpec

if TYPE_CHECKING:
    from engine.bpmn.kernel.events import StartEvent
    from engine.bpmn.kernel.token import Token


class SubProcess(Activity, defaults.SubWorkflowTask):
    """Waits until no token is left in its scope."""

    can_be_undone = True

    def _act(self, token: Token) -> None:
        kernel = token.workflow
        scope = token.local if token.local is not None else kernel.open_scope(token)
        kernel.begin(scope, self.bpmn_id)


class Transaction(SubProcess, defaults.TransactionSubprocess):
    """A subprocess that can be cancelled from within."""


class EventSubProcess(FlatSpec, defaults.EventSubprocess):
    """Never reached along a flow. Triggered, it runs in a scope of its own inside the one that listened."""

    can_be_undone = True

    def triggered(self, listener: Token, variables: Mapping[str, Any]) -> None:
        kernel, scope = listener.workflow, listener.scope
        start: StartEvent = listener.task_spec
        if start.element.interrupting:
            start.event_definition.disarm(listener, fired=True)
            kernel.empty(scope)
        elif not start.event_definition.again(listener):
            listener.cancel()
        self.begin(kernel.create(self, scope), start, variables)

    def begin(self, token: Token, start: StartEvent, variables: Mapping[str, Any]) -> None:
        """Runs from its start on."""
        kernel = token.workflow
        self._read_inputs(token)
        self._enter(token)
        inner = token.local if token.local is not None else kernel.open_scope(token)
        kernel.listen(inner, self.bpmn_id)
        kernel.passed(start, inner, variables)


class Undoing(FlatSpec):
    """What undoes: stands for a completed subprocess that is entered again, or for a throw of compensation that did not wait."""

    def __init__(self, wf_spec: Any, bpmn_id: str) -> None:
        super().__init__(wf_spec, f"#undo:{bpmn_id}")
        self.bpmn_id = bpmn_id

    def begin(self, token: Token, todo: list[list[Any]]) -> None:
        self._enter(token)
        token.internal_data["undo"] = todo
        undo_next(token)

    def enter(self, token: Token, variables: Mapping[str, Any] | None, within: list[list[Any]] | None) -> None:
        """Goes back into the subprocess with its variables as they were at its end: its own event subprocess undoes it, if there is
        one, else all that was done within is undone."""
        kernel = token.workflow
        scope = kernel.open_scope(token)
        scope.variables.update(variables or {})
        start = kernel.spec.containers[self.bpmn_id].undo
        if start is None or start.handler is None:
            self.begin(token, [[scope.id, *record] for record in within or ()])
            return
        scope.completed = list(within or ())
        self._enter(token)
        start.handler.begin(kernel.create(start.handler, scope), start, {})

    def _go_on(self, token: Token) -> None:
        if token.owner is not None:
            undo_next(token.owner)
