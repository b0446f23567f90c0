"""From a checked diagram to a specification, through SpiffWorkflow's parsers.

Every node is created first and the flows are wired afterwards, so nothing recurses along the diagram and a line of ten thousand
tasks is as good as one of ten. What a diagram says of an element has been read and checked by the dialect: the parsers here take
it from the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    ReceiveTaskParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn.kernel.adhoc import AdHocSubProcess
from engine.bpmn.kernel.call import CallActivity
from engine.bpmn.kernel.compensation import CancelDefinition, CompensationDefinition
from engine.bpmn.kernel.complex import ComplexGateway
from engine.bpmn.kernel.conditions import ConditionalDefinition
from engine.bpmn.kernel.definitions import MessageDefinition, MultipleDefinition, NoDefinition, SignalDefinition, TimerDefinition
from engine.bpmn.kernel.events import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    Part,
    StartEvent,
    Throwing,
)
from engine.bpmn.kernel.gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.bpmn.kernel.loop import LoopBody
from engine.bpmn.kernel.multi_instance import MultiInstanceBody, ParallelMultiInstance, SequentialMultiInstance
from engine.bpmn.kernel.process import Container, ProcessSpec
from engine.bpmn.kernel.propagation import ErrorDefinition, EscalationDefinition, TerminateDefinition
from engine.bpmn.kernel.script import PassingTask, WorkTask
from engine.bpmn.kernel.spec import Activity, FlatSpec
from engine.bpmn.kernel.subprocess import EventSubProcess, SubProcess, Transaction, Undoing
from engine.bpmn.kernel.tasks import BusinessRuleTask, ReceiveTask, SendTask, ServiceTask, UserTask
from engine.bpmn.model import SUBPROCESSES, Element, EventDefinition, ProcessModel


class NodeParser(TaskParser):
    """Makes one node's specification from its element in the model; a multi-instance one gets a body around it."""

    STANDARD_LOOP_CLASS = LoopBody
    PARALLEL_MI_CLASS = ParallelMultiInstance
    SEQUENTIAL_MI_CLASS = SequentialMultiInstance
    EVENT_SUBPROCESS_CLASS = EventSubProcess

    @property
    def element(self) -> Element:
        return cast(Element, self.process_parser.model.elements[self.bpmn_id])

    @property
    def bpmn_attributes(self) -> dict[str, Any]:
        element = self.element
        return {
            "description": self.process_parser.parser.spec_descriptions.get(self.node.tag, element.type),
            "lane": element.lane,
            "bpmn_name": element.name,
            "documentation": element.documentation,
        }

    def parse_node(self) -> FlatSpec:
        task: FlatSpec = self.create_task()
        if self.element.loop is not None or self.element.standard_loop is not None:
            task = self._in_a_body(task)
        task.describe(self.element)
        return task

    def _in_a_body(self, task: FlatSpec) -> MultiInstanceBody | LoopBody:
        element = self.element
        body_class: Any = self.SEQUENTIAL_MI_CLASS if element.loop and element.loop.sequential else self.PARALLEL_MI_CLASS
        if element.loop is None:
            body_class = self.STANDARD_LOOP_CLASS
        del self.spec.task_specs[task.name]
        task.name = f"#each:{self.bpmn_id}"
        self.spec.task_specs[task.name] = task
        body: MultiInstanceBody | LoopBody = body_class(self.spec, self.bpmn_id, task_spec=task.name, **self.bpmn_attributes)
        task.describe(element)
        task.each = body
        return body


class EventParser(NodeParser, EventDefinitionParser):
    """Makes the event definitions from the model."""

    def get_event_definition(self, xpaths: list[str]) -> Any:
        element = self.element
        made = [self._definition(definition) for definition in element.definitions]
        if not made:
            return NoDefinition()
        return made[0] if len(made) == 1 else MultipleDefinition(made, element.parallel_multiple)

    def _create_task(self, event_definition: Any, *arguments: Any) -> FlatSpec:
        task = cast(FlatSpec, super()._create_task(event_definition, *arguments))
        if isinstance(event_definition, MultipleDefinition) and not isinstance(task, Throwing):
            for number, definition in enumerate(event_definition.every(), start=1):
                if definition.listens:
                    part = Part(self.spec, f"#{number}:{self.bpmn_id}", self.bpmn_id, definition)
                    part.describe(self.element)
                    event_definition.parts.append(part)
        return task

    def _definition(self, described: EventDefinition) -> Any:
        if described.kind == "message":
            return self.parse_message_event(described)
        if described.kind == "timer":
            return self.parse_timer_event(described)
        if described.kind == "signal" and described.name is not None:
            return SignalDefinition(described.name)
        made = _DEFINITIONS.get(described.kind)
        if made is None:
            raise ValidationException(f"there is no event of kind {described.kind}", node=self.node, file_name=self.filename)
        return made(described)

    def parse_message_event(self, message_event: EventDefinition | None) -> MessageDefinition:
        name = self.element.message if message_event is None else message_event.name
        if name is None:
            raise ValidationException("it names no message", node=self.node, file_name=self.filename)
        return MessageDefinition(name, self.element.correlation)

    def parse_timer_event(self, event: EventDefinition) -> TimerDefinition:
        if event.timer is None:
            raise ValidationException("it has no date, duration or repetition", node=self.node, file_name=self.filename)
        return TimerDefinition(self.element.name, event.timer)


