"""Link events: two halves of one path within a scope."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import catch, end, exclusive, inclusive, link, parallel, process, start, sub, throwing, user

case(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "goes on at the event that catches it",
    process(start(), throwing("out", link("A")), catch("in", link("A")), user("a"), end(), flows="start>out; in>a; a>end"),
    """
    start      -> a
    complete a -> done
    """,
    trail="start out in a end",
)  # fmt: skip
case(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "several may lead to one",
    process(
        start(), exclusive("x"), throwing("o1", link("A")), throwing("o2", link("A")), catch("in", link("A")), user("a"), end(),
        flows="start>x; x>o1 ${n == 1}; x>o2 *; in>a; a>end",
    ),
    "start n=2 -> a",
    trail="start x o2 in",
)  # fmt: skip
case(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "may lead back",
    process(
        start(), exclusive("x"), user("a"), throwing("out", link("A")), catch("in", link("A")), exclusive("y"), end(),
        flows="start>y; in>y; y>a; a>x; x>out ${n < 3}; x>end *",
    ),
    """
    start          -> a
    complete a n=1 -> a
    complete a n=3 -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "each name has its own way",
    process(
        start(), parallel("fork"), throwing("o1", link("A")), throwing("o2", link("B")), catch("i1", link("A")), catch("i2",
            link("B")),
        user("a"), user("b"), flows="start>fork; fork>o1; fork>o2; i1>a; i2>b",
    ),
    "start -> a b",
)  # fmt: skip
case(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "the same name in a subprocess is another link",
    process(
        start(), throwing("o1", link("A")), catch("i1", link("A")), end(),
        sub("S", start("s"), throwing("o2", link("A")), catch("i2", link("A")), user("a"), end("e"), flows="s>o2; i2>a; a>e"),
        flows="start>o1; i1>S; S>end",
    ),
    """
    start      -> S a
    complete a -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.link", "BPMN 13.4.3", "an inclusive join waits for what can still come by a link",
    process(
        start(), inclusive("split"), user("a"), user("b"), throwing("out", link("A")), catch("in", link("A")), inclusive("join"),
            end(),
        flows="start>split; split>a ${true}; split>b ${true}; a>join; b>out; in>join; join>end",
    ),
    """
    start      -> a b
    complete a -> b join
    complete b -> done
    """,
    trail="start split a b out in join end",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "a link that nothing catches",
    process(start(), throwing("out", link("A")), flows="start>out"),
    at="out", words="No link event “A” catches this one",
)  # fmt: skip
refused(
    "intermediateCatchEvent.link", "BPMN 10.5.4", "a link that nothing throws",
    process(start(), user("a"), catch("in", link("A")), end(), flows="start>a; a>end; in>end"),
    at="in", words="No link event “A” throws to this one",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "a link that two events catch",
    process(start(), throwing("out", link("A")), catch("i1", link("A")), catch("i2", link("A")), end(),
        flows="start>out; i1>end; i2>end"),
    at="out", words="2 link events “A” catch this one",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "a flow out of a link that throws",
    process(start(), throwing("out", link("A")), catch("in", link("A")), end(), flows="start>out; out>end; in>end"),
    at="out", words="A flow leaves a link event that throws",
)  # fmt: skip
refused(
    "intermediateCatchEvent.link", "BPMN 10.5.4", "a flow into a link that catches",
    process(start(), throwing("out", link("A")), catch("in", link("A")), parallel("fork"), end(),
        flows="start>fork; fork>out; fork>in; in>end"),
    at="in", words="A flow leads into a link event that catches",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "a link across the border of a subprocess",
    process(start(), sub("S", start("s"), throwing("out", link("A")), flows="s>out"), catch("in", link("A")), end(),
        flows="start>S; in>end"),
    at="out", words="in its scope",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "BPMN 10.5.4", "a link without a name",
    process(start(), throwing("out", link("")), catch("in", link("")), end(), flows="start>out; in>end"),
    at="out", words="The link has no name",
)  # fmt: skip
