"""Timers and messages in every place, several things in one event, and definitions that stand beside the process."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    cancelling,
    catch,
    condition,
    end,
    error,
    escalation,
    event_sub,
    in_line,
    io,
    link,
    message,
    node,
    process,
    signal,
    start,
    terminate,
    throwing,
    timer,
    transaction,
    undoing,
    undone,
    user,
)


def guarded(*definitions, interrupting=True, together=False):
    event = boundary("b", "a", definitions[0], interrupting=interrupting, extra=definitions[1:])
    event.set("parallelMultiple", str(together).lower())
    return process(start(), user("a"), event, user("x"), end(), flows="start>a; a>end; b>x; x>end")


def together(id, *definitions):
    return node("intermediateCatchEvent", id, *definitions, parallelMultiple="true")


case(
    "intermediateCatchEvent.timer", "BPMN 10.5.4", "waits for a duration",
    in_line(catch("t", timer(duration="P14D"))),
    """
    start      -> t
    later P13D -> t
    later P1D  -> done
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.timer", "BPMN 10.5.4", "waits for a moment",
    in_line(catch("t", timer(date="2026-01-20T08:00:00+01:00"))),
    """
    start               -> t
    at 2026-01-20T07:59 -> t
    at 2026-01-20T08:00 -> done
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.timer", "BPMN 10.5.4", "does not wait for a moment that has passed",
    in_line(catch("t", timer(date="2020-01-01"))),
    """
    start -> t
    fire  -> done
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.timer", "BPMN 10.5.5", "takes its duration from an expression",
    in_line(catch("t", timer(duration="${wait}"))),
    """
    start wait="PT2H" -> t
    later PT2H        -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.timer", "BPMN 13.5.3", "interrupts at its moment",
    guarded(timer(date="2026-01-20")),
    """
    start               -> a
    at 2026-01-20T00:00 -> x
    """,
    cancelled="a",
)  # fmt: skip
case(
    "boundaryEvent.timer", "BPMN 13.5.3", "without interrupting, a duration happens once",
    guarded(timer(duration="PT1H"), interrupting=False),
    """
    start      -> a
    later PT5H -> a x
    """,
)  # fmt: skip
case(
    "boundaryEvent.timer", "BPMN 10.5.5", "a cycle happens as often as it says",
    guarded(timer(cycle="R2/PT1H"), interrupting=False),
    """
    start       -> a
    later PT1H  -> a x
    later PT1H  -> a x x
    later PT10H -> a x x
    """,
)  # fmt: skip
case(
    "eventSubProcess.timer", "BPMN 10.3.5", "a cycle starts it each round",
    process(start(), user("a"), end(),
            event_sub("H", start("hs", timer(cycle="R/PT1H")), user("h"), end("he"), flows="hs>h; h>he", interrupting=False),
                flows="start>a; a>end"),
    """
    start      -> a
    later PT2H -> a H h H h
    complete a -> H h H h
    later PT9H -> H h H h
    """,
)  # fmt: skip
case(
    "eventSubProcess.timer", "BPMN 10.3.5", "interrupts its scope at its moment",
    process(start(), user("a"), end(), event_sub("H", start("hs", timer(duration="PT1H")), user("h"), end("he"),
        flows="hs>h; h>he"),
            flows="start>a; a>end"),
    """
    start      -> a
    later PT1H -> H h
    """,
    cancelled="a",
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "the first of its events interrupts, here the message",
    guarded(message("M"), signal("S"), timer(duration="PT1H")),
    """
    start       -> a
    receive b 0 -> x
    later PT2H  -> x
    """,
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "the first of its events interrupts, here the signal",
    guarded(message("M"), signal("S"), timer(duration="PT1H")),
    """
    start       -> a
    receive b 1 -> x
    """,
    cancelled="a", trail="start b",
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "the first of its events interrupts, here the time",
    guarded(message("M"), signal("S"), timer(duration="PT1H")),
    """
    start      -> a
    later PT1H -> x
    """,
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "the first of its events interrupts, here the condition",
    guarded(message("M"), condition("${n > 5}")),
    """
    start n=1 -> a
    set n=6   -> x
    """,
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "without interrupting, each of its events happens by itself",
    guarded(message("M"), timer(cycle="R2/PT1H"), interrupting=False),
    """
    start       -> a
    receive b   -> a x
    later PT1H  -> a x x
    receive b   -> a x x x
    later PT9H  -> a x x x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "a time that has come does not come again, the message does",
    guarded(message("M"), timer(duration="PT1H"), interrupting=False),
    """
    start      -> a
    later PT5H -> a x
    receive b  -> a x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "happens when all of its events have",
    guarded(message("M"), signal("S"), timer(duration="PT1H"), together=True),
    """
    start       -> a
    receive b 1 -> a
    later PT1H  -> a
    receive b   -> x
    """,
    cancelled="a",
)  # fmt: skip
case(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "keeps what each of its events has brought",
    guarded(message("M"), signal("S"), together=True),
    """
    start             -> a
    receive b 0 p=1   -> a
    receive b 0 q=2   -> x
    """,
    variables={"p": 1, "q": 2},
)  # fmt: skip
case(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "without interrupting, waits for all anew",
    guarded(message("M"), signal("S"), interrupting=False, together=True),
    """
    start       -> a
    receive b 0 -> a
    receive b 0 -> a x
    receive b 1 -> a x
    receive b 0 -> a x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "is given up with its activity, whatever has come",
    guarded(message("M"), signal("S"), together=True),
    """
    start       -> a
    receive b 0 -> a
    complete a  -> done
    """,
)  # fmt: skip
case(
    "intermediateCatchEvent.multiple", "BPMN 10.5.5", "goes on by the first of its events",
    in_line(catch("c", message("M"), signal("S"))),
    """
    start       -> c
    receive c 1 -> done
    """,
    trail="start c end",
)  # fmt: skip
case(
    "intermediateCatchEvent.parallelMultiple", "BPMN 10.5.5", "goes on when all of its events have come",
    in_line(together("c", message("M"), message("N"), condition("${n > 5}"))),
    """
    start n=1   -> c
    receive c 1 -> c
    set n=6     -> c
    receive c   -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.multiple", "BPMN 10.5.5", "throws all that it names, in their order",
    in_line(throwing("t", message("M"), signal("S"), escalation("L1"))),
    "start -> done",
    thrown="M S L1",
)  # fmt: skip
case(
    "endEvent.multiple", "BPMN 10.5.3", "throws all that it names",
    process(start(), end("end", message("M"), signal("S")), flows="start>end"),
    "start -> done",
    thrown="M S",
)  # fmt: skip
case(
    "endEvent.multiple", "BPMN 10.5.3", "undoes first, and then terminates",
    process(start(), user("a"), end("end", undoing(), terminate()), *undone("a", user("undo_a")), flows="start>a; a>end"),
    """
    start           -> a
    complete a      -> end undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.multiple", "BPMN 10.3.5", "begins by any of its events",
    process(start(), user("a"), end(),
            event_sub("H", start("hs", message("M"), signal("S")), user("h"), end("he"), flows="hs>h; h>he", interrupting=False),
                flows="start>a; a>end"),
    """
    start        -> a
    receive hs 1 -> a H h
    receive hs 0 -> a H h H h
    """,
)  # fmt: skip
case(
    "eventSubProcess.multiple", "BPMN 10.3.5", "an error or a message, whichever comes",
    process(start(), user("a"), end(), event_sub("H", start("hs", message("M"), error("E1")), user("h"), end("he"),
        flows="hs>h; h>he"),
            flows="start>a; a>end"),
    """
    start      -> a
    error a E1 -> H h
    """,
)  # fmt: skip
case(
    "eventSubProcess.parallelMultiple", "BPMN 10.3.5", "begins when all of its events have come",
    process(start(), user("a"), end(),
            event_sub("H", start("hs", message("M"), signal("S"), parallelMultiple="true"), user("h"), end("he"),
                flows="hs>h; h>he"),
            flows="start>a; a>end"),
    """
    start        -> a
    receive hs 0 -> a
    receive hs 0 -> H h
    """,
)  # fmt: skip
case(
    "startEvent.multiple", "BPMN 10.5.2", "begins an instance by any of its events",
    process(start("s", message("M"), signal("S"), timer(cycle="R/P1D")), user("a"), end(), flows="s>a; a>end"),
    "start s -> a",
)  # fmt: skip
case(
    "startEvent.timer", "BPMN 10.5.2", "begins an instance",
    process(start("s", timer(cycle="R/P1D")), user("a"), end(), flows="s>a; a>end"),
    "start s -> a",
    trail="s",
)  # fmt: skip
case(
    "startEvent", "BPMN 10.5.2", "only the start that has happened begins the instance",
    process(start(), start("m", message("M")), start("s", signal("S")), user("a"), user("b"), user("c"), end(),
        flows="start>a; m>b; s>c; a>end; b>end; c>end"),
    "start s -> c",
)  # fmt: skip
case(
    "intermediateThrowEvent.message", "Camunda 7", "sends its input parameters, and an address by business key",
    in_line(throwing("t", message("M"), io({"businessKey": "K", "x": "1"}))),
    "start -> done",
    thrown="M",
)  # fmt: skip
refused(
    "intermediateCatchEvent.timer", "BPMN 10.5.4", "a cycle that is waited for once",
    in_line(catch("t", timer(cycle="R3/PT1H"))),
    at="t", words="Only an event that interrupts nothing can repeat",
)  # fmt: skip
refused(
    "boundaryEvent.timer", "BPMN 10.5.4", "a cycle that interrupts",
    guarded(timer(cycle="R3/PT1H")),
    at="b", words="Only an event that interrupts nothing can repeat",
)  # fmt: skip
refused(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "a cycle that is to come together with something else",
    guarded(message("M"), timer(cycle="R3/PT1H"), interrupting=False, together=True),
    at="b", words="Only an event that interrupts nothing can repeat",
)  # fmt: skip
refused(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "an error that is to come together with something else",
    guarded(message("M"), error("E1"), together=True),
    at="b", words="can be waited for together",
)  # fmt: skip
refused(
    "boundaryEvent.parallelMultiple", "BPMN 10.5.5", "one event that is to come together",
    guarded(message("M"), together=True),
    at="b", words="parallelMultiple waits for several things",
)  # fmt: skip
refused(
    "startEvent.parallelMultiple", "BPMN 10.5.2", "an instance that begins with several events together",
    process(start("s", message("M"), signal("S"), parallelMultiple="true"), user("a"), flows="s>a"),
    at="s", words="An instance begins with one event",
)  # fmt: skip
refused(
    "startEvent.multiple", "BPMN 10.5.2", "two timers at one start event",
    process(start("s", timer(cycle="R/P1D"), timer(cycle="R/P2D")), user("a"), flows="s>a"),
    at="s", words="one timer at a start event",
)  # fmt: skip
refused(
    "intermediateThrowEvent.multiple", "BPMN 10.5.4", "a link beside something else",
    process(start(), throwing("t", link("A"), message("M")), catch("c", link("A")), end(), flows="start>t; c>end"),
    at="t", words="A link event definition stands alone",
)  # fmt: skip
refused(
    "boundaryEvent.multiple", "BPMN 10.5.4", "a cancellation beside something else",
    process(start(), transaction("T", start("s"), end("no", cancelling()), flows="s>no"),
            boundary("b", "T", cancelling(), extra=(timer(duration="PT1H"),)), end(), flows="start>T; T>end; b>end"),
    at="b", words="A cancel event definition stands alone",
)  # fmt: skip
refused(
    "intermediateThrowEvent.timer", "BPMN 10.5.4", "a timer that is thrown",
    in_line(throwing("t", timer(duration="PT1H"))),
    at="t", words="A timer is waited for",
)  # fmt: skip
refused(
    "intermediateCatchEvent", "BPMN 10.5.4", "a reference to a definition that there is not",
    in_line(catch("c", node("eventDefinitionRef"))),
    at="c", words="does not exist beside the process",
)  # fmt: skip
refused(
    "intermediateThrowEvent.link", "Camunda 7", "input parameters of what sends nothing",
    process(start(), throwing("t", link("A"), io({"a": "1"})), catch("c", link("A")), end(), flows="start>t; c>end"),
    at="t", words="Input parameters have a meaning only",
)  # fmt: skip
refused(
    "boundaryEvent", "BPMN 10.5.4", "a boundary event on a gateway",
    process(start(), node("exclusiveGateway", "x"), boundary("b", "x", message("M")), end(), flows="start>x; x>end; b>end"),
    at="b", words="stands on a exclusiveGateway",
)  # fmt: skip
