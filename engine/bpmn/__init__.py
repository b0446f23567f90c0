"""Diagram in, executable out: hardened XML, the dialect, expressions, SpiffWorkflow specs and the flat token kernel.

No database, no register, no service implementation: what a diagram needs from outside arrives through `Environment`.
Every element or attribute that is not executed as the specification says is refused here, at deployment.
"""

from engine.bpmn.compile import compile_diagram
from engine.bpmn.environment import Environment
from engine.bpmn.events import (
    CallClosed,
    CallOpened,
    Cancelled,
    Completed,
    EndReached,
    Entered,
    ErrorThrown,
    Escalated,
    EscalationThrown,
    Event,
    Failed,
    JobCleared,
    JobSet,
    Left,
    MessageThrown,
    Passed,
    ServiceClosed,
    ServiceOpened,
    SignalThrown,
    StoreWritten,
    Subscribed,
    Taken,
    TaskClosed,
    TaskOpened,
    TimerCleared,
    TimerSet,
    Unsubscribed,
)
from engine.bpmn.failures import NotWaiting, StepFailed
from engine.bpmn.instance import Instance, Live
from engine.bpmn.model import Catalog, Element, Flow, ProcessModel
from engine.bpmn.problems import DeploymentRefused, Problem

__all__ = [
    "CallClosed",
    "CallOpened",
    "Cancelled",
    "Catalog",
    "Completed",
    "DeploymentRefused",
    "Element",
    "EndReached",
    "Entered",
    "Environment",
    "ErrorThrown",
    "Escalated",
    "EscalationThrown",
    "Event",
    "Failed",
    "Flow",
    "Instance",
    "JobCleared",
    "JobSet",
    "Left",
    "Live",
    "MessageThrown",
    "NotWaiting",
    "Passed",
    "Problem",
    "ProcessModel",
    "ServiceClosed",
    "ServiceOpened",
    "SignalThrown",
    "StepFailed",
    "StoreWritten",
    "Subscribed",
    "Taken",
    "TaskClosed",
    "TaskOpened",
    "TimerCleared",
    "TimerSet",
    "Unsubscribed",
    "compile_diagram",
]
