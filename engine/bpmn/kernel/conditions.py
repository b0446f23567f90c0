"""Conditional events: looked at whenever everything waits, they happen when their condition becomes true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition

from engine.bpmn.failures import StepFailed
from engine.bpmn.juel import compile_template
from engine.bpmn.kernel.definitions import Definition

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.model import EventDefinition

_MISSING = object()


class ConditionalDefinition(Definition, ConditionalEventDefinition):
    """A condition over the variables that its token sees (BPMN 10.5.5, Conditional).

    It happens when the condition becomes true, also if it is true when it is armed, and again only after it was false in between:
    the token's internal data keep what it was ("was"). One over variables that do not exist yet does not hold. With
    `camunda:variableName` it is looked at again only when that variable has changed in one of the ways named.
    """

    listens = True

    def __init__(self, described: EventDefinition) -> None:
        super().__init__(described.condition)
        self.variable = described.variable
        self.changes = described.changes

    def arm(self, token: Token) -> None:
        token.workflow.event_manager.add_task(token)

    def disarm(self, token: Token, *, fired: bool) -> None:
        token.workflow.event_manager.remove_task(token)

    def seen(self, token: Token) -> Any:
        """The variable whose changes count, as it is now."""
        return _MISSING if self.variable is None else token.data.get(self.variable, _MISSING)

    def becomes_true(self, token: Token, before: Any) -> bool:
        """Whether it happens now; `before` is what `seen` gave when it was last looked at.

        Raises:
            StepFailed: the condition fails, or gives something else than true or false.
        """
        was = token.internal_data.get("was")
        if was is not None and self.variable is not None and not self._concerns(before, self.seen(token)):
            return False
        now = self._holds(token)
        token.internal_data["was"] = now
        return now and not was

    def _concerns(self, before: Any, now: Any) -> bool:
        if before is _MISSING or now is _MISSING:
            change = None if before is now else "create" if before is _MISSING else "delete"
        else:
            change = None if type(before) is type(now) and before == now else "update"
        return change is not None and (not self.changes or change in self.changes)

    def _holds(self, token: Token) -> bool:
        try:
            value = token.workflow.script_engine.evaluate(token, self.expression)
        except StepFailed:
            if all(name in token.data for name in compile_template(self.expression).names()):
                raise
            return False
        if not isinstance(value, bool):
            text = f"the condition “{self.expression}” gave {value!r}, which is neither true nor false"
            raise StepFailed(token.task_spec.bpmn_id, text)
        return value
