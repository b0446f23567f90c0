"""Conditions in other languages; implicit starts, ends, splits and joins; what may not be drawn."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    end,
    exclusive,
    inclusive,
    node,
    parallel,
    process,
    start,
    sub,
    task,
    timer,
    user,
)

# --- conditions in other languages

for language, condition in (("FEEL", "feel:n > 5 and n < 10"), ("JavaScript", "javascript:n > 5 && n < 10")):
    for gateway in (exclusive, inclusive):
        case(
            gateway("x").tag.rpartition("}")[2],
            "BPMN 13.4",
            f"may have conditions in {language}",
            process(start(), gateway("x"), user("a"), user("b"), flows=f"start>x; x>a {condition}; x>b *"),
            "start n=7 -> a",
        )
case(
    "sequenceFlow",
    "BPMN 13.2.1",
    "fails when its condition in JavaScript gives no truth value",
    process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a javascript:n; x>b *"),
    "start n=7 -> !neither true nor false",
)
refused(
    "sequenceFlow",
    "Camunda 7",
    "with a condition in groovy",
    process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a groovy:n > 1; x>b *"),
    at="x_to_a",
    words="written in groovy, which is not run here",
)
refused(
    "sequenceFlow",
    "BPMN 8.3.13",
    "with a condition in JavaScript that cannot be read",
    process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a javascript:n >; x>b *"),
    at="x_to_a",
    words="The condition cannot be read",
)

# --- implicit starts, ends, splits and joins

case(
    "process",
    "BPMN 13.2",
    "without a start event begins with what no flow leads to",
    process(user("a"), user("b"), user("c"), flows="a>c"),
    """
    start      -> a b
    complete a -> b c
    complete b -> c
    complete c -> done
    """,
)
case(
    "subProcess",
    "BPMN 13.3.4",
    "without a start event begins with what no flow leads to",
    process(start(), sub("s", user("a"), user("b"), flows=""), user("z"), flows="start>s; s>z"),
    """
    start      -> s a b
    complete b -> s a
    complete a -> z
    """,
)
case(
    "process",
    "BPMN 13.2",
    "may begin with a gateway",
    process(exclusive("x"), user("a"), user("b"), flows="x>a ${n==1}; x>b *"),
    "start n=1 -> a",
)
case(
    "process",
    "BPMN 13.2",
    "may begin with an event that is waited for",
    process(catch("e", timer(duration="PT1H")), user("a"), flows="e>a"),
    """
    start      -> e
    later PT1H -> a
    """,
)
case(
    "process",
    "BPMN 13.5.6",
    "is over when its last token has reached a node without a way out",
    process(start(), parallel("fork"), user("a"), task("t"), flows="start>fork; fork>a; fork>t"),
    """
    start      -> a
    complete a -> done
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "lets a token out by each of its flows",
    process(start(), user("a"), user("b"), user("c"), flows="start>a; a>b; a>c"),
    """
    start      -> a
    complete a -> b c
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "does not synchronise the flows that lead to it",
    process(start(), parallel("fork"), user("a"), user("b"), user("c"), flows="start>fork; fork>a; fork>b; a>c; b>c"),
    """
    start      -> a b
    complete a -> b c
    complete b -> c c
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "lets tokens out by the flows without condition and by those whose condition holds",
    process(start(), user("a"), user("b"), user("c"), user("d"), flows="start>a; a>b; a>c ${n>1}; a>d ${n>2}"),
    """
    start n=2  -> a
    complete a -> b c
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "takes its default flow when no condition holds",
    process(start(), user("a"), user("b"), user("c"), flows="start>a; a>b ${n>1}; a>c *"),
    """
    start n=1  -> a
    complete a -> c
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "takes no default flow when a condition holds",
    process(start(), user("a"), user("b"), user("c"), flows="start>a; a>b ${n>1}; a>c *"),
    """
    start n=2  -> a
    complete a -> b
    """,
)
case(
    "userTask",
    "BPMN 13.3.1",
    "fails when no condition holds and there is no default flow",
    process(start(), user("a"), user("b"), user("c"), flows="start>a; a>b ${n>1}; a>c ${n>2}"),
    """
    start n=1  -> a
    complete a -> !none of them is the default flow
    """,
)
case(
    "startEvent",
    "BPMN 10.5.2",
    "lets a token out by each of its flows",
    process(start(), user("a"), user("b"), flows="start>a; start>b"),
    "start -> a b",
)
case(
    "boundaryEvent.timer",
    "BPMN 10.5.4",
    "lets a token out by each of its flows",
    process(
        start(),
        user("a"),
        end(),
        boundary("t", "a", timer(duration="PT1H")),
        user("b"),
        user("c"),
        flows="start>a; a>end; t>b; t>c",
    ),
    """
    start      -> a
    later PT1H -> b c
    """,
)
case(
    "subProcess",
    "BPMN 13.3.4",
    "has conditions on its own flows looked at when it is over",
    process(
        start(),
        sub("s", user("i"), flows=""),
        user("a"),
        user("b"),
        flows="start>s; s>a ${n==1}; s>b *",
    ),
    """
    start n=0      -> s i
    complete i n=1 -> a
    """,
)
refused("process", "BPMN 10.2", "with nothing to execute", process(flows=""), at="p", words="nothing else that could begin")
refused(
    "process",
    "BPMN 13.2",
    "that is a ring without a beginning",
    process(user("a"), user("b"), flows="a>b; b>a"),
    at="p",
    words="nothing else that could begin",
)
refused(
    "subProcess",
    "BPMN 10.3.5",
    "with nothing to execute",
    process(start(), sub("s", flows=""), flows="start>s"),
    at="s",
    words="nothing else that could begin",
)
refused(
    "userTask",
    "BPMN 10.5.2",
    "to which nothing leads though there is a start event",
    process(start(), user("a"), user("b"), flows="start>a"),
    at="b",
    words="No path from a start event leads here",
)
refused(
    "sequenceFlow",
    "BPMN 8.3.13",
    "whose condition is the only way out of a task",
    process(start(), user("a"), user("b"), flows="start>a; a>b ${n}"),
    at="a_to_b",
    words="The only flow from here has a condition",
)
refused(
    "sequenceFlow",
    "BPMN 10.5.2",
    "with a condition, out of a start event",
    process(start(), user("a"), user("b"), flows="start>a ${n}; start>b"),
    at="start_to_a",
    words="no effect on a flow from a startEvent",
)
refused(
    "sequenceFlow",
    "BPMN 8.3.13",
    "with a condition, out of a parallel gateway",
    process(start(), parallel("x"), user("a"), user("b"), flows="start>x; x>a ${n}; x>b"),
    at="x_to_a",
    words="no effect on a flow from a parallelGateway",
)
refused(
    "userTask",
    "BPMN 10.3",
    "with a default flow beside flows without conditions",
    process(start(), user("a"), user("b"), user("c"), flows="start>a; a>b; a>c *"),
    at="a",
    words="default flow has no effect",
)
refused(
    "userTask",
    "BPMN 10.3",
    "with a default flow that has a condition",
    process(start(), user("a", default="a_to_b"), user("b"), user("c"), flows="start>a; a>b ${n}; a>c ${m}"),
    at="a_to_b",
    words="has a condition itself",
)
refused(
    "userTask",
    "BPMN 10.3",
    "with two default flows",
    process(start(), user("a", default="a_to_b a_to_c"), user("b"), user("c"), flows="start>a; a>b; a>c ${m}"),
    at="a",
    words="Two default flows",
)
refused(
    "sequenceFlow",
    "BPMN 8.3.13",
    "that leads nowhere",
    process(start(), user("a"), node("sequenceFlow", "f", sourceRef="a", targetRef="gone"), flows="start>a"),
    at="f",
    words="target “gone” does not exist",
)
refused(
    "sequenceFlow",
    "BPMN 8.3.13",
    "that crosses the border of a subprocess",
    process(
        start(),
        sub("s", user("i"), flows=""),
        user("a"),
        node("sequenceFlow", "f", sourceRef="s", targetRef="i"),
        flows="start>s; s>a",
    ),
    at="f",
    words="on the other side of a subprocess's border",
)
refused(
    "userTask",
    "BPMN 8.2.1",
    "with an id that another element has",
    process(start(), user("a"), node("textAnnotation", "a"), flows="start>a"),
    at="a",
    words="used twice",
)
refused(
    "boundaryEvent",
    "BPMN 10.5.4",
    "on a gateway",
    process(start(), exclusive("x"), user("a"), boundary("t", "x", timer(duration="PT1H")), flows="start>x; x>a; t>a"),
    at="t",
    words="stands on a exclusiveGateway",
)
refused(
    "exclusiveGateway",
    "BPMN 10.6.1",
    "that converges and has several flows out",
    process(
        start(),
        node("exclusiveGateway", "x", gatewayDirection="Converging"),
        user("a"),
        user("b"),
        flows="start>x; x>a ${n}; x>b *",
    ),
    at="x",
    words="is Converging, and several flows leave it",
)
refused(
    "parallelGateway",
    "BPMN 10.6.1",
    "that diverges and has several flows in",
    process(
        start(),
        parallel("fork"),
        user("a"),
        user("b"),
        node("parallelGateway", "x", gatewayDirection="Diverging"),
        user("c"),
        flows="start>fork; fork>a; fork>b; a>x; b>x; x>c",
    ),
    at="x",
    words="is Diverging, and several flows lead to it",
)
