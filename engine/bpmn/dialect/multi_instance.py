"""Reads for what an activity is repeated: the list or number of a multi-instance, and where its results go."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.dialect.activity_details import is_set, read_condition, read_number
from engine.bpmn.dialect.expressions import check_expression, check_variable
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, child, is_true, text
from engine.bpmn.model import MultiInstance


def read_loop(node: Node, data_objects: Mapping[str, str], report: Report) -> MultiInstance | None:
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
