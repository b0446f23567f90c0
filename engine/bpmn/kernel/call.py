"""The call activity: another process runs, and its variables come back through the out-mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.events import CallClosed, CallOpened
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.kernel.values import template, text_of
from engine.bpmn.model import Call, CallMapping

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class CallActivity(Activity, defaults.CallActivity):
    @property
    def call(self) -> Call:
        call = self.element.call
        if call is None:
            raise AssertionError(f"{self.bpmn_id} calls nothing")
        return call

    def _act(self, token: Token) -> None:
        call = self.call
        called = text_of("the called element", call.called, token)
        if called is None:
            raise StepFailed(self.bpmn_id, f"the called element “{call.called}” is empty")
        token.workflow.say(
            CallOpened(
                self.bpmn_id,
                token.id,
                called,
                call.binding,
                text_of("the called version", call.version, token),
                _mapped(call.inputs, token.data, token, self._inputs_of(token)),
                text_of("the business key", call.business_key, token),
            )
        )

    def returned(self, token: Token, variables: Mapping[str, Any]) -> None:
        """The called process is over; `variables` are its instance's."""
        seen_by_child = _Seen(token, variables)
        local = tuple(mapping for mapping in self.call.outputs if mapping.local)
        outward = tuple(mapping for mapping in self.call.outputs if not mapping.local)
        token.innermost.write(_mapped(outward, variables, seen_by_child))
        if local:
            self._own_scope(token).variables.update(_mapped(local, variables, seen_by_child))
        token.complete()

    def _closed(self, token: Token, *, completed: bool) -> None:
        token.workflow.say(CallClosed(self.bpmn_id, token.id, completed))


class _Seen:
    """The calling token, seeing the variables of the process that it called: out-mappings are evaluated over those."""

    def __init__(self, token: Token, variables: Mapping[str, Any]) -> None:
        self.workflow = token.workflow
        self.task_spec = token.task_spec
        self.data = variables


def _mapped(
    mappings: tuple[CallMapping, ...], everything: Mapping[str, Any], seen: Any, own: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the mappings make of the variables, or of those of the call's `own` scope if they are local and it is given.

    A source that does not exist gives null, as in Camunda.
    """
    result: dict[str, Any] = {}
    for mapping in mappings:
        variables = everything if own is None or not mapping.local else own
        if mapping.all_variables:
            result.update(variables)
        elif mapping.target is not None:
            if mapping.expression is not None:
                result[mapping.target] = template(mapping.expression, seen)
            else:
                result[mapping.target] = variables.get(mapping.source or "")
    return result
