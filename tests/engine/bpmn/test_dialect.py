"""Every refusal, each with a small diagram; and that all problems of a diagram are told at once."""

from __future__ import annotations

import pytest

from engine.bpmn.dialect import process_keys, read_diagram
from engine.bpmn.problems import DeploymentRefused, Problem
from tests.engine.bpmn.dialect_diagrams import (
    CATCH,
    MESSAGE,
    OPERATON,
    Known,
    file,
    flow,
    line,
    problems,
    read,
    refusals,
    timer,
    user_task,
)

TASK = user_task("uppgift")
AFTER = '<bpmn:endEvent id="slut2"/>'


def extended(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def only(found: list[Problem], element_id: str | None, words: str) -> Problem:
    """The one problem, which is of `element_id` and says `words`."""
    assert len(found) == 1, "\n".join(str(problem) for problem in found)
    problem = found[0]
    assert problem.element_id == element_id, str(problem)
    assert words in problem.reason, str(problem)
    assert problem.line is not None
    assert problem.reason.rstrip().endswith(".")
    return problem


def test_five_faults_are_five_problems_in_the_order_of_the_lines() -> None:
    found = refusals(
        "\n".join(
            [
                '<bpmn:startEvent id="start"/>',
                '<bpmn:scriptTask id="skript" name="Räkna"/>',
                user_task("a", 'startQuantity="noll"'),
                user_task("b", 'camunda:dueDate="${om(3)}"'),
                user_task("c", 'camunda:formRef="saknas"'),
                '<bpmn:endEvent id="slut"/>',
                *(flow(f"f{one}", one, other) for one, other in [("start", "skript"), ("skript", "a"), ("a", "b"), ("b", "c")]),
                flow("fc", "c", "borta"),
                flow("fs", "c", "slut"),
            ]
        )
    )
    assert [problem.element_id for problem in found] == ["skript", "a", "b", "c", "fc"]
    assert [problem.line for problem in found] == sorted(problem.line or 0 for problem in found)
    assert str(found[0]).startswith("prov.bpmn, line 4: skript “Räkna”: It is not said what this script task does")


def test_a_repeated_look_finds_the_same() -> None:
    process = line('<bpmn:scriptTask id="s"/>', user_task("a", 'startQuantity="0"'))
    assert refusals(process) == refusals(process)


@pytest.mark.parametrize("kind", ["choreographyTask", "callChoreography", "conversation"])
def test_kinds_of_nodes_that_are_not_executed(kind: str) -> None:
    found = refusals(line(TASK) + f'<bpmn:{kind} id="nod" name="Nod"/>')
    only(found, "nod", "not executed by this engine")


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        ("error", "intermediateThrowEvent", "throw it from an end event"),
        ("cancel", "intermediateThrowEvent", "An end event in a transaction cancels it"),
        ("terminate", "intermediateThrowEvent", "Only an end event terminates"),
        ("timer", "intermediateThrowEvent", "not thrown"),
        ("conditional", "intermediateThrowEvent", "not thrown"),
        ("error", "intermediateCatchEvent", "caught on an activity's border"),
        ("escalation", "intermediateCatchEvent", "caught on a border"),
        ("compensate", "intermediateCatchEvent", "caught on the border of an activity"),
        ("cancel", "intermediateCatchEvent", "caught on the border of its transaction"),
        ("terminate", "intermediateCatchEvent", "has no meaning within a intermediateCatchEvent"),
        ("terminate", "boundaryEvent", "has no meaning within a boundaryEvent"),
        ("link", "boundaryEvent", "draw the flow from the boundary event"),
    ],
)
def test_kinds_of_events_where_they_cannot_stand(kind: str, place: str, words: str) -> None:
    event = f'<bpmn:{place} id="nod" attachedToRef="uppgift"><bpmn:{kind}EventDefinition id="def"/></bpmn:{place}>'
    if place == "boundaryEvent":
        found = refusals(line(TASK) + event)
    else:
        found = refusals(line(event.replace(' attachedToRef="uppgift"', "")))
    assert any(problem.element_id == "nod" and words in problem.reason for problem in found), found


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (user_task("x", 'camunda:jobPriority="5"'), "in the order in which they fall due"),
        (user_task("x", 'camunda:påhittat="5"'), "camunda:påhittat is not executed"),
        (user_task("x", 'startQuantity="0"'), "startQuantity is “0”"),
        (user_task("x", 'completionQuantity="två"'), "completionQuantity is “två”"),
        (user_task("x", 'isForCompensation="ja"'), "isForCompensation"),
        (user_task("x", 'implementation="http://x"'), "implementation=“http://x” is not executed"),
        (user_task("x", 'påhittat="1"'), "The attribute påhittat is not executed"),
        (user_task("x", 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" zeebe:x="1"'), "meant for Camunda 8"),
        (user_task("x", 'xmlns:flowable="http://flowable.org/bpmn" flowable:async="true"'), "meant for Flowable"),
        (user_task("x", inside="<bpmn:standardLoopCharacteristics/>"), "The loop would never end"),
        (user_task("x", inside="<bpmn:ioSpecification><bpmn:inputSet/><bpmn:inputSet/></bpmn:ioSpecification>"), "alternatives"),
        (user_task("x", inside="<bpmn:potentialOwner/>"), "camunda:candidateGroups"),
        (user_task("x", inside="<bpmn:påhittat/>"), "“påhittat” is not executed by this engine"),
        (user_task("x", inside="<bpmn:conditionExpression/>"), "has no meaning within a userTask"),
        (user_task("x", inside='<x:y xmlns:x="http://example.org/x"/>'), "belong into extensionElements"),
        (
            user_task("x", inside=extended("<camunda:taskListener/>")),
            "The listener's event is",
        ),
        (
            user_task("x", inside=extended('<camunda:executionListener event="start" class="a.B"/>')),
            "Java classes",
        ),
        (user_task("x", inside=extended("<camunda:formData/>")), "holds no field"),
        (
            user_task("x", inside=extended("<camunda:in variables='all'/>")),
            "no meaning on a userTask",
        ),
        (
            user_task("x", inside=extended("<camunda:påhittat/>")),
            "camunda:påhittat is not executed",
        ),
        (user_task("x", inside=extended("<bpmn:documentation/>")), "cannot stand within"),
        (
            user_task(
                "x", inside='<bpmn:extensionElements><z:y xmlns:z="http://camunda.org/schema/zeebe/1.0"/></bpmn:extensionElements>'
            ),
            "meant for Camunda 8",
        ),
        ('<bpmn:serviceTask id="x" camunda:class="a.B" camunda:type="external" camunda:topic="parties"/>', "Java classes"),
        (
            '<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="parties" camunda:taskPriority="1 a"/>',
            "write a whole number",
        ),
        ('<bpmn:receiveTask id="x" messageRef="m1" instantiate="true"/>', "remove the flows to it"),
        (
            '<bpmn:exclusiveGateway id="x"><bpmn:documentation><b/></bpmn:documentation></bpmn:exclusiveGateway>',
            "cannot stand within",
        ),
        ('<bpmn:parallelGateway id="x" default="f1"/>', "The attribute default is not executed"),
    ],
)
def test_what_is_not_in_the_table(node: str, words: str) -> None:
    found = refusals(line(node))
    assert words in found[0].reason
    assert found[0].element_id == "x"


