"""What BPMN itself demands of a process: where it starts, how its flows run, what may follow what.

A node that the table of rules refuses takes part as a node, so that one fault does not show as several.
"""

from __future__ import annotations

from engine.bpmn.dialect.activity_structure import check_activities, check_ad_hoc
from engine.bpmn.dialect.build import beginning
from engine.bpmn.dialect.drawing import UNKNOWN_EVENT, Drawing
from engine.bpmn.dialect.event_details import associations
from engine.bpmn.dialect.event_rules import check_begins, check_boundary, check_event, check_event_start, check_handlers, check_race
from engine.bpmn.dialect.paths import check_paths
from engine.bpmn.dialect.tags import REFUSED_NODES
from engine.bpmn.model import SUBPROCESSES, Element, Flow

_BRANCHING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_SPLITTING = _BRANCHING | {"parallelGateway", "eventBasedGateway"} | REFUSED_NODES
# A flow from these without a condition would never be looked at, or always be taken: neither is what its drawing says.
_NEEDS = frozenset({"exclusiveGateway", "inclusiveGateway"})
_UNCONDITIONAL = frozenset({"parallelGateway", "eventBasedGateway", "startEvent", "endEvent"})


def check_structure(drawing: Drawing) -> None:
    """Report every way in which a process is not a BPMN process that can run as drawn."""
    elements = drawing.model.elements
    dangling = _check_flows(drawing)
    for element in elements.values():
        _check_degrees(drawing, element)
        _check_branches(drawing, element)
        check_event(drawing, element)
        if element.type == "boundaryEvent":
            check_boundary(drawing, element)
        elif element.type == "eventBasedGateway":
            check_race(drawing, element)
    check_handlers(drawing, associations(drawing.process))
    scopes: dict[str | None, list[Element]] = {None: []}
    for element in elements.values():
        scopes.setdefault(element.scope, []).append(element)
        if element.type in SUBPROCESSES:
            scopes.setdefault(element.id, [])
    for scope, content in scopes.items():
        if _check_starts(drawing, drawing.element(scope), content) and scope not in dangling:
            check_paths(drawing, content)
    check_activities(drawing)


def _check_flows(drawing: Drawing) -> set[str | None]:
    """Report flows that do not join two nodes of their scope; the scopes that have such flows."""
    dangling: set[str | None] = set()
    for flow in drawing.model.flows.values():
        scope = drawing.flow_scopes[flow.id]
        for end, key in (("source", flow.source), ("target", flow.target)):
            element = drawing.element(key)
            if element is None:
                drawing.report.on(flow, f"The flow's {end} “{key}” does not exist in this process: draw the flow again.")
            elif element.scope != scope:
                drawing.report.on(
                    flow, f"The flow's {end} “{key}” lies on the other side of a subprocess's border: draw it on one side."
                )
            else:
                continue
            dangling.add(scope)
            dangling.add(element.scope if element else scope)
    return dangling


def _check_starts(drawing: Drawing, owner: Element | None, content: list[Element]) -> bool:
    """Report what is wrong with the starts of a scope; whether it has any."""
    starts = [element for element in content if element.type == "startEvent"]
    plain = [element for element in starts if element.event is None]
    report = drawing.report
    if owner is not None and owner.event_subprocess:
        if len(starts) != 1:
            report.on(owner, f"An event subprocess starts with exactly one event, and this one has {len(starts)}: draw one.")
        for element in starts:
            check_event_start(drawing, owner, element)
        return bool(starts)
    if owner is not None and owner.type == "adHocSubProcess":
        return check_ad_hoc(drawing, owner, content)
    begins = [element for element in content if element.instantiate]
    implicit = any(element.begins_implicitly for element in content)
    if not starts and not begins and not implicit:
        if owner is None:
            report.at(
                drawing.process, "The process has no start event, and nothing else that could begin: draw one, and a flow from it."
            )
        else:
            report.on(owner, "The subprocess has no start event, and nothing else that could begin: draw one inside it.")
    for element in plain[1:]:
        report.on(element, "There is a second start event without a message here: keep one, or let a gateway choose.")
    for element in starts:
        if owner is not None and element.event not in (None, UNKNOWN_EVENT):
            report.on(element, "A subprocess starts when its turn comes: take the event away from its start event.")
        if not element.interrupting:
            report.on(element, "isInterrupting has a meaning only in an event subprocess: remove it.")
        if owner is not None and (element.form_key or element.initiator):
            report.on(element, "Only a process is started with a form and by a person: take the form and the initiator away.")
        elif element.form_key and element.event not in (None, UNKNOWN_EVENT):
            report.on(element, f"A {element.event} that starts a process shows no form: take the form away.")
    for element in begins:
        _check_begin(drawing, owner, element)
    if owner is None:
        elements = drawing.model.elements
        check_begins(drawing, [*starts, *beginning(elements, drawing.model.flows)], lambda element: element.type != "startEvent")
    return bool(starts or begins or implicit)


