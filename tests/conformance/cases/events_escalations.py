"""Escalations: said outwards without ending what says them, unless what catches them interrupts."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    call,
    each,
    end,
    escalation,
    event_sub,
    io,
    node,
    parallel,
    process,
    service,
    start,
    sub,
    throwing,
    timer,
    user,
)


def escalating(*events, inside=()):
    """A subprocess that escalates L1 between two tasks, with boundary events, each leading to a task named after it."""
    content = sub("S", start("s"), user("a"), throwing("t", escalation("L1")), user("c"), end("e"), *inside,
        flows="s>a; a>t; t>c; c>e")
    after = [user(f"after_{event.get('id')}") for event in events]
    flows = "; ".join(["start>S", "S>end", *(f"{event.get('id')}>after_{event.get('id')}" for event in events)])
    return process(start(), content, *events, *after, end(), flows=flows)


def handler(definition, *, id="H", interrupting=False):
    begin, inside, finish = start(f"{id}s", definition), user(f"{id}h"), end(f"{id}e")
    return event_sub(id, begin, inside, finish, flows=f"{id}s>{id}h; {id}h>{id}e", interrupting=interrupting)


case(
    "boundaryEvent.escalation", "BPMN 10.5.4", "lets a token out beside the subprocess, which goes on",
    escalating(boundary("b", "S", escalation("L1"), interrupting=False)),
    """
    start      -> S a
    complete a -> S after_b c
    complete c -> after_b
    """,
    cancelled="", thrown="L1", trail="start s a b t c e S end",
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 10.5.4", "ends the subprocess if it interrupts, and the thrower with it",
    escalating(boundary("b", "S", escalation("L1"))),
    """
    start      -> S a
    complete a -> after_b
    """,
    cancelled="S", trail="start s a b",
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 10.5.5", "without a code catches every escalation",
    escalating(boundary("b", "S", escalation(), interrupting=False)),
    """
    start      -> S a
    complete a -> S after_b c
    """,
)  # fmt: skip
case(
    "boundaryEvent.escalation", "Camunda 7", "for the very code comes before one for any",
    escalating(boundary("any", "S", escalation(), interrupting=False), boundary("one", "S", escalation("L1"), interrupting=False)),
    """
    start      -> S a
    complete a -> S after_one c
    """,
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 10.5.5", "lets an escalation of another code pass, and the instance goes on",
    escalating(boundary("b", "S", escalation("L2"))),
    """
    start      -> S a
    complete a -> S c
    complete c -> done
    """,
    thrown="L1",
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 10.5.4", "happens again and again",
    process(
        start(), sub("S", start("s"), parallel("fork"), user("a"), user("c"), end("e", escalation("L1")),
            flows="s>fork; fork>a; fork>c; a>e; c>e"),
        boundary("b", "S", escalation("L1"), interrupting=False), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S a c
    complete a -> S c x
    complete c -> x x
    complete x -> x
    complete x -> done
    """,
    thrown="L1 L1",
)  # fmt: skip
case(
    "endEvent.escalation", "BPMN 10.5.3", "escalates when its token ends",
    process(start(), sub("S", start("s"), end("e", escalation("L1")), flows="s>e"), boundary("b", "S", escalation("L1"),
        interrupting=False),
            user("x"), end(), flows="start>S; S>end; b>x; x>end"),
    """
    start      -> x
    complete x -> done
    """,
    trail="start s e b S end x end",
)  # fmt: skip
case(
    "endEvent.escalation", "BPMN 10.5.3", "at the top of the process ends as any end event",
    process(start(), end("end", escalation("L1")), flows="start>end"),
    "start -> done",
    thrown="L1", trail="start end",
)  # fmt: skip
case(
    "endEvent.escalation", "BPMN 10.5.3", "caught by an interrupting event, leaves the subprocess",
    process(start(), sub("S", start("s"), end("e", escalation("L1")), flows="s>e"), boundary("b", "S", escalation("L1")),
            user("x"), end(), flows="start>S; S>end; b>x; x>end"),
    "start -> x",
    cancelled="S", trail="start s e b",
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 10.5.1", "the innermost that catches it catches it alone",
    process(
        start(),
        sub("S", start("s"), sub("T", start("t"), throwing("u", escalation("L1")), end("e"), flows="t>u; u>e"),
            boundary("inner", "T", escalation(), interrupting=False), user("x"), end("f"), flows="s>T; T>f; inner>x; x>f"),
        boundary("outer", "S", escalation("L1")), user("after"), end(), flows="start>S; S>end; outer>after; after>end",
    ),
    """
    start      -> S x
    complete x -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.escalation", "BPMN 10.3.5", "runs beside its scope, each time anew",
    process(
        start(), user("a"), throwing("t", escalation("L1")), throwing("u", escalation("L1")), user("c"), end(),
            handler(escalation("L1")),
        flows="start>a; a>t; t>u; u>c; c>end",
    ),
    """
    start      -> a
    complete a -> H Hh H Hh c
    """,
    thrown="L1 L1",
)  # fmt: skip
case(
    "eventSubProcess.escalation", "BPMN 10.3.5", "interrupts its scope, the thrower included",
    process(start(), user("a"), throwing("t", escalation("L1")), user("c"), end(), handler(escalation("L1"), interrupting=True),
            flows="start>a; a>t; t>c; c>end"),
    """
    start       -> a
    complete a  -> H Hh
    complete Hh -> done
    """,
    trail="start a Hs Hh He H",
)  # fmt: skip
case(
    "eventSubProcess.escalation", "BPMN 10.3.5", "within the subprocess comes before an event on its border",
    escalating(boundary("b", "S", escalation("L1")), inside=(handler(escalation("L1")),)),
    """
    start      -> S a
    complete a -> S H Hh c
    """,
)  # fmt: skip
case(
    "eventSubProcess.escalation", "BPMN 10.3.5", "what it says itself passes by it",
    process(
        start(), sub("S", start("s"), user("a"), throwing("t", escalation("L1")), end("e"),
                     event_sub("H", start("Hs", escalation("L1")), end("He", escalation("L1")), flows="Hs>He", interrupting=False),
                     flows="s>a; a>t; t>e"),
        boundary("b", "S", escalation("L1"), interrupting=False), user("after"), end(), flows="start>S; S>end; b>after; after>end",
    ),
    """
    start      -> S a
    complete a -> after
    """,
    thrown="L1 L1",
)  # fmt: skip
case(
    "userTask", "Camunda 7", "an escalation from a form goes to the task's border, and the task stays",
    process(start(), user("a"), boundary("b", "a", escalation("L1"), interrupting=False), user("x"), end(),
        flows="start>a; a>end; b>x; x>end"),
    """
    start             -> a
    escalate a L1 n=1 -> a x
    escalate a L1 n=2 -> a x x
    complete a        -> x x
    """,
    variables={"n": 2},
)  # fmt: skip
case(
    "userTask", "Camunda 7", "an escalation from a form that interrupts ends the task",
    process(start(), user("a"), boundary("b", "a", escalation("L1")), user("x"), end(), flows="start>a; a>end; b>x; x>end"),
    """
    start         -> a
    escalate a L1 -> x
    """,
    cancelled="a",
)  # fmt: skip
case(
    "callActivity", "BPMN 10.5.1", "an escalation of the called process is caught on the call's border",
    process(start(), call("a", "other"), boundary("b", "a", escalation("L1"), interrupting=False), user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start         -> a
    escalate a L1 -> a x
    returned a    -> x
    """,
)  # fmt: skip
case(
    "serviceTask", "BPMN 10.5.1", "an escalation that nothing catches leaves everything as it was",
    process(start(), service("a", "t"), end(), flows="start>a; a>end"),
    """
    start         -> a
    escalate a L1 -> a
    serve a       -> done
    """,
    thrown="L1",
)  # fmt: skip
case(
    "boundaryEvent.escalation", "Camunda 7", "keeps the code in the variable that is named",
    escalating(boundary("b", "S", escalation(_escalationCodeVariable="code"), interrupting=False)),
    """
    start      -> S a
    complete a -> S after_b c
    """,
    variables={"code": "L1"},
)  # fmt: skip
case(
    "intermediateThrowEvent.escalation", "Camunda 7", "carries its input parameters",
    process(
        start(), sub("S", start("s"), throwing("t", escalation("L1"), io({"why": "${n + 1}"})), user("c"), end("e"),
            flows="s>t; t>c; c>e"),
        boundary("b", "S", escalation("L1")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    "start n=1 -> x",
    variables={"why": 2},
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 13.3.7", "on a multi-instance subprocess, comes from each run",
    process(
        start(), sub("S", start("s"), user("a"), throwing("t", escalation("L1")), end("e"), each(cardinality="2"),
            flows="s>a; a>t; t>e"),
        boundary("b", "S", escalation("L1"), interrupting=False), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S S a a
    complete a -> S a x
    complete a -> x x
    """,
)  # fmt: skip
case(
    "boundaryEvent.escalation", "BPMN 13.3.7", "interrupting on a multi-instance subprocess, ends all runs",
    process(
        start(), sub("S", start("s"), user("a"), throwing("t", escalation("L1")), end("e"), each(cardinality="2"),
            flows="s>a; a>t; t>e"),
        boundary("b", "S", escalation("L1")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S S a a
    complete a -> x
    """,
    cancelled="S a S",
)  # fmt: skip
case(
    "boundaryEvent.multiple", "BPMN 10.5.5", "an escalation or a time, whichever comes, and both may come",
    process(start(), user("a"), boundary("b", "a", escalation("L1"), interrupting=False, extra=(timer(duration="PT1H"),)),
        user("x"), end(),
            flows="start>a; a>end; b>x; x>end"),
    """
    start         -> a
    escalate a L1 -> a x
    later PT1H    -> a x x
    escalate a L1 -> a x x x
    """,
)  # fmt: skip
refused(
    "intermediateThrowEvent.escalation", "BPMN 10.5.5", "an escalation without a code",
    process(start(), throwing("t", escalation()), end(), flows="start>t; t>end"),
    at="t", words="It is not said which escalation is thrown",
)  # fmt: skip
refused(
    "boundaryEvent.escalation", "BPMN 10.5.5", "an escalation that is not declared",
    process(start(), user("a"), boundary("b", "a", node("escalationEventDefinition", escalationRef="nowhere")), end(),
        flows="start>a; a>end; b>end"),
    at="b", words="“nowhere” does not exist",
)  # fmt: skip
refused(
    "boundaryEvent.escalation", "BPMN 10.5.4", "two events on one activity that catch every escalation",
    process(start(), user("a"), boundary("b", "a", escalation()), boundary("c", "a", escalation()), end(),
        flows="start>a; a>end; b>end; c>end"),
    at="c", words="Another event catches every escalation",
)  # fmt: skip
refused(
    "startEvent.escalation", "BPMN 10.5.2", "a process that an escalation starts",
    process(start("s", escalation("L1")), user("a"), flows="s>a"),
    at="s", words="Nothing outside throws escalation",
)  # fmt: skip
refused(
    "intermediateCatchEvent.escalation", "BPMN 10.5.4", "an escalation waited for in the middle of a path",
    process(start(), node("intermediateCatchEvent", "c", escalation("L1")), end(), flows="start>c; c>end"),
    at="c", words="Escalations are caught on a border",
)  # fmt: skip
