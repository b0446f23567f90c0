"""What the model says of a diagram: everything that hangs on its elements, and their order for a reader."""

from __future__ import annotations

import time

from engine.bpmn.model import (
    Assignment,
    Call,
    CallMapping,
    Decision,
    ListValue,
    MapValue,
    MultiInstance,
    Parameter,
    ProcessModel,
    Timer,
)
from engine.bpmn.problems import DeploymentRefused, Problem
from tests.engine.bpmn.dialect_diagrams import CATCH, MESSAGE, flow, line, read, timer, user_task

PROCESS = """
<bpmn:documentation>Så här går det till.</bpmn:documentation>
<bpmn:extensionElements><camunda:properties>
  <camunda:property name="kind" value="case"/><camunda:property name="title" value="${titel}"/>
</camunda:properties></bpmn:extensionElements>
<bpmn:laneSet id="banor">
  <bpmn:lane id="bana_lsg" name="LSG">
    <bpmn:extensionElements>
      <camunda:properties><camunda:property name="body" value="lsg"/></camunda:properties>
    </bpmn:extensionElements>
    <bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>granska</bpmn:flowNodeRef><bpmn:flowNodeRef>del</bpmn:flowNodeRef>
    <bpmn:childLaneSet id="inre_banor">
      <bpmn:lane id="bana_au" name="LSG:s AU"><bpmn:flowNodeRef>granska</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:childLaneSet>
  </bpmn:lane>
  <bpmn:lane id="bana_parter" name="Parterna"><bpmn:flowNodeRef>fraga_alla</bpmn:flowNodeRef></bpmn:lane>
</bpmn:laneSet>
<bpmn:startEvent id="start" name="Lyft" camunda:initiator="lyft_av" camunda:formRef="fraga" camunda:formRefBinding="latest"/>
<bpmn:userTask id="granska" name="Granska ${titel}" camunda:candidateGroups="lsg:ordforande, ${join(roller, ',')}"
    camunda:assignee="${vem}" camunda:candidateUsers="person:1" camunda:priority="70"
    camunda:dueDate="${addDuration(today(), 'P14D')}" camunda:followUpDate="2026-02-01"
    camunda:formKey="camunda-forms:deployment:svar.form">
  <bpmn:documentation>Läs frågan.</bpmn:documentation><bpmn:documentation>Svara.</bpmn:documentation>
  <bpmn:extensionElements>
    <camunda:inputOutput>
      <camunda:inputParameter name="text">Om ${titel}</camunda:inputParameter>
      <camunda:inputParameter name="lista">
        <camunda:list><camunda:value>a</camunda:value><camunda:value>${b}</camunda:value></camunda:list>
      </camunda:inputParameter>
      <camunda:inputParameter name="karta">
        <camunda:map><camunda:entry key="k">v</camunda:entry>
          <camunda:entry key="l"><camunda:list><camunda:value>1</camunda:value></camunda:list></camunda:entry></camunda:map>
      </camunda:inputParameter>
      <camunda:inputParameter name="tom"/>
      <camunda:outputParameter name="utfall">${svar}</camunda:outputParameter>
    </camunda:inputOutput>
    <camunda:properties><camunda:property name="clause" value="R7"/></camunda:properties>
  </bpmn:extensionElements>
</bpmn:userTask>
<bpmn:boundaryEvent id="paminn" name="7 dagar kvar" attachedToRef="granska" cancelActivity="false">
  <bpmn:timerEventDefinition>
    <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P7D</bpmn:timeDuration>
  </bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:serviceTask id="meddela" camunda:type="external" camunda:topic="parties"/>
<bpmn:businessRuleTask id="niva" camunda:decisionRef="niva" camunda:resultVariable="nivan" camunda:mapDecisionResult="singleEntry"/>
<bpmn:callActivity id="fraga_alla" calledElement="linjebeslut" camunda:calledElementBinding="deployment">
  <bpmn:extensionElements>
    <camunda:in variables="all"/><camunda:in source="titel" target="rubrik"/><camunda:in sourceExpression="${1 + 1}" target="tva"/>
    <camunda:in businessKey="${execution.businessKey}-${loopCounter}"/><camunda:out source="svar" target="svar"/>
  </bpmn:extensionElements>
  <bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="${parter}" camunda:elementVariable="part">
    <bpmn:completionCondition>${nrOfCompletedInstances == 3}</bpmn:completionCondition>
    <bpmn:loopDataOutputRef>svaren</bpmn:loopDataOutputRef><bpmn:outputDataItem id="ut" name="svar"/>
  </bpmn:multiInstanceLoopCharacteristics>
</bpmn:callActivity>
<bpmn:subProcess id="del" name="Delprocess">
  <bpmn:startEvent id="istart"/><bpmn:userTask id="inre" name="Inre"/><bpmn:endEvent id="islut"/>
  <bpmn:sequenceFlow id="i1" sourceRef="istart" targetRef="inre"/><bpmn:sequenceFlow id="i2" sourceRef="inre" targetRef="islut"/>
</bpmn:subProcess>
<bpmn:boundaryEvent id="avbryt" attachedToRef="del"><bpmn:messageEventDefinition messageRef="m1"/></bpmn:boundaryEvent>
<bpmn:endEvent id="slut"><bpmn:terminateEventDefinition/></bpmn:endEvent>
<bpmn:endEvent id="avbrutet"><bpmn:messageEventDefinition messageRef="m2"/></bpmn:endEvent>
<bpmn:subProcess id="handelse" triggeredByEvent="true">
  <bpmn:startEvent id="hstart" isInterrupting="false"><bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>
  <bpmn:endEvent id="hslut"/>
  <bpmn:sequenceFlow id="h1" sourceRef="hstart" targetRef="hslut"/>
</bpmn:subProcess>
<bpmn:dataObject id="svaren"/><bpmn:dataObjectReference id="svaren_ref" name="Svaren" dataObjectRef="svaren"/>
<bpmn:textAnnotation id="not"><bpmn:text>En anteckning</bpmn:text></bpmn:textAnnotation>
<bpmn:association id="till" sourceRef="granska" targetRef="not"/><bpmn:group id="grupp" categoryValueRef="kv"/>
<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="granska"/><bpmn:sequenceFlow id="f2" sourceRef="granska" targetRef="niva"/>
<bpmn:sequenceFlow id="f3" sourceRef="paminn" targetRef="meddela"/>
<bpmn:sequenceFlow id="f4" sourceRef="niva" targetRef="fraga_alla"/>
<bpmn:sequenceFlow id="f5" sourceRef="fraga_alla" targetRef="del"/><bpmn:sequenceFlow id="f6" sourceRef="del" targetRef="slut"/>
<bpmn:sequenceFlow id="f7" sourceRef="avbryt" targetRef="avbrutet"/>
"""
EXTRA = (
    MESSAGE
    + '<bpmn:message id="m2" name="avbrutet-${part}"/>'
    + '<bpmn:category id="k"><bpmn:categoryValue id="kv" value="Steg"/></bpmn:category>'
)
ATTRIBUTES = (
    'isExecutable="true" camunda:candidateStarterGroups="lsg, koordinator" camunda:versionTag="1.2" '
    'camunda:historyTimeToLive="P3650D" camunda:isStartableInTasklist="false"'
)


