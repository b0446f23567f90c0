"""Draws diagrams for tests in a few lines: nodes as elements, flows as text.

`process(start(), user("a"), end(), flows="start>a; a>end")`; a flow may carry a condition (`x>a ${again}`) or be the default one
(`x>end *`), and be in another language (`x>a feel:n > 5`). What belongs outside a process is put there. Messages are declared by
the names that the events use.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
Node = etree._Element


class Everything:
    """A catalog that has whatever a diagram refers to."""

    def has_form(self, key: str) -> bool:
        return True

    has_decision = has_process = has_topic = has_form


def node(tag: str, id: str | None = None, *children: Node, **attributes: Any) -> Node:
    """A BPMN element; attributes with a leading underscore are the engine's (`_topic="x"` is camunda:topic)."""
    element = etree.Element(f"{{{BPMN}}}{tag}", nsmap={"bpmn": BPMN, "camunda": CAMUNDA})
    if id is not None:
        element.set("id", id)
    for name, value in attributes.items():
        element.set(f"{{{CAMUNDA}}}{name[1:]}" if name.startswith("_") else name, str(value))
    extensions = [child for child in children if child.tag.startswith(f"{{{CAMUNDA}}}")]
    if extensions:
        holder = etree.SubElement(element, f"{{{BPMN}}}extensionElements")
        holder.extend(extensions)
    element.extend(child for child in children if not child.tag.startswith(f"{{{CAMUNDA}}}"))
    return element


def extension(tag: str, *children: Node, text: str | None = None, **attributes: str) -> Node:
    element = etree.Element(f"{{{CAMUNDA}}}{tag}", attributes)
    element.text = text
    element.extend(children)
    return element


def io(inputs: dict[str, Any] | None = None, outputs: dict[str, Any] | None = None) -> Node:
    """camunda:inputOutput; a value is a template, a list of templates or a dictionary of them."""
    made = [_parameter("inputParameter", name, value) for name, value in (inputs or {}).items()]
    made += [_parameter("outputParameter", name, value) for name, value in (outputs or {}).items()]
    return extension("inputOutput", *made)


def _parameter(tag: str, name: str, value: Any) -> Node:
    if isinstance(value, list):
        return extension(tag, extension("list", *(extension("value", text=item) for item in value)), name=name)
    if isinstance(value, dict):
        entries = (extension("entry", text=item, key=key) for key, item in value.items())
        return extension(tag, extension("map", *entries), name=name)
    return extension(tag, text=value, name=name)


def properties(**values: str) -> Node:
    return extension("properties", *(extension("property", name=name, value=value) for name, value in values.items()))


def _text(tag: str, text: str, **attributes: str) -> Node:
    element = node(tag, None, **attributes)
    element.text = text
    return element


def message(name: str, id: str | None = None) -> Node:
    return node("messageEventDefinition", id, messageRef=_message_id(name))


def timer(*, date: str | None = None, duration: str | None = None, cycle: str | None = None) -> Node:
    kinds = {"timeDate": date, "timeDuration": duration, "timeCycle": cycle}
    return node("timerEventDefinition", None, *(_text(tag, text) for tag, text in kinds.items() if text is not None))


def terminate() -> Node:
    return node("terminateEventDefinition")


_NAMES: dict[str, str] = {}


def _message_id(name: str) -> str:
    return _NAMES.setdefault(name, f"Message{len(_NAMES)}")


def start(id: str = "start", *children: Node, **attributes: Any) -> Node:
    return node("startEvent", id, *children, **attributes)


def end(id: str = "end", *children: Node, **attributes: Any) -> Node:
    return node("endEvent", id, *children, **attributes)


def user(id: str, *children: Node, **attributes: Any) -> Node:
    return node("userTask", id, *children, **attributes)


def service(id: str, topic: str, *children: Node, **attributes: Any) -> Node:
    return node("serviceTask", id, *children, _type="external", _topic=topic, **attributes)


def rule(id: str, decision: str, *children: Node, **attributes: Any) -> Node:
    return node("businessRuleTask", id, *children, _decisionRef=decision, **attributes)


def send(id: str, name: str, *children: Node) -> Node:
    return node("sendTask", id, *children, messageRef=_message_id(name))


def receive(id: str, name: str, *children: Node) -> Node:
    return node("receiveTask", id, *children, messageRef=_message_id(name))


def throw(id: str, name: str, *children: Node) -> Node:
    return node("intermediateThrowEvent", id, message(name), *children)


def catch(id: str, definition: Node, *children: Node) -> Node:
    return node("intermediateCatchEvent", id, definition, *children)


def boundary(id: str, host: str, definition: Node, *, interrupting: bool = True, extra: tuple[Node, ...] = ()) -> Node:
    return node("boundaryEvent", id, definition, *extra, attachedToRef=host, cancelActivity=str(interrupting).lower())


def exclusive(id: str) -> Node:
    return node("exclusiveGateway", id)


def parallel(id: str) -> Node:
    return node("parallelGateway", id)


def inclusive(id: str) -> Node:
    return node("inclusiveGateway", id)


