"""What happened in an instance, in order: the kernel says it, `Instance.drain` hands it over, history and tables follow it.

`element_id` is the id in the diagram (for `Taken` a sequence flow's), `token` the int of the token that it happened to. A boundary
event, the start of an event subprocess and each catch behind an event-based gateway wait under a token of their own from
`Subscribed` or `TimerSet` on; when one fires, a new token passes it. The body of a multi-instance activity says nothing:
its children do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Event:
    element_id: str


@dataclass(frozen=True, slots=True)
class Entered(Event):
    """A wait begins."""

    token: int


@dataclass(frozen=True, slots=True)
class Left(Event):
    """The wait ended normally."""

    token: int


@dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """The wait was ended by something else: a boundary event, a termination, a completion condition, a coordinator."""

    token: int


@dataclass(frozen=True, slots=True)
class Passed(Event):
    """An element that does not wait."""

    token: int


@dataclass(frozen=True, slots=True)
class Taken(Event):
    """A token went along a sequence flow."""

    @property
    def flow_id(self) -> str:
        return self.element_id


@dataclass(frozen=True, slots=True)
class TaskOpened(Event):
    """A user task waits for somebody. `due` is the moment from which it is late (a date alone lasts until its end), `follow_up`
    the moment from which it is to be brought up (a date alone begins with its day), `priority` 50 if the diagram is silent."""

    token: int
    name: str
    assignee: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int
    form_key: str | None


@dataclass(frozen=True, slots=True)
class TaskClosed(Event):
    token: int
    completed: bool


@dataclass(frozen=True, slots=True)
class Subscribed(Event):
    """The token takes messages of this name and correlation, until `Unsubscribed`; or signals, which have no correlation (“”)."""

    token: int
    message: str
    correlation: str
    kind: Literal["message", "signal"] = "message"


@dataclass(frozen=True, slots=True)
class Unsubscribed(Event):
    token: int


@dataclass(frozen=True, slots=True)
class TimerSet(Event):
    """A timer runs. A repeating one that fires is cleared and set again under the same token."""

    token: int
    due: datetime


@dataclass(frozen=True, slots=True)
class TimerCleared(Event):
    token: int
    fired: bool


@dataclass(frozen=True, slots=True)
class Thrown(Event):
    """Something went out of an element under a `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class MessageThrown(Thrown):
    """A message, `name`, for whoever waits for it; without `correlation` one that starts a process."""

    correlation: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignalThrown(Thrown):
    """A signal, `name`, for all that wait for it now. Those of the instance itself have it already."""

    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorThrown(Thrown):
    """An error of the code `name` (“” if none), whether anything catches it or not."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class EscalationThrown(Thrown):
    """An escalation of the code `name` (“” if none), whether anything catches it or not."""

    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Nothing in the instance catches the error thrown here: the instance has ended, all its tokens are cancelled."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Escalated(Event):
    """Nothing in the instance catches the escalation thrown here: it is for whoever called the instance, which goes on."""

    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallOpened(Event):
    """Another process is to run with `variables`. `binding` is latest, deployment or version (then `version` says which)."""

    token: int
    called: str
    binding: str
    version: str | None
    variables: Mapping[str, Any]
    business_key: str | None


@dataclass(frozen=True, slots=True)
class CallClosed(Event):
    token: int
    completed: bool


@dataclass(frozen=True, slots=True)
class ServiceOpened(Event):
    """An external service is asked; `variables` are the task's input parameters and nothing else. Of higher `priority` first."""

    token: int
    topic: str
    variables: Mapping[str, Any]
    priority: int = 0


@dataclass(frozen=True, slots=True)
class ServiceClosed(Event):
    token: int
    completed: bool


@dataclass(frozen=True, slots=True)
class JobSet(Event):
    """The token rests until it is carried on, as a job of its own. `kind`: “before” what the element does, or “after” it."""

    token: int
    kind: str


@dataclass(frozen=True, slots=True)
class JobCleared(Event):
    """The job was carried on, or cancelled with its token."""

    token: int


@dataclass(frozen=True, slots=True)
class StoreWritten(Event):
    """A data store got a value."""

    store: str
    value: Any


@dataclass(frozen=True, slots=True)
class EndReached(Event):
    """An end event of the process itself, or of an interrupting event subprocess at its top level, which then is its end."""

    name: str


@dataclass(frozen=True, slots=True)
class Completed(Event):
    """No token is left. `element_id` is the process's key."""

    element_id: str = ""
