"""The specification of a process: every node of the diagram, also those inside subprocesses, in one flat table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.bpmn.model import Listener

if TYPE_CHECKING:
    from engine.bpmn.kernel.events import StartEvent
    from engine.bpmn.kernel.spec import FlatSpec


@dataclass(slots=True)
class Container:
    """The process or one of its subprocesses: where tokens begin in it, which events it listens to while it runs, and the start of
    the event subprocess that undoes it. `data` are the data objects that it declares, each with whether it is a collection."""

    starts: list[FlatSpec] = field(default_factory=list)
    listeners: list[StartEvent] = field(default_factory=list)
    undo: StartEvent | None = None
    data: tuple[tuple[str, bool], ...] = ()


class ProcessSpec(BpmnProcessSpec):
    """Written while it is parsed and never again: instances and threads share it.

    `containers` maps the id of a subprocess (None: the process) to its container. Names of specs are element ids; the child
    of a multi-instance activity `x` is `#each:x`, what undoes a completed subprocess `x` (or undoes for a throw `x` that does not
    wait) is `#undo:x`, the parts of a multiple event `x` are `#1:x` and so on: no XML id can be one of them.
    """

    def __init__(self, name: str, description: str, filename: str | None) -> None:
        # Past BpmnProcessSpec's constructor: it would add nodes named Start and End, which are free for diagrams here.
        WorkflowSpec.__init__(self, name=name, filename=filename)
        self.description = description
        self.svg = None
        self.io_specification = None
        self.data_objects: dict[str, object] = {}
        self.data_stores: dict[str, object] = {}
        self.correlation_keys: dict[str, object] = {}
        self.bpmn_start_events: list[FlatSpec] = []
        self.task_specs: dict[str, FlatSpec]
        self.listeners: tuple[Listener, ...] = ()
        self.containers: dict[str | None, Container] = {None: Container()}

    def undoes_itself(self, element_id: str) -> bool:
        """Whether the subprocess has an event subprocess for its compensation."""
        container = self.containers.get(element_id)
        return container is not None and container.undo is not None
