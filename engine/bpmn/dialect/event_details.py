"""Reads what an event waits for or does: its event definitions, in place or by reference, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.dialect.details import read_message, read_timer
from engine.bpmn.dialect.expressions import check_expression, check_template, check_variable
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, child, children, event_definitions, is_bpmn, is_true, local, text
from engine.bpmn.model import EventDefinition, EventKind

KINDS: Mapping[str, EventKind] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "compensateEventDefinition": "compensate",
    "linkEventDefinition": "link",
    "cancelEventDefinition": "cancel",
    "terminateEventDefinition": "terminate",
}
REFUSED = EventDefinition("refused")
_THROWING = ("endEvent", "intermediateThrowEvent")
_CHANGES = frozenset({"create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands beside the processes of a file, by its id: messages, signals, errors, escalations, event definitions."""

    nodes: Mapping[str, Node]

    @classmethod
    def of(cls, root: Node) -> Declared:
        return cls({node.get("id") or "": node for node in children(root)})

    def named(self, kind: str) -> Mapping[str, Node]:
        return {key: node for key, node in self.nodes.items() if local(node) == kind}


def read_definitions(node: Node, declared: Declared, report: Report) -> tuple[EventDefinition, ...]:
    """All that the event `node` waits for or does."""
    throws = local(node) in _THROWING
    return tuple(read_definition(node, definition, declared, throws, report) for definition in _resolved(node, declared, report))


def read_thrown(node: Node, holder: Node, declared: Declared, report: Report) -> tuple[EventDefinition, ...]:
    """What the activity `node` throws without an event that is drawn; `holder` has the definitions in it."""
    return tuple(read_definition(node, definition, declared, True, report) for definition in _resolved(holder, declared, report))


def _resolved(node: Node, declared: Declared, report: Report) -> Iterator[Node]:
    for definition in event_definitions(node):
        if local(definition) != "eventDefinitionRef":
            yield definition
            continue
        key = text(definition).rsplit(":", 1)[-1]
        found = declared.nodes.get(key)
        if found is None or local(found) not in KINDS:
            report.at(definition, f"The event definition “{key}” does not exist beside the process: put it into the event itself.")
            yield definition
        else:
            yield found


def read_definition(node: Node, definition: Node, declared: Declared, throws: bool, report: Report) -> EventDefinition:
    """What `definition` says; `throws`: of an event that throws. What is wrong is reported at `node`."""
    kind = KINDS.get(local(definition))
    if kind == "message":
        return EventDefinition(kind, read_message(definition, declared.named("message"), not throws, report))
    if kind == "timer":
        return EventDefinition(kind, timer=read_timer(definition, report))
    if kind == "signal":
        return EventDefinition(kind, _read_signal(node, definition, declared, throws, report))
    if kind in ("error", "escalation"):
        return _read_code(node, definition, kind, declared, throws, report)
    if kind == "conditional":
        return _read_condition(node, definition, report)
    if kind == "link":
        name = (definition.get("name") or "").strip()
        if not name:
            report.at(node, "The link has no name: name it as the link event at its other end.")
        return EventDefinition(kind, name)
    if kind == "compensate":
        activity = (definition.get("activityRef") or "").strip().rsplit(":", 1)[-1] or None
        return EventDefinition(kind, activity, waits=is_true(definition, "waitForCompletion", True))
    return REFUSED if kind is None else EventDefinition(kind)


def _reference(node: Node, definition: Node, kind: str, declared: Declared, report: Report) -> Node | None:
    """The signal, error or escalation that a definition refers to; None if it refers to none that exists."""
    key = (definition.get(f"{kind}Ref") or "").strip().rsplit(":", 1)[-1]
    if not key:
        return None
    found = declared.named(kind).get(key)
    if found is None:
        report.at(node, f"The {kind} “{key}” does not exist: choose or make one.")
    return found


def _read_signal(node: Node, definition: Node, declared: Declared, throws: bool, report: Report) -> str | None:
    if not (definition.get("signalRef") or "").strip():
        report.at(node, "No signal is chosen: choose or make one and give it a name.")
        return None
    found = _reference(node, definition, "signal", declared, report)
    if found is None:
        return None
    name = (found.get("name") or "").strip()
    if not name:
        report.at(node, f"The signal “{found.get('id')}” has no name: name it, as throwers and catchers meet by name.")
        return None
    if not throws and "${" in name:
        report.at(
            node, f"The signal that is waited for has the name “{name}”: an expression cannot be waited for; write a plain name."
        )
    elif "${" in name:
        check_template(node, name, "The signal's name", report)
    return name


def _read_code(
    node: Node, definition: Node, kind: EventKind, declared: Declared, throws: bool, report: Report
) -> EventDefinition:
    found = _reference(node, definition, kind, declared, report)
    code = None if found is None else (found.get(f"{kind}Code") or "").strip() or None
    message = None if found is None or kind != "error" else camunda(found, "errorMessage")
    if throws and code is None and (found is not None or not (definition.get(f"{kind}Ref") or "").strip()):
        report.at(node, f"It is not said which {kind} is thrown: choose one, and give it a code (BPMN 10.5.1: {kind}Code).")
    if code is not None and "${" in code:
        if throws:
            check_template(node, code, f"The {kind}'s code", report)
        else:
            report.at(node, f"The code “{code}” is an expression, which cannot be waited for: write a plain code, or catch all.")
    if message is not None:
        check_template(node, message, "camunda:errorMessage", report)
    names = {each: camunda(definition, f"{kind}{each}Variable") for each in ("Code", "Message")}
    for each, name in names.items():
        if name is None:
            continue
        check_variable(node, name, f"camunda:{kind}{each}Variable", report)
        if throws:
            report.at(node, f"camunda:{kind}{each}Variable has a meaning only where the {kind} is caught: remove it.")
    return EventDefinition(kind, code, text=message, code_variable=names["Code"], message_variable=names["Message"])


def _read_condition(node: Node, definition: Node, report: Report) -> EventDefinition:
    written, variable = child(definition, "condition"), camunda(definition, "variableName")
    condition = text(written)
    if written is None or not condition:
        report.at(node, "The condition is missing: write what has to become true, as ${…}.")
    else:
        check_expression(node, condition, "The condition", report)
    changes = frozenset(each.strip() for each in (camunda(definition, "variableEvents") or "").split(",") if each.strip())
    if variable is not None:
        check_variable(node, variable, "camunda:variableName", report)
    elif changes:
        report.at(node, "camunda:variableEvents stands without camunda:variableName: name the variable, or remove it.")
    if unknown := sorted(changes - _CHANGES):
        report.at(node, f"camunda:variableEvents is “{', '.join(unknown)}”: use create, update and delete.")
    return EventDefinition("conditional", condition=condition or None, variable=variable, changes=changes & _CHANGES)


def associations(process: Node) -> list[tuple[str, str]]:
    """The ends of every association drawn in the process."""
    return [
        ((node.get("sourceRef") or "").strip(), (node.get("targetRef") or "").strip())
        for node in process.iter()
        if isinstance(node.tag, str) and is_bpmn(node, "association")
    ]
