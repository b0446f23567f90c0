"""Small processes for the REST contract: work for workers, people's tasks, messages."""

from __future__ import annotations

from tests.engine.runtime.diagrams import diagram, end, flow, line, start, user
from tests.web.desk.material import form, text

SCALES = (
    '<bpmn:serviceTask id="weigh" name="Weigh" camunda:type="external" camunda:topic="scales"><bpmn:extensionElements>'
    '<camunda:properties><camunda:property name="hint" value="gently"/></camunda:properties></bpmn:extensionElements>'
    "</bpmn:serviceTask>"
)
ANYBODY = 'camunda:candidateStarterGroups="koordinator,radet"'
# A worker weighs, then the chair looks.
WEIGHING = diagram(
    "weighing", start() + SCALES + user("look") + end() + line("begin", "weigh", "look", "done"), attributes=ANYBODY, kind="case"
)
# A question with a form, then the council decides without one.
ASKING = diagram(
    "asking",
    start(formRef="question", initiator="who") + user("check", formRef="checking") + user("decide", "radet") + end()
    + line("begin", "check", "decide", "done"),
    attributes=ANYBODY, series="ÄR", kind="case", title="${titel}",
)  # fmt: skip
# Waits for a message; another process begins with one.
WAITING = diagram(
    "waiting",
    start() + '<bpmn:intermediateCatchEvent id="wait" name="Wait"><bpmn:messageEventDefinition id="m1" messageRef="news"/>'
    "</bpmn:intermediateCatchEvent>" + user("read") + end() + line("begin", "wait", "read", "done"),
    head='<bpmn:message id="news" name="news"/>', attributes=ANYBODY,
)  # fmt: skip
CALLED = diagram(
    "called",
    '<bpmn:startEvent id="heard"><bpmn:messageEventDefinition id="m1" messageRef="call"/></bpmn:startEvent>'
    + user("answer") + end() + line("heard", "answer", "done"),
    head='<bpmn:message id="call" name="call"/>',
)  # fmt: skip
# Waits for a timer, and for a service of our own that fails.
TIMED = diagram(
    "timed",
    start() + '<bpmn:intermediateCatchEvent id="rest" name="Rest"><bpmn:timerEventDefinition id="t1"><bpmn:timeDuration>PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>" + user("wake") + end()
    + line("begin", "rest", "wake", "done"), attributes=ANYBODY,
)  # fmt: skip
FAILING = diagram(
    "failing",
    start() + '<bpmn:serviceTask id="tell" name="Tell" camunda:type="external" camunda:topic="notify"/>' + end()
    + line("begin", "tell", "done"), attributes=ANYBODY,
)  # fmt: skip
ERRING = diagram(
    "erring",
    start() + SCALES + user("look") + user("mend") + end() + end("mended", "Mended")
    + '<bpmn:boundaryEvent id="broken" attachedToRef="weigh"><bpmn:errorEventDefinition id="ed" errorRef="e1"/>'
      "</bpmn:boundaryEvent>"
    + line("begin", "weigh", "look", "done") + flow("broken", "mend") + flow("mend", "mended"),
    head='<bpmn:error id="e1" name="Broken" errorCode="BROKEN"/>', attributes=ANYBODY, kind="case",
)  # fmt: skip
BROKEN = diagram("broken", start() + user("decide", formRef="no-such-form") + '<bpmn:scriptTask id="s" name="Do it"/>' + end())

FILES = {
    "weighing.bpmn": WEIGHING, "asking.bpmn": ASKING, "waiting.bpmn": WAITING, "called.bpmn": CALLED, "timed.bpmn": TIMED,
    "failing.bpmn": FAILING,
    "question.form": form("question", text("titel", "Rubrik", maxLength=80)),
    "checking.form": form(
        "checking", {"type": "number", "key": "antal", "id": "id_antal", "label": "Antal", "validate": {"required": True}}
    ),
}  # fmt: skip
