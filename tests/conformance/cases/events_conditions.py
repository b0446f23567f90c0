"""Conditional events: they happen when their condition becomes true, looked at whenever all is at rest."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    condition,
    each,
    end,
    event_sub,
    io,
    node,
    parallel,
    process,
    race,
    start,
    sub,
    timer,
    user,
)

MET = "${n > 5}"


def guarded(definition, *, interrupting=False, host=None):
    return process(
        start(), user("a") if host is None else host, boundary("b", "a", definition, interrupting=interrupting), user("x"), end(),
        flows="start>a; a>end; b>x; x>end",
    )  # fmt: skip


def handler(definition, *, interrupting=False, inside=()):
    begin, finish = start("hs", definition), end("he")
    return event_sub("H", begin, user("h"), finish, *inside, flows="hs>h; h>he", interrupting=interrupting)


case(
    "intermediateCatchEvent.conditional", "BPMN 10.5.4", "waits until its condition holds",
    process(start(), catch("c", condition(MET)), end(), flows="start>c; c>end"),
    """
    start n=1 -> c
    set n=5   -> c
    set n=6   -> done
    """,
    trail="start c end",
)  # fmt: skip
case(
    "intermediateCatchEvent.conditional", "BPMN 10.5.4", "goes on at once if its condition holds already",
    process(start(), catch("c", condition(MET)), end(), flows="start>c; c>end"),
    "start n=6 -> done",
)  # fmt: skip
case(
    "intermediateCatchEvent.conditional", "Camunda 7", "does not hold while a variable of its condition does not exist",
    process(start(), catch("c", condition(MET)), end(), flows="start>c; c>end"),
    """
    start   -> c
    set m=1 -> c
    set n=6 -> done
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.conditional", "BPMN 10.5.4", "sees what another branch has written",
    process(start(), parallel("fork"), catch("c", condition(MET)), user("a"), user("x"), end(),
            flows="start>fork; fork>c; fork>a; a>end; c>x; x>end"),
    """
    start n=1      -> c a
    complete a n=9 -> x
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.conditional", "BPMN 10.5.5", "a condition that gives neither true nor false fails",
    process(start(), catch("c", condition("${n}")), end(), flows="start>c; c>end"),
    "start n=1 -> !neither true nor false",
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 13.5.3", "interrupts the activity when its condition comes true",
    guarded(condition(MET), interrupting=True),
    """
    start n=1  -> a
    set n=6    -> x
    complete x -> done
    """,
    cancelled="a",
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.5.5", "happens again only after the condition was false in between",
    guarded(condition(MET)),
    """
    start n=1 -> a
    set n=6   -> a x
    set n=7   -> a x
    set n=1   -> a x
    set n=8   -> a x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.5.5", "happens at once if the condition holds when the activity begins, and not twice",
    guarded(condition(MET)),
    """
    start n=6  -> a x
    set n=7    -> a x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 13.5.3", "is over when the activity is",
    process(start(), user("a"), boundary("b", "a", condition(MET)), user("c"), user("x"), end(),
        flows="start>a; a>c; c>end; b>x; x>end"),
    """
    start n=1  -> a
    complete a -> c
    set n=6    -> c
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.4.1", "sees the variables of its activity",
    guarded(condition("${local > n}"), interrupting=True, host=user("a", io({"local": "${5}"}))),
    """
    start n=9 -> a
    set n=3   -> x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.4.1", "sees the variables of the subprocess on which it stands",
    process(
        start(), sub("a", start("s"), user("i"), end("e"), io({"local": "${1}"}), flows="s>i; i>e"),
        boundary("b", "a", condition("${local == 2}")), user("x"), end(), flows="start>a; a>end; b>x; x>end",
    ),
    """
    start              -> a i
    complete i local=2 -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.4.1", "what a branch within the subprocess writes ends the subprocess",
    process(
        start(), sub("a", start("s"), parallel("fork"), user("i"), user("j"), end("e"), io({"local": "${1}"}),
            flows="s>fork; fork>i; fork>j; i>e; j>e"),
        boundary("b", "a", condition("${local == 2}")), user("x"), end(), flows="start>a; a>end; b>x; x>end",
    ),
    """
    start              -> a i j
    complete i local=2 -> x
    """,
    cancelled="j a",
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 13.3.7", "on a multi-instance activity, ends all its runs",
    guarded(condition("${nrOfCompletedInstances == 1}"), interrupting=True, host=user("a", each(cardinality="3"))),
    """
    start      -> a a a
    complete a -> x
    """,
    cancelled="a a",
)  # fmt: skip
case(
    "boundaryEvent.conditional", "Camunda 7", "is looked at only when the variable that it names has changed",
    guarded(condition("${n > 5}", _variableName="m")),
    """
    start n=1 m=1 -> a
    set n=6       -> a
    set m=1       -> a
    set m=2       -> a x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "Camunda 7", "is looked at only when the variable comes into being",
    guarded(condition("${n > 5}", _variableName="m", _variableEvents="create")),
    """
    start n=1 -> a
    set n=6   -> a
    set m=1   -> a x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "Camunda 7", "is not looked at when the variable changes in another way",
    guarded(condition("${n > 5}", _variableName="m", _variableEvents="update, delete")),
    """
    start n=6 m=1 -> a x
    set n=1       -> a x
    set m=2       -> a x
    set n=6       -> a x
    set m=3       -> a x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "Camunda 7", "one for an update sleeps through a creation",
    guarded(condition("${n > 5}", _variableName="m", _variableEvents="update")),
    """
    start n=1 -> a
    set n=6   -> a
    set m=1   -> a
    set m=2   -> a x
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.5.4", "of two that come true together both happen, the older first",
    process(start(), user("a"), boundary("b", "a", condition(MET), interrupting=False), boundary("c", "a", condition("${n > 4}"),
        interrupting=False),
            user("x"), user("y"), end(), flows="start>a; a>end; b>x; c>y; x>end; y>end"),
    """
    start n=1 -> a
    set n=6   -> a x y
    """,
)  # fmt: skip
case(
    "boundaryEvent.conditional", "BPMN 10.5.4", "of two that come true together, an older one that interrupts is the only one",
    process(start(), user("a"), boundary("b", "a", condition(MET)), boundary("c", "a", condition("${n > 4}"), interrupting=False),
            user("x"), user("y"), end(), flows="start>a; a>end; b>x; c>y; x>end; y>end"),
    """
    start n=1 -> a
    set n=6   -> x
    """,
)  # fmt: skip
case(
    "eventBasedGateway.conditional", "BPMN 10.6.6", "the condition wins the race",
    process(start(), race("g"), catch("c", condition(MET)), catch("t", timer(duration="PT1H")), user("a"), user("b"),
            flows="start>g; g>c; g>t; c>a; t>b"),
    """
    start n=1 -> g
    set n=6   -> a
    """,
    trail="start g c",
)  # fmt: skip
case(
    "eventBasedGateway.conditional", "BPMN 10.6.6", "a condition that holds already decides at once",
    process(start(), race("g"), catch("c", condition(MET)), catch("t", timer(duration="PT1H")), user("a"), user("b"),
            flows="start>g; g>c; g>t; c>a; t>b"),
    "start n=6 -> a",
)  # fmt: skip
case(
    "eventSubProcess.conditional", "BPMN 10.3.5", "interrupts its scope",
    process(start(), user("a"), end(), handler(condition(MET), interrupting=True), flows="start>a; a>end"),
    """
    start n=1  -> a
    set n=6    -> H h
    complete h -> done
    """,
    cancelled="a",
)  # fmt: skip
case(
    "eventSubProcess.conditional", "BPMN 10.3.5", "runs beside its scope each time the condition comes true",
    process(start(), user("a"), end(), handler(condition(MET)), flows="start>a; a>end"),
    """
    start n=1      -> a
    set n=6        -> a H h
    set n=1        -> a H h
    set n=6        -> a H h H h
    complete a     -> H h H h
    """,
)  # fmt: skip
case(
    "eventSubProcess.conditional", "BPMN 10.4.1", "within a subprocess sees its variables",
    process(
        start(), sub("S", start("s"), user("a"), user("c"), end("e"), handler(condition("${local == 2}")), io({"local": "${1}"}),
            flows="s>a; a>c; c>e"),
        end(), flows="start>S; S>end",
    ),
    """
    start              -> S a
    complete a local=2 -> S c H h
    """,
)  # fmt: skip
case(
    "eventSubProcess.conditional", "BPMN 10.3.5", "a condition that comes true as its scope ends is too late",
    process(start(), user("a"), end(), handler(condition(MET)), flows="start>a; a>end"),
    """
    start n=1      -> a
    complete a n=9 -> done
    """,
)  # fmt: skip
case(
    "startEvent.conditional", "BPMN 10.5.2", "begins an instance",
    process(start("s", condition(MET)), user("a"), end(), flows="s>a; a>end"),
    "start s n=6 -> a",
)  # fmt: skip
refused(
    "intermediateCatchEvent.conditional", "BPMN 10.5.5", "an event without condition",
    process(start(), catch("c", node("conditionalEventDefinition")), end(), flows="start>c; c>end"),
    at="c", words="The condition is missing",
)  # fmt: skip
refused(
    "intermediateCatchEvent.conditional", "BPMN 10.5.5", "a condition that is no expression",
    process(start(), catch("c", condition("n > 5")), end(), flows="start>c; c>end"),
    at="c", words="${…}",
)  # fmt: skip
refused(
    "boundaryEvent.conditional", "Camunda 7", "kinds of change that there are not",
    guarded(condition(MET, _variableName="n", _variableEvents="change")),
    at="b", words="use create, update and delete",
)  # fmt: skip
refused(
    "boundaryEvent.conditional", "Camunda 7", "kinds of change of no variable",
    guarded(condition(MET, _variableEvents="create")),
    at="b", words="without camunda:variableName",
)  # fmt: skip