def race(id: str) -> Node:
    return node("eventBasedGateway", id)


def call(id: str, called: str, *children: Node, **attributes: Any) -> Node:
    return node("callActivity", id, *children, calledElement=called, **attributes)


def sub(id: str, *children: Node, flows: str, **attributes: Any) -> Node:
    return _wired(node("subProcess", id, *children, **attributes), flows)


def event_sub(id: str, begin: Node, *children: Node, flows: str, interrupting: bool = True) -> Node:
    begin.set("isInterrupting", str(interrupting).lower())
    return sub(id, begin, *children, flows=flows, triggeredByEvent="true")


def each(
    *,
    collection: str | None = None,
    variable: str | None = None,
    cardinality: str | None = None,
    sequential: bool = False,
    until: str | None = None,
    into: str | None = None,
    item: str | None = None,
    **more: str,
) -> Node:
    """Multi-instance characteristics."""
    attributes = {"isSequential": str(sequential).lower(), **more}
    if collection is not None:
        attributes["_collection"] = collection
    if variable is not None:
        attributes["_elementVariable"] = variable
    children = []
    if cardinality is not None:
        children += _conditions("loopCardinality", cardinality)
    if into is not None:
        children.append(_text("loopDataOutputRef", into))
    if item is not None:
        children.append(node("outputDataItem", None, name=item))
    if until is not None:
        children += _conditions("completionCondition", until)
    return node("multiInstanceLoopCharacteristics", None, *children, **attributes)


def data(id: str) -> Node:
    return node("dataObject", id)


def _wired(holder: Node, flows: str) -> Node:
    by_id = {child.get("id"): child for child in holder}
    for number, text in enumerate(filter(None, (part.strip() for part in flows.split(";")))):
        ends, _, rest = text.partition(" ")
        source, target = ends.split(">")
        flow = node("sequenceFlow", f"{source}_to_{target}" + ("" if f"{source}_to_{target}" not in by_id else f"_{number}"))
        flow.set("sourceRef", source)
        flow.set("targetRef", target)
        rest, _, heard = rest.partition(" @take ")
        if heard:
            etree.SubElement(flow, f"{{{BPMN}}}extensionElements").append(listener("take", heard))
        by_id[flow.get("id")] = flow
        if rest.strip() == "*":
            by_id[source].set("default", flow.get("id") or "")
        elif rest:
            language, source = _LANGUAGE.fullmatch(rest.strip()).groups()  # type: ignore[union-attr]
            flow.append(_text("conditionExpression", source, **({"language": language} if language else {})))
        holder.append(flow)
    return holder


def process(*children: Node, flows: str, key: str = "p", **attributes: Any) -> bytes:
    """A deployable file with one executable process."""
    inside = [child for child in children if child.tag not in _ROOTS]
    holder = node("process", key, *inside, name=key, isExecutable="true", **attributes)
    definitions = node("definitions", "definitions", targetNamespace="urn:test")
    definitions.extend(node("message", id, name=name) for name, id in _NAMES.items())
    definitions.extend(child for child in children if child.tag in _ROOTS)
    definitions.extend(node(tag, id, **attributes) for (tag, _), (id, attributes) in _DECLARED.items())
    definitions.append(_wired(holder, flows))
    return etree.tostring(definitions, xml_declaration=True, encoding="utf-8")


# Events


_DECLARED: dict[tuple[str, str], tuple[str, dict[str, str]]] = {}


def _declared(tag: str, name: str, **attributes: str) -> str:
    """The id of the signal, error or escalation `name`, which is declared beside the process."""
    return _DECLARED.setdefault((tag, name), (f"{tag.capitalize()}{len(_DECLARED)}", {"name": name, **attributes}))[0]


def signal(name: str) -> Node:
    return node("signalEventDefinition", signalRef=_declared("signal", name))


def error(code: str | None = None, *, says: str | None = None, **attributes: str) -> Node:
    """An error by its code, or any; `says` is the message of one that is thrown."""
    if code is not None:
        more = {} if says is None else {"_errorMessage": says}
        attributes["errorRef"] = _declared("error", f"{code} {says}" if says else code, errorCode=code, **more)
    return node("errorEventDefinition", **attributes)


def escalation(code: str | None = None, **attributes: str) -> Node:
    if code is not None:
        attributes["escalationRef"] = _declared("escalation", code, escalationCode=code)
    return node("escalationEventDefinition", **attributes)


def condition(text: str, **attributes: str) -> Node:
    return node("conditionalEventDefinition", None, _text("condition", text), **attributes)


def link(name: str) -> Node:
    return node("linkEventDefinition", name=name)


def undoing(activity: str | None = None, *, waits: bool = True) -> Node:
    """Compensation, of one activity or of all."""
    named = {} if activity is None else {"activityRef": activity}
    return node("compensateEventDefinition", None, waitForCompletion=str(waits).lower(), **named)


def cancelling() -> Node:
    return node("cancelEventDefinition")


def throwing(id: str, *definitions: Node) -> Node:
    return node("intermediateThrowEvent", id, *definitions)


