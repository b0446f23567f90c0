"""Reads what hangs on one element: assignment, form, timer, message, mappings, call, decision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from engine.bpmn.dialect.activity_details import read_script
from engine.bpmn.dialect.expressions import (
    check_template,
    check_timely,
    check_variable,
    check_whole_number,
    split_at_commas,
)
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, camunda_children, children, extensions, is_true, local, text
from engine.bpmn.model import (
    Assignment,
    Call,
    CallMapping,
    Decision,
    ListValue,
    MapValue,
    Parameter,
    Timer,
    Value,
)

_FORM_PREFIX = re.compile(r"camunda-forms:(?:deployment|app):")
_MAP_RESULTS = ("singleEntry", "singleResult", "collectEntries", "resultList")
_TIMERS: Mapping[str, Literal["date", "duration", "cycle"]] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def read_properties(node: Node, report: Report) -> dict[str, str]:
    """The element's camunda:properties. One that holds `${` is an expression, whoever evaluates it."""
    properties: dict[str, str] = {}
    for holder in extensions(node, "properties"):
        for item in camunda_children(holder, "property"):
            name, value = (item.get("name") or "").strip(), item.get("value") or ""
            if not name:
                report.at(item, "A property has no name: name it, or remove it.")
            elif name in properties:
                report.at(item, f"The property “{name}” stands here twice: keep one.")
            else:
                properties[name] = value
                if "${" in value:
                    check_template(item, value, f"The property “{name}”", report)
    return properties


def read_assignment(node: Node, report: Report) -> Assignment:
    """Who does a user task, by when, and how urgent it is."""
    values = {
        name: camunda(node, name)
        for name in ("assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority")
    }
    for name in ("assignee", "candidateGroups", "candidateUsers"):
        value = values[name]
        if value == "":
            report.at(node, f"camunda:{name} is empty: name someone, or remove it.")
        elif value is not None:
            check_template(node, value, f"camunda:{name}", report)
    for name in ("dueDate", "followUpDate"):
        value = values[name]
        if value is not None:
            check_timely(node, value, name, report)
    if values["priority"] is not None:
        check_whole_number(node, values["priority"], "camunda:priority", report)
    return Assignment(
        assignee=values["assignee"] or None,
        groups=split_at_commas(values["candidateGroups"] or ""),
        users=split_at_commas(values["candidateUsers"] or ""),
        due=values["dueDate"] or None,
        follow_up=values["followUpDate"] or None,
        priority=values["priority"] or None,
    )


def read_form(node: Node, report: Report) -> tuple[str | None, Literal["deployment", "latest"]]:
    """The key of the element's form, and which version of it is meant."""
    key, reference, binding = camunda(node, "formKey"), camunda(node, "formRef"), camunda(node, "formRefBinding")
    if key is not None and reference is not None:
        report.at(node, "The form is named twice, by camunda:formKey and by camunda:formRef: keep formRef.")
    if binding is not None and reference is None:
        report.at(node, "camunda:formRefBinding stands without camunda:formRef: name the form, or remove it.")
    if binding not in (None, "deployment", "latest"):
        report.at(node, f"camunda:formRefBinding is “{binding}”: use deployment or latest.")
    named = reference if reference is not None else key
    if named is None:
        return None, "deployment"
    if reference is None:
        path = _FORM_PREFIX.sub("", named, count=1)
        named = path if ":" in path else path.rsplit("/", 1)[-1].removesuffix(".form")
    if not named or ":" in named or "${" in named:
        report.at(node, f"“{reference or key}” names no form: write the form's key in camunda:formRef.")
        return None, "deployment"
    return named, "latest" if binding == "latest" else "deployment"


def read_timer(definition: Node, report: Report) -> Timer | None:
    """The timer of a timer event definition."""
    found = list(children(definition, *_TIMERS))
    if len(found) != 1:
        report.at(definition, "A timer needs exactly one of timeDate, timeDuration and timeCycle: fill in one.")
        return None
    name, expression = local(found[0]), text(found[0])
    check_timely(found[0], expression, name, report)
    return Timer(_TIMERS[name], expression)


