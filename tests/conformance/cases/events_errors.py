"""Errors: thrown by end events and by whoever does an activity, caught on a border or by an event subprocess, or the end of all."""

from tests.conformance.case import case
from tests.engine.bpmn.diagrams import (
    boundary,
    call,
    each,
    end,
    error,
    event_sub,
    io,
    message,
    parallel,
    process,
    receive,
    service,
    start,
    sub,
    timer,
    user,
)


def failing(*events, more="", inside=()):
    """A subprocess that ends in the error E1, with boundary events of their own, each leading to a task named after it."""
    content = sub("S", start("s"), user("a"), end("e", error("E1")), *inside, flows="s>a; a>e")
    after = [user(f"after_{event.get('id')}") for event in events]
    flows = "; ".join(["start>S", "S>end", *(f"{event.get('id')}>after_{event.get('id')}" for event in events)]) + more
    return process(start(), content, *events, *after, end(), flows=flows)


def handler(definition, *, id="H"):
    """An event subprocess with a task within."""
    return event_sub(id, start(f"{id}s", definition), user(f"{id}h"), end(f"{id}e"), flows=f"{id}s>{id}h; {id}h>{id}e")


case(
    "endEvent.error", "BPMN 10.5.3", "leaves the subprocess by the event for its code",
    failing(boundary("b", "S", error("E1"))),
    """
    start      -> S a
    complete a -> after_b
    """,
    trail="start s a e b", cancelled="S", thrown="E1",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.5", "without a code catches every error",
    failing(boundary("b", "S", error())),
    """
    start      -> S a
    complete a -> after_b
    """,
)  # fmt: skip
case(
    "boundaryEvent.error", "Camunda 7", "for the very code comes before one for any, wherever it is drawn",
    failing(boundary("any", "S", error()), boundary("one", "S", error("E1"))),
    """
    start      -> S a
    complete a -> after_one
    """,
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.5", "lets an error of another code pass, and the instance fails",
    failing(boundary("b", "S", error("E2"))),
    """
    start      -> S a
    complete a -> failed
    """,
    trail="start s a e", cancelled="S", thrown="E1",
)  # fmt: skip
case(
    "endEvent.error", "BPMN 13.5.6", "that nothing catches ends all other work of the instance",
    process(start(), parallel("fork"), user("a"), user("b"), end("e", error("E1")), end(),
        flows="start>fork; fork>a; fork>b; a>e; b>end"),
    """
    start      -> a b
    complete a -> failed
    """,
    cancelled="b",
)  # fmt: skip
case(
    "endEvent.error", "BPMN 10.5.3", "ends everything else in the subprocess that it leaves",
    process(
        start(),
        sub("S", start("s"), parallel("fork"), user("a"), user("x"), end("e", error("E1")), end("f"),
            flows="s>fork; fork>a; fork>x; a>e; x>f"),
        boundary("b", "S", error("E1")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start      -> S a x
    complete a -> after
    """,
    cancelled="x S",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.1", "catches what comes from a subprocess within the subprocess",
    process(
        start(), sub("S", start("s"), sub("T", start("t"), user("a"), end("e", error("E1")), flows="t>a; a>e"), end("f"),
            flows="s>T; T>f"),
        boundary("b", "S", error("E1")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start      -> S T a
    complete a -> after
    """,
    cancelled="T S",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.1", "the innermost that catches it catches it alone",
    process(
        start(),
        sub("S", start("s"), sub("T", start("t"), user("a"), end("e", error("E1")), flows="t>a; a>e"),
            boundary("inner", "T", error()), user("x"), end("f"), flows="s>T; T>f; inner>x; x>f"),
        boundary("outer", "S", error("E1")), user("after"), end(), flows="start>S; S>end; outer>after; after>end",
    ),
    """
    start      -> S T a
    complete a -> S x
    """,
)  # fmt: skip
case(
    "boundaryEvent.error", "Camunda 7", "keeps code and message in the variables that are named",
    process(
        start(), sub("S", start("s"), end("e", error("E1", says="no ${what}")), flows="s>e"),
        boundary("b", "S", error(_errorCodeVariable="code", _errorMessageVariable="words")), user("after"), end(),
        flows="start>S; S>end; b>after; after>end",
    ),
    'start what="answer" -> after',
    variables={"code": "E1", "words": "no answer"},
)  # fmt: skip
case(
    "endEvent.error", "Camunda 7", "carries its input parameters to where it is caught",
    process(
        start(), sub("S", start("s"), end("e", error("E1"), io({"why": "${n + 1}"})), flows="s>e"),
        boundary("b", "S", error("E1")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    "start n=1 -> after",
    variables={"why": 2},
)  # fmt: skip
case(
    "endEvent.error", "Camunda 7", "takes a code from an expression",
    process(
        start(), sub("S", start("s"), end("e", error("E${n}")), flows="s>e"),
        boundary("b", "S", error("E1")), boundary("c", "S", error("E2")), user("one"), user("two"), end(),
        flows="start>S; S>end; b>one; c>two; one>end; two>end",
    ),
    "start n=2 -> two",
    thrown="E2",
)  # fmt: skip
case(
    "serviceTask", "Camunda 7", "a worker's error is caught on the task's border",
    process(start(), service("a", "t"), boundary("b", "a", error("E1", _errorMessageVariable="words")), user("after"), end(),
            flows="start>a; a>end; b>after; after>end"),
    """
    start            -> a
    error a E1 x=1   -> after
    """,
    cancelled="a", variables={"x": 1, "words": "E1 happened"},
)  # fmt: skip
case(
    "userTask", "Camunda 7", "an error from a form is caught on the task's border",
    process(start(), user("a"), boundary("b", "a", error("E1")), user("after"), end(), flows="start>a; a>end; b>after; after>end"),
    """
    start      -> a
    error a E1 -> after
    """,
    cancelled="a", trail="start b",
)  # fmt: skip
case(
    "callActivity", "BPMN 10.5.1", "an error of the called process is caught on the call's border",
    process(start(), call("a", "other"), boundary("b", "a", error()), user("after"), end(),
        flows="start>a; a>end; b>after; after>end"),
    """
    start      -> a
    error a E9 -> after
    """,
)  # fmt: skip
case(
    "serviceTask", "BPMN 10.5.1", "an error goes outwards to the subprocess around the task",
    process(
        start(), sub("S", start("s"), parallel("fork"), service("a", "t"), user("x"), end("e"),
            flows="s>fork; fork>a; fork>x; a>e; x>e"),
        boundary("b", "S", error("E1")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start      -> S a x
    error a E1 -> after
    """,
    cancelled="x a S",
)  # fmt: skip
case(
    "serviceTask", "BPMN 13.5.6", "an error that nothing catches ends the instance",
    process(start(), service("a", "t"), end(), flows="start>a; a>end"),
    """
    start      -> a
    error a E1 -> failed
    """,
    cancelled="a", thrown="E1",
)  # fmt: skip
case(
    "receiveTask", "Camunda 7", "an error raised at it is caught on its border, and nothing is awaited any more",
    process(start(), receive("a", "M"), boundary("b", "a", error("E1")), user("after"), end(),
        flows="start>a; a>end; b>after; after>end"),
    """
    start      -> a
    error a E1 -> after
    """,
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 13.3.7", "on a multi-instance activity, one run's error ends all runs",
    process(start(), user("a", each(cardinality="3")), boundary("b", "a", error("E1")), user("x"), end(),
        flows="start>a; a>end; b>x; x>end"),
    """
    start        -> a a a
    error a E1 1 -> x
    """,
    cancelled="a a a",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 13.3.7", "on a multi-instance subprocess, an end event in one run ends all runs",
    process(
        start(), sub("S", start("s"), user("a"), end("e", error("E1")), each(cardinality="2"), flows="s>a; a>e"),
        boundary("b", "S", error("E1")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S S a a
    complete a -> x
    """,
    cancelled="S a S",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 13.3.7", "on a sequential multi-instance activity, gives up the runs to come",
    process(start(), user("a", each(cardinality="3", sequential=True)), boundary("b", "a", error("E1")), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start      -> a
    complete a -> a
    error a E1 -> x
    """,
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "takes over from the scope in which the error was thrown",
    process(start(), parallel("fork"), user("a"), user("b"), end("e", error("E1")), end(), handler(error("E1")),
            flows="start>fork; fork>a; fork>b; a>e; b>end"),
    """
    start       -> a b
    complete a  -> H Hh
    complete Hh -> done
    """,
    cancelled="b", trail="start fork a e Hs Hh He H",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "within the subprocess comes before an event on its border",
    failing(boundary("b", "S", error("E1")), inside=(handler(error()),)),
    """
    start       -> S a
    complete a  -> S H Hh
    complete Hh -> done
    """,
    trail="start s a e Hs Hh He H S end",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "an error that it throws itself passes by it",
    process(
        start(), sub("S", start("s"), user("a"), end("e", error("E1")),
                     event_sub("H", start("Hs", error("E1")), end("He", error("E1")), flows="Hs>He"), flows="s>a; a>e"),
        boundary("b", "S", error("E1")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start      -> S a
    complete a -> after
    """,
    thrown="E1 E1", trail="start s a e Hs He b",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "what it throws is caught neither by the event subprocesses beside it",
    process(
        start(), user("a"), end("e", error("E1")),
        event_sub("H", start("Hs", error("E1")), end("He", error("E2")), flows="Hs>He"), handler(error("E2"), id="I"),
        flows="start>a; a>e",
    ),
    """
    start      -> a
    complete a -> failed
    """,
    thrown="E1 E2",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "catches in a non-interrupting one beside, and then ends that too",
    process(
        start(), user("a"), end(), handler(error("E1")),
        event_sub("I", start("Is", message("M")), user("i"), end("Ie", error("E2")), flows="Is>i; i>Ie", interrupting=False),
        flows="start>a; a>end",
    ),
    """
    start       -> a
    receive Is  -> a I i
    error a E1  -> H Hh
    """,
    cancelled="i I a",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "for the very code comes before one for any",
    process(start(), user("a"), end("e", error("E1")), handler(error(), id="H"), handler(error("E1"), id="I"),
        flows="start>a; a>e"),
    """
    start      -> a
    complete a -> I Ih
    """,
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "within an event subprocess catches what that throws",
    process(
        start(), user("a"), end("e", error("E1")),
        event_sub("H", start("Hs", error("E1")), end("He", error("E2")), handler(error("E2"), id="I"), flows="Hs>He"),
            flows="start>a; a>e",
    ),
    """
    start       -> a
    complete a  -> H I Ih
    complete Ih -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "in one run of a multi-instance subprocess leaves the others alone",
    process(
        start(), sub("S", start("s"), user("a"), end("e"), handler(error("E1")), each(cardinality="2"), flows="s>a; a>e"), end(),
        flows="start>S; S>end",
    ),
    """
    start       -> S S a a
    error a E1  -> S S a H Hh
    complete Hh -> S a
    complete a  -> done
    """,
    cancelled="a",
)  # fmt: skip
case(
    "eventSubProcess.error", "Camunda 7", "keeps the code in the variable that is named",
    process(start(), user("a"), end(), handler(error(_errorCodeVariable="code")), flows="start>a; a>end"),
    """
    start      -> a
    error a E7 -> H Hh
    """,
    variables={"code": "E7"},
)  # fmt: skip
case(
    "serviceTask", "Camunda 7", "an expression that fails is no error of the process",
    process(start(), user("a"), service("s", "t", io({"x": "${missing}"})), boundary("b", "s", error()), end(),
        flows="start>a; a>s; s>end; b>end"),
    """
    start      -> a
    complete a -> !there is no variable “missing”
    """,
)  # fmt: skip
case(
    "endEvent.multiple", "BPMN 10.5.3", "does all that it says, the error last",
    process(
        start(), sub("S", start("s"), end("e", error("E1"), message("Out")), flows="s>e"), boundary("b", "S", error("E1")),
            user("after"),
        end(), flows="start>S; S>end; b>after; after>end",
    ),
    "start -> after",
    thrown="Out E1",
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.5", "as one of several of an event, beside a timer",
    process(start(), user("a"), boundary("b", "a", error("E1"), extra=(timer(duration="PT1H"),)), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start      -> a
    error a E1 -> x
    later PT2H -> x
    """,
)  # fmt: skip
case(
    "boundaryEvent.error", "BPMN 10.5.5", "beside a timer, it is the timer that happens",
    process(start(), user("a"), boundary("b", "a", error("E1"), extra=(timer(duration="PT1H"),)), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start      -> a
    later PT1H -> x
    """,
    cancelled="a",
)  # fmt: skip
