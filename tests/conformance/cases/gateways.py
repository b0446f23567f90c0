"""Exclusive, parallel, inclusive, complex and event-based gateways."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import end, exclusive, parallel, process, start, user

case(
    "exclusiveGateway", "BPMN 13.4.2", "takes the first flow, in the order of the diagram, whose condition holds",
    process(
        start(), exclusive("x"), user("low"), user("high"), user("rest"),
        flows="start>x; x>low ${n<10}; x>high ${n>5}; x>rest *",
    ),
    "start n=7 -> low",
    trail="start x",
)  # fmt: skip
case(
    "exclusiveGateway", "BPMN 13.4.2", "takes the default flow when no condition holds",
    process(start(), exclusive("x"), user("low"), user("rest"), flows="start>x; x>low ${n<10}; x>rest *"),
    "start n=10 -> rest",
)  # fmt: skip
case(
    "exclusiveGateway", "BPMN 13.4.2", "fails when no condition holds and there is no default flow",
    process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a ${n==1}; x>b ${n==2}"),
    "start n=3 -> !none of them is the default flow",
)  # fmt: skip
case(
    "parallelGateway", "BPMN 13.4.1", "waits for a token on every incoming flow",
    process(
        start(), parallel("split"), user("a"), user("b"), parallel("join"), end(),
        flows="start>split; split>a; split>b; a>join; b>join; join>end",
    ),
    """
    start      -> a b
    complete b -> a join
    complete a -> done
    """,
    trail="start split b a join end",
)  # fmt: skip
refused(
    "exclusiveGateway", "BPMN 8.3.13", "a default flow that leaves another element",
    process(start(), exclusive("x"), user("a"), user("b"), flows="start>x; x>a ${n==1}; x>b; a>b *"),
    at="a", words="default flow",
)  # fmt: skip
