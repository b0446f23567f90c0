"""Compensation: what was completed is undone by its handlers, newest first."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    each,
    end,
    error,
    event_sub,
    exclusive,
    io,
    message,
    node,
    parallel,
    process,
    service,
    start,
    sub,
    throwing,
    timer,
    undoing,
    undone,
    user,
)


def line(*nodes, more=(), key="p"):
    """Nodes one after the other between a start and an end event; `more` stands beside."""
    ids = ["start", *(node.get("id") for node in nodes), "end"]
    flows = "; ".join(f"{one}>{other}" for one, other in zip(ids, ids[1:], strict=False))
    return process(start(), *nodes, end(), *more, flows=flows, key=key)


def pair(host):
    return undone(host, user(f"undo_{host}"))


case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "runs the handlers in the reverse order of completion, one after the other",
    line(user("a"), user("b"), throwing("t", undoing()), user("c"), more=(*pair("a"), *pair("b"))),
    """
    start           -> a
    complete a      -> b
    complete b      -> t undo_b
    complete undo_b -> t undo_a
    complete undo_a -> c
    """,
    trail="start a b undo_b undo_a t",
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "passes when nothing has been completed that can be undone",
    line(throwing("t", undoing()), user("a"), more=pair("a")),
    "start -> a",
    trail="start t",
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "undoes only the activity that it names",
    line(user("a"), user("b"), throwing("t", undoing("a")), user("c"), more=(*pair("a"), *pair("b"))),
    """
    start           -> a
    complete a      -> b
    complete b      -> t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "undoes each completion once",
    line(user("a"), throwing("t", undoing()), throwing("u", undoing()), user("c"), more=pair("a")),
    """
    start           -> a
    complete a      -> t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "what one throw has not named another still undoes",
    line(user("a"), user("b"), throwing("t", undoing("a")), throwing("u", undoing()), user("c"), more=(*pair("a"), *pair("b"))),
    """
    start           -> a
    complete a      -> b
    complete b      -> t undo_a
    complete undo_a -> u undo_b
    complete undo_b -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "goes on at once if it is not to wait",
    line(user("a"), throwing("t", undoing(waits=False)), user("c"), more=pair("a")),
    """
    start           -> a
    complete a      -> t undo_a c
    complete c      -> t undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "endEvent.compensate", "BPMN 10.5.3", "ends when everything is undone",
    process(start(), user("a"), end("end", undoing()), *pair("a"), flows="start>a; a>end"),
    """
    start           -> a
    complete a      -> end undo_a
    complete undo_a -> done
    """,
    trail="start a undo_a end",
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "an activity in a loop is undone as often as it was completed",
    process(
        start(), exclusive("m"), user("a"), exclusive("x"), throwing("t", undoing()), end(), *pair("a"),
        flows="start>m; m>a; a>x; x>m ${n < 3}; x>t *; t>end",
    ),
    """
    start           -> a
    complete a n=1  -> a
    complete a n=2  -> a
    complete a n=3  -> t undo_a
    complete undo_a -> t undo_a
    complete undo_a -> t undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "an activity that was interrupted has nothing to undo",
    process(
        start(), user("a"), boundary("b", "a", timer(duration="PT1H")), throwing("t", undoing()), user("c"), end(), *pair("a"),
        flows="start>a; a>end; b>t; t>c; c>end",
    ),
    """
    start      -> a
    later PT1H -> c
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "an activity that is still at work has nothing to undo",
    process(start(), parallel("fork"), user("a"), user("b"), throwing("t", undoing()), end(), *pair("a"),
            flows="start>fork; fork>a; fork>b; b>t; t>end; a>end"),
    """
    start      -> a b
    complete b -> a
    complete a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler may be a service",
    line(user("a"), throwing("t", undoing()), more=undone("a", service("undo_a", "cancel", io({"what": "${n}"})))),
    """
    start n=1    -> a
    complete a   -> t undo_a
    serve undo_a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler may be a subprocess",
    line(user("a"), throwing("t", undoing()), more=undone("a", sub("undo_a", start("s"), user("i"), end("e"), flows="s>i; i>e"))),
    """
    start      -> a
    complete a -> t undo_a i
    complete i -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler may run several times",
    line(user("a"), throwing("t", undoing()), more=undone("a", user("undo_a", each(cardinality="2")))),
    """
    start           -> a
    complete a      -> t undo_a undo_a
    complete undo_a -> t undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler writes variables of the process",
    line(user("a"), throwing("t", undoing()), more=pair("a")),
    """
    start n=1           -> a
    complete a n=2      -> t undo_a
    complete undo_a n=3 -> done
    """,
    variables={"n": 3},
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 13.3.7", "each run of a multi-instance activity is undone, with its own item",
    line(user("a", each(collection="items", variable="item")), throwing("t", undoing()), more=undone("a", user("undo_a", name="Undo ${item}"))),
    """
    start items=[7,8] -> a a
    complete a        -> a
    complete a        -> t undo_a
    complete undo_a   -> t undo_a
    complete undo_a   -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 13.3.7", "the runs are undone in the reverse order of their completion",
    line(user("a", each(collection="items", variable="item")), throwing("t", undoing()),
         more=undone("a", user("undo_a", io({}, {"log": "${log}${item}"})))),
    """
    start items=[7,8] log="" -> a a
    complete a 1             -> a
    complete a               -> t undo_a
    complete undo_a          -> t undo_a
    complete undo_a          -> done
    """,
    variables={"log": "78"},
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "a handler on a subprocess takes the place of those within",
    line(sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing()), more=pair("S")),
    """
    start           -> S a
    complete a      -> t undo_S
    complete undo_S -> done
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.1", "a completed subprocess without handler is undone by what was done within",
    line(sub("S", start("s"), user("a"), user("b"), end("e"), *pair("a"), *pair("b"), flows="s>a; a>b; b>e"), throwing("t", undoing())),
    """
    start           -> S a
    complete a      -> S b
    complete b      -> t S undo_b
    complete undo_b -> t S undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.2", "may be named, and what was done beside it stays",
    line(user("b"), sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing("S")), user("c"), more=pair("b")),
    """
    start           -> b
    complete b      -> S a
    complete a      -> t S undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.1", "within a subprocess within a subprocess",
    line(
        sub("S", start("s"), sub("T", start("u"), user("a"), end("f"), *pair("a"), flows="u>a; a>f"), end("e"), flows="s>T; T>e"),
        throwing("t", undoing()),
    ),
    """
    start           -> S T a
    complete a      -> t S T undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.1", "sees its variables as they were when it ended",
    line(
        sub("S", start("s"), user("a"), end("e"), *undone("a", user("undo_a", io({}, {"found": "${local}"}))), io({"local": "${1}"}), flows="s>a; a>e"),
        throwing("t", undoing()),
    ),
    """
    start              -> S a
    complete a local=5 -> t S undo_a
    complete undo_a    -> done
    """,
    variables={"found": 5},
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.1", "one that ended without anything to undo is passed by",
    line(sub("S", start("s"), user("a"), end("e"), flows="s>a; a>e"), throwing("t", undoing()), user("c")),
    """
    start      -> S a
    complete a -> c
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 13.3.7", "each run of a multi-instance subprocess is undone, the newest first",
    line(
        sub("S", start("s"), user("a"), end("e"), *undone("a", user("undo_a", io({}, {"log": "${log}${item}"}))),
            each(collection="items", variable="item", sequential=True), flows="s>a; a>e"),
        throwing("t", undoing()),
    ),
    """
    start items=[7,8] log="" -> S a
    complete a               -> S a
    complete a               -> t S undo_a
    complete undo_a          -> t S undo_a
    complete undo_a          -> done
    """,
    variables={"log": "87"},
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "within a subprocess undoes what was done in that alone",
    line(
        user("b"), sub("S", start("s"), user("a"), throwing("t", undoing()), end("e"), *pair("a"), flows="s>a; a>t; t>e"), user("c"), more=pair("b")
    ),
    """
    start           -> b
    complete b      -> S a
    complete a      -> S t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "in an event subprocess for an error undoes what its scope had done",
    line(
        sub("S", start("s"), user("a"), user("b"), end("e", error("E1")), *pair("a"), *pair("b"),
            event_sub("H", start("hs", error("E1")), throwing("t", undoing()), end("he"), flows="hs>t; t>he"), flows="s>a; a>b; b>e"),
        user("c"),
    ),
    """
    start           -> S a
    complete a      -> S b
    complete b      -> S H t undo_b
    complete undo_b -> S H t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "in an event subprocess may name an activity of the scope around",
    process(
        start(), user("a"), user("b"), end(), *pair("a"), *pair("b"),
        event_sub("H", start("hs", message("M")), throwing("t", undoing("a")), end("he"), flows="hs>t; t>he", interrupting=False),
        flows="start>a; a>b; b>end",
    ),
    """
    start           -> a
    complete a      -> b
    receive hs      -> b H t undo_a
    complete undo_a -> b
    """,
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "undoes its subprocess in its own way",
    line(
        sub("S", start("s"), user("a"), end("e"), *pair("a"), event_sub("H", start("hs", undoing()), user("h"), end("he"), flows="hs>h; h>he"),
            flows="s>a; a>e"),
        throwing("t", undoing()),
    ),
    """
    start      -> S a
    complete a -> t S H h
    complete h -> done
    """,
    trail="start s a e S hs h he H S t end",
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "does not begin while its subprocess is at work",
    line(sub("S", start("s"), user("a"), end("e"), event_sub("H", start("hs", undoing()), user("h"), end("he"), flows="hs>h; h>he"), flows="s>a; a>e")),
    """
    start      -> S a
    complete a -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "may undo what was done within by throwing compensation itself",
    line(
        sub("S", start("s"), user("a"), user("b"), end("e"), *pair("a"), *pair("b"),
            event_sub("H", start("hs", undoing()), throwing("u", undoing("a")), user("h"), throwing("v", undoing()), end("he"),
                      flows="hs>u; u>h; h>v; v>he"), flows="s>a; a>b; b>e"),
        throwing("t", undoing()),
    ),
    """
    start           -> S a
    complete a      -> S b
    complete b      -> t S H u undo_a
    complete undo_a -> t S H h
    complete h      -> t S H v undo_b
    complete undo_b -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "sees the variables of its subprocess as they were when it ended",
    line(
        sub("S", start("s"), user("a"), end("e"), io({"local": "${1}"}),
            event_sub("H", start("hs", undoing()), user("h"), end("he"), io({"seen": "${local}"}, {"found": "${seen}"}), flows="hs>h; h>he"),
            flows="s>a; a>e"),
        throwing("t", undoing()),
    ),
    """
    start              -> S a
    complete a local=4 -> t S H h
    complete h         -> done
    """,
    variables={"found": 4},
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "what was done in an event subprocess is undone with its scope",
    line(
        sub("S", start("s"), user("a"), end("e"),
            event_sub("H", start("hs", message("M")), user("h"), end("he"), *pair("h"), flows="hs>h; h>he", interrupting=False), flows="s>a; a>e"),
        throwing("t", undoing()),
    ),
    """
    start           -> S a
    receive hs      -> S a H h
    complete h      -> S a
    complete a      -> t S H undo_h
    complete undo_h -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "an error from a handler goes outwards from the throw",
    process(
        start(),
        sub("S", start("s"), user("a"), throwing("t", undoing()), end("e"), *pair("a"), flows="s>a; a>t; t>e"),
        boundary("b", "S", error("E1")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start           -> S a
    complete a      -> S t undo_a
    error undo_a E1 -> x
    """,
    cancelled="undo_a t S",
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 13.5.3", "an interruption of its scope ends the handlers too",
    process(
        start(),
        sub("S", start("s"), user("a"), throwing("t", undoing()), end("e"), *pair("a"), flows="s>a; a>t; t>e"),
        boundary("b", "S", timer(duration="PT1H")), user("x"), end(), flows="start>S; S>end; b>x; x>end",
    ),
    """
    start      -> S a
    complete a -> S t undo_a
    later PT1H -> x
    """,
    cancelled="undo_a t S",
)  # fmt: skip
case(
    "endEvent.terminate", "BPMN 10.5.3", "ends without undoing anything, also while something is being undone",
    process(
        start(), parallel("fork"), user("a"), user("k"), throwing("t", undoing()), end("stop", node("terminateEventDefinition")), end(), *pair("a"),
        flows="start>fork; fork>a; fork>k; a>t; t>end; k>stop",
    ),
    """
    start      -> a k
    complete a -> k t undo_a
    complete k -> done
    """,
    cancelled="undo_a t",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.5.4", "a flow out of a compensation event",
    process(start(), user("a"), *pair("a"), user("x"), end(), flows="start>a; a>end; a_undo>x; x>end"),
    at="a_undo", words="A flow leaves a compensation event",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "a compensation event without handler",
    process(start(), user("a"), boundary("b", "a", undoing()), end(), flows="start>a; a>end"),
    at="b", words="leads to no activity",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "a compensation event with two handlers",
    process(start(), user("a"), *pair("a"), user("u", isForCompensation="true"), node("association", "as", sourceRef="a_undo", targetRef="u"), end(),
            flows="start>a; a>end"),
    at="a_undo", words="leads to 2 activities",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "a handler that is not marked as being for compensation",
    process(start(), user("a"), boundary("b", "a", undoing()), user("u"), node("association", "as", sourceRef="b", targetRef="u"), end(),
            flows="start>a; a>u; u>end"),
    at="u", words="mark it as being for compensation",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "a handler within the flow",
    process(start(), user("a"), *pair("a"), end(), flows="start>a; a>undo_a; undo_a>end"),
    at="undo_a", words="stands outside the flow",
)  # fmt: skip
refused(
    "userTask", "BPMN 10.7.1", "an activity for compensation to which nothing leads",
    process(start(), user("a"), user("u", isForCompensation="true"), end(), flows="start>a; a>end"),
    at="u", words="Nothing leads to this activity for compensation",
)  # fmt: skip
refused(
    "boundaryEvent.compensate", "BPMN 10.7.1", "two compensation events on one activity",
    process(start(), user("a"), *pair("a"), boundary("b", "a", undoing()), user("u", isForCompensation="true"),
            node("association", "as", sourceRef="b", targetRef="u"), end(), flows="start>a; a>end"),
    at="b", words="Another event catches every compensate",
)  # fmt: skip
refused(
    "boundaryEvent", "BPMN 10.7.1", "a boundary event on a handler",
    process(start(), user("a"), *pair("a"), boundary("b", "undo_a", timer(duration="PT1H")), end(), flows="start>a; a>end; b>end"),
    at="b", words="stands on a handler of compensation",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity that there is not",
    line(user("a"), throwing("t", undoing("nowhere"))),
    at="t", words="“nowhere” that is to be undone does not exist",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity that nothing undoes",
    line(user("a"), throwing("t", undoing("a"))),
    at="t", words="Nothing undoes “a”",
)  # fmt: skip
refused(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "the undoing of an activity within a subprocess from outside it",
    line(sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing("a"))),
    at="t", words="stands in another scope",
)  # fmt: skip
refused(
    "eventSubProcess.compensate", "BPMN 10.7.1", "an event subprocess that undoes the process itself",
    process(start(), user("a"), end(), event_sub("H", start("hs", undoing()), end("he"), flows="hs>he"), flows="start>a; a>end"),
    at="hs", words="A process is never undone as a whole",
)  # fmt: skip
refused(
    "eventSubProcess.compensate", "BPMN 10.7.1", "an event subprocess and a handler for one subprocess",
    line(sub("S", start("s"), user("a"), end("e"), event_sub("H", start("hs", undoing()), end("he"), flows="hs>he"), flows="s>a; a>e"), more=pair("S")),
    at="hs", words="keep one of the two",
)  # fmt: skip
refused(
    "startEvent.compensate", "BPMN 10.5.2", "a process that compensation starts",
    process(start("s", undoing()), user("a"), flows="s>a"),
    at="s", words="Nothing outside throws compensate",
)  # fmt: skip
refused(
    "boundaryEvent.multiple", "BPMN 10.5.4", "compensation as one of several of an event",
    process(start(), user("a"), boundary("b", "a", undoing(), extra=(timer(duration="PT1H"),)), end(), flows="start>a; a>end; b>end"),
    at="b", words="A compensate event definition stands alone",
)  # fmt: skip