@pytest.mark.parametrize(
    "node",
    [
        user_task("x", 'camunda:asyncBefore="false" camunda:exclusive="true" startQuantity="1" isForCompensation="false"'),
        user_task("x", 'implementation="##unspecified" camunda:modelerTemplate="mall"'),
        user_task("x", 'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" bioc:fill="#fff"'),
        user_task("x", 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:note="x"'),
        user_task("x", inside='<bpmn:extensionElements><x:y xmlns:x="http://example.org/x"><x:z/></x:y></bpmn:extensionElements>'),
        '<bpmn:parallelGateway id="x" gatewayDirection="Diverging"/>',
        '<bpmn:userTask id="x"><bpmn:property id="p" name="__targetRef_placeholder"/><bpmn:dataInputAssociation id="d">'
        "<bpmn:sourceRef>data</bpmn:sourceRef><bpmn:targetRef>p</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:userTask>"
        '<bpmn:dataObjectReference id="data" dataObjectRef="objekt"/><bpmn:dataObject id="objekt"/>',
    ],
)
def test_what_says_nothing_about_execution_is_accepted(node: str) -> None:
    assert "x" in read(line(node)).elements


def test_data_that_would_be_moved_is_refused() -> None:
    inside = "<bpmn:dataInputAssociation><bpmn:assignment><bpmn:from/></bpmn:assignment></bpmn:dataInputAssociation>"
    only(refusals(line(user_task("x", inside=inside))), "x", "assignment")


def test_either_namespace_is_read() -> None:
    process = line(user_task("x", 'camunda:assignee="${vem}"'))
    for namespace in ("http://camunda.org/schema/1.0/bpmn", OPERATON):
        assignment = read(process, namespace=namespace).elements["x"].assignment
        assert assignment is not None and assignment.assignee == "${vem}"
    only(refusals(line(user_task("x", 'camunda:påhittat="true"')), namespace=OPERATON), "x", "påhittat")


# The file as a whole


def test_a_file_of_something_else() -> None:
    only(problems(b"<html><body/></html>"), None, "no BPMN 2.0 diagram")
    only(problems(b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'), None, "no BPMN 2.0 diagram")


@pytest.mark.parametrize("attributes", ["", 'isExecutable="false"'])
def test_nothing_is_executable(attributes: str) -> None:
    only(refusals(line(TASK), attributes=attributes), None, "No process in the file is executable")


def test_a_boolean_is_true_or_false() -> None:
    found = refusals(line(TASK), attributes='isExecutable="ja"')
    assert any("isExecutable is “ja”" in problem.reason for problem in found)
    boundary = f'<bpmn:boundaryEvent id="grans" attachedToRef="uppgift" cancelActivity="nej">{timer()}</bpmn:boundaryEvent>'
    only(refusals(line(TASK) + boundary), "grans", "cancelActivity is “nej”")


def test_a_process_drawn_beside_may_hold_anything() -> None:
    other = '<bpmn:process id="annan" isExecutable="false"><bpmn:scriptTask id="skript"/></bpmn:process>'
    assert read(line(TASK), extra=other).key == "prov"


def test_two_executable_pools() -> None:
    other = f'<bpmn:process id="annan" isExecutable="true">{line(user_task("b"), prefix="a")}</bpmn:process>'
    pools = '<bpmn:participant id="p1" processRef="prov"/><bpmn:participant id="p2" processRef="annan"/>'
    collaboration = f'<bpmn:collaboration id="samarbete">{pools}</bpmn:collaboration>'
    only(refusals(line(TASK), extra=collaboration + other), "samarbete", "2 pools")
    models = read_diagram(file(line(TASK), extra=other), "prov.bpmn", Known())
    assert [model.key for model, _ in models] == ["annan", "prov"]
    assert process_keys(file(line(TASK), extra=other), "prov.bpmn") == ["annan", "prov"]


def test_a_pool_of_a_process_that_is_not_there() -> None:
    pool = '<bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="borta"/></bpmn:collaboration>'
    only(refusals(line(TASK), extra=pool), "p1", "“borta”")


def test_black_box_pools_and_message_flows_are_drawn_only() -> None:
    pools = (
        '<bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="prov"/><bpmn:participant id="p2" name="Kommunen">'
        '<bpmn:participantMultiplicity maximum="16"/></bpmn:participant>'
        '<bpmn:messageFlow id="mf" sourceRef="p2" targetRef="p1"/></bpmn:collaboration>'
    )
    assert read(line(TASK), extra=pools).key == "prov"


def test_duplicate_ids() -> None:
    only(refusals(line(TASK) + '<bpmn:textAnnotation id="uppgift"/>'), "uppgift", "used twice, first in line")


@pytest.mark.parametrize("key", ["1a", "a b", "#a", "a/b"])
def test_ids_that_are_no_names(key: str) -> None:
    assert f"“{key}” cannot be an id" in refusals(line(user_task(key)))[0].reason


def test_a_node_without_id() -> None:
    only(refusals(line(TASK) + "<bpmn:userTask name='x'/>"), "prov", "userTask has no id")


# Flows, starts and ends


def test_a_flow_to_nowhere_and_from_nowhere() -> None:
    only(refusals(line(TASK) + flow("lös", "uppgift2", "slut")), "lös", "source “uppgift2” does not exist")
    process = line(TASK).replace('targetRef="slut"', 'targetRef="borta"')
    only(refusals(process), "f1", "target “borta” does not exist")


def test_a_flow_across_the_border_of_a_subprocess() -> None:
    sub = f'<bpmn:subProcess id="del">{line(user_task("inre"), prefix="i")}</bpmn:subProcess>'
    gateway = '<bpmn:parallelGateway id="grind"/>'
    found = refusals(line(gateway, sub) + flow("över", "grind", "inre"))
    only(found, "över", "other side of a subprocess's border")


def test_no_start() -> None:
    assert read(TASK + '<bpmn:endEvent id="slut"/>' + flow("f", "uppgift", "slut")).implicit_starts() == {None: ("uppgift",)}
    model = read(line('<bpmn:subProcess id="del"><bpmn:userTask id="inre"/></bpmn:subProcess>'))
    assert model.implicit_starts() == {"del": ("inre",)}
    only(refusals(""), "prov", "no start event")
    only(refusals(line('<bpmn:subProcess id="del"/>')), "del", "no start event")


def test_two_starts() -> None:
    only(refusals(line(TASK) + '<bpmn:startEvent id="start2"/>' + flow("f", "start2", "uppgift")), "start2", "second start event")


def test_a_timer_that_starts_a_process() -> None:
    process = line(TASK).replace('<bpmn:startEvent id="start"/>', f'<bpmn:startEvent id="start">{timer()}</bpmn:startEvent>')
    model = read(process)
    assert model.start is None
    assert [(key, found.expression) for key, found in model.timer_starts.items()] == [("start", "P14D")]


def test_two_starts_by_one_message() -> None:
    start = f'<bpmn:startEvent id="s{{0}}">{CATCH}</bpmn:startEvent>' + flow("g{0}", "s{0}", "uppgift")
    process = line(TASK) + start.format(1)
    assert read(process).message_starts == {"svar": "s1"}
    only(refusals(process + start.format(2)), "s2", "message “svar” too")


def test_a_start_with_incoming_and_an_end_with_outgoing() -> None:
    only(
        refusals(line(TASK).replace('targetRef="slut"', 'targetRef="start"') + flow("f", "start", "slut"))[:1],
        "start",
        "leads into a start",
    )
    only(refusals(line(TASK) + flow("f", "slut", "uppgift")), "slut", "leaves an end event")


def test_an_embedded_subprocess_starts_plainly() -> None:
    inner = line(user_task("inre"), prefix="i").replace(
        '<bpmn:startEvent id="istart"/>', f'<bpmn:startEvent id="istart">{CATCH}</bpmn:startEvent>'
    )
    only(refusals(line(f'<bpmn:subProcess id="del">{inner}</bpmn:subProcess>')), "istart", "take the event away")
    inner = line(user_task("inre"), prefix="i").replace('id="istart"', 'id="istart" camunda:initiator="vem"')
    only(refusals(line(f'<bpmn:subProcess id="del">{inner}</bpmn:subProcess>')), "istart", "take the form and the initiator away")


def event_subprocess(start: str = CATCH, attributes: str = "", more: str = "") -> str:
    inner = line(user_task("inre"), prefix="i").replace(
        '<bpmn:startEvent id="istart"/>', f'<bpmn:startEvent id="istart" {attributes}>{start}</bpmn:startEvent>{more}'
    )
    return f'<bpmn:subProcess id="handelse" triggeredByEvent="true">{inner}</bpmn:subProcess>'


def test_event_subprocesses() -> None:
    model = read(line(TASK) + event_subprocess(attributes='isInterrupting="false"'))
    assert model.elements["handelse"].event_subprocess
    assert not model.elements["istart"].interrupting
    only(refusals(line(TASK) + event_subprocess(start="")), "istart", "waits for a message or a timer")
    second = f'<bpmn:startEvent id="i2">{CATCH}</bpmn:startEvent>' + flow("if9", "i2", "inre")
    only(refusals(line(TASK) + event_subprocess(more=second)), "handelse", "this one has 2")
    only(refusals(line(event_subprocess()))[:1], "handelse", "entered by its event alone")
    repeated = event_subprocess().replace(
        'triggeredByEvent="true">',
        'triggeredByEvent="true"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>",
    )
    only(refusals(line(TASK) + repeated), "handelse", "runs once for each event")


def test_is_interrupting_on_a_plain_start() -> None:
    only(refusals(line(TASK).replace('id="start"', 'id="start" isInterrupting="false"')), "start", "only in an event subprocess")


def test_several_flows_from_a_task() -> None:
    assert read(line(TASK) + AFTER + flow("f", "uppgift", "slut2")).elements["uppgift"].outgoing == ("f1", "f")


def test_unreachable_elements() -> None:
    lost = user_task("a") + user_task("b") + flow("fa", "a", "b") + flow("fb", "b", "slut")
    only(refusals(line(TASK) + lost), "a", "No path from a start event leads here")
    found = refusals(line(TASK) + user_task("a") + user_task("b") + flow("fa", "a", "b") + flow("fb", "b", "a"))
    only(found, "b", "No path from a start event leads here")


# Gateways and conditions


def choice(*, first: str | None = "${a}", second: str | None = "${b}", attributes: str = "", kind: str = "exclusiveGateway") -> str:
    gateway = f'<bpmn:{kind} id="val" {attributes}/>'
    return (
        line(gateway).replace(flow("f1", "val", "slut"), flow("f1", "val", "slut", first))
        + AFTER
        + flow("f2", "val", "slut2", second)
    )


def test_conditions_and_default_flows() -> None:
    model = read(choice(second=None, attributes='default="f2"'))
    assert model.flows["f1"].condition == "${a}"
    assert model.flows["f2"].default
    assert model.elements["val"].default == "f2"
    only(refusals(choice(second=None)), "f2", "no condition and is not the default")
    only(refusals(choice(second=None, kind="inclusiveGateway")), "f2", "no condition and is not the default")
    only(refusals(choice(attributes='default="f2"')), "f2", "has a condition itself")
    only(refusals(choice(attributes='default="f0"')), "val", "does not leave this")
    only(refusals(choice(second=None, attributes='default="f1 f2"'))[:1], "val", "Two default flows")


def test_a_condition_where_it_is_not_looked_at() -> None:
    only(refusals(choice(second=None, kind="parallelGateway")), "f1", "no effect on a flow from a parallelGateway")
    process = line(TASK).replace(flow("f1", "uppgift", "slut"), flow("f1", "uppgift", "slut", "${a}"))
    only(refusals(process), "f1", "only flow from here has a condition")
    only(refusals(line(user_task("uppgift", 'default="f1"'))), "uppgift", "no effect on a userTask")
    process = line('<bpmn:exclusiveGateway id="val"/>').replace(flow("f1", "val", "slut"), flow("f1", "val", "slut", "${a}"))
    only(refusals(process), "f1", "only flow from here has a condition")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("a == 1", "write ${…} around it"),
        ("${a = 1}", "compare with =="),
        ("${om(a)}", "no function om()"),
        ("", "empty"),
        ("${}", "names nothing"),
    ],
)
def test_conditions_that_cannot_be_read(condition: str, words: str) -> None:
    only(refusals(choice(first=condition)), "f1", words)


def test_a_condition_in_another_language() -> None:
    process = choice().replace(
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${a}', '<bpmn:conditionExpression language="groovy">${a}'
    )
    only(refusals(process), "f1", "written in groovy")
    process = choice().replace(
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${a}', '<bpmn:conditionExpression camunda:resource="x">${a}'
    )
    only(refusals(process), "f1", "camunda:resource is not executed")


def test_a_gateway_without_a_way_out() -> None:
    process = line(TASK) + '<bpmn:exclusiveGateway id="val"/>'
    process = process.replace('targetRef="slut"', 'targetRef="val"').replace('<bpmn:endEvent id="slut"/>', "")
    only(refusals(process), "val", "No flow leaves this gateway")


def test_a_back_edge_into_a_parallel_gateway() -> None:
    process = line('<bpmn:parallelGateway id="dela"/>', TASK, '<bpmn:exclusiveGateway id="val" default="f3"/>')
    only(refusals(process + flow("åter", "val", "dela", "${igen}")), "åter", "leads back into the parallel gateway “dela”")
    join = line(
        '<bpmn:exclusiveGateway id="in"/>',
        '<bpmn:parallelGateway id="dela"/>',
        TASK,
        '<bpmn:exclusiveGateway id="val" default="f4"/>',
    )
    assert read(join + flow("åter", "val", "in", "${igen}")).key == "prov"


def test_a_parallel_join_is_no_back_edge() -> None:
    process = line('<bpmn:parallelGateway id="dela"/>', TASK, '<bpmn:parallelGateway id="samla"/>')
    assert read(process + user_task("b") + flow("g1", "dela", "b") + flow("g2", "b", "samla")).key == "prov"


def race(*targets: str) -> str:
    gateway = '<bpmn:startEvent id="start"/><bpmn:eventBasedGateway id="lopp"/><bpmn:endEvent id="slut"/>' + flow(
        "f0", "start", "lopp"
    )
    ids = [target.split('id="', 1)[1].split('"', 1)[0] for target in targets]
    ways = [flow(f"a{key}", "lopp", key) + flow(f"b{key}", key, "slut") for key in ids]
    return gateway + "".join(targets) + "".join(ways)


CATCHES = f'<bpmn:intermediateCatchEvent id="brev">{CATCH}</bpmn:intermediateCatchEvent>'
WAITS = f'<bpmn:intermediateCatchEvent id="tid">{timer()}</bpmn:intermediateCatchEvent>'


def test_event_based_gateways() -> None:
    assert read(race(CATCHES, WAITS)).elements["lopp"].outgoing == ("abrev", "atid")
    assert read(race(CATCHES, '<bpmn:receiveTask id="mot" messageRef="m1"/>')).key == "prov"
    only(refusals(race(CATCHES, TASK)), "auppgift", "waits for no event")
    only(refusals(race(CATCHES)), "lopp", "draw the others")
    condition = race(CATCHES, WAITS).replace(flow("abrev", "lopp", "brev"), flow("abrev", "lopp", "brev", "${a}"))
    only(refusals(condition), "abrev", "no effect on a flow from a eventBasedGateway")
    only(refusals(race(CATCHES, WAITS) + user_task("u") + flow("x1", "slut", "u")), "slut", "leaves an end event")
    more = user_task("u") + flow("x1", "tid", "u") + flow("x2", "u", "brev")
    assert any("Other flows lead to this event" in problem.reason for problem in refusals(race(CATCHES, WAITS) + more))


# Events


def test_messages_without_a_name() -> None:
    event = '<bpmn:intermediateCatchEvent id="brev"><bpmn:messageEventDefinition {0}/></bpmn:intermediateCatchEvent>'
    only(refusals(line(event.format(""))), "brev", "No message is chosen")
    only(refusals(line(event.format('messageRef="m9"'))), "brev", "“m9” does not exist")
    only(refusals(line(event.format('messageRef="m1"')), extra='<bpmn:message id="m1"/>'), "brev", "has no name")
    named = '<bpmn:message id="m1" name="svar-${part}"/>'
    only(refusals(line(event.format('messageRef="m1"')), extra=named), "brev", "write a plain name")
    only(refusals(line('<bpmn:receiveTask id="mot"/>')), "mot", "No message is chosen")
    only(refusals(line('<bpmn:sendTask id="skicka"/>')), "skicka", "No message is chosen")
    assert read(line('<bpmn:sendTask id="skicka" messageRef="m1"/>'), extra=named).elements["skicka"].message == "svar-${part}"
    broken = '<bpmn:message id="m1" name="svar-${"/>'
    only(refusals(line('<bpmn:sendTask id="skicka" messageRef="m1"/>'), extra=broken), "skicka", "closing }")


def test_a_definition_by_reference() -> None:
    event = (
        '<bpmn:intermediateCatchEvent id="tid"><bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>'
    )
    only(refusals(line(event)), "tid", "put it into the event itself")
    declared = timer().replace("<bpmn:timerEventDefinition>", '<bpmn:timerEventDefinition id="t">')
    found = read(line(event), extra=declared).elements["tid"].timer
    assert found is not None and found.expression == "P14D"


def test_events_without_or_with_several_definitions() -> None:
    only(refusals(line('<bpmn:intermediateCatchEvent id="e"/>')), "e", "what this event waits for")
    only(refusals(line('<bpmn:intermediateThrowEvent id="e"/>')), "e", "what this event does")
    only(refusals(line(TASK) + '<bpmn:boundaryEvent id="e" attachedToRef="uppgift"/>'), "e", "what this boundary event waits for")
    several = read(line(f'<bpmn:intermediateCatchEvent id="e">{timer()}{CATCH}</bpmn:intermediateCatchEvent>')).elements["e"]
    assert (several.event, [each.kind for each in several.definitions]) == ("multiple", ["timer", "message"])


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("timeDuration", "14 dagar", "no ISO 8601 duration"),
        ("timeDuration", "-P1D", "negative"),
        ("timeDuration", "", "empty"),
        ("timeDuration", "${om(1)}", "no function om()"),
        ("timeDate", "P1D", "no ISO 8601 date"),
        ("timeDate", "2026-02-30", "does not exist"),
        ("timeCycle", "PT1H", "no ISO 8601 repetition"),
        ("timeCycle", "R/PT0S", "without time between"),
    ],
)
def test_timers_that_can_never_be(kind: str, text: str, words: str) -> None:
    boundary = f'<bpmn:boundaryEvent id="e" attachedToRef="uppgift" cancelActivity="false">{timer(kind, text)}</bpmn:boundaryEvent>'
    only(refusals(line(TASK) + boundary), "e", words)


