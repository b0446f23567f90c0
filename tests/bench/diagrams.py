"""The process that everybody runs: start → script → exclusive gateway → user task → end; and loops, to see a late round."""

from __future__ import annotations

KEY = "one"
# How our diagram says the script: "juel", as the baselines each in the language that is their own; "javascript" runs in V8 and is
# measured beside it. "expression" says the same by an output parameter of a subprocess.
SCRIPT, BESIDE = "juel", "javascript"

_ROOT = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://samverka/bench" id="definitions">
<bpmn:process id="{key}" name="{name}" isExecutable="true" {attributes}>{body}</bpmn:process></bpmn:definitions>"""
_CONDITION = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{}</bpmn:conditionExpression>'
_STEPS = {
    "expression": '<bpmn:subProcess id="reckon"><bpmn:extensionElements><camunda:inputOutput>'
    '<camunda:outputParameter name="total">${6 * 7}</camunda:outputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>{flows}<bpmn:startEvent id=\"inside\"/><bpmn:endEvent id=\"out\"/>"
    '<bpmn:sequenceFlow id="f0" sourceRef="inside" targetRef="out"/></bpmn:subProcess>',
    "juel": '<bpmn:scriptTask id="reckon" scriptFormat="juel" camunda:resultVariable="total">{flows}'
    "<bpmn:script>${6 * 7}</bpmn:script></bpmn:scriptTask>",
    "javascript": '<bpmn:scriptTask id="reckon" scriptFormat="javascript" camunda:resultVariable="total">{flows}'
    "<bpmn:script>6 * 7</bpmn:script></bpmn:scriptTask>",
    # SpiffWorkflow's own scripts are Python, those of bpmn-engine call `next`.
    "python": '<bpmn:scriptTask id="reckon">{flows}<bpmn:script>total = 6 * 7</bpmn:script></bpmn:scriptTask>',
    "node": '<bpmn:scriptTask id="reckon" scriptFormat="javascript">{flows}'
    "<bpmn:script><![CDATA[environment.output.total = 6 * 7; next();]]></bpmn:script></bpmn:scriptTask>",
}
_CONDITIONS = {"python": "total &gt; 40", "node": "next(null, this.environment.output.total &gt; 40)"}


def process(script: str = SCRIPT, *, key: str = KEY, attributes: str = "") -> bytes:
    """The process in one engine's dialect: `script` is one of ours, or "python" or "node" for the baselines."""
    language = 'language="javascript"' if script == "node" else ""
    condition = _CONDITION.format(_CONDITIONS.get(script, "${total > 40}".replace(">", "&gt;")))
    condition = condition.replace("<bpmn:conditionExpression", f"<bpmn:conditionExpression {language}")
    step = _STEPS[script].replace("{flows}", "<bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>")
    body = (
        '<bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>'
        + step
        + '<bpmn:exclusiveGateway id="choose" default="f4"><bpmn:incoming>f2</bpmn:incoming>'
        "<bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>"
        '<bpmn:userTask id="decide" name="Decide" camunda:candidateGroups="radet:ordforande">'
        "<bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing></bpmn:userTask>"
        '<bpmn:endEvent id="done"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:endEvent id="small"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="reckon"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="reckon" targetRef="choose"/>'
        f'<bpmn:sequenceFlow id="f3" sourceRef="choose" targetRef="decide">{condition}</bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="f4" sourceRef="choose" targetRef="small"/>'
        '<bpmn:sequenceFlow id="f5" sourceRef="decide" targetRef="done"/>'
    )
    return _ROOT.format(key=key, name=key.title(), attributes=attributes, body=body).encode()


def loop_of_tasks() -> bytes:
    """A user task that leads back to itself for ever."""
    body = (
        '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/>'
        '<bpmn:userTask id="decide" name="Decide" camunda:candidateGroups="radet:ordforande"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="again"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="again" targetRef="decide"/>'
        '<bpmn:sequenceFlow id="f3" sourceRef="decide" targetRef="again"/>'
    )
    return _ROOT.format(key="loop", name="Loop", attributes="", body=body).encode()


def loop_of_splits() -> bytes:
    """A user task between a parallel split and its join, and back."""
    body = (
        '<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="again"/><bpmn:parallelGateway id="split"/>'
        '<bpmn:parallelGateway id="join"/><bpmn:userTask id="decide" name="Decide" camunda:candidateGroups="radet:ordforande"/>'
        + "".join(
            f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
            for number, (source, target) in enumerate(
                [("begin", "again"), ("again", "split"), ("split", "join"), ("split", "join"), ("join", "decide"),
                 ("decide", "again")]
            )
        )
    )  # fmt: skip
    return _ROOT.format(key="splits", name="Splits", attributes="", body=body).encode()


def timers() -> bytes:
    """An instance that waits for a moment and then is over."""
    body = (
        '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="t">'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        '<bpmn:endEvent id="done"/><bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="wait"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="done"/>'
    )
    return _ROOT.format(key="timers", name="Timers", attributes="", body=body).encode()
