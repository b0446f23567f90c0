"""The life of an instance: deploy, start, complete, correlate, fire, cancel; one command is one transaction.

The only package that writes an instance, its tasks, timers, subscriptions and history.
Never called by a service: a service returns effects and the runtime carries them out.
"""

from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.authority import Authority
from engine.runtime.deploy import Deployed, Version
from engine.runtime.errors import CommandRefused, Conflict, InstanceEnded, NotAllowed, NotFound, TaskClosed, TaskTaken
from engine.runtime.runtime import Done, Runtime

__all__ = [
    "SYSTEM", "Actor", "Authority", "CommandRefused", "Conflict", "Deployed", "Done", "InstanceEnded", "NotAllowed", "NotFound",
    "Runtime", "TaskClosed", "TaskTaken", "Version",
]  # fmt: skip
