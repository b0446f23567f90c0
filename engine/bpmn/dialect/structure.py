"""What BPMN itself demands of a process: where it starts, how its flows run, what may follow what.

A node that the table of rules refuses takes part as a node, so that one fault does not show as several.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.dialect.activity_structure import check_activities, check_ad_hoc
from engine.bpmn.dialect.drawing import UNKNOWN_EVENT, Drawing
from engine.bpmn.dialect.paths import check_paths
from engine.bpmn.dialect.tags import REFUSED_NODES
from engine.bpmn.model import ACTIVITIES, Element, Flow

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
        _check_event(drawing, element)
        if element.type == "boundaryEvent":
            _check_boundary(drawing, element)
        elif element.type == "eventBasedGateway":
            _check_race(drawing, element)
    scopes: dict[str | None, list[Element]] = {None: []}
    for element in elements.values():
        scopes.setdefault(element.scope, []).append(element)
        if element.type in ("subProcess", "adHocSubProcess"):
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
        for element in plain:
            report.on(element, "The start of an event subprocess waits for a message or a timer: choose one.")
        return bool(starts)
    if owner is not None and owner.type == "adHocSubProcess":
        return check_ad_hoc(drawing, owner, content)
    if not starts and not any(element.begins_implicitly for element in content):
        if owner is None:
            report.at(drawing.process, "The process has no start event, and nothing else that could begin: draw one, and a flow from it.")
        else:
            report.on(owner, "The subprocess has no start event, and nothing else that could begin: draw one inside it.")
    for element in plain[1:]:
        report.on(element, "There is a second start event without a message here: keep one, or let a gateway choose.")
    for element in starts:
        if owner is not None and element.event not in (None, UNKNOWN_EVENT):
            report.on(element, "A subprocess starts when its turn comes: take the message or timer away from its start event.")
        elif element.event == "timer":
            report.on(element, "A process is started by a person, a call or a message in this version: take the timer away.")
        if not element.interrupting:
            report.on(element, "isInterrupting has a meaning only in an event subprocess: remove it.")
        if owner is not None and (element.form_key or element.initiator):
            report.on(element, "Only a process is started with a form and by a person: take the form and the initiator away.")
        elif element.form_key and element.event == "message":
            report.on(element, "A message that starts a process shows no form: take the form away.")
    _check_message_starts(drawing, [element for element in starts if element.event == "message"])
    return bool(starts) or any(element.begins_implicitly for element in content)


def _check_message_starts(drawing: Drawing, starts: Iterable[Element]) -> None:
    seen: set[str | None] = set()
    for element in starts:
        if element.message is not None and element.message in seen:
            drawing.report.on(element, f"Another start event waits for the message “{element.message}” too: keep one.")
        seen.add(element.message)


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


def _check_event(drawing: Drawing, element: Element) -> None:
    report, event = drawing.report, element.event
    if element.type == "intermediateCatchEvent" and event is None:
        report.on(element, "It is not said what this event waits for: choose a message or a timer.")
    if element.type == "intermediateThrowEvent" and event is None:
        report.on(element, "It is not said what this event does: let it send a message, or remove it.")
    if element.timer is not None and element.timer.kind == "cycle" and not _may_repeat(drawing, element):
        report.on(
            element, "Only an event that interrupts nothing can repeat: use timeDuration or timeDate, or make it non-interrupting."
        )
    sends = element.type == "sendTask" or (element.type in ("endEvent", "intermediateThrowEvent") and event == "message")
    if element.inputs and element.type == "endEvent" and not sends and event != UNKNOWN_EVENT:
        report.on(element, "Input parameters have a meaning only on an end event that sends a message: remove them.")
    if element.outputs and element.type in ("endEvent", "intermediateThrowEvent", "sendTask"):
        report.on(element, "What sends a message gets no answer to write: remove the output parameters.")
    waits = element.type == "receiveTask" or (element.type not in ("endEvent", "intermediateThrowEvent") and event == "message")
    if element.correlation is not None and not (waits or event == UNKNOWN_EVENT):
        report.on(element, "The property correlationKey has a meaning only where a message is waited for: remove it.")


def _may_repeat(drawing: Drawing, element: Element) -> bool:
    owner = drawing.element(element.scope)
    in_event_subprocess = element.type == "startEvent" and owner is not None and owner.event_subprocess
    return not element.interrupting and (element.type == "boundaryEvent" or in_event_subprocess)


def _check_boundary(drawing: Drawing, element: Element) -> None:
    host, report = drawing.element(element.attached_to), drawing.report
    if host is None:
        report.on(element, f"The boundary event stands on “{element.attached_to}”, which does not exist: put it on an activity.")
    elif host.scope != element.scope:
        report.on(
            element, f"The boundary event and “{host.name}” are on different sides of a subprocess's border: put it on its border."
        )
    elif host.type not in ACTIVITIES | REFUSED_NODES:
        report.on(element, f"The boundary event stands on a {host.type}: put it on a task, a subprocess or a call.")
    elif host.event_subprocess:
        report.on(element, "The boundary event stands on an event subprocess: put it on a task, a subprocess or a call.")
    if element.event is None:
        report.on(element, "It is not said what this boundary event waits for: choose a message or a timer.")


def _check_race(drawing: Drawing, gateway: Element) -> None:
    """An event-based gateway waits for what follows it directly, and for nothing else."""
    flows = [drawing.model.flows[key] for key in gateway.outgoing]
    if len(flows) == 1:
        drawing.report.on(gateway, "An event-based gateway waits for one of several events, and one follows: draw the others.")
    for flow in flows:
        target = drawing.element(flow.target)
        if target is None or target.type in REFUSED_NODES:
            continue
        if target.type not in ("intermediateCatchEvent", "receiveTask"):
            reason = f"“{target.name}” follows an event-based gateway and waits for no event: put a message or timer event between."
            drawing.report.on(flow, reason)
        elif len(target.incoming) > 1:
            drawing.report.on(
                target, "Other flows lead to this event than that from the event-based gateway: join them after the event."
            )
        elif target.loop is not None or any(other.attached_to == target.id for other in drawing.model.elements.values()):
            drawing.report.on(
                target, "A task after an event-based gateway has neither boundary events nor multi-instance: remove them."
            )
