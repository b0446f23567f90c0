"""Small diagrams for tests: a process around some elements, and a catalog of what they may refer to."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.bpmn.dialect import read_diagram
from engine.bpmn.model import ProcessModel
from engine.bpmn.problems import DeploymentRefused, Problem

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="{camunda}" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.org/prov" id="definitions">'
)
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"


class Known:
    """Knows what the tests refer to, and nothing else."""

    def has_form(self, key: str) -> bool:
        return key in {"fraga", "svar"}

    def has_decision(self, key: str) -> bool:
        return key == "niva"

    def has_process(self, key: str) -> bool:
        return key == "linjebeslut"

    def has_topic(self, topic: str) -> bool:
        return topic == "parties"


def file(process: str, *, extra: str = "", attributes: str = 'isExecutable="true"', namespace: str = CAMUNDA) -> bytes:
    """A file with one process that holds `process`; `extra` stands before it."""
    body = f'{extra}\n<bpmn:process id="prov" name="Prov" {attributes}>\n{process}\n</bpmn:process></bpmn:definitions>'
    return (HEAD.format(camunda=namespace) + body).encode()


def line(*nodes: str, prefix: str = "") -> str:
    """`nodes` (their XML, each with an id) one after the other, from a start event to an end event."""
    ids = [f"{prefix}start", *(node.split('id="', 1)[1].split('"', 1)[0] for node in nodes), f"{prefix}slut"]
    flows = [flow(f"{prefix}f{number}", one, other) for number, (one, other) in enumerate(pairwise(ids))]
    return "\n".join([f'<bpmn:startEvent id="{ids[0]}"/>', *nodes, f'<bpmn:endEvent id="{ids[-1]}"/>', *flows])


def flow(key: str, source: str, target: str, condition: str | None = None) -> str:
    inside = (
        ""
        if condition is None
        else f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    )
    return f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def user_task(key: str = "uppgift", attributes: str = "", inside: str = "") -> str:
    return f'<bpmn:userTask id="{key}" name="Uppgift {key}" {attributes}>{inside}</bpmn:userTask>'


def timer(kind: str = "timeDuration", value: str = "P14D") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{value}</bpmn:{kind}></bpmn:timerEventDefinition>"


MESSAGE = '<bpmn:message id="m1" name="svar"/>'
CATCH = '<bpmn:messageEventDefinition messageRef="m1"/>'


def read(process: str, *, extra: str = MESSAGE, attributes: str = 'isExecutable="true"', namespace: str = CAMUNDA) -> ProcessModel:
    models = read_diagram(file(process, extra=extra, attributes=attributes, namespace=namespace), "prov.bpmn", Known())
    assert len(models) == 1
    return models[0][0]


def problems(content: bytes) -> list[Problem]:
    with pytest.raises(DeploymentRefused) as caught:
        read_diagram(content, "prov.bpmn", Known())
    return list(caught.value.problems)


def refusals(
    process: str, *, extra: str = MESSAGE, attributes: str = 'isExecutable="true"', namespace: str = CAMUNDA
) -> list[Problem]:
    """The problems of a process that has to be refused."""
    return problems(file(process, extra=extra, attributes=attributes, namespace=namespace))
