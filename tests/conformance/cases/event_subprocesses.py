"""Event subprocesses at every depth: which begin, what they end, what they see, and how long they listen."""

from itertools import pairwise

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    each,
    end,
    error,
    escalation,
    event_sub,
    io,
    message,
    parallel,
    process,
    signal,
    start,
    sub,
    terminate,
    timer,
    user,
)


def handler(id, definition, *inside, interrupting=True, extra=()):
    """An event subprocess with one task, or with what is given to stand in its place."""
    content = inside or (user(f"{id}h"),)
    ids = [f"{id}s", *(each.get("id") for each in content), f"{id}e"]
    flows = "; ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return event_sub(id, start(f"{id}s", definition), *content, end(f"{id}e"), *extra, flows=flows, interrupting=interrupting)


def beside(*handlers):
    return process(start(), user("a"), end(), *handlers, flows="start>a; a>end")


def within(*handlers, extra=()):
    """A subprocess `S` with a task `a`, between the tasks `before` and `after`."""
    content = sub("S", start("s"), user("a"), end("e"), *handlers, *extra, flows="s>a; a>e")
    return process(start(), content, user("after"), end(), flows="start>S; S>after; after>end")


case(
    "eventSubProcess.message", "BPMN 10.3.5", "interrupting, ends its scope when it ends",
    within(handler("H", message("M"))),
    """
    start       -> S a
    receive Hs  -> S H Hh
    complete Hh -> after
    """,
    cancelled="a",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "not interrupting, keeps its scope until it has ended",
    within(handler("H", message("M"), interrupting=False)),
    """
    start       -> S a
    receive Hs  -> S a H Hh
    complete a  -> S H Hh
    complete Hh -> after
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "an interrupting one ends a running one that does not interrupt",
    beside(handler("H", message("M"), interrupting=False), handler("I", message("N"))),
    """
    start      -> a
    receive Hs -> a H Hh
    receive Is -> I Ih
    """,
    cancelled="Hh H a",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "once one has interrupted, the others listen no more",
    beside(handler("H", message("M")), handler("I", timer(duration="PT1H")), handler("J", timer(cycle="R/PT1H"),
        interrupting=False)),
    """
    start      -> a
    receive Hs -> H Hh
    later PT5H -> H Hh
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "does not keep its scope alive by listening",
    within(handler("H", message("M"), interrupting=False)),
    """
    start      -> S a
    complete a -> after
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "writes what the event brought to the process",
    within(handler("H", message("M"))),
    """
    start          -> S a
    receive Hs x=1 -> S H Hh
    """,
    variables={"x": 1},
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.4.1", "what it declares itself is not seen outside",
    within(handler("H", message("M"), user("h"), extra=(io({"local": "${x}"}),))),
    """
    start x=1            -> S a
    receive Hs           -> S H h
    complete h local=2   -> after
    """,
    variables={"x": 1, "local": None},
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.4.1", "writes to the variables of its subprocess",
    process(
        start(), sub("S", start("s"), user("a"), end("e"), handler("H", message("M"), interrupting=False), io({"v": "${1}"},
            {"out": "${v}"}), flows="s>a; a>e"),
        end(), flows="start>S; S>end",
    ),
    """
    start           -> S a
    receive Hs      -> S a H Hh
    complete Hh v=7 -> S a
    complete a      -> done
    """,
    variables={"out": 7, "v": None},
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 13.3.7", "each run of a multi-instance subprocess has its own",
    within(handler("H", message("M")), extra=(each(cardinality="2"),)),
    """
    start        -> S S a a
    receive Hs 1 -> S S a H Hh
    complete a   -> S H Hh
    complete Hh  -> after
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "two levels down, its own event is heard there alone",
    process(
        start(), sub("S", start("s"), parallel("fork"), user("a"), sub("T", start("t"), user("b"), end("f"), handler("H",
            message("M")), flows="t>b; b>f"),
                     end("e"), flows="s>fork; fork>a; fork>T; a>e; T>e"), end(), flows="start>S; S>end",
    ),
    """
    start       -> S a T b
    receive Hs  -> S a T H Hh
    complete Hh -> S a
    complete a  -> done
    """,
    cancelled="b",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "at the top, interrupts subprocesses and what runs in them",
    process(
        start(), sub("S", start("s"), sub("T", start("t"), user("b"), end("f"), flows="t>b; b>f"), end("e"), flows="s>T; T>e"),
            end(),
        handler("H", message("M")), flows="start>S; S>end",
    ),
    """
    start       -> S T b
    receive Hs  -> H Hh
    complete Hh -> done
    """,
    cancelled="b T S",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "one within another, interrupting that",
    beside(handler("H", message("M"), user("h"), interrupting=False, extra=(handler("I", message("N")),))),
    """
    start       -> a
    receive Hs  -> a H h
    receive Is  -> a H I Ih
    complete Ih -> a
    """,
    cancelled="h",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "one within another, beside that",
    beside(handler("H", message("M"), user("h"), extra=(handler("I", message("N"), interrupting=False),))),
    """
    start       -> a
    receive Hs  -> H h
    receive Is  -> H h I Ih
    receive Is  -> H h I Ih I Ih
    complete h  -> H I Ih I Ih
    complete Ih -> H I Ih
    complete Ih -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.3.5", "with a subprocess inside",
    beside(handler("H", message("M"), sub("T", start("t"), user("b"), end("f"), flows="t>b; b>f"))),
    """
    start      -> a
    receive Hs -> H T b
    complete b -> done
    """,
    trail="start Hs t b f T He H",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 13.5.3", "a boundary event on its subprocess ends it too",
    process(
        start(), sub("S", start("s"), user("a"), end("e"), handler("H", message("M"), interrupting=False), flows="s>a; a>e"),
        boundary("b", "S", timer(duration="PT1H")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S a
    receive Hs -> S a H Hh
    later PT1H -> x
    """,
    cancelled="Hh H a S",
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 10.5.3", "a termination of its scope ends it too",
    process(
        start(), user("a"), end("end", terminate()), handler("H", message("M"), interrupting=False), flows="start>a; a>end",
    ),
    """
    start      -> a
    receive Hs -> a H Hh
    complete a -> done
    """,
    cancelled="Hh H",
)  # fmt: skip
case(
    "eventSubProcess.timer", "BPMN 10.3.5", "its time begins with its scope",
    process(start(), user("before"), sub("S", start("s"), user("a"), end("e"), handler("H", timer(duration="PT1H")),
        flows="s>a; a>e"), end(),
            flows="start>before; before>S; S>end"),
    """
    start           -> before
    later PT5H      -> before
    complete before -> S a
    later PT1H      -> S H Hh
    """,
)  # fmt: skip
case(
    "eventSubProcess.timer", "BPMN 10.3.5", "within an event subprocess, its time begins with that",
    beside(handler("H", message("M"), user("h"), extra=(handler("I", timer(duration="PT1H")),))),
    """
    start      -> a
    later PT3H -> a
    receive Hs -> H h
    later PT1H -> H I Ih
    """,
    cancelled="a h",
)  # fmt: skip
case(
    "eventSubProcess.error", "BPMN 10.3.5", "two levels up catches what no scope between them does",
    process(
        start(), sub("S", start("s"), sub("T", start("t"), user("b"), end("f", error("E1")), flows="t>b; b>f"), end("e"),
            flows="s>T; T>e"), end(),
        handler("H", error("E1")), flows="start>S; S>end",
    ),
    """
    start       -> S T b
    complete b  -> H Hh
    complete Hh -> done
    """,
    cancelled="T S",
)  # fmt: skip
case(
    "eventSubProcess.escalation", "BPMN 10.3.5", "two levels up, what escalates goes on",
    process(
        start(), sub("S", start("s"), sub("T", start("t"), user("b"), end("f", escalation("L1")), flows="t>b; b>f"), end("e"),
            flows="s>T; T>e"),
        user("after"), end(), handler("H", escalation("L1"), interrupting=False), flows="start>S; S>after; after>end",
    ),
    """
    start       -> S T b
    complete b  -> H Hh after
    """,
)  # fmt: skip
case(
    "eventSubProcess.signal", "BPMN 10.3.5", "thrown within it, reaches those beside it",
    beside(
        event_sub("H", start("Hs", message("M")), user("h"), end("He", signal("S")), flows="Hs>h; h>He", interrupting=False),
        handler("I", signal("S"), interrupting=False),
    ),
    """
    start      -> a
    receive Hs -> a H h
    complete h -> a I Ih
    """,
)  # fmt: skip
case(
    "eventSubProcess.message", "BPMN 13.5.4", "begins no more once only event subprocesses go on in its scope",
    within(handler("H", message("M"), interrupting=False), handler("I", timer(duration="PT1H"))),
    """
    start       -> S a
    receive Hs  -> S a H Hh
    complete a  -> S H Hh
    later PT9H  -> S H Hh
    complete Hh -> after
    """,
)  # fmt: skip
refused(
    "eventSubProcess", "BPMN 10.3.5", "an event subprocess without an event",
    beside(event_sub("H", start("hs"), end("he"), flows="hs>he")),
    at="hs", words="waits for a message or a timer",
)  # fmt: skip
refused(
    "eventSubProcess", "BPMN 10.3.5", "an event subprocess with two starts",
    beside(event_sub("H", start("hs", message("M")), start("ht", message("N")), end("he"), flows="hs>he; ht>he")),
    at="H", words="starts with exactly one event",
)  # fmt: skip
refused(
    "eventSubProcess", "BPMN 10.3.5", "a flow to an event subprocess",
    process(start(), handler("H", message("M")), end(), flows="start>H; H>end"),
    at="H", words="entered by its event alone",
)  # fmt: skip
refused(
    "eventSubProcess", "BPMN 10.5.4", "a boundary event on an event subprocess",
    process(start(), user("a"), handler("H", message("M")), boundary("b", "H", timer(duration="PT1H")), end(),
        flows="start>a; a>end; b>end"),
    at="b", words="stands on an event subprocess",
)  # fmt: skip
refused(
    "eventSubProcess", "BPMN 10.7.1", "an event subprocess for compensation by its mark",
    beside(event_sub("H", start("hs", message("M")), end("he"), flows="hs>he"), sub("K", start("ks", message("N")), end("ke"),
        flows="ks>ke",
                                                                             triggeredByEvent="true", isForCompensation="true")),
    at="K", words="begins by its event alone",
)  # fmt: skip
refused(
    "eventSubProcess.timer", "BPMN 10.3.5", "a cycle that interrupts",
    beside(handler("H", timer(cycle="R/PT1H"))),
    at="Hs", words="Only an event that interrupts nothing can repeat",
)  # fmt: skip
