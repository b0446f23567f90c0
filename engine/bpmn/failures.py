"""How a command on an instance fails. Either way nothing of the command counts: the caller takes the state from before it."""

from __future__ import annotations


class NotWaiting(Exception):
    """The token is unknown, no longer there, or waits for something else than what was delivered."""

    def __init__(self, token: int, reason: str) -> None:
        self.token = token
        super().__init__(f"token {token}: {reason}")


class StepFailed(Exception):
    """The process could not go on at `element_id`: an expression, a mapping, a decision or a timer's text failed."""

    def __init__(self, element_id: str, message: str) -> None:
        self.element_id = element_id
        self.message = message
        super().__init__(f"{element_id}: {message}")