def whole() -> ProcessModel:
    return read(PROCESS, extra=EXTRA, attributes=ATTRIBUTES)


def test_the_process_itself() -> None:
    model = whole()
    assert (model.key, model.name, model.file_name, model.version_tag) == ("prov", "Prov", "prov.bpmn", "1.2")
    assert model.documentation == "Så här går det till."
    assert model.properties == {"kind": "case", "title": "${titel}"}
    assert model.candidate_starters == ("lsg", "koordinator")
    assert (model.startable, model.history_time_to_live) == (False, "P3650D")
    assert model.data_objects == {"svaren": "Svaren"}
    assert model.start is model.elements["start"]
    assert model.message_starts == {}
    assert model.spec is None
    assert model.forms() == {"fraga", "svar"}
    assert model.decisions() == {"niva"}
    assert model.calls() == {"linjebeslut"}
    assert model.topics() == {"parties"}


def test_a_user_task() -> None:
    task = whole().elements["granska"]
    assert task.name == "Granska ${titel}"
    assert task.documentation == "Läs frågan.\n\nSvara."
    assert task.properties == {"clause": "R7"}
    assert (task.incoming, task.outgoing) == (("f1",), ("f2",))
    assert (task.form_key, task.form_binding) == ("svar", "deployment")
    assert task.assignment == Assignment(
        assignee="${vem}",
        groups=("lsg:ordforande", "${join(roller, ',')}"),
        users=("person:1",),
        due="${addDuration(today(), 'P14D')}",
        follow_up="2026-02-01",
        priority="70",
    )
    assert task.inputs == (
        Parameter("text", "Om ${titel}"),
        Parameter("lista", ListValue(("a", "${b}"))),
        Parameter("karta", MapValue((("k", "v"), ("l", ListValue(("1",)))))),
        Parameter("tom", ""),
    )
    assert task.outputs == (Parameter("utfall", "${svar}"),)
    assert task.is_activity and not whole().elements["slut"].is_activity


def test_events() -> None:
    elements = whole().elements
    assert (elements["start"].initiator, elements["start"].form_key, elements["start"].form_binding) == (
        "lyft_av",
        "fraga",
        "latest",
    )
    assert elements["paminn"].timer == Timer("duration", "P7D")
    assert (elements["paminn"].attached_to, elements["paminn"].interrupting, elements["paminn"].event) == (
        "granska",
        False,
        "timer",
    )
    assert (elements["avbryt"].message, elements["avbryt"].interrupting, elements["avbryt"].event) == ("svar", True, "message")
    assert elements["slut"].event == "terminate"
    assert elements["avbrutet"].message == "avbrutet-${part}"
    assert elements["handelse"].event_subprocess and not elements["del"].event_subprocess
    assert (elements["hstart"].scope, elements["hstart"].interrupting) == ("handelse", False)


