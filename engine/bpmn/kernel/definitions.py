"""What an event waits for or throws: SpiffWorkflow's message and timer definitions, over flat tokens.

A definition is armed for a token that waits (it then listens, under its token's id) and disarmed once it fired or was
given up; `again` arms a repeating timer for its next round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.bpmn.events import MessageThrown, Subscribed, TimerCleared, TimerSet, Unsubscribed
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.values import template, text_of
from engine.bpmn.model import Timer as TimerText
from engine.bpmn.timers import Timer

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class MessageDefinition(MessageEventDefinition):
    """A message by name (a template where it is thrown) and correlation (a template; None: the instance's business key)."""

    def __init__(self, name: str, correlation: str | None) -> None:
        super().__init__(name)
        self.correlation = correlation

    def arm(self, token: Token) -> None:
        """
        Raises:
            StepFailed: name or correlation fails or is empty.
        """
        kernel = token.workflow
        kernel.event_manager.add_task(token)
        if self.correlation is None:
            correlation = kernel.script_engine.environment.business_key
        else:
            found = text_of("the correlation key", self.correlation, token)
            if found is None:
                raise StepFailed(token.task_spec.bpmn_id, f"the correlation key “{self.correlation}” is empty")
            correlation = found
        kernel.say(Subscribed(token.task_spec.bpmn_id, token.id, self._named(token), correlation))

    def disarm(self, token: Token, *, fired: bool) -> None:
        kernel = token.workflow
        if kernel.event_manager.has(token):
            kernel.event_manager.remove_task(token)
            kernel.say(Unsubscribed(token.task_spec.bpmn_id, token.id))

    def again(self, token: Token) -> bool:
        """A message can come any number of times: the subscription stays."""
        return True

    def throw(self, my_task: Token) -> None:
        """Says the message. Its payload is the input parameters; the one named businessKey addresses the receiver instead."""
        payload = my_task.task_spec._inputs_of(my_task)
        key = payload.pop("businessKey", None)
        if key is not None and not isinstance(key, str | int):
            raise StepFailed(my_task.task_spec.bpmn_id, f"the business key {key!r} is no text")
        name = self._named(my_task)
        my_task.workflow.say(MessageThrown(my_task.task_spec.bpmn_id, name, None if key is None else str(key), payload))

    def _named(self, token: Token) -> str:
        name = text_of("the message's name", self.name, token)
        if name is None:
            raise StepFailed(token.task_spec.bpmn_id, f"the message's name “{self.name}” is empty")
        return name


class TimerDefinition(TimerEventDefinition):
    """A date, duration or repetition. The running timer is the token's (`Token.timer`)."""

    def __init__(self, name: str, timer: TimerText) -> None:
        super().__init__(name, timer.expression)
        self.kind = timer.kind

    def arm(self, token: Token) -> None:
        """
        Raises:
            StepFailed: the expression fails or gives no date, duration or repetition.
        """
        value = template(self.expression, token)
        try:
            if not isinstance(value, str):
                raise ValueError(f"{value!r} is no text")
            token.timer = Timer.of(self.kind, value, token.workflow.now())
        except ValueError as error:
            raise StepFailed(token.task_spec.bpmn_id, f"the timer “{self.expression}”: {error}") from error
        self._listen(token)

    def disarm(self, token: Token, *, fired: bool) -> None:
        kernel = token.workflow
        if kernel.event_manager.has(token):
            kernel.event_manager.remove_task(token)
            token.timer = None
            kernel.say(TimerCleared(token.task_spec.bpmn_id, token.id, fired))

    def again(self, token: Token) -> bool:
        """Fired while it goes on listening: the next round, if there is one. False: there is none."""
        timer = token.timer
        self.disarm(token, fired=True)
        token.timer = None if timer is None else timer.following(token.workflow.now())
        self._listen(token)
        return token.timer is not None

    def _listen(self, token: Token) -> None:
        if token.timer is not None:
            token.workflow.event_manager.add_task(token)
            token.workflow.say(TimerSet(token.task_spec.bpmn_id, token.id, token.timer.due))
