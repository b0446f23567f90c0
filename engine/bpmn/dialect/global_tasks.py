"""Global tasks: tasks outside any process that call activities run (BPMN 10.3.6), each as a process that holds it alone."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from engine.bpmn.dialect.tags import BPMN, Node, children

_KINDS = {
    "globalTask": "task",
    "globalManualTask": "manualTask",
    "globalUserTask": "userTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def global_tasks(root: Node) -> list[Node]:
    """A process element for each global task of the file, with the task's id as its key; nobody starts it but a call."""
    made: list[Node] = []
    for node in children(root, *_KINDS):
        key = node.get("id") or ""
        process = etree.Element(f"{{{BPMN}}}process", {"id": key, "isExecutable": "true"}, nsmap={"bpmn": BPMN})
        process.set("name", node.get("name") or key)
        process.set("{http://camunda.org/schema/1.0/bpmn}isStartableInTasklist", "false")
        task = deepcopy(node)
        task.tag = f"{{{BPMN}}}{_KINDS[etree.QName(node).localname]}"
        process.append(task)
        made.append(process)
    return made
