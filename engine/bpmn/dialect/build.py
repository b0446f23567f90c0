"""Builds the model of one process from its XML. What is wrong on the way is reported, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.bpmn.dialect import activity_details, details
from engine.bpmn.dialect.data import Moves, Places, gather_places, read_moves
from engine.bpmn.dialect.drawing import UNKNOWN_EVENT, Drawing
from engine.bpmn.dialect.event_details import Declared, associations, read_definitions
from engine.bpmn.dialect.expressions import check_template, check_variable, split_at_commas
from engine.bpmn.dialect.form_data import read_form_data
from engine.bpmn.dialect.multi_instance import read_loop
from engine.bpmn.dialect.order import reading_order
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import (
    EVENTS,
    GATEWAYS,
    REFUSED_NODES,
    Node,
    camunda,
    child,
    children,
    is_true,
    line_of,
    local,
    text,
)
from engine.bpmn.model import ACTIVITIES, SUBPROCESSES, Element, EventKind, Flow, ProcessModel, Script

FLOW_NODES = EVENTS | GATEWAYS | ACTIVITIES | REFUSED_NODES
_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")
_THROWING = ("endEvent", "intermediateThrowEvent", "sendTask")
_TIME_TO_LIVE = re.compile(r"P?[0-9]{1,6}D?", re.ASCII)


@dataclass(slots=True)
class Draft:
    """What is gathered of one process before its elements are made."""

    process: Node
    declared: Declared
    report: Report
    nodes: dict[str, tuple[Node, str | None]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    outgoing: dict[str, list[str]] = field(default_factory=dict)
    incoming: dict[str, list[str]] = field(default_factory=dict)
    lanes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    lane_properties: dict[str, Mapping[str, str]] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    flow_scopes: dict[str, str | None] = field(default_factory=dict)
    operations: Mapping[str, str] = field(default_factory=dict)

    places: Places = field(init=False)


def build_drawing(process: Node, declared: Declared, report: Report) -> Drawing:
    """The model of `process` without spec, with what its checks need to know beside it."""
    draft = Draft(process, declared, report)
    _gather(draft)
    _gather_lanes(draft)
    root = process.getparent()
    draft.places = gather_places(process, draft.data, root)
    draft.operations = _operations(root)
    for key, flow in draft.flows.items():
        draft.outgoing.setdefault(flow.source, []).append(key)
        draft.incoming.setdefault(flow.target, []).append(key)
    elements = {key: _element(draft, node, scope) for key, (node, scope) in draft.nodes.items()}
    elements = {key: _with_lane_of_host(element, elements) for key, element in elements.items()}
    for scope, objects in draft.places.declared.items():
        if scope in elements:
            elements[scope] = replace(elements[scope], data=tuple(objects.items()))
    drawn = associations(process)
    elements = {key: _joined(element, elements, drawn) for key, element in elements.items()}
    return Drawing(_model(draft, elements), process, draft.flow_scopes, report)


def _model(draft: Draft, elements: Mapping[str, Element]) -> ProcessModel:
    process, report = draft.process, draft.report
    ordered = {key: elements[key] for key in reading_order(elements, draft.flows)}
    starts = [element for element in ordered.values() if element.type == "startEvent" and element.scope is None]
    begins = [*starts, *beginning(ordered, draft.flows)]
    starters = camunda(process, "candidateStarterGroups")
    if starters is not None and "${" in starters:
        report.at(process, "camunda:candidateStarterGroups is asked before there is an instance: name roles, not an expression.")
    lifetime = camunda(process, "historyTimeToLive")
    if lifetime and not _TIME_TO_LIVE.fullmatch(lifetime):
        report.at(process, f"camunda:historyTimeToLive is “{lifetime[:40]}”: write a number of days, such as 3650 or P3650D.")
    return ProcessModel(
        key=process.get("id") or "",
        name=process.get("name") or process.get("id") or "",
        file_name=report.file_name,
        version_tag=camunda(process, "versionTag"),
        documentation=_documentation(process),
        properties=_frozen(details.read_properties(process, report)),
        elements=_frozen(ordered),
        flows=_frozen(draft.flows),
        lanes=_frozen(draft.lane_properties),
        start=next((element for element in starts if element.event is None), None),
        message_starts=_frozen(_begun_by("message", begins)),
        signal_starts=_frozen(_begun_by("signal", begins)),
        timer_starts=_frozen({element.id: found.timer for element in begins if (found := element.waits_for("timer"))}),
        condition_starts=_frozen(
            {element.id: found.condition for element in begins if (found := element.waits_for("conditional"))}
        ),
        candidate_starters=split_at_commas(starters or ""),
        startable=camunda(process, "isStartableInTasklist") not in ("false", "0"),
        history_time_to_live=lifetime or None,
        data_objects=_frozen(_names_of_data(draft)),
        data=tuple(draft.places.declared.get(None, {}).items()),
        listeners=activity_details.read_listeners(process, report),
    )


def beginning(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> list[Element]:
    """The receive tasks, and events behind event-based gateways, with which an instance begins."""
    found: list[Element] = []
    for element in elements.values():
        if element.instantiate and element.scope is None:
            targets = [flows[flow].target for flow in element.outgoing]
            behind = [elements[target] for target in targets if target in elements]
            found += behind if element.type == "eventBasedGateway" else [element]
    return found


def _begun_by(kind: EventKind, begins: list[Element]) -> dict[str, str]:
    """The names of the messages or signals with which an instance begins, with the elements where it does."""
    found: dict[str, str] = {}
    for element in begins:
        if kind == "message" and element.message:
            found[element.message] = element.id
        found.update((each.name, element.id) for each in element.definitions if each.kind == kind and each.name)
    return found


def _gather(draft: Draft) -> None:
    """Collect nodes, flows and data objects of every scope; a refused kind of subprocess is not looked into."""
    scopes: list[tuple[Node, str | None]] = [(draft.process, None)]
    drawn: dict[str, Node] = {}
    while scopes:
        holder, scope = scopes.pop()
        for node in children(holder):
            kind, key = local(node), (node.get("id") or "").strip()
            if kind not in FLOW_NODES and kind not in ("sequenceFlow", "dataObject", "dataObjectReference"):
                continue
            if not key:
                draft.report.at(node, f"A {kind} has no id: give it one, unlike any other in the file.")
            elif kind == "sequenceFlow":
                drawn[key] = node
                draft.flow_scopes[key] = scope
            elif kind == "dataObject":
                draft.data[key] = key
            elif kind == "dataObjectReference":
                draft.data[key] = (node.get("dataObjectRef") or "").strip() or key
            else:
                draft.nodes[key] = (node, scope)
                if kind in SUBPROCESSES:
                    scopes.append((node, key))
    draft.flows.update((key, _flow(draft, node, key)) for key, node in drawn.items())


def _flow(draft: Draft, node: Node, key: str) -> Flow:
    source = (node.get("sourceRef") or "").strip()
    condition = child(node, "conditionExpression")
    test = None if condition is None else activity_details.read_condition(condition, "The condition", draft.report)
    return Flow(
        id=key,
        name=node.get("name") or "",
        source=source,
        target=(node.get("targetRef") or "").strip(),
        condition=None if test is None else str(test),
        language=test.language if isinstance(test, Script) else "juel",
        listeners=activity_details.read_listeners(node, draft.report),
        default=source in draft.nodes and draft.nodes[source][0].get("default", "").strip() == key,
        properties=_frozen(details.read_properties(node, draft.report)),
        line=line_of(node),
    )


def _gather_lanes(draft: Draft) -> None:
    for node in draft.process.iter():
        if isinstance(node.tag, str) and local(node) == "lane":
            name = node.get("name") or node.get("id") or ""
            properties = details.read_properties(node, draft.report)
            draft.lane_properties[name] = _frozen(properties)
            body = properties.get("body")
            inner = {
                text(reference)
                for nested in node.iter()
                if nested is not node and local(nested) == "lane"
                for reference in _references(nested)
            }
            for reference in _references(node):
                key = text(reference)
                if key not in draft.nodes:
                    draft.report.at(
                        reference, f"The lane holds “{key}”, which does not exist in this process: remove it from the lane."
                    )
                elif key not in inner:
                    if key in draft.lanes:
                        draft.report.at(
                            reference, f"“{key}” stands in two lanes, {draft.lanes[key][0]} and {name}: keep it in one."
                        )
                    draft.lanes[key] = (name, body)


def _references(lane: Node) -> Iterator[Node]:
    return children(lane, "flowNodeRef")


def _element(draft: Draft, node: Node, scope: str | None) -> Element:
    key, kind, report = node.get("id") or "", local(node), draft.report
    lane, body = _lane(draft, key, scope)
    properties = details.read_properties(node, report)
    moves = _moves(draft, node)
    element = Element(
        id=key,
        type=kind,
        name=(node.get("name") or "").strip() or key,
        documentation=_documentation(node),
        lane=lane,
        lane_body=body,
        properties=_frozen(properties),
        scope=scope,
        attached_to=(node.get("attachedToRef") or "").strip() if kind == "boundaryEvent" else None,
        interrupting=is_true(node, "cancelActivity" if kind == "boundaryEvent" else "isInterrupting", True),
        event_subprocess=kind == "subProcess" and is_true(node, "triggeredByEvent", False),
        correlation=properties.get("correlationKey"),
        incoming=tuple(draft.incoming.get(key, ())),
        outgoing=tuple(draft.outgoing.get(key, ())),
        default=(node.get("default") or "").strip() or None,
        for_compensation=kind in ACTIVITIES and is_true(node, "isForCompensation", False),
        inputs=(*moves.inputs, *details.read_parameters(node, "inputParameter", report)),
        outputs=(*details.read_parameters(node, "outputParameter", report), *moves.outputs),
        store_outputs=moves.stores,
        line=line_of(node),
        **activity_details.read_around(node, report),
    )
    return replace(element, **_particulars(draft, node, element))


def _particulars(draft: Draft, node: Node, element: Element) -> dict[str, Any]:
    """What only elements of this kind carry."""
    report, kind = draft.report, element.type
    found: dict[str, Any] = {}
    if kind in ACTIVITIES:
        found["loop"] = read_loop(node, draft.data, draft.declared, report)
        found["standard_loop"] = activity_details.read_standard_loop(node, report)
    if kind == "scriptTask" or kind == "serviceTask":
        found["work"] = activity_details.read_work(node, report)
    elif kind == "adHocSubProcess":
        found["ad_hoc"] = activity_details.read_ad_hoc(node, report)
    elif kind == "complexGateway":
        found["activation"] = activity_details.read_activation(node, report)
    if kind in ("userTask", "startEvent"):
        found["form_key"], found["form_binding"] = details.read_form(node, report)
        drawn = read_form_data(node, draft.process.get("id") or "", report)
        if drawn is not None:
            found["form_key"], found["drawn_form"] = drawn
    if kind == "userTask":
        found["assignment"] = details.read_assignment(node, report)
        check_template(node, element.name, "The task's name", report)
    elif kind == "startEvent":
        found["initiator"] = camunda(node, "initiator")
        if found["initiator"] is not None:
            check_variable(node, found["initiator"], "camunda:initiator", report)
    elif kind == "serviceTask" and camunda(node, "expression") is None:
        found["topic"] = details.read_topic(node, report)
    elif kind == "businessRuleTask":
        found["decision"] = details.read_decision(node, report)
    elif kind == "callActivity":
        found["call"] = details.read_call(node, report)
    elif kind in ("sendTask", "receiveTask"):
        found["message"] = details.read_message(
            _with_operation(draft, node), draft.declared.named("message"), kind in _CATCHING, report
        )
    if kind in ("receiveTask", "eventBasedGateway"):
        found["instantiate"] = is_true(node, "instantiate", False)
        found["all_events"] = node.get("eventGatewayType") == "Parallel"
    if kind in EVENTS:
        found.update(_event(node, draft))
    return found


def _event(node: Node, draft: Draft) -> dict[str, Any]:
    """What an event waits for or does; one of a kind stands on the element itself as well."""
    definitions = read_definitions(node, draft.declared, draft.report)
    if not definitions:
        return {}
    found: dict[str, Any] = {"definitions": definitions, "event": "multiple"}
    found["parallel_multiple"] = is_true(node, "parallelMultiple", False)
    if any(definition.kind == UNKNOWN_EVENT for definition in definitions):
        return {"event": UNKNOWN_EVENT}
    if len(definitions) == 1:
        (definition,) = definitions
        found["event"], found["timer"] = definition.kind, definition.timer
        found["message"] = definition.name if definition.kind == "message" else None
    return found


def _joined(element: Element, elements: Mapping[str, Element], drawn: list[tuple[str, str]]) -> Element:
    """The element with what joins it to another one without a flow: an association from what it undoes, or a link."""
    if element.for_compensation:
        ends = [one if other == element.id else other for one, other in drawn if element.id in (one, other)]
        events = [elements[end] for end in ends if end in elements and elements[end].event == "compensate"]
        return replace(element, undoes=events[0].attached_to) if events else element
    if element.event == "link" and element.type == "intermediateThrowEvent":
        for other in elements.values():
            same = other.scope == element.scope and other.definitions == element.definitions
            if same and other.type == "intermediateCatchEvent":
                return replace(element, link=other.id)
    return element


def _moves(draft: Draft, node: Node) -> Moves:
    return read_moves(node, draft.places, draft.report)


def _operations(root: Node | None) -> dict[str, str]:
    """The message that each operation of an interface takes in (BPMN 8.5.3)."""
    found: dict[str, str] = {}
    for interface in children(root, "interface") if root is not None else ():
        for operation in children(interface, "operation"):
            found[operation.get("id") or ""] = text(child(operation, "inMessageRef"))
    return found


def _with_operation(draft: Draft, node: Node) -> Node:
    """The task itself, or in its stead the message of the operation that it names."""
    operation = (node.get("operationRef") or "").strip()
    if not operation:
        return node
    if operation not in draft.operations:
        draft.report.at(node, f"The operation “{operation}” does not exist: name one of an interface, or a message in messageRef.")
    elif node.get("messageRef") not in (None, draft.operations[operation]):
        draft.report.at(node, "The operation takes another message than messageRef names: keep one of the two.")
    else:
        node.set("messageRef", draft.operations[operation])
    return node


def _lane(draft: Draft, key: str, scope: str | None) -> tuple[str | None, str | None]:
    """The lane that holds the node, or that holds the subprocess around it."""
    while key not in draft.lanes and scope is not None:
        key, scope = scope, draft.nodes[scope][1]
    return draft.lanes.get(key, (None, None))


def _with_lane_of_host(element: Element, elements: Mapping[str, Element]) -> Element:
    host = elements.get(element.attached_to or "")
    if element.lane is not None or host is None:
        return element
    return replace(element, lane=host.lane, lane_body=host.lane_body)


def _names_of_data(draft: Draft) -> dict[str, str]:
    """The names of data objects; modelers write the name on the reference that is drawn."""
    names: dict[str, str] = {}
    for node in draft.process.iter():
        if isinstance(node.tag, str) and local(node) in ("dataObject", "dataObjectReference"):
            key = draft.data.get(node.get("id") or "", "")
            if key and not names.get(key):
                names[key] = node.get("name") or ""
    return {key: name or key for key, name in names.items()}


def _documentation(node: Node) -> str:
    return "\n\n".join(words for words in (text(item) for item in children(node, "documentation")) if words)


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))
