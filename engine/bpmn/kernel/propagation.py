"""Errors and escalations: thrown at an element, they go outwards until an event catches them (BPMN 10.5.1, 10.5.6).

At each step outwards an event for the very code comes before one for any: first the boundary events of the activity, then those
of the multi-instance activity around it, the event subprocesses of the scope, and the same for what the scope belongs to. What
leaves an event subprocess passes by the other event subprocesses beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition, ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import EscalationEventDefinition as StockEscalation
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition

from engine.bpmn.events import ErrorThrown, Escalated, EscalationThrown, Failed
from engine.bpmn.kernel.definitions import Definition, named
from engine.bpmn.kernel.values import text_of

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.model import EventDefinition


class CodeDefinition(Definition, CodeEventDefinition):
    """Caught: by its code, or whatever the code (None). The code and message go to the variables that the diagram names."""

    outward = True

    def __init__(self, described: EventDefinition) -> None:
        super().__init__(described.kind, described.name)
        self.text = described.text
        self.code_variable = described.code_variable
        self.message_variable = described.message_variable

    def brought(self, code: str, message: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.code_variable:
            found[self.code_variable] = code
        if self.message_variable:
            found[self.message_variable] = message
        return found


class ErrorDefinition(CodeDefinition, ErrorEventDefinition):
    def throw(self, my_task: Token) -> None:
        code = named("the error's code", self.code, my_task)
        throw_error(my_task, code, text_of("the error's message", self.text, my_task) or "", my_task.task_spec._inputs_of(my_task))


class EscalationDefinition(CodeDefinition, StockEscalation):
    def throw(self, my_task: Token) -> None:
        code = named("the escalation's code", self.code, my_task)
        throw_escalation(my_task, code, my_task.task_spec._inputs_of(my_task))


class TerminateDefinition(Definition, TerminateEventDefinition):
    outward = True

    def throw(self, my_task: Token) -> None:
        """Ends everything else in the scope, and nothing outside it."""
        my_task.workflow.empty(my_task.scope)


def throw_error(token: Token, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """Throws an error at the element of `token`; what catches it ends what it interrupts, `token` included.

    Nothing in the instance catches it: the instance fails. Whoever calls this at a token that is at work goes on only if the token
    is still there.
    """
    kernel, element_id = token.workflow, token.task_spec.bpmn_id
    kernel.say(ErrorThrown(element_id, code, message))
    if not _caught(token, ErrorDefinition, code, message, variables):
        kernel.fail(Failed(element_id, code, message))


def throw_escalation(token: Token, code: str, variables: Mapping[str, Any]) -> None:
    """Throws an escalation at the element of `token`, which goes on unless an interrupting event catches it."""
    kernel, element_id = token.workflow, token.task_spec.bpmn_id
    kernel.say(EscalationThrown(element_id, code, variables))
    if not _caught(token, EscalationDefinition, code, "", variables):
        kernel.say(Escalated(element_id, code, variables))


def _caught(token: Token, kind: type[CodeDefinition], code: str, message: str, variables: Mapping[str, Any]) -> bool:
    for level in _outwards(token):
        for wanted in (code, None):
            for catcher, at in level:
                for definition in catcher.event_definition.every():
                    if isinstance(definition, kind) and definition.code == wanted:
                        catcher.caught(at, {**variables, **definition.brought(code, message)})
                        return True
    return False


def _outwards(token: Token) -> Iterator[list[tuple[Any, Token]]]:
    """Who could catch what is thrown at `token`: boundary events with hosts, starts of event subprocesses with tokens."""
    current: Token | None = token
    while current is not None:
        yield [(boundary, current) for boundary in current.task_spec.boundaries]
        owner = current.owner
        if owner is not None:
            current = owner
            continue
        scope = current.scope
        if not current.task_spec.element.event_subprocess:
            yield [(listener.task_spec, listener) for listener in scope.listeners.values()]
        current = None if scope.owner is None else current.workflow.tasks[scope.owner]
