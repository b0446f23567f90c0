"""Compensation of subprocesses: what was done within is undone, or an event subprocess undoes it in its own way."""

from tests.conformance.case import case
from tests.conformance.cases.compensation import pair
from tests.engine.bpmn.diagrams import (
    each,
    end,
    event_sub,
    in_line,
    io,
    message,
    start,
    sub,
    throwing,
    undoing,
    undone,
    user,
)

case(
    "subProcess.compensate", "BPMN 10.7.1", "a completed subprocess without handler is undone by what was done within",
    in_line(sub("S", start("s"), user("a"), user("b"), end("e"), *pair("a"), *pair("b"), flows="s>a; a>b; b>e"), throwing("t",
        undoing())),
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
    in_line(user("b"), sub("S", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing("S")),
        user("c"), more=pair("b")),
    """
    start           -> b
    complete b      -> S a
    complete a      -> t S undo_a
    complete undo_a -> c
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 10.7.1", "within a subprocess within a subprocess",
    in_line(
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
    in_line(
        sub("S", start("s"), user("a"), end("e"), *undone("a", user("undo_a", io({}, {"found": "${local}"}))),
            io({"local": "${1}"}), flows="s>a; a>e"),
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
    in_line(sub("S", start("s"), user("a"), end("e"), flows="s>a; a>e"), throwing("t", undoing()), user("c")),
    """
    start      -> S a
    complete a -> c
    """,
)  # fmt: skip
case(
    "subProcess.compensate", "BPMN 13.3.7", "each run of a multi-instance subprocess is undone, the newest first",
    in_line(
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
    "eventSubProcess.compensate", "BPMN 10.7.1", "undoes its subprocess in its own way",
    in_line(
        sub("S", start("s"), user("a"), end("e"), *pair("a"), event_sub("H", start("hs", undoing()), user("h"), end("he"),
            flows="hs>h; h>he"),
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
    in_line(sub("S", start("s"), user("a"), end("e"), event_sub("H", start("hs", undoing()), user("h"), end("he"),
        flows="hs>h; h>he"), flows="s>a; a>e")),
    """
    start      -> S a
    complete a -> done
    """,
)  # fmt: skip
case(
    "eventSubProcess.compensate", "BPMN 10.7.1", "may undo what was done within by throwing compensation itself",
    in_line(
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
    in_line(
        sub("S", start("s"), user("a"), end("e"), io({"local": "${1}"}),
            event_sub("H", start("hs", undoing()), user("h"), end("he"), io({"seen": "${local}"}, {"found": "${seen}"}),
                flows="hs>h; h>he"),
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
    in_line(
        sub("S", start("s"), user("a"), end("e"),
            event_sub("H", start("hs", message("M")), user("h"), end("he"), *pair("h"), flows="hs>h; h>he", interrupting=False),
                flows="s>a; a>e"),
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