def test_decisions_services_calls_and_multi_instance() -> None:
    elements = whole().elements
    assert elements["niva"].decision == Decision("niva", "nivan", "singleEntry")
    assert elements["meddela"].topic == "parties"
    assert elements["fraga_alla"].call == Call(
        called="linjebeslut",
        binding="deployment",
        business_key="${execution.businessKey}-${loopCounter}",
        inputs=(
            CallMapping(all_variables=True),
            CallMapping(source="titel", target="rubrik"),
            CallMapping(expression="${1 + 1}", target="tva"),
        ),
        outputs=(CallMapping(source="svar", target="svar"),),
    )
    assert elements["fraga_alla"].called_binding == "deployment"
    assert elements["fraga_alla"].loop == MultiInstance(
        sequential=True,
        collection="${parter}",
        element_variable="part",
        completion_condition="${nrOfCompletedInstances == 3}",
        output_collection="svaren",
        output_item="svar",
    )


def test_lanes_are_the_innermost_and_reach_into_subprocesses_and_to_boundaries() -> None:
    elements = whole().elements
    assert (elements["start"].lane, elements["start"].lane_body) == ("LSG", "lsg")
    assert (elements["granska"].lane, elements["granska"].lane_body) == ("LSG:s AU", None)
    assert (elements["paminn"].lane, elements["inre"].lane) == ("LSG:s AU", "LSG")
    assert elements["fraga_alla"].lane == "Parterna"
    assert elements["slut"].lane is None


def test_the_outline_reads_along_the_flows() -> None:
    assert [(item.element.id, item.depth) for item in whole().outline()] == [
        ("start", 0),
        ("granska", 0),
        ("paminn", 1),
        ("niva", 0),
        ("fraga_alla", 0),
        ("del", 0),
        ("istart", 1),
        ("inre", 1),
        ("islut", 1),
        ("avbryt", 1),
        ("slut", 0),
        ("avbrutet", 0),
        ("meddela", 0),
        ("handelse", 0),
        ("hstart", 1),
        ("hslut", 1),
    ]


def test_a_loop_is_read_once_and_its_join_before_what_follows() -> None:
    process = line(
        '<bpmn:exclusiveGateway id="in"/>',
        user_task("a"),
        '<bpmn:exclusiveGateway id="val" default="f3"/>',
        user_task("sist"),
    )
    process += user_task("om") + flow("g1", "val", "om", "${om}") + flow("g2", "om", "in")
    assert list(read(process).elements) == ["start", "in", "a", "val", "sist", "slut", "om"]


def test_branches_are_read_in_the_order_of_their_flows_and_before_their_join() -> None:
    process = line('<bpmn:parallelGateway id="dela"/>', user_task("a"), user_task("b"), '<bpmn:parallelGateway id="samla"/>')
    process += user_task("c") + flow("g1", "dela", "c") + flow("g2", "c", "samla")
    assert list(read(process).elements) == ["start", "dela", "a", "b", "c", "samla", "slut"]


def test_message_starts() -> None:
    process = line(user_task("a")) + f'<bpmn:startEvent id="brev">{CATCH}</bpmn:startEvent>' + flow("g", "brev", "a")
    model = read(process)
    assert model.message_starts == {"svar": "brev"}
    assert model.start is not None and model.start.id == "start"
    only = read(
        line(user_task("a")).replace('<bpmn:startEvent id="start"/>', f'<bpmn:startEvent id="start">{CATCH}</bpmn:startEvent>')
    )
    assert only.start is None


def test_a_call_named_by_an_expression_is_not_asked_for() -> None:
    model = read(line('<bpmn:callActivity id="x" calledElement="${process}"/>'))
    assert model.calls() == set()
    assert model.elements["x"].called_element == "${process}"
    assert model.elements["x"].called_binding == "latest"


def test_timers_of_each_kind() -> None:
    for kind, value, short in (("timeDate", "2026-01-12", "date"), ("timeDuration", "${frist}", "duration")):
        model = read(line(f'<bpmn:intermediateCatchEvent id="x">{timer(kind, value)}</bpmn:intermediateCatchEvent>'))
        assert model.elements["x"].timer == Timer(short, value)  # type: ignore[arg-type]


def test_a_line_of_ten_thousand_tasks_is_read_without_recursion() -> None:
    started = time.monotonic()
    model = read(line(*(user_task(f"t{number}") for number in range(10_000))))
    assert len(model.elements) == 10_002
    assert list(model.elements)[:3] == ["start", "t0", "t1"]
    assert time.monotonic() - started < 15


def test_problems_are_readable_lines() -> None:
    problem = Problem("a.bpmn", "x", "Svara", "Något är fel.", 7)
    assert str(problem) == "a.bpmn, line 7: x “Svara”: Något är fel."
    assert str(Problem("a.bpmn", "x", "x", "Något är fel.")) == "a.bpmn: x: Något är fel."
    assert str(Problem("a.bpmn", None, None, "Något är fel.")) == "a.bpmn: Något är fel."
    refused = DeploymentRefused([problem, problem])
    assert refused.problems == (problem, problem)
    assert str(refused).count("\n") == 1
