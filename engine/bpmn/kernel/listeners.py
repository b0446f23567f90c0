"""Who waits for an event, in the order in which they began to wait."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.util.event import EventManager

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.kernel.workflow import Kernel


class Listeners(EventManager):
    """SpiffWorkflow's event manager over flat tokens. Its dictionary's order is the order of subscription, and is persisted."""

    def __init__(self, workflow: Kernel) -> None:
        super().__init__(workflow)
        self.tasks: dict[int, Token]

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