def test_a_timer_is_one_of_three() -> None:
    both = timer("timeDate", "2026-01-01</bpmn:timeDate><bpmn:timeDate>2026-01-02")
    for definition in (both, "<bpmn:timerEventDefinition/>"):
        only(
            refusals(line(f'<bpmn:intermediateCatchEvent id="e">{definition}</bpmn:intermediateCatchEvent>')), "e", "exactly one of"
        )


def test_only_what_interrupts_nothing_repeats() -> None:
    cycle = timer("timeCycle", "R3/PT1H")
    only(refusals(line(f'<bpmn:intermediateCatchEvent id="e">{cycle}</bpmn:intermediateCatchEvent>')), "e", "interrupts nothing")
    boundary = '<bpmn:boundaryEvent id="e" attachedToRef="uppgift" {0}>' + cycle + "</bpmn:boundaryEvent>"
    only(refusals(line(TASK) + boundary.format("")), "e", "interrupts nothing")
    assert read(line(TASK) + boundary.format('cancelActivity="false"')).elements["e"].timer is not None
    assert read(line(TASK) + event_subprocess(cycle, 'isInterrupting="false"')).elements["istart"].timer is not None
    only(refusals(line(TASK) + event_subprocess(cycle)), "istart", "interrupts nothing")


def test_boundary_events_on_nothing() -> None:
    boundary = '<bpmn:boundaryEvent id="e" attachedToRef="{0}">' + timer() + "</bpmn:boundaryEvent>"
    only(refusals(line(TASK) + boundary.format("borta")), "e", "does not exist")
    only(refusals(line(TASK) + boundary.format("slut")), "e", "stands on a endEvent")
    only(refusals(line(TASK) + event_subprocess() + boundary.format("handelse")), "e", "stands on an event subprocess")
    only(refusals(line(TASK) + event_subprocess() + boundary.format("inre")), "e", "different sides")
    only(refusals(line(TASK) + boundary.format("uppgift") + flow("x", "uppgift", "e"))[-1:], "e", "leads into a boundary event")