_DEFINITIONS: Mapping[str, Callable[[EventDefinition], Any]] = {
    "error": ErrorDefinition,
    "escalation": EscalationDefinition,
    "conditional": ConditionalDefinition,
    "compensate": CompensationDefinition,
    "cancel": lambda described: CancelDefinition(),
    "terminate": lambda described: TerminateDefinition(),
    "link": lambda described: NoDefinition(),
}


class StartParser(EventParser, StartEventParser):
    def create_task(self) -> FlatSpec:
        return self._create_task(self.get_event_definition([]))


class EndParser(EventParser, EndEventParser):
    def create_task(self) -> FlatSpec:
        return self._create_task(self.get_event_definition([]))


class CatchParser(EventParser, IntermediateCatchEventParser):
    def create_task(self) -> FlatSpec:
        return self._create_task(self.get_event_definition([]))


class ThrowParser(EventParser, IntermediateThrowEventParser):
    pass


class BoundaryParser(EventParser, BoundaryEventParser):
    def create_task(self) -> FlatSpec:
        return self._create_task(self.get_event_definition([]), self.element.interrupting)


class EventGatewayParser(EventParser, EventBasedGatewayParser):
    pass


class MessageTaskParser(EventParser, SendTaskParser):
    def create_task(self) -> FlatSpec:
        return self._create_task(self.parse_message_event(None))


class ReceiveParser(MessageTaskParser, ReceiveTaskParser):
    pass


class SubProcessParser(NodeParser, SubWorkflowParser):
    """The content stands in the same flat specification; no parser of its own is needed for it."""

    def create_task(self) -> FlatSpec:
        spec_class = self.EVENT_SUBPROCESS_CLASS if self.element.event_subprocess else self.spec_class
        return cast(FlatSpec, spec_class(self.spec, self.bpmn_id, subworkflow_spec=self.bpmn_id, **self.bpmn_attributes))


class ServiceParser(NodeParser):
    """A service task asks a worker, or is an expression."""

    def create_task(self) -> FlatSpec:
        spec_class = self.spec_class if self.element.work is None else WorkTask
        return cast(FlatSpec, spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes))


class CallParser(NodeParser, CallActivityParser):
    pass


