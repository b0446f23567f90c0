"""What BPMN demands of activities and gateways beyond how they are joined by flows."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.dialect.drawing import Drawing
from engine.bpmn.model import Element


def check_activities(drawing: Drawing) -> None:
    """Report jobs where nothing can rest, gateways that contradict their direction, complex gateways that could not decide."""
    for element in drawing.model.elements.values():
        _check_jobs(drawing, element)
        if element.type == "complexGateway" and element.activation is None and len(element.incoming) > 1:
            drawing.report.on(
                element,
                "It is not said when this complex gateway goes on: write activationCondition, such as ${activationCount >= 2}.",
            )
    for node in drawing.process.iter():
        direction = node.get("gatewayDirection") if isinstance(node.tag, str) else None
        gateway = drawing.element(node.get("id")) if direction is not None else None
        if gateway is not None:
            _check_direction(drawing, gateway, str(direction))


def _check_jobs(drawing: Drawing, element: Element) -> None:
    report = drawing.report
    if element.job_after and element.type == "endEvent":
        report.on(element, "Nothing comes after an end event: take camunda:asyncAfter away, or write asyncBefore.")
    if element.event_subprocess and (element.job_before or element.job_after):
        report.on(element, "An event subprocess begins with its event: write asyncBefore or asyncAfter on its start event.")
    before = (drawing.element(drawing.model.flows[key].source) for key in element.incoming)
    if element.job_before and any(source is not None and source.type == "eventBasedGateway" for source in before):
        report.on(
            element, "What an event-based gateway waits for is not put off: write asyncAfter here, or asyncBefore on the gateway."
        )
    if element.event_subprocess and element.standard_loop is not None:
        report.on(element, "An event subprocess runs once for each event: take the loop marker away.")


def _check_direction(drawing: Drawing, gateway: Element, direction: str) -> None:
    """BPMN 10.6.1: what a gateway says of its direction and its flows agree."""
    if direction not in ("Unspecified", "Converging", "Diverging", "Mixed"):
        drawing.report.on(gateway, f"gatewayDirection is “{direction[:40]}”: use Unspecified, Converging, Diverging or Mixed.")
    elif direction == "Converging" and len(gateway.outgoing) > 1:
        drawing.report.on(gateway, "The gateway is Converging, and several flows leave it: correct gatewayDirection, or the flows.")
    elif direction == "Diverging" and len(gateway.incoming) > 1:
        drawing.report.on(
            gateway, "The gateway is Diverging, and several flows lead to it: correct gatewayDirection, or the flows."
        )


def check_ad_hoc(drawing: Drawing, owner: Element, content: Iterable[Element]) -> bool:
    """Report what is wrong with an ad-hoc subprocess (BPMN 10.3.5); whether it has anything to do."""
    content = list(content)
    for element in content:
        if element.type in ("startEvent", "endEvent"):
            drawing.report.on(element, "An ad-hoc subprocess has neither start nor end events: remove it.")
        elif element.event_subprocess:
            drawing.report.on(element, "An ad-hoc subprocess listens to no events: put the event subprocess outside.")
        elif element.begins_implicitly and not element.is_activity:
            drawing.report.on(element, "Nothing leads here, and an ad-hoc subprocess offers activities only: draw the flow to it.")
    if not any(element.begins_implicitly and element.is_activity for element in content):
        drawing.report.on(owner, "The ad-hoc subprocess has no activity that could be begun: put one into it.")
        return False
    return True