def read_message(node: Node, messages: Mapping[str, Node], catches: bool, report: Report) -> str | None:
    """The name of the message that `node` (an event definition or a task) refers to."""
    reference = (node.get("messageRef") or "").strip().rsplit(":", 1)[-1]
    if not reference:
        report.at(node, "No message is chosen: choose or make one and give it a name.")
        return None
    if reference not in messages:
        report.at(node, f"The message “{reference}” does not exist: choose or make one and give it a name.")
        return None
    name = (messages[reference].get("name") or "").strip()
    if not name:
        report.at(node, f"The message “{reference}” has no name: name it, as senders and receivers meet by name.")
        return None
    if catches and "${" in name:
        report.at(
            node, f"The message that is waited for has the name “{name}”: an expression cannot be waited for; write a plain name."
        )
    else:
        check_template(node, name, "The message's name", report)
    return name


def read_parameters(node: Node, kind: str, report: Report) -> tuple[Parameter, ...]:
    """The element's inputParameters or outputParameters, in their order."""
    parameters: list[Parameter] = []
    seen: set[str] = set()
    for holder in extensions(node, "inputOutput"):
        for item in camunda_children(holder, kind):
            name = (item.get("name") or "").strip()
            if check_variable(item, name, f"camunda:{kind}", report):
                if name in seen:
                    report.at(item, f"The {kind} “{name}” stands here twice: keep one.")
                seen.add(name)
                parameters.append(Parameter(name, _read_value(item, f"The {kind} “{name}”", report)))
    return tuple(parameters)


def _read_value(node: Node, what: str, report: Report) -> Value:
    structures = list(camunda_children(node, "list", "map", "script"))
    if not structures:
        value = text(node)
        check_template(node, value, what, report)
        return value
    if len(structures) > 1 or (node.text or "").strip():
        report.at(node, f"{what} holds more than one value: keep one.")
    return _read_structure(structures[0], what, report)


def _read_structure(structure: Node, what: str, report: Report) -> Value:
    if local(structure) == "script":
        return read_script(structure, what, report, acts=False) or ""
    if local(structure) == "list":
        return ListValue(
            tuple(
                _read_value(item, what, report) if local(item) == "value" else _read_structure(item, what, report)
                for item in camunda_children(structure, "value", "list", "map", "script")
            )
        )
    entries: dict[str, Value] = {}
    for entry in camunda_children(structure, "entry"):
        key = (entry.get("key") or "").strip()
        if not key or key in entries:
            report.at(entry, f"{what}: each entry of a map needs a key of its own.")
        entries[key] = _read_value(entry, what, report)
    return MapValue(tuple(entries.items()))


def read_call(node: Node, report: Report) -> Call | None:
    """What a call activity starts, and the variables that go in and come out."""
    called = (node.get("calledElement") or "").strip()
    if not called:
        report.at(node, "No process is chosen: write the key of the process in calledElement.")
        return None
    check_template(node, called, "calledElement", report)
    binding, version = camunda(node, "calledElementBinding") or "latest", camunda(node, "calledElementVersion")
    if binding not in ("latest", "deployment", "version", "versionTag"):
        report.at(node, f"camunda:calledElementBinding is “{binding}”: use latest, deployment, version or versionTag.")
    tag = camunda(node, "calledElementVersionTag")
    if (binding == "versionTag") != (tag is not None):
        report.at(node, "The binding versionTag and camunda:calledElementVersionTag belong together: write both, or neither.")
    if tag is not None:
        check_template(node, tag, "camunda:calledElementVersionTag", report)
    if (binding == "version") != (version is not None):
        report.at(node, "The binding version and camunda:calledElementVersion belong together: write both, or neither.")
    if version is not None:
        check_whole_number(node, version, "camunda:calledElementVersion", report)
    keys = [item for item in extensions(node, "in") if item.get("businessKey") is not None]
    if len(keys) > 1:
        report.at(keys[1], "The business key is handed on twice: keep one camunda:in with businessKey.")
    for item in keys:
        check_template(item, item.get("businessKey") or "", "The business key", report)
        if set(item.attrib) - {"businessKey"}:
            report.at(item, "A camunda:in hands on a business key or a variable, not both: write two.")
    return Call(
        called=called,
        binding=cast(Literal["latest", "deployment", "version", "versionTag"], binding),
        version=version if tag is None else tag,
        business_key=(keys[0].get("businessKey") or "").strip() or None if keys else None,
        inputs=_read_mappings([item for item in extensions(node, "in") if item not in keys], report),
        outputs=_read_mappings(list(extensions(node, "out")), report),
    )


