"""What an event waits for or throws: SpiffWorkflow's messages, signals, timers and several of them, over flat tokens.

A definition is armed for a token that waits (it then listens, under its token's id) and disarmed once it fired or was
given up; `again` arms a repeating timer for its next round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.bpmn.events import MessageThrown, SignalThrown, Subscribed, TimerCleared, TimerSet, Unsubscribed
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.values import template, text_of
from engine.bpmn.model import Timer as TimerText
from engine.bpmn.timers import Timer

if TYPE_CHECKING:
    from engine.bpmn.kernel.events import Part
    from engine.bpmn.kernel.token import Token


class Definition:
    """What every definition answers.

    `listens`: it has to be armed for a token; what is thrown within the instance finds its catchers by itself. `outward`: throwing
    it may end the token that throws, which an end event therefore does when its own token is gone.
    """

    listens = False
    outward = False

    def arm(self, token: Token) -> None:
        """Nothing is asked of the outside."""

    def disarm(self, token: Token, *, fired: bool) -> None:
        """Nothing was asked of the outside."""

    def again(self, token: Token) -> bool:
        """Fired while it goes on listening; False if it cannot happen again."""
        return True

    def throw(self, my_task: Token) -> None:
        """Nothing goes out."""

    def leave(self, my_task: Token) -> None:
        """The token of the end event is gone: what goes outwards goes now."""
        if self.outward:
            self.throw(my_task)

    def every(self) -> Sequence[Any]:
        """The single definitions that it is made of."""
        return (self,)


class NoDefinition(Definition, NoneEventDefinition):
    """Of an event that waits for nothing and does nothing."""


class MessageDefinition(Definition, MessageEventDefinition):
    """A message by name (a template where it is thrown) and correlation (a template; None: the instance's business key)."""

    listens = True

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

    def throw(self, my_task: Token) -> None:
        """Says the message. Its payload is the input parameters; the one named businessKey addresses the receiver instead."""
        payload = my_task.task_spec._inputs_of(my_task)
        key = payload.pop("businessKey", None)
        if key is not None and not isinstance(key, str | int):
            raise StepFailed(my_task.task_spec.bpmn_id, f"the business key {key!r} is no text")
        name = self._named(my_task)
        my_task.workflow.say(MessageThrown(my_task.task_spec.bpmn_id, name, None if key is None else str(key), payload))

    def _named(self, token: Token) -> str:
        return named("the message's name", self.name, token)


def named(what: str, text: str, token: Token) -> str:
    """The name that the template `text` gives.

    Raises:
        StepFailed: it fails or is empty.
    """
    name = text_of(what, text, token)
    if name is None:
        raise StepFailed(token.task_spec.bpmn_id, f"{what} “{text}” is empty")
    return name


class SignalDefinition(Definition, SignalEventDefinition):
    """A signal by name (a template where it is thrown)."""

    listens = True
    outward = True

    def arm(self, token: Token) -> None:
        token.workflow.event_manager.add_task(token)
        token.workflow.say(Subscribed(token.task_spec.bpmn_id, token.id, self.name, "", "signal"))

    def disarm(self, token: Token, *, fired: bool) -> None:
        kernel = token.workflow
        if kernel.event_manager.has(token):
            kernel.event_manager.remove_task(token)
            kernel.say(Unsubscribed(token.task_spec.bpmn_id, token.id))

    def throw(self, my_task: Token) -> None:
        """Brings it at once to all of the instance that wait for it now, those who have waited longest first, then says it."""
        kernel, spec = my_task.workflow, my_task.task_spec
        name, payload = named("the signal's name", self.name, my_task), spec._inputs_of(my_task)
        for token in list(kernel.event_manager.tasks.values()):
            definition = token.task_spec.event_definition
            if isinstance(definition, SignalDefinition) and definition.name == name and kernel.event_manager.has(token):
                token.task_spec.heard(token, payload)
        kernel.say(SignalThrown(spec.bpmn_id, name, payload))


class TimerDefinition(Definition, TimerEventDefinition):
    """A date, duration or repetition. The running timer is the token's (`Token.timer`)."""

    listens = True

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


class MultipleDefinition(Definition, MultipleEventDefinition):
    """Several definitions: any of them, or all of them (`parallel`), make the event happen (BPMN 10.5.5, Multiple).

    Each that has to be armed waits in a token of its own, at one of `parts`, that lives through the event's. That one's internal
    data name the part that has just happened ("by") and, while others are still to come, what each has brought ("got").
    """

    def __init__(self, definitions: Sequence[Any], parallel: bool) -> None:
        super().__init__(list(definitions), parallel)
        self.parts: list[Part] = []

    @property
    def listens(self) -> bool:  # type: ignore[override]  # said by the kinds of its definitions
        return any(definition.listens for definition in self.event_definitions)

    def every(self) -> Sequence[Any]:
        return tuple(self.event_definitions)

    def arm(self, token: Token) -> None:
        for part in self.parts:
            part.listen(token.workflow.create(part, token.scope, parent=token, listening=True))

    def disarm(self, token: Token, *, fired: bool) -> None:
        token.internal_data.pop("got", None)
        by = token.internal_data.pop("by", None)
        for child in token.children:
            child.task_spec.event_definition.disarm(child, fired=fired and child.id == by)
            child.cancel()

    def again(self, token: Token) -> bool:
        if self.parallel:
            self.disarm(token, fired=True)
            if any(isinstance(definition, TimerDefinition) for definition in self.event_definitions):
                return False  # its moment does not come again
            self.arm(token)
            return True
        by = token.internal_data.pop("by", None)
        for child in token.children:
            if child.id == by and not child.task_spec.event_definition.again(child):
                child.cancel()
        return bool(token.children) or not all(definition.listens for definition in self.event_definitions)

    def happened(self, token: Token, part: Token, variables: Mapping[str, Any]) -> None:
        """One of them has happened."""
        brought = variables
        if self.parallel:
            got: dict[str, Any] = token.internal_data.setdefault("got", {})
            got[part.task_spec.name] = dict(variables)
            part.task_spec.event_definition.disarm(part, fired=True)
            if len(got) < len(self.parts):
                part.cancel()
                return
            brought = {name: value for each in got.values() for name, value in each.items()}
        token.internal_data["by"] = part.id
        token.task_spec.heard(token, brought)