def _check_begin(drawing: Drawing, owner: Element | None, element: Element) -> None:
    if element.type == "receiveTask" and (owner is not None or element.incoming):
        drawing.report.on(element, "An instance begins at this task: remove the flows to it, and put it into the process itself.")
    elif element.type == "receiveTask" and element.loop is not None:
        drawing.report.on(element, "An instance begins at this task, once: take the mark of repetition away.")


def _check_degrees(drawing: Drawing, element: Element) -> None:
    report = drawing.report
    if element.type == "startEvent" and element.incoming:
        report.on(element, "A flow leads into a start event: lead it to what comes after the start.")
    if element.type == "boundaryEvent" and element.incoming:
        report.on(element, "A flow leads into a boundary event: lead it to what comes after the event.")
    if element.type == "endEvent" and element.outgoing:
        report.on(element, "A flow leaves an end event: end the process at its last step, or make this an intermediate event.")
    if element.event_subprocess and element.loop is not None:
        report.on(element, "An event subprocess runs once for each event: take the mark of multi-instance away.")
    if element.event_subprocess and (element.incoming or element.outgoing):
        report.on(element, "An event subprocess is entered by its event alone: remove the flows to and from it.")
    if element.type in _SPLITTING and element.type not in REFUSED_NODES and not element.outgoing:
        report.on(element, "No flow leaves this gateway: draw what comes after it, or an end event.")


def _check_branches(drawing: Drawing, element: Element) -> None:
    """Conditions and default flows: only where they are looked at, and complete where they are needed."""
    report = drawing.report
    flows = [drawing.model.flows[key] for key in element.outgoing]
    if element.type in REFUSED_NODES:
        return
    _check_default(drawing, element, flows)
    if element.type in _UNCONDITIONAL:
        for flow in flows:
            if flow.condition is not None:
                report.on(
                    flow, f"A condition has no effect on a flow from a {element.type}: lead the flow to an exclusive gateway first."
                )
        return
    for flow in flows:
        if len(flows) == 1 and flow.condition is not None:
            report.on(
                flow,
                "The only flow from here has a condition, and nowhere to go if it fails: remove it, or draw the other way.",
            )
        elif element.type in _NEEDS and len(flows) > 1 and flow.condition is None and not flow.default:
            report.on(
                flow, "This flow from a gateway has no condition and is not the default flow: write one, or make it the default."
            )
        elif flow.default and flow.condition is not None:
            report.on(flow, "The default flow is taken when no condition holds, and has a condition itself: remove the condition.")


def _check_default(drawing: Drawing, element: Element, flows: list[Flow]) -> None:
    if element.default is None:
        return
    if len(element.default.split()) > 1:
        drawing.report.on(element, "Two default flows are named: keep one.")
    elif element.default not in element.outgoing:
        drawing.report.on(
            element, f"The default flow “{element.default}” does not leave this {element.type}: choose one that does."
        )
    elif element.type in _UNCONDITIONAL or (element.type not in _NEEDS and all(flow.condition is None for flow in flows)):
        drawing.report.on(element, f"A default flow has no effect on a {element.type}: remove it, or lead the flow to a gateway.")
