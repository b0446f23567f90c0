"""Compensation: what was completed is undone by its handlers, newest first."""

from tests.conformance.case import case
from tests.engine.bpmn.diagrams import (
    boundary,
    each,
    end,
    error,
    event_sub,
    exclusive,
    in_line,
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


def pair(host):
    return undone(host, user(f"undo_{host}"))


case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "runs the handlers in the reverse order of completion, one after the other",
    in_line(user("a"), user("b"), throwing("t", undoing()), user("c"), more=(*pair("a"), *pair("b"))),
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
    in_line(throwing("t", undoing()), user("a"), more=pair("a")),
    "start -> a",
    trail="start t",
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "undoes only the activity that it names",
    in_line(user("a"), user("b"), throwing("t", undoing("a")), user("c"), more=(*pair("a"), *pair("b"))),
    """
    start           -> a
    complete a      -> b
    complete b      -> t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "undoes each completion once",
    in_line(user("a"), throwing("t", undoing()), throwing("u", undoing()), user("c"), more=pair("a")),
    """
    start           -> a
    complete a      -> t undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "what one throw has not named another still undoes",
    in_line(user("a"), user("b"), throwing("t", undoing("a")), throwing("u", undoing()), user("c"), more=(*pair("a"), *pair("b"))),
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
    in_line(user("a"), throwing("t", undoing(waits=False)), user("c"), more=pair("a")),
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
    in_line(user("a"), throwing("t", undoing()), more=undone("a", service("undo_a", "cancel", io({"what": "${n}"})))),
    """
    start n=1    -> a
    complete a   -> t undo_a
    serve undo_a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler may be a subprocess",
    in_line(user("a"), throwing("t", undoing()), more=undone("a", sub("undo_a", start("s"), user("i"), end("e"),
        flows="s>i; i>e"))),
    """
    start      -> a
    complete a -> t undo_a i
    complete i -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler may run several times",
    in_line(user("a"), throwing("t", undoing()), more=undone("a", user("undo_a", each(cardinality="2")))),
    """
    start           -> a
    complete a      -> t undo_a undo_a
    complete undo_a -> t undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 10.7.1", "the handler writes variables of the process",
    in_line(user("a"), throwing("t", undoing()), more=pair("a")),
    """
    start n=1           -> a
    complete a n=2      -> t undo_a
    complete undo_a n=3 -> done
    """,
    variables={"n": 3},
)  # fmt: skip
case(
    "boundaryEvent.compensate", "BPMN 13.3.7", "each run of a multi-instance activity is undone, with its own item",
    in_line(user("a", each(collection="items", variable="item")), throwing("t", undoing()), more=undone("a", user("undo_a",
        name="Undo ${item}"))),
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
    in_line(user("a", each(collection="items", variable="item")), throwing("t", undoing()),
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
    in_line(sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing()), more=pair("S")),
    """
    start           -> S a
    complete a      -> t undo_S
    complete undo_S -> done
    """,
)  # fmt: skip
case(
    "intermediateThrowEvent.compensate", "BPMN 10.7.2", "within a subprocess undoes what was done in that alone",
    in_line(
        user("b"), sub("S", start("s"), user("a"), throwing("t", undoing()), end("e"), *pair("a"), flows="s>a; a>t; t>e"),
            user("c"), more=pair("b")
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
    in_line(
        sub("S", start("s"), user("a"), user("b"), end("e", error("E1")), *pair("a"), *pair("b"),
            event_sub("H", start("hs", error("E1")), throwing("t", undoing()), end("he"), flows="hs>t; t>he"),
                flows="s>a; a>b; b>e"),
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
        start(), parallel("fork"), user("a"), user("k"), throwing("t", undoing()), end("stop", node("terminateEventDefinition")),
            end(), *pair("a"),
        flows="start>fork; fork>a; fork>k; a>t; t>end; k>stop",
    ),
    """
    start      -> a k
    complete a -> k t undo_a
    complete k -> done
    """,
    cancelled="undo_a t",
)  # fmt: skip