class DiagramProcessParser(ProcessParser):
    """Creates every node of the process and of all its subprocesses, then wires them."""

    @property
    def model(self) -> ProcessModel:
        return cast(ProcessModel, self.parser.model)

    def create_spec(self) -> ProcessSpec:
        return ProcessSpec(self.bpmn_id, self.get_name(), self.filename)

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()

    def add_tasks(self) -> None:
        spec: ProcessSpec = self.spec
        spec.listeners, spec.containers[None].data = self.model.listeners, self.model.data
        for element in self.model.elements.values():
            if element.type in SUBPROCESSES:
                Undoing(spec, element.id).describe(element)
                spec.containers[element.id] = Container(data=element.data)
            self.parse_node(self.nodes_by_id[element.id])
        for flow in self.model.flows.values():
            spec.task_specs[flow.source].connect_flow(flow, spec.task_specs[flow.target])
        for element in self.model.elements.values():
            self._attach(element)
            self._undo(element)
        self._begin_implicitly()
        for task in spec.task_specs.values():
            if isinstance(task, InclusiveGateway):
                task.explore()

    def _begin_implicitly(self) -> None:
        """A scope without start event begins with what no flow leads to (BPMN 13.2), as an ad-hoc subprocess does."""
        spec: ProcessSpec = self.spec
        for scope, ids in self.model.implicit_starts().items():
            spec.containers[scope].starts += [spec.task_specs[id] for id in ids]
        for element in self.model.elements.values():
            around = None if element.scope is None else spec.task_specs[element.scope]
            if element.scope is not None and self.model.elements[element.scope].type == "adHocSubProcess":
                inner = spec.task_specs.get(f"#each:{element.scope}", around)
                if isinstance(inner, AdHocSubProcess) and element.is_activity:
                    spec.task_specs[element.id].offered_by = inner

    def _attach(self, element: Element) -> None:
        """Puts a node where its surroundings find it: a boundary event at its host, a start in its container."""
        spec: ProcessSpec = self.spec
        task = spec.task_specs[element.id]
        container = spec.containers[element.scope]
        around = None if element.scope is None else self.model.elements[element.scope]
        if isinstance(task, BoundaryEvent):
            host = spec.task_specs[element.attached_to or ""]
            if not isinstance(host, Activity):
                raise ValidationException("it is attached to something that cannot carry it", node=self.nodes_by_id[element.id])
            host.boundaries.append(task)
            task.behind.append(host)
        elif isinstance(task, StartEvent) and around is not None and around.event_subprocess:
            handler = spec.task_specs[around.id]
            task.handler = cast(EventSubProcess, handler)
            if element.event == "compensate":
                spec.containers[around.scope].undo = task
            else:
                spec.containers[around.scope].listeners.append(task)
        elif isinstance(task, StartEvent):
            if element.event is None:
                container.starts.append(task)
        elif isinstance(task, EndEvent):
            task.ends_process = around is None or (around.scope is None and around.event_subprocess and self._interrupts(around))

    def _undo(self, element: Element) -> None:
        """Joins what is not joined by flows: handlers of compensation to what they undo, thrown links to what catches them."""
        spec: ProcessSpec = self.spec
        task = spec.task_specs[element.id]
        if element.undoes is not None:
            for name in (element.undoes, f"#each:{element.undoes}"):
                if name in spec.task_specs:
                    spec.task_specs[name].undone_by = task
                    spec.task_specs[name].can_be_undone = True
        elif isinstance(task, IntermediateThrowEvent) and element.link is not None:
            task.link = spec.task_specs[element.link]
            task.link.behind.append(task)
        if isinstance(task, Throwing) and any(each.kind == "compensate" and not each.waits for each in element.definitions):
            Undoing(spec, element.id).describe(element)

    def _interrupts(self, event_subprocess: Element) -> bool:
        inside = (element for element in self.model.elements.values() if element.scope == event_subprocess.id)
        return any(element.type == "startEvent" and element.interrupting for element in inside)


class DiagramParser(BpmnParser):
    """SpiffWorkflow's parser with our nodes. It is given elements of a document that was parsed and checked before, never text."""

    PROCESS_PARSER_CLASS = DiagramProcessParser
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the name and kind are SpiffWorkflow's
        full_tag("startEvent"): (StartParser, StartEvent),
        full_tag("endEvent"): (EndParser, EndEvent),
        full_tag("intermediateCatchEvent"): (CatchParser, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (ThrowParser, IntermediateThrowEvent),
        full_tag("boundaryEvent"): (BoundaryParser, BoundaryEvent),
        full_tag("eventBasedGateway"): (EventGatewayParser, EventBasedGateway),
        full_tag("exclusiveGateway"): (NodeParser, ExclusiveGateway),
        full_tag("parallelGateway"): (NodeParser, ParallelGateway),
        full_tag("inclusiveGateway"): (NodeParser, InclusiveGateway),
        full_tag("userTask"): (NodeParser, UserTask),
        full_tag("serviceTask"): (ServiceParser, ServiceTask),
        full_tag("businessRuleTask"): (NodeParser, BusinessRuleTask),
        full_tag("sendTask"): (MessageTaskParser, SendTask),
        full_tag("receiveTask"): (ReceiveParser, ReceiveTask),
        full_tag("subProcess"): (SubProcessParser, SubProcess),
        full_tag("task"): (NodeParser, PassingTask),
        full_tag("manualTask"): (NodeParser, PassingTask),
        full_tag("scriptTask"): (NodeParser, WorkTask),
        full_tag("complexGateway"): (NodeParser, ComplexGateway),
        full_tag("adHocSubProcess"): (SubProcessParser, AdHocSubProcess),
        full_tag("transaction"): (SubProcessParser, Transaction),
        full_tag("callActivity"): (CallParser, CallActivity),
    }

    def __init__(self, model: ProcessModel) -> None:
        super().__init__()
        self.model = model

    def _get_parser_class(self, tag: str) -> tuple[Any, Any]:
        """Ours only: a stock node in a flat process would be run by rules that do not hold here."""
        return self.OVERRIDE_PARSER_CLASSES.get(tag, (None, None))


def build_spec(model: ProcessModel, process_element: etree._Element) -> ProcessSpec:
    """The executable specification of `model`, whose diagram holds `process_element`.

    Raises:
        ValidationException: (SpiffWorkflow's) the diagram holds what no parser here knows.
    """
    parser = DiagramParser(model)
    parser.create_parser(process_element, filename=model.file_name)
    return cast(ProcessSpec, parser.get_spec(model.key))
