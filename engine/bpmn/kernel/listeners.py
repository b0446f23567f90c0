"""Who waits for an event, in the order in which they began to wait."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.event import EventManager

from engine.bpmn.kernel.conditions import ConditionalDefinition

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.kernel.workflow import Kernel


class Listeners(EventManager):
    """SpiffWorkflow's event manager over flat tokens. Its dictionary's order is the order of subscription, and is persisted.

    `conditions` are those that wait for a condition, by token, with the variable whose changes count as it was when everything
    last waited: nothing changes between that and the next command, so that it need not be persisted.
    """

    def __init__(self, workflow: Kernel) -> None:
        super().__init__(workflow)
        self.tasks: dict[int, Token]
        self.conditions: dict[int, Any] = {}

    def add_task(self, my_task: Token) -> None:
        super().add_task(my_task)
        definition = my_task.task_spec.event_definition
        if isinstance(definition, ConditionalDefinition):
            self.conditions[my_task.id] = definition.seen(my_task)

    def remove_task(self, my_task: Token) -> None:
        super().remove_task(my_task)
        self.conditions.pop(my_task.id, None)

    def has(self, token: Token) -> bool:
        return token.id in self.tasks

    def earliest(self) -> Token | None:
        """The token whose timer is due first; of several due at the same moment the one that has waited longest."""
        earliest: Token | None = None
        due: datetime | None = None
        for token in self.tasks.values():
            if token.timer is not None and (due is None or token.timer.due < due):
                earliest, due = token, token.timer.due
        return earliest

    def true_condition(self) -> Token | None:
        """The token whose condition has become true, of several the one that has waited longest.

        Raises:
            StepFailed: a condition fails.
        """
        for id, before in self.conditions.items():
            token = self.tasks[id]
            definition = token.task_spec.event_definition
            self.conditions[id] = definition.seen(token)
            if definition.becomes_true(token, before):
                return token
        return None
