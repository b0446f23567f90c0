"""Namespaces and small ways of looking at a diagram's XML."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
CAMUNDA = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Namespaces in which other engines say how a diagram runs: unlike colours and a modeler's notes they cannot be passed over.
OTHER_ENGINES = {
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8 (zeebe)",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://www.jboss.org/drools": "jBPM",
}

Node = etree._Element

EVENTS = frozenset({"startEvent", "endEvent", "intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
# Drawn nodes that are refused: known as nodes all the same, so that the flows to them are not called dangling as well.
REFUSED_NODES: frozenset[str] = frozenset()


def line_of(node: Node) -> int | None:
    line = node.sourceline
    return line if isinstance(line, int) else None


def namespace(node: Node) -> str:
    return etree.QName(node).namespace or ""


def local(node: Node) -> str:
    return etree.QName(node).localname


def is_bpmn(node: Node, *names: str) -> bool:
    return namespace(node) == BPMN and (not names or local(node) in names)


def children(node: Node, *names: str) -> Iterator[Node]:
    """The BPMN children called one of `names` (all when none is named)."""
    return (child for child in node if is_bpmn(child, *names))


def child(node: Node, name: str) -> Node | None:
    return next(children(node, name), None)


def text(node: Node | None) -> str:
    """The text of `node` without the blanks around it; nothing for None."""
    return "" if node is None else "".join(str(piece) for piece in node.itertext()).strip()


def camunda(node: Node, name: str) -> str | None:
    """The engine's attribute `name` in either namespace, without blanks around it."""
    for uri in CAMUNDA:
        value = node.get(f"{{{uri}}}{name}")
        if value is not None:
            return value.strip()
    return None


def extensions(node: Node, name: str) -> Iterator[Node]:
    """The engine's elements `name` within the extension elements of `node`."""
    for holder in children(node, "extensionElements"):
        yield from camunda_children(holder, name)


def camunda_children(node: Node, *names: str) -> Iterator[Node]:
    return (child for child in node if namespace(child) in CAMUNDA and (not names or local(child) in names))


def is_true(node: Node, name: str, default: bool) -> bool:
    value = node.get(name)
    return default if value is None else value.strip() in ("true", "1")


def event_definitions(node: Node) -> list[Node]:
    """Every event definition of an event, executed or not, in place or by reference."""
    return [child for child in children(node) if local(child).endswith(("EventDefinition", "eventDefinitionRef"))]
