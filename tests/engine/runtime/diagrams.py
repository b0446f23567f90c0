"""Small diagrams for runtime tests."""

from __future__ import annotations

from itertools import pairwise

ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://samverka/test" id="definitions">
{head}<bpmn:process id="{key}" name="{name}" isExecutable="true" {attributes}>
{properties}{body}</bpmn:process></bpmn:definitions>"""


def diagram(key: str, body: str, *, head: str = "", attributes: str = "", **properties: str) -> bytes:
    """A diagram of one process; `properties` become its camunda:properties."""
    said = "".join(f'<camunda:property name="{name}" value="{value}"/>' for name, value in properties.items())
    block = f"<bpmn:extensionElements><camunda:properties>{said}</camunda:properties></bpmn:extensionElements>" if said else ""
    return ROOT.format(key=key, name=key.title(), body=body, head=head, attributes=attributes, properties=block).encode()


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow; nodes need not name it."""
    inner = ""
    if condition:
        inner = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{source}_{target}" {ends}>{inner}</bpmn:sequenceFlow>'


def line(*ids: str) -> str:
    """Flows from each id to the next."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def user(id: str, groups: str = "radet:ordforande", inner: str = "", **attributes: str) -> str:
    """A user task; attributes are camunda's."""
    said = "".join(f' camunda:{name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:userTask id="{id}" name="{id.title()}" camunda:candidateGroups="{groups}"{said}>{inner}</bpmn:userTask>'


def start(id: str = "begin", **attributes: str) -> str:
    said = "".join(f' camunda:{name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:startEvent id="{id}"{said}/>'


def end(id: str = "done", name: str = "Done") -> str:
    return f'<bpmn:endEvent id="{id}" name="{name}"/>'


# One step by the chair.
ONE_STEP = diagram("one", start() + user("decide") + end() + line("begin", "decide", "done"), series="ET", kind="case")