def test_what_throws_gets_no_answer() -> None:
    io = extended('<camunda:inputOutput><camunda:{0}Parameter name="a">1</camunda:{0}Parameter></camunda:inputOutput>')
    throw = '<bpmn:intermediateThrowEvent id="e">{0}' + CATCH + "</bpmn:intermediateThrowEvent>"
    assert read(line(throw.format(io.format("input")))).elements["e"].inputs[0].name == "a"
    only(refusals(line(throw.format(io.format("output")))), "e", "remove the output parameters")
    end = line(TASK).replace('<bpmn:endEvent id="slut"/>', f'<bpmn:endEvent id="slut">{io.format("input")}</bpmn:endEvent>')
    only(refusals(end), "slut", "end event that sends a message")


def test_a_correlation_key_where_nothing_is_waited_for() -> None:
    key = extended('<camunda:properties><camunda:property name="correlationKey" value="${a}"/></camunda:properties>')
    only(refusals(line(user_task("x", inside=key))), "x", "only where a message is waited for")
    caught = CATCHES.replace(CATCH, key + CATCH)
    assert read(line(caught)).elements["brev"].correlation == "${a}"


# Lanes


def lanes(*references: str) -> str:
    drawn = "".join(
        f'<bpmn:lane id="l{number}" name="Bana {number}"><bpmn:flowNodeRef>{key}</bpmn:flowNodeRef></bpmn:lane>'
        for number, key in enumerate(references)
    )
    return f'<bpmn:laneSet id="ls">{drawn}</bpmn:laneSet>'