def undone(host: str, handler: Node) -> tuple[Node, Node, Node]:
    """A compensation event on `host`, its handler, and the association between them."""
    event, by = f"{host}_undo", handler.get("id") or ""
    handler.set("isForCompensation", "true")
    return boundary(event, host, undoing()), handler, node("association", f"{event}_by", sourceRef=event, targetRef=by)


def transaction(id: str, *children: Node, flows: str, **attributes: Any) -> Node:
    return _wired(node("transaction", id, *children, **attributes), flows)


def in_line(*nodes: Node, more: tuple[Node, ...] = ()) -> bytes:
    """A process of `nodes` one after the other between a start and an end event; `more` stands beside them."""
    ids = ["start", *(str(node.get("id")) for node in nodes), "end"]
    return process(start(), *nodes, end(), *more, flows="; ".join(f"{one}>{other}" for one, other in pairwise(ids)))


# --- activities

_GLOBAL = ("globalTask", "globalUserTask", "globalScriptTask", "globalBusinessRuleTask", "globalManualTask")
_ROOTS = {f"{{{BPMN}}}{tag}" for tag in (*_GLOBAL, "dataStore", "interface", "message")}
_ROOTS |= {f"{{{BPMN}}}{kind}EventDefinition" for kind in ("message", "signal", "error", "escalation", "timer", "terminate")}
_LANGUAGE = re.compile(r"(?:(juel|javascript|feel|groovy):)?(.*)", re.DOTALL)


def task(id: str, *children: Node, **attributes: Any) -> Node:
    return node("task", id, *children, **attributes)


def script(
    id: str, source: str, *children: Node, language: str = "javascript", result: str | None = None, **attributes: Any
) -> Node:
    """A script task; `result` is its camunda:resultVariable."""
    if result is not None:
        attributes["_resultVariable"] = result
    return node("scriptTask", id, *children, _text("script", source), scriptFormat=language, **attributes)


def express(id: str, expression: str, *children: Node, result: str | None = None) -> Node:
    """A service task that is an expression."""
    attributes = {} if result is None else {"_resultVariable": result}
    return node("serviceTask", id, *children, _expression=expression, **attributes)


def code(source: str, language: str = "javascript") -> Node:
    """camunda:script, in a listener or a parameter."""
    return extension("script", text=source, scriptFormat=language)


def listener(event: str, does: str | Node, *, of: str = "executionListener") -> Node:
    """An execution listener, or with `of` a taskListener; an expression or `code`."""
    if isinstance(does, str):
        return extension(of, event=event, expression=does)
    return extension(of, does, event=event)


def parameter(name: str, source: str, language: str = "javascript", *, kind: str = "inputParameter") -> Node:
    """camunda:inputOutput with one parameter that is a script."""
    return extension("inputOutput", extension(kind, code(source, language), name=name))


def retry(cycle: str) -> Node:
    return extension("failedJobRetryTimeCycle", text=cycle)


def again(condition: str | None = None, *, before: bool = False, most: str | None = None) -> Node:
    """The loop marker."""
    attributes = {"testBefore": str(before).lower()}
    if most is not None:
        attributes["loopMaximum"] = most
    return node("standardLoopCharacteristics", None, *_conditions("loopCondition", condition), **attributes)


def ad_hoc(
    id: str,
    *children: Node,
    flows: str = "",
    until: str | None = None,
    ordering: str = "Parallel",
    cancels: bool = True,
    **attributes: Any,
) -> Node:
    holder = node(
        "adHocSubProcess",
        id,
        *children,
        *_conditions("completionCondition", until),
        ordering=ordering,
        cancelRemainingInstances=str(cancels).lower(),
        **attributes,
    )
    return _wired(holder, flows)


def complex_gateway(id: str, condition: str | None = None) -> Node:
    return node("complexGateway", id, *_conditions("activationCondition", condition))


def _conditions(tag: str, text: str | None) -> list[Node]:
    if text is None:
        return []
    language, source = _LANGUAGE.fullmatch(text).groups()  # type: ignore[union-attr]
    return [_text(tag, source, **({"language": language} if language else {}))]


def reference(tag: str, text: str) -> Node:
    return _text(tag, text)


def association(
    direction: str,
    source: str | None = None,
    target: str | None = None,
    *,
    made: str | None = None,
    assigned: str | None = None,
    to: str = "",
) -> Node:
    """A data association, `direction` "Input" or "Output": it copies, transforms (`made`) or assigns."""
    children = [_text("sourceRef", source)] if source is not None else []
    children += [_text("targetRef", target)] if target is not None else []
    children += _conditions("transformation", made)
    if assigned is not None:
        children.append(node("assignment", None, *_conditions("from", assigned), _text("to", to)))
    return node(f"data{direction}Association", None, *children)


def specification(inputs: str = "", outputs: str = "") -> Node:
    """An ioSpecification with data inputs and outputs by these names."""
    children = [node("dataInput", f"in_{name}", name=name) for name in inputs.split()]
    children += [node("dataOutput", f"out_{name}", name=name) for name in outputs.split()]
    return node("ioSpecification", None, *children)
