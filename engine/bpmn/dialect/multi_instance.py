"""Reads for what an activity is repeated: the list or number of a multi-instance, and where its results go."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.dialect.activity_details import is_set, read_condition, read_number
from engine.bpmn.dialect.event_details import KINDS, Declared, read_definition, read_thrown
from engine.bpmn.dialect.expressions import check_expression, check_variable
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, child, children, is_true, local, text
from engine.bpmn.model import Behavior, EventDefinition, MultiInstance

_REFERENCES: Mapping[str, str] = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}
_THROWN = ("signal", "escalation", "error", "message")


def read_loop(node: Node, data_objects: Mapping[str, str], declared: Declared, report: Report) -> MultiInstance | None:
    """How often an activity runs; `data_objects` maps ids of data objects and of references to them to the data object's id."""
    loop = child(node, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    collection, variable = camunda(loop, "collection"), camunda(loop, "elementVariable")
    if child(loop, "loopDataInputRef") is not None or child(loop, "inputDataItem") is not None:
        if collection is not None:
            report.at(loop, "The list is named twice, by camunda:collection and by loopDataInputRef: keep one.")
        collection, variable = _read_input(loop, data_objects, report)
    counted, condition = child(loop, "loopCardinality"), child(loop, "completionCondition")
    if (collection is None) == (counted is None):
        report.at(loop, "Multi-instance needs exactly one of camunda:collection and loopCardinality: say for what it is repeated.")
    if collection is not None and "${" not in collection:
        check_variable(loop, collection, "camunda:collection", report)
    elif collection is not None:
        check_expression(loop, collection, "camunda:collection", report)
    if variable is not None:
        check_variable(loop, variable, "camunda:elementVariable", report)
        if collection is None:
            report.at(loop, "camunda:elementVariable stands without camunda:collection: name the list, or remove it.")
    output, item = _read_output(loop, data_objects, report)
    return MultiInstance(
        sequential=is_true(loop, "isSequential", False),
        collection=collection,
        element_variable=variable,
        cardinality=None if counted is None else read_number(counted, "loopCardinality", report),
        completion_condition=None if condition is None else read_condition(condition, "completionCondition", report),
        output_collection=output,
        output_item=item,
        behavior=_read_behavior(node, loop, declared, report),
        job_before=is_set(loop, "asyncBefore"),
        job_after=is_set(loop, "asyncAfter"),
    )


def _read_input(loop: Node, data_objects: Mapping[str, str], report: Report) -> tuple[str | None, str | None]:
    """The collection and the element variable as BPMN names them."""
    reference, item = text(child(loop, "loopDataInputRef")), child(loop, "inputDataItem")
    if reference not in data_objects:
        report.at(loop, f"loopDataInputRef names “{reference}”, which is no data object of this process: draw it, or name one.")
        return reference or "list", None
    name = None if item is None else (item.get("name") or item.get("id") or "").strip()
    return data_objects[reference], name


def _read_output(loop: Node, data_objects: Mapping[str, str], report: Report) -> tuple[str | None, str | None]:
    reference, item = child(loop, "loopDataOutputRef"), child(loop, "outputDataItem")
    if (reference is None) != (item is None):
        report.at(loop, "loopDataOutputRef and outputDataItem belong together: write both, or neither.")
    output = None if reference is None else text(reference)
    if reference is not None and output not in data_objects:
        report.at(reference, f"loopDataOutputRef names “{output}”, which is no data object of this process: draw it, or name one.")
        output = None
    output = None if output is None else data_objects[output]
    if output is not None:
        check_variable(loop, output, "The id of the data object that gathers the results", report)
    name = None if item is None else (item.get("name") or "").strip()
    if item is not None:
        check_variable(item, name or "", "The name of outputDataItem", report)
    return output, name


def _read_behavior(node: Node, loop: Node, declared: Declared, report: Report) -> tuple[Behavior, ...]:
    """What is thrown when a run ends (BPMN 10.3.8)."""
    behavior = (loop.get("behavior") or "All").strip()
    if behavior not in ("All", "None", "One", "Complex"):
        report.at(node, f"behavior is “{behavior[:40]}”: use None, One, All or Complex.")
        return ()
    for other, name in _REFERENCES.items():
        if loop.get(name) is not None and other != behavior:
            report.at(node, f"{name} has a meaning only with behavior {other}, but it is {behavior}: remove it.")
    rules = list(children(loop, "complexBehaviorDefinition"))
    if behavior == "Complex":
        if not rules:
            report.at(node, "The behavior is Complex, but there is no complexBehaviorDefinition: say what is thrown when.")
        return tuple(found for rule in rules for found in _read_rule(node, rule, declared, report))
    if rules:
        report.at(node, f"complexBehaviorDefinition has a meaning only with behavior Complex, but it is {behavior}: remove it.")
    if behavior == "All":
        return ()
    name = _REFERENCES[behavior]
    key = (loop.get(name) or "").strip().rsplit(":", 1)[-1]
    definition = declared.nodes.get(key)
    if definition is None or local(definition) not in KINDS:
        reason = f"names “{key}”, which is no event definition beside the process" if key else "is missing"
        report.at(node, f"{name} {reason}: name the event that is thrown, as one without a name could be caught nowhere.")
        return ()
    thrown = read_definition(node, definition, declared, True, report)
    return tuple(Behavior(event, once=behavior == "One") for event in _checked(node, thrown, report))


def _read_rule(node: Node, rule: Node, declared: Declared, report: Report) -> list[Behavior]:
    condition, event = child(rule, "condition"), child(rule, "event")
    found = () if event is None else read_thrown(node, event, declared, report)
    if condition is None or len(found) != 1:
        report.at(node, "A complexBehaviorDefinition needs a condition, and an event with one definition: say what is thrown when.")
        return []
    test = read_condition(condition, "The condition of complexBehaviorDefinition", report)
    return [Behavior(event, condition=test) for event in _checked(node, found[0], report)]


def _checked(node: Node, event: EventDefinition, report: Report) -> list[EventDefinition]:
    if event.kind not in _THROWN:
        report.at(node, f"A run of a multi-instance cannot throw an event of kind {event.kind}: use {', '.join(_THROWN)}.")
        return []
    return [event]