def test_lanes() -> None:
    assert read(lanes("uppgift", "slut") + line(TASK)).elements["uppgift"].lane == "Bana 0"
    only(refusals(lanes("borta") + line(TASK)), "l0", "“borta”, which does not exist")
    only(refusals(lanes("uppgift", "uppgift") + line(TASK)), "l1", "stands in two lanes, Bana 0 and Bana 1")


# What hangs on elements


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('camunda:assignee="${"', "camunda:assignee cannot be read"),
        ('camunda:assignee=""', "camunda:assignee is empty"),
        ('camunda:candidateGroups="lsg, ${fel(1)}"', "no function fel()"),
        ('camunda:candidateUsers="#{x}"', "write ${…}"),
        ('camunda:dueDate="om en vecka"', "no ISO 8601 date"),
        ('camunda:dueDate=""', "dueDate is empty"),
        ('camunda:followUpDate="${a b}"', "followUpDate cannot be read"),
        ('camunda:priority="hög"', "write a whole number"),
        ('camunda:formKey="fraga" camunda:formRef="fraga"', "named twice"),
        ('camunda:formRefBinding="latest"', "without camunda:formRef"),
        ('camunda:formRef="fraga" camunda:formRefBinding="version"', "use deployment or latest"),
        ('camunda:formRef="fraga" camunda:formRefVersion="2"', "form's version cannot be named"),
        ('camunda:formKey="embedded:app:forms/x.html"', "names no form"),
        ('camunda:formRef="${form}"', "names no form"),
        ('camunda:formRef="saknas"', "The form “saknas” does not exist"),
    ],
)
def test_user_tasks(attributes: str, words: str) -> None:
    only(refusals(line(user_task("x", attributes))), "x", words)


