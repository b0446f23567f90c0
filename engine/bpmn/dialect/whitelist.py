"""Holds a diagram against the table of `rules`: every attribute and element that is not in it is a problem."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.dialect.activity_rules import TEXT_ELEMENTS
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.rule import Rule
from engine.bpmn.dialect.rules import (
    BOOLEANS,
    CAMUNDA_CONSTANTS,
    CAMUNDA_HINTS,
    ELEMENT_HINTS,
    ELEMENTS,
    EXTENSIONS,
    MODELER_ATTRIBUTES,
    PLACE_HINTS,
)
from engine.bpmn.dialect.tags import BPMN, BPMNDI, CAMUNDA, OTHER_ENGINES, XSI, Node, local, namespace

_TEXT_ELEMENTS = frozenset(
    {
        *("documentation", "text", "incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef", "loopDataOutputRef"),
        *("conditionExpression", "timeDate", "timeDuration", "timeCycle", "loopCardinality", "completionCondition"),
        *("participantMultiplicity", "condition", "eventDefinitionRef"),
        *TEXT_ELEMENTS,
    }
)


def check_whitelist(root: Node, report: Report) -> None:
    """Report everything in the file of `root` that this engine does not execute as it is written."""
    todo = [root]
    while todo:
        node = todo.pop()
        rule = ELEMENTS[local(node)]
        _check_attributes(node, rule, report)
        if local(node) in _TEXT_ELEMENTS:
            for child in node:
                report.at(child, f"{_shown(child)} cannot stand within {local(node)}: remove it.")
        elif local(node) == "extensionElements":
            _check_extensions(node, report)
        else:
            todo.extend(child for child in node if _is_child_taken(node, child, rule, report))


def _is_child_taken(node: Node, child: Node, rule: Rule, report: Report) -> bool:
    """Whether `child` is to be looked at; one that is refused is not, as its content would only repeat it."""
    name = local(child)
    if namespace(child) == BPMNDI:
        return False
    if namespace(child) != BPMN:
        report.at(child, f"{_shown(child)} cannot stand within {local(node)}: foreign elements belong into extensionElements.")
        return False
    if name not in rule.children:
        report.at(child, _refusal(node, name))
        return False
    # What is only drawn beside the executable process is not executed, so anything may stand in it.
    return name != "process" or child.get("isExecutable") not in (None, "false", "0")


def _refusal(parent: Node, name: str) -> str:
    if (local(parent), name) in PLACE_HINTS:
        return PLACE_HINTS[local(parent), name]
    if name in ELEMENT_HINTS:
        return ELEMENT_HINTS[name]
    if name in ELEMENTS:
        return f"A {name} has no meaning within a {local(parent)}: remove it, or take another kind of element."
    return f"“{name}” is not executed by this engine: remove it, or draw the same with elements that are."


def _check_attributes(node: Node, rule: Rule, report: Report) -> None:
    for key, text in node.attrib.items():
        value = str(text).strip()
        qualified = etree.QName(str(key))
        name, uri = qualified.localname, qualified.namespace or ""
        if uri in ("", BPMN):
            _check_plain(node, name, value, rule, report)
        elif uri in CAMUNDA:
            _check_camunda(node, name, value, rule, report)
        elif uri in OTHER_ENGINES:
            report.at(
                node, f"“{name}” is meant for {OTHER_ENGINES[uri]}: save the diagram for Camunda 7 or Operaton, and say it there."
            )
        elif uri == XSI and name == "type" and not value.endswith("tFormalExpression"):
            report.at(node, f"The type {value} is not known here: use tFormalExpression.")


def _check_boolean(node: Node, name: str, value: str, report: Report) -> None:
    if name in BOOLEANS and value not in ("true", "false", "1", "0"):
        report.at(node, f"{name} is “{_short(value)}”: write true or false.")


def _check_plain(node: Node, name: str, value: str, rule: Rule, report: Report) -> None:
    allowed = rule.constants.get(name)
    _check_boolean(node, name, value, report)
    if allowed is not None:
        if value not in allowed:
            report.at(node, f"{name}=“{_short(value)}” is not executed by this engine: use {' or '.join(allowed)}, or remove it.")
    elif name not in rule.attributes:
        report.at(node, f"The attribute {name} is not executed on a {local(node)}: remove it.")


def _check_camunda(node: Node, name: str, value: str, rule: Rule, report: Report) -> None:
    _check_boolean(node, name, value, report)
    if name in rule.camunda or name in MODELER_ATTRIBUTES or value in CAMUNDA_CONSTANTS.get(name, ()):
        return
    hint = CAMUNDA_HINTS.get(name, "Remove it, or say the same with what the engine executes.")
    report.at(node, f"camunda:{name} is not executed on a {local(node)}. {hint}")


def _check_extensions(holder: Node, report: Report) -> None:
    parent = holder.getparent()
    owner = local(parent) if parent is not None else ""
    allowed = ELEMENTS[owner].extensions if owner in ELEMENTS else frozenset[str]()
    for child in holder:
        name, uri = local(child), namespace(child)
        if uri in CAMUNDA:
            if name not in allowed:
                report.at(child, _extension_refusal(name, owner))
            else:
                _check_extension(child, report)
        elif uri in OTHER_ENGINES:
            report.at(
                child, f"“{name}” is meant for {OTHER_ENGINES[uri]}: save the diagram for Camunda 7 or Operaton, and say it there."
            )
        elif uri in ("", BPMN):
            report.at(child, f"“{name}” cannot stand within extensionElements: remove it.")


def _extension_refusal(name: str, owner: str) -> str:
    if name in CAMUNDA_HINTS:
        return f"camunda:{name} is not executed. {CAMUNDA_HINTS[name]}"
    if name in EXTENSIONS:
        return f"camunda:{name} has no meaning on a {owner}: remove it."
    return f"camunda:{name} is not executed by this engine: remove it, or say the same with what the engine executes."


def _check_extension(node: Node, report: Report) -> None:
    rule = EXTENSIONS[local(node)]
    for key, text in node.attrib.items():
        qualified = etree.QName(str(key))
        _check_boolean(node, qualified.localname, str(text).strip(), report)
        if (qualified.namespace or "") in ("", *CAMUNDA) and qualified.localname not in rule.attributes:
            hint = CAMUNDA_HINTS.get(qualified.localname, "Remove it.")
            report.at(node, f"The attribute {qualified.localname} of camunda:{local(node)} is not executed. {hint}")
    for child in node:
        if namespace(child) in CAMUNDA and local(child) in rule.children:
            _check_extension(child, report)
        elif namespace(child) in CAMUNDA:
            report.at(child, _extension_refusal(local(child), f"camunda:{local(node)}"))
        else:
            report.at(child, f"{_shown(child)} cannot stand within camunda:{local(node)}: remove it.")


def _shown(node: Node) -> str:
    return f"“{local(node)}”"


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:37]}…"
