"""Signals: thrown at all that wait for them, within the instance at once."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    each,
    end,
    event_sub,
    io,
    node,
    parallel,
    process,
    race,
    receive,
    signal,
    start,
    sub,
    throwing,
    timer,
    user,
)

case(
    "intermediateCatchEvent.signal", "BPMN 10.5.5", "waits for a signal from outside",
    process(start(), catch("c", signal("S")), end(), flows="start>c; c>end"),
    """
    start     -> c
    receive c x=1 -> done
    """,
    trail="start c end", variables={"x": 1},
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "BPMN 10.5.5", "goes on at once and is said to the outside",
    process(start(), throwing("t", signal("S")), end(), flows="start>t; t>end"),
    "start -> done",
    trail="start t end", thrown="S",
)  # fmt: skip
case(
    "endEvent.signal", "BPMN 10.5.3", "throws when its token ends",
    process(start(), end("end", signal("S")), flows="start>end"),
    "start -> done",
    trail="start end", thrown="S",
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "BPMN 10.5.1", "reaches those that wait in the same instance",
    process(
        start(), parallel("fork"), catch("c", signal("S")), user("a"), throwing("t", signal("S")), end(),
        flows="start>fork; fork>c; fork>a; a>t; t>end; c>end",
    ),
    """
    start      -> c a
    complete a -> done
    """,
    trail="start fork a c t end end", thrown="S",
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "BPMN 10.5.1", "is not kept for those that begin to wait later",
    process(start(), throwing("t", signal("S")), catch("c", signal("S")), end(), flows="start>t; t>c; c>end"),
    """
    start     -> c
    receive c -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "BPMN 10.5.5", "reaches all that wait, the oldest first",
    process(
        start(), parallel("fork"), catch("c1", signal("S")), catch("c2", signal("S")), user("a"), throwing("t", signal("S")), end(),
        flows="start>fork; fork>c1; fork>c2; fork>a; a>t; t>end; c1>end; c2>end",
    ),
    """
    start      -> c1 c2 a
    complete a -> done
    """,
    trail="start fork a c1 c2 t end end end",
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "BPMN 10.5.5", "reaches only those of its name",
    process(
        start(), parallel("fork"), catch("c1", signal("S")), catch("c2", signal("R")), throwing("t", signal("R")), end(),
        flows="start>fork; fork>c1; fork>c2; fork>t; t>end; c1>end; c2>end",
    ),
    "start -> c1",
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "Camunda 7", "takes a name from an expression",
    process(start(), throwing("t", signal("S-${n}")), end(), flows="start>t; t>end"),
    "start n=7 -> done",
    thrown="S-7",
)  # fmt: skip
case(
    "intermediateThrowEvent.signal", "Camunda 7", "carries its input parameters",
    process(
        start(), parallel("fork"), catch("c", signal("S")), user("a"), throwing("t", signal("S"), io({"y": "${n + 1}"})), end(),
        flows="start>fork; fork>c; fork>a; a>t; t>end; c>end",
    ),
    """
    start n=1  -> c a
    complete a -> done
    """,
    variables={"y": 2},
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 13.5.3", "interrupts the activity",
    process(start(), user("a"), boundary("b", "a", signal("S")), user("after"), end(), flows="start>a; a>end; b>after; after>end"),
    """
    start     -> a
    receive b -> after
    complete after -> done
    """,
    cancelled="a",
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 13.5.3", "without interrupting, happens again and again",
    process(
        start(), user("a"), boundary("b", "a", signal("S"), interrupting=False), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"
    ),
    """
    start      -> a
    receive b  -> a x
    receive b  -> a x x
    complete a -> x x
    """,
    cancelled="",
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 13.5.3", "is over when the activity is",
    process(start(), user("a"), boundary("b", "a", signal("S")), throwing("t", signal("S")), user("x"), end(),
            flows="start>a; a>t; t>end; b>x; x>end"),
    """
    start      -> a
    complete a -> done
    """,
    trail="start a t end",
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 10.5.1", "interrupts the subprocess from which the signal comes, and with it the thrower",
    process(
        start(), sub("S", start("s"), user("a"), throwing("t", signal("X")), user("never"), end("e"),
            flows="s>a; a>t; t>never; never>e"),
        boundary("b", "S", signal("X")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start          -> S a
    complete a     -> after
    complete after -> done
    """,
    cancelled="S", trail="start s a b after end", thrown="X",
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 10.5.1", "lets the thrower go on when it does not interrupt",
    process(
        start(), sub("S", start("s"), user("a"), throwing("t", signal("X")), user("more"), end("e"),
            flows="s>a; a>t; t>more; more>e"),
        boundary("b", "S", signal("X"), interrupting=False), user("aside"), end(), flows="start>S; S>end; b>aside; aside>end",
    ),
    """
    start      -> S a
    complete a -> S aside more
    """,
)  # fmt: skip
case(
    "endEvent.signal", "BPMN 10.5.3", "interrupts the subprocess that it ends, once it has been reached",
    process(
        start(), sub("S", start("s"), end("e", signal("X")), flows="s>e"),
        boundary("b", "S", signal("X")), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    "start -> after",
    cancelled="S",
)  # fmt: skip
case(
    "boundaryEvent.signal", "BPMN 13.3.7", "on a multi-instance activity, ends all its runs",
    process(start(), user("a", each(cardinality="3")), boundary("b", "a", signal("S")), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start     -> a a a
    receive b -> x
    """,
    cancelled="a a a",
)  # fmt: skip
case(
    "startEvent.signal", "BPMN 10.5.2", "begins an instance",
    process(start("s", signal("S")), user("a"), end(), flows="s>a; a>end"),
    """
    start s x=1 -> a
    complete a  -> done
    """,
    trail="s a end", variables={"x": 1},
)  # fmt: skip
case(
    "eventBasedGateway.signal", "BPMN 10.6.6", "the signal wins the race, and the timer is given up",
    process(start(), race("g"), catch("c", signal("S")), catch("t", timer(duration="PT1H")), user("a"), user("b"),
            flows="start>g; g>c; g>t; c>a; t>b"),
    """
    start     -> g
    receive c -> a
    later PT2H -> a
    """,
)  # fmt: skip
case(
    "eventBasedGateway.signal", "BPMN 10.6.6", "a signal of the instance itself decides the race",
    process(start(), parallel("fork"), race("g"), catch("c", signal("S")), receive("r", "M"), throwing("t", signal("S")), user("a"),
            user("b"), end(), flows="start>fork; fork>g; g>c; g>r; c>a; r>b; fork>t; t>end; a>end; b>end"),
    "start -> a",
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.3.5", "interrupts what its scope does",
    process(start(), user("a"), end(), event_sub("H", start("hs", signal("S")), user("h"), end("he"), flows="hs>h; h>he"),
            flows="start>a; a>end"),
    """
    start      -> a
    receive hs -> H h
    complete h -> done
    """,
    cancelled="a",
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.3.5", "runs beside its scope, and again",
    process(start(), user("a"), end(),
            event_sub("H", start("hs", signal("S")), user("h"), end("he"), flows="hs>h; h>he", interrupting=False),
            flows="start>a; a>end"),
    """
    start      -> a
    receive hs -> a H h
    receive hs -> a H h H h
    complete a -> H h H h
    complete h -> H h
    complete h -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.5.1", "hears what is thrown in its own scope",
    process(start(), user("a"), throwing("t", signal("S")), user("never"), end(),
            event_sub("H", start("hs", signal("S")), user("h"), end("he"), flows="hs>h; h>he"),
            flows="start>a; a>t; t>never; never>end"),
    """
    start      -> a
    complete a -> H h
    """,
    trail="start a hs",
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.3.5", "listens within a subprocess only while that runs",
    process(
        start(), user("before"),
        sub("S", start("s"), user("a"), end("e"),
            event_sub("H", start("hs", signal("X")), user("h"), end("he"), flows="hs>h; h>he"), flows="s>a; a>e"),
        throwing("t", signal("X")), user("after"), end(), flows="start>before; before>S; S>t; t>after; after>end",
    ),
    """
    start           -> before
    complete before -> S a
    complete a      -> after
    """,
    trail="start before s a e S t",
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.3.5", "within an event subprocess it listens while that runs",
    process(
        start(), user("a"), end(),
        event_sub("H", start("hs", signal("S")), user("h"), end("he"),
                  event_sub("I", start("is", signal("R")), user("i"), end("ie"), flows="is>i; i>ie"), flows="hs>h; h>he"),
        flows="start>a; a>end",
    ),
    """
    start      -> a
    receive hs -> H h
    receive is -> H I i
    complete i -> done
    """,
    cancelled="a h",
)  # fmt: skip
refused(
    "intermediateCatchEvent.signal", "BPMN 10.5.5", "an event that names no signal",
    process(start(), catch("c", node("signalEventDefinition")), end(), flows="start>c; c>end"),
    at="c", words="No signal is chosen",
)  # fmt: skip
refused(
    "intermediateThrowEvent.signal", "BPMN 10.5.5", "a signal that is not declared",
    process(start(), throwing("c", node("signalEventDefinition", signalRef="nowhere")), end(), flows="start>c; c>end"),
    at="c", words="“nowhere” does not exist",
)  # fmt: skip
refused(
    "intermediateCatchEvent.signal", "Camunda 7", "an expression as the name of what is waited for",
    process(start(), catch("c", signal("S-${n}")), end(), flows="start>c; c>end"),
    at="c", words="an expression cannot be waited for",
)  # fmt: skip
refused(
    "startEvent.signal", "BPMN 10.5.2", "two starts of a process by one signal",
    process(start("s1", signal("S")), start("s2", signal("S")), user("a"), flows="s1>a; s2>a"),
    at="s2", words="waits for the signal “S” too",
)  # fmt: skip
refused(
    "startEvent.signal", "BPMN 10.3.4", "a subprocess that is not entered by an event",
    process(start(), sub("S", start("s", signal("X")), end("e"), flows="s>e"), end(), flows="start>S; S>end"),
    at="s", words="take the event away",
)  # fmt: skip
refused(
    "intermediateThrowEvent.signal", "Camunda 7", "output parameters of what gets no answer",
    process(start(), throwing("t", signal("S"), io({}, {"a": "1"})), end(), flows="start>t; t>end"),
    at="t", words="remove the output parameters",
)  # fmt: skip