def test_an_expression_in_a_tasks_name_is_checked() -> None:
    only(refusals(line('<bpmn:userTask id="x" name="Svara ${"/>')), "x", "The task's name cannot be read")


@pytest.mark.parametrize("key", ["fraga", "camunda-forms:deployment:fraga.form", "camunda-forms:app:forms/fraga.form"])
def test_form_keys_are_brought_to_one_shape(key: str) -> None:
    assert read(line(user_task("x", f'camunda:formKey="{key}"'))).forms() == {"fraga"}


def test_properties() -> None:
    inside = "<bpmn:extensionElements><camunda:properties>{0}</camunda:properties></bpmn:extensionElements>"
    item = '<camunda:property name="{0}" value="{1}"/>'
    only(refusals(line(user_task("x", inside=inside.format(item.format("a", "1") * 2)))), "x", "stands here twice")
    only(refusals(line(user_task("x", inside=inside.format(item.format("", "1"))))), "x", "has no name")
    only(refusals(line(user_task("x", inside=inside.format(item.format("a", "${"))))), "x", "The property “a” cannot be read")
    only(refusals(inside.format(item.format("title", "${titel")) + line(TASK)), "prov", "The property “title” cannot be read")
    only(
        refusals(line(CATCHES.replace(CATCH, inside.format(item.format("actionForm", "saknas")) + CATCH))),
        "brev",
        "“saknas” does not exist",
    )
    model = read(line(CATCHES.replace(CATCH, inside.format(item.format("actionForm", "svar")) + CATCH)))
    assert model.forms() == {"svar"}