def _read_mappings(items: list[Node], report: Report) -> tuple[CallMapping, ...]:
    mappings: list[CallMapping] = []
    for item in items:
        everything, source, expression = item.get("variables"), item.get("source"), item.get("sourceExpression")
        target, is_local = (item.get("target") or "").strip(), is_true(item, "local", False)
        if [everything, source, expression].count(None) != 2:
            report.at(item, f"A camunda:{local(item)} needs exactly one of variables, source and sourceExpression.")
        elif everything is not None:
            if everything != "all" or target:
                report.at(item, f'A camunda:{local(item)} with variables is written variables="all", without target.')
            mappings.append(CallMapping(is_local, all_variables=True))
        elif check_variable(item, target, f"The target of camunda:{local(item)}", report):
            if source is not None:
                check_variable(item, source.strip(), f"The source of camunda:{local(item)}", report)
                mappings.append(CallMapping(is_local, source=source.strip(), target=target))
            else:
                check_template(item, expression or "", "sourceExpression", report)
                mappings.append(CallMapping(is_local, expression=expression, target=target))
    return tuple(mappings)


def read_decision(node: Node, report: Report) -> Decision | None:
    """The decision that a business rule task asks, and where its answer goes."""
    key, variable, shape = camunda(node, "decisionRef"), camunda(node, "resultVariable"), camunda(node, "mapDecisionResult")
    if not key or "${" in key:
        report.at(node, "No decision is chosen: write the key of the decision table, not an expression, in camunda:decisionRef.")
        return None
    if variable is None and not any(True for _ in _outputs(node)):
        report.at(node, "The decision's answer would be lost: name a variable for it in camunda:resultVariable.")
    elif variable is not None:
        check_variable(node, variable, "camunda:resultVariable", report)
    if shape is not None and shape not in _MAP_RESULTS:
        report.at(node, f"camunda:mapDecisionResult is “{shape}”: use {', '.join(_MAP_RESULTS)}.")
    binding, version = camunda(node, "decisionRefBinding") or "deployment", camunda(node, "decisionRefVersion")
    tag = camunda(node, "decisionRefVersionTag")
    if binding not in ("deployment", "latest", "version", "versionTag"):
        report.at(node, f"camunda:decisionRefBinding is “{binding}”: use deployment, latest, version or versionTag.")
    if (binding == "version") != (version is not None) or (binding == "versionTag") != (tag is not None):
        report.at(
            node, "The binding and the version of the decision belong together: write both decisionRefBinding and what it asks."
        )
    if version is not None:
        check_whole_number(node, version, "camunda:decisionRefVersion", report)
    return Decision(
        key,
        variable,
        cast(Literal["singleEntry", "singleResult", "collectEntries", "resultList"], shape or "resultList"),
        cast(Literal["latest", "deployment", "version", "versionTag"], binding),
        version if tag is None else tag,
    )


def _outputs(node: Node) -> Iterator[Node]:
    for holder in extensions(node, "inputOutput"):
        yield from camunda_children(holder, "outputParameter")


def read_topic(node: Node, report: Report) -> str | None:
    """The topic of a service task."""
    kind, topic = camunda(node, "type"), camunda(node, "topic")
    if kind != "external":
        words = 'write camunda:type="external" and a topic in camunda:topic, or a ${…} in camunda:expression.'
        report.at(node, f"It is not said who does this service task: {words}")
    if not topic or "${" in topic:
        report.at(node, "No topic is chosen: write the service's topic, not an expression, in camunda:topic.")
        return None
    return topic
