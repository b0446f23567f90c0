"""Event-based gateways: the first event decides, and an instance may begin with them."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    catch,
    condition,
    end,
    exclusive,
    link,
    message,
    node,
    parallel,
    process,
    race,
    receive,
    signal,
    start,
    throwing,
    timer,
    user,
)


def racing(*events, gateway=None, first=True):
    """A gateway `g` with events behind it, each leading to a task named after it."""
    ids = [event.get("id") for event in events]
    flows = ["start>g"] * first + [f"g>{id}" for id in ids] + [f"{id}>after_{id}" for id in ids]
    begin = [start()] if first else []
    return process(*begin, race("g") if gateway is None else gateway, *events, *(user(f"after_{id}") for id in ids),
        flows="; ".join(flows))


def beginning(**attributes):
    return node("eventBasedGateway", "g", instantiate="true", **attributes)


ALL = racing(
    catch("m", message("M")), receive("r", "R"), catch("s", signal("S")), catch("t", timer(duration="PT1H")), catch("c",
        condition("${n > 5}"))
)

for event in ("m", "r", "s"):
    case(
        "eventBasedGateway", "BPMN 10.6.6", f"the first event decides, here {event}",
        ALL,
        f"start n=1 -> g\nreceive {event} -> after_{event}\nset n=9 -> after_{event}\nlater PT2H -> after_{event}",
        trail=f"start g {event}",
    )  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.6.6", "the first event decides, here the time",
    ALL,
    """
    start n=1  -> g
    later PT1H -> after_t
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.6.6", "the first event decides, here the condition",
    ALL,
    """
    start n=1 -> g
    set n=6   -> after_c
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.6.6", "two timers keep their own time",
    racing(catch("t1", timer(duration="P2D")), catch("t2", timer(duration="P1D"))),
    """
    start     -> g
    later P5D -> after_t2
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.6.6", "a timer that is due wins over a message that comes after it",
    racing(catch("m", message("M")), catch("t", timer(duration="PT1H"))),
    """
    start     -> g
    jump PT2H -> g
    receive m -> !there is no such token any more
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.5.5", "an event of several, of which one comes",
    racing(catch("m", message("M"), signal("S")), catch("t", timer(duration="PT1H"))),
    """
    start       -> g
    receive m 1 -> after_m
    """,
    trail="start g m",
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.5.5", "an event of several, of which all have to come",
    racing(node("intermediateCatchEvent", "m", message("M"), signal("S"), parallelMultiple="true"), catch("t",
        timer(duration="PT1H"))),
    """
    start     -> g
    receive m -> g
    receive m -> after_m
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.5.5", "of an event for which not all has come, the timer beside wins",
    racing(node("intermediateCatchEvent", "m", message("M"), signal("S"), parallelMultiple="true"), catch("t",
        timer(duration="PT1H"))),
    """
    start      -> g
    receive m  -> g
    later PT1H -> after_t
    """,
)  # fmt: skip
case(
    "eventBasedGateway", "BPMN 10.6.6", "in a loop races anew each time",
    process(
        start(), exclusive("x"), race("g"), catch("m", message("M")), catch("t", timer(duration="PT1H")), user("a"), end(),
        flows="start>x; x>g; g>m; g>t; m>x; t>a; a>end",
    ),
    """
    start      -> g
    receive m  -> g
    receive m  -> g
    later PT1H -> a
    """,
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "an instance begins with one of its events",
    racing(catch("m", message("M")), catch("n", message("N")), gateway=beginning(), first=False),
    """
    start n x=1 -> after_n
    complete after_n -> done
    """,
    trail="g n after_n", variables={"x": 1},
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "an instance begins with a receive task behind it",
    racing(receive("m", "M"), receive("n", "N"), gateway=beginning(), first=False),
    "start m -> after_m",
    trail="g m",
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "an instance begins with a signal, or at a time",
    racing(catch("s", signal("S")), catch("t", timer(duration="P1D")), gateway=beginning(), first=False),
    "start t -> after_t",
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "for all its events waits for the others too",
    racing(catch("m", message("M")), catch("n", message("N")), gateway=beginning(eventGatewayType="Parallel"), first=False),
    """
    start m          -> after_m n
    complete after_m -> n
    receive n        -> after_n
    complete after_n -> done
    """,
    trail="g m after_m n after_n",
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "for all its events, whichever comes first",
    racing(catch("m", message("M")), receive("n", "N"), gateway=beginning(eventGatewayType="Parallel"), first=False),
    """
    start n   -> m after_n
    receive m -> after_n after_m
    """,
)  # fmt: skip
case(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "an instance may begin elsewhere instead",
    process(start(), beginning(), user("a"), user("b"), catch("m", message("M")), catch("n", message("N")), user("c"), end(),
            flows="start>a; a>end; g>m; g>n; m>b; n>c"),
    "start -> a",
)  # fmt: skip
case(
    "receiveTask.instantiate", "BPMN 10.3.3", "an instance begins with its message",
    process(node("receiveTask", "r", messageRef=receive("x", "M").get("messageRef"), instantiate="true"), user("a"), end(),
        flows="r>a; a>end"),
    "start r x=1 -> a",
    trail="r", variables={"x": 1},
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "a gateway with one event",
    racing(catch("m", message("M"))),
    at="g", words="draw the others",
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "a task that waits for no event",
    process(start(), race("g"), catch("m", message("M")), user("a"), flows="start>g; g>m; g>a"),
    at="g_to_a", words="waits for no event",
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "a link behind the gateway",
    process(start(), race("g"), catch("m", message("M")), catch("l", link("A")), parallel("f"), throwing("o", link("A")), end(),
            flows="start>f; f>g; f>o; g>m; g>l; m>end; l>end"),
    at="g_to_l", words="waits for no event",
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "another flow to an event behind the gateway",
    process(start(), parallel("f"), race("g"), catch("m", message("M")), catch("n", message("N")), end(),
            flows="start>f; f>g; f>m; g>m; g>n; m>end; n>end"),
    at="m", words="Other flows lead to this event",
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "a boundary event on a receive task behind the gateway",
    process(start(), race("g"), receive("m", "M"), catch("n", message("N")), boundary("b", "m", timer(duration="PT1H")), end(),
            flows="start>g; g>m; g>n; m>end; n>end; b>end"),
    at="m", words="neither boundary events",
)  # fmt: skip
refused(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "a flow to a gateway with which an instance begins",
    racing(catch("m", message("M")), catch("n", message("N")), gateway=beginning()),
    at="g", words="remove the flows that lead to it",
)  # fmt: skip
refused(
    "eventBasedGateway", "BPMN 10.6.6", "a gateway for all its events in the middle of a process",
    racing(catch("m", message("M")), catch("n", message("N")), gateway=node("eventBasedGateway", "g", eventGatewayType="Parallel")),
    at="g", words="use a parallel gateway before them",
)  # fmt: skip
refused(
    "eventBasedGateway.instantiate", "BPMN 10.6.6", "a gateway for all its events, of which one is a time",
    racing(catch("m", message("M")), catch("t", timer(duration="PT1H")), gateway=beginning(eventGatewayType="Parallel"),
        first=False),
    at="t", words="use messages only",
)  # fmt: skip
refused(
    "receiveTask.instantiate", "BPMN 10.3.3", "a flow to a receive task with which an instance begins",
    process(start(), node("receiveTask", "r", messageRef=receive("x", "M").get("messageRef"), instantiate="true"), end(),
        flows="start>r; r>end"),
    at="r", words="remove the flows to it",
)  # fmt: skip
refused(
    "startEvent.message", "BPMN 10.5.2", "one message that begins an instance in two places",
    process(start("s", message("M")), node("receiveTask", "r", messageRef=receive("x", "M").get("messageRef"),
        instantiate="true"), user("a"), end(),
            flows="s>a; r>a; a>end"),
    at="r", words="waits for the message “M” too",
)  # fmt: skip