def parameters(inside: str) -> str:
    return user_task(
        "x", inside=f"<bpmn:extensionElements><camunda:inputOutput>{inside}</camunda:inputOutput></bpmn:extensionElements>"
    )


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<camunda:inputParameter>1</camunda:inputParameter>", "a name is missing"),
        ('<camunda:inputParameter name="a b">1</camunda:inputParameter>', "cannot be the name of a variable"),
        ('<camunda:inputParameter name="empty">1</camunda:inputParameter>', "cannot be the name of a variable"),
        ('<camunda:inputParameter name="a">${</camunda:inputParameter>', "The inputParameter “a” cannot be read"),
        ('<camunda:outputParameter name="a">${om()}</camunda:outputParameter>', "no function om()"),
        (
            '<camunda:inputParameter name="a"><camunda:script>1</camunda:script></camunda:inputParameter>',
            "in which language",
        ),
        (
            '<camunda:inputParameter name="a">'
            "<camunda:list><camunda:value>${</camunda:value></camunda:list></camunda:inputParameter>",
            "closing }",
        ),
        (
            '<camunda:inputParameter name="a"><camunda:map><camunda:entry>1</camunda:entry></camunda:map></camunda:inputParameter>',
            "a key of its own",
        ),
        ('<camunda:inputParameter name="a">x<camunda:list/></camunda:inputParameter>', "more than one value"),
        ('<camunda:inputParameter name="a"/><camunda:inputParameter name="a"/>', "stands here twice"),
    ],
)
def test_parameters(inside: str, words: str) -> None:
    only(refusals(line(parameters(inside))), "x", words)


def called(attributes: str = 'calledElement="linjebeslut"', inside: str = "") -> str:
    return f'<bpmn:callActivity id="x" {attributes}><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:callActivity>'


@pytest.mark.parametrize(
    ("attributes", "inside", "words"),
    [
        ("", "", "No process is chosen"),
        ('calledElement="borta"', "", "The process “borta” does not exist"),
        ('calledElement="${"', "", "calledElement cannot be read"),
        ('calledElement="linjebeslut" camunda:calledElementBinding="versionTag"', "", "belong together"),
        ('calledElement="linjebeslut" camunda:calledElementBinding="version"', "", "belong together"),
        ('calledElement="linjebeslut" camunda:calledElementVersion="1"', "", "belong together"),
        (
            'calledElement="linjebeslut" camunda:calledElementBinding="version" camunda:calledElementVersion="ett"',
            "",
            "whole number",
        ),
        ('calledElement="linjebeslut" camunda:caseRef="x"', "", "CMMN"),
        (None, "<camunda:in/>", "exactly one of"),
        (None, '<camunda:in source="a" variables="all"/>', "exactly one of"),
        (None, '<camunda:in variables="some"/>', 'variables="all"'),
        (None, '<camunda:in source="a"/>', "a name is missing"),
        (None, '<camunda:in source="a b" target="c"/>', "The source of camunda:in"),
        (None, '<camunda:out sourceExpression="${" target="c"/>', "sourceExpression cannot be read"),
        (None, '<camunda:in variables="all" local="kanske"/>', "local is “kanske”"),
        (None, '<camunda:in businessKey="${a"/>', "The business key cannot be read"),
        (None, '<camunda:in businessKey="a"/><camunda:in businessKey="b"/>', "handed on twice"),
        (None, '<camunda:in businessKey="a" source="b" target="c"/>', "write two"),
        (None, '<camunda:out businessKey="a" source="b" target="c"/>', "The attribute businessKey"),
    ],
)
def test_calls(attributes: str | None, inside: str, words: str) -> None:
    node = called(inside=inside) if attributes is None else called(attributes, inside)
    only(refusals(line(node)), "x", words)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ("", "No decision is chosen"),
        ('camunda:decisionRef="${a}" camunda:resultVariable="r"', "No decision is chosen"),
        ('camunda:decisionRef="niva"', "would be lost"),
        ('camunda:decisionRef="niva" camunda:resultVariable="a.b"', "cannot be the name"),
        ('camunda:decisionRef="niva" camunda:resultVariable="r" camunda:mapDecisionResult="x"', "use singleEntry"),
        ('camunda:decisionRef="niva" camunda:resultVariable="r" camunda:decisionRefBinding="version"', "belong together"),
        ('camunda:decisionRef="saknas" camunda:resultVariable="r"', "The decision “saknas” does not exist"),
    ],
)
def test_decisions(attributes: str, words: str) -> None:
    only(refusals(line(f'<bpmn:businessRuleTask id="x" {attributes}/>')), "x", words)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('camunda:topic="parties"', 'camunda:type="external"'),
        ('camunda:type="external"', "No topic is chosen"),
        ('camunda:type="external" camunda:topic="${a}"', "No topic is chosen"),
        ('camunda:type="external" camunda:topic="saknas"', "The topic “saknas” does not exist"),
    ],
)
def test_services(attributes: str, words: str) -> None:
    only(refusals(line(f'<bpmn:serviceTask id="x" {attributes}/>')), "x", words)


def repeated(attributes: str = 'camunda:collection="parter"', inside: str = "") -> str:
    loop = f"<bpmn:multiInstanceLoopCharacteristics {attributes}>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    return line(user_task("x", inside=loop)) + '<bpmn:dataObject id="svarslista"/>'


@pytest.mark.parametrize(
    ("attributes", "inside", "words"),
    [
        ("", "", "exactly one of"),
        ('camunda:collection="a"', "<bpmn:loopCardinality>2</bpmn:loopCardinality>", "exactly one of"),
        ('camunda:collection="a b"', "", "cannot be the name"),
        ('camunda:collection="${a} "', "", ""),
        ('camunda:collection="x${a}"', "", "one expression is needed"),
        ('camunda:collection="a" camunda:elementVariable="1"', "", "cannot be the name"),
        ('camunda:elementVariable="a"', "<bpmn:loopCardinality>2</bpmn:loopCardinality>", "without camunda:collection"),
        ("", "<bpmn:loopCardinality>två</bpmn:loopCardinality>", "whole number"),
        (None, "<bpmn:completionCondition>klart</bpmn:completionCondition>", "write ${…}"),
        (None, "<bpmn:loopDataOutputRef>svarslista</bpmn:loopDataOutputRef>", "belong together"),
        (None, '<bpmn:outputDataItem id="o" name="svar"/>', "belong together"),
        (None, '<bpmn:loopDataOutputRef>borta</bpmn:loopDataOutputRef><bpmn:outputDataItem id="o" name="svar"/>', "no data object"),
        (None, '<bpmn:loopDataOutputRef>svarslista</bpmn:loopDataOutputRef><bpmn:outputDataItem id="o"/>', "a name is missing"),
        ('camunda:collection="a" behavior="One"', "", "oneBehaviorEventRef is missing"),
        ('camunda:collection="a" camunda:asyncAfter="ja"', "", "asyncAfter is “ja”"),
        ("", "<bpmn:loopDataInputRef>a</bpmn:loopDataInputRef>", "no data object of this process"),
    ],
)
def test_multi_instance(attributes: str | None, inside: str, words: str) -> None:
    process = repeated(inside=inside) if attributes is None else repeated(attributes, inside)
    if not words:
        assert read(process).elements["x"].loop is not None
    else:
        only(refusals(process), "x", words)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('camunda:candidateStarterGroups="${a}"', "name roles"),
        ('camunda:candidateStarterUsers="anna"', "camunda:candidateStarterGroups"),
        ('camunda:historyTimeToLive="länge"', "number of days"),
        ('camunda:isStartableInTasklist="nej"', "write true or false"),
        ('camunda:jobPriority="1"', "in the order in which they fall due"),
    ],
)
def test_process_attributes(attributes: str, words: str) -> None:
    only(refusals(line(TASK), attributes=f'isExecutable="true" {attributes}'), "prov", words)


def test_an_unreadable_file_is_told_as_a_problem() -> None:
    with pytest.raises(DeploymentRefused):
        process_keys(b"<", "prov.bpmn")
    only(problems(b"<a>"), None, "well-formed")
    assert MESSAGE in file("", extra=MESSAGE).decode()
