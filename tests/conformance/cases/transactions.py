"""Transactions: subprocesses that can be cancelled from within, which undoes what they have done."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    cancelling,
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
    start,
    sub,
    terminate,
    throwing,
    timer,
    transaction,
    undoing,
    undone,
    user,
)


def pair(host):
    return undone(host, user(f"undo_{host}"))


def around(content, *events, more=()):
    """A transaction `T` between start and end, with boundary events, each leading to a task named after it."""
    after = [user(f"after_{event.get('id')}") for event in events]
    flows = "; ".join(["start>T", "T>end", *(f"{event.get('id')}>after_{event.get('id')}" for event in events)])
    return process(start(), content, *events, *after, *more, end(), flows=flows)


BOOKING = transaction(
    "T", start("s"), user("a"), exclusive("x"), end("e"), end("no", cancelling()), *pair("a"), flows="s>a; a>x; x>e ${ok}; x>no *"
)
BOTH = transaction(
    "T", start("s"), parallel("fork"), user("a"), user("b"), user("k"), end("e"), end("no", cancelling()), *pair("a"), *pair("b"),
    flows="s>fork; fork>a; fork>b; fork>k; a>e; b>e; k>no",
)  # fmt: skip

case(
    "transaction", "BPMN 13.3.6", "ends as a subprocess when all goes well",
    around(BOOKING, boundary("c", "T", cancelling())),
    """
    start              -> T a
    complete a ok=true -> done
    """,
    trail="start s a x e T end",
)  # fmt: skip
case(
    "endEvent.cancel", "BPMN 10.5.3", "undoes what the transaction has done, and then leaves by the cancel event on its border",
    around(
        transaction("T", start("s"), user("a"), exclusive("x"), end("e"), end("no", cancelling()), *pair("a"),
            flows="s>a; a>x; x>e ${ok}; x>no *"),
        boundary("c", "T", cancelling()),
    ),
    """
    start               -> T a
    complete a ok=false -> T no undo_a
    complete undo_a     -> after_c
    """,
    trail="start s a x undo_a no c", cancelled="T",
)  # fmt: skip
case(
    "endEvent.cancel", "BPMN 10.5.3", "first ends what the transaction still does",
    around(BOTH, boundary("c", "T", cancelling())),
    """
    start           -> T a b k
    complete a      -> T b k
    complete k      -> T no undo_a
    complete undo_a -> after_c
    """,
    cancelled="b T",
)  # fmt: skip
case(
    "endEvent.cancel", "BPMN 13.5.5", "undoes the newest first",
    around(
        transaction("T", start("s"), user("a"), user("b"), end("no", cancelling()), *pair("a"), *pair("b"), flows="s>a; a>b; b>no"),
        boundary("c", "T", cancelling()),
    ),
    """
    start           -> T a
    complete a      -> T b
    complete b      -> T no undo_b
    complete undo_b -> T no undo_a
    complete undo_a -> after_c
    """,
)  # fmt: skip
case(
    "endEvent.cancel", "BPMN 10.5.3", "leaves at once when there is nothing to undo",
    around(transaction("T", start("s"), user("a"), end("no", cancelling()), flows="s>a; a>no"), boundary("c", "T", cancelling())),
    """
    start      -> T a
    complete a -> after_c
    """,
    trail="start s a no c",
)  # fmt: skip
case(
    "endEvent.cancel", "BPMN 10.5.3", "no longer hears what the transaction listened for",
    around(
        transaction(
            "T", start("s"), user("a"), end("no", cancelling()), *pair("a"),
            event_sub("H", start("hs", timer(duration="PT1H")), user("h"), end("he"), flows="hs>h; h>he"), flows="s>a; a>no",
        ),
        boundary("c", "T", cancelling()),
    ),
    """
    start      -> T a
    complete a -> T no undo_a
    later PT2H -> T no undo_a
    """,
)  # fmt: skip
case(
    "transaction", "BPMN 10.7.1", "once completed, it is undone as a subprocess is",
    process(
        start(), transaction("T", start("s"), user("a"), end("e"), *pair("a"), flows="s>a; a>e"), throwing("t", undoing()), end(),
        flows="start>T; T>t; t>end",
    ),
    """
    start           -> T a
    complete a      -> t T undo_a
    complete undo_a -> done
    """,
)  # fmt: skip
case(
    "transaction", "BPMN 13.3.6", "an error is a hazard: it leaves without undoing anything",
    around(
        transaction("T", start("s"), user("a"), end("e", error("E1")), *pair("a"), flows="s>a; a>e"), boundary("c", "T",
            error("E1")),
    ),
    """
    start      -> T a
    complete a -> after_c
    """,
)  # fmt: skip
case(
    "transaction", "BPMN 10.5.3", "a subprocess within it is undone with it",
    around(
        transaction(
            "T", start("s"), sub("S", start("ss"), user("a"), end("se"), *pair("a"), flows="ss>a; a>se"), end("no", cancelling()),
                flows="s>S; S>no"
        ),
        boundary("c", "T", cancelling()),
    ),
    """
    start           -> T S a
    complete a      -> T no S undo_a
    complete undo_a -> after_c
    """,
)  # fmt: skip
case(
    "transaction", "BPMN 10.4.1", "its handlers see its variables",
    around(
        transaction("T", start("s"), user("a"), end("no", cancelling()), *undone("a", user("undo_a", io({},
            {"found": "${local}"}))),
                    io({"local": "${1}"}), flows="s>a; a>no"),
        boundary("c", "T", cancelling()),
    ),
    """
    start              -> T a
    complete a local=3 -> T no undo_a
    complete undo_a    -> after_c
    """,
    variables={"found": 3},
)  # fmt: skip
case(
    "transaction", "BPMN 13.5.3", "a boundary timer interrupts it without undoing anything",
    around(transaction("T", start("s"), user("a"), user("b"), end("e"), *pair("a"), flows="s>a; a>b; b>e"), boundary("c", "T",
        timer(duration="PT1H"))),
    """
    start      -> T a
    complete a -> T b
    later PT1H -> after_c
    """,
)  # fmt: skip
case(
    "endEvent.terminate", "BPMN 10.5.3", "in a transaction ends that alone, and nothing is undone",
    around(transaction("T", start("s"), parallel("fork"), user("a"), user("b"), end("e", terminate()), *pair("a"),
        flows="s>fork; fork>a; fork>b; a>e")),
    """
    start      -> T a b
    complete a -> done
    """,
    cancelled="b",
)  # fmt: skip
case(
    "endEvent.terminate", "BPMN 10.5.3", "in an event subprocess ends that alone",
    process(
        start(), user("a"), end(),
        event_sub("H", start("hs", message("M")), parallel("fork"), user("x"), user("y"), end("he", terminate()),
            flows="hs>fork; fork>x; fork>y; x>he",
                  interrupting=False),
        flows="start>a; a>end",
    ),
    """
    start      -> a
    receive hs -> a H x y
    complete x -> a
    complete a -> done
    """,
    cancelled="y",
)  # fmt: skip
case(
    "endEvent.terminate", "BPMN 10.5.3", "in one run of a multi-instance subprocess ends that run alone",
    process(
        start(), sub("S", start("s"), parallel("fork"), user("x"), user("y"), end("e", terminate()), each(cardinality="2"),
            flows="s>fork; fork>x; fork>y; x>e"),
        end(), flows="start>S; S>end",
    ),
    """
    start      -> S S x y x y
    complete x -> S x y
    complete x -> done
    """,
    cancelled="y y",
)  # fmt: skip
case(
    "endEvent.terminate", "BPMN 10.5.3", "at the top ends subprocesses and event subprocesses too",
    process(
        start(), parallel("fork"), user("k"), end("stop", terminate()), sub("S", start("s"), user("x"), end("e"), flows="s>x; x>e"),
        event_sub("H", start("hs", message("M")), user("h"), end("he"), flows="hs>h; h>he", interrupting=False),
        flows="start>fork; fork>k; k>stop; fork>S",
    ),
    """
    start      -> k S x
    receive hs -> k S x H h
    complete k -> done
    """,
    cancelled="h H x S",
)  # fmt: skip
refused(
    "endEvent.cancel", "BPMN 10.5.3", "a cancellation outside a transaction",
    process(start(), end("end", cancelling()), flows="start>end"),
    at="end", words="Only a transaction can be cancelled",
)  # fmt: skip
refused(
    "endEvent.cancel", "BPMN 10.5.3", "a cancellation in a subprocess within a transaction",
    around(
        transaction("T", start("s"), sub("S", start("ss"), end("no", cancelling()), flows="ss>no"), end("e"), flows="s>S; S>e"),
        boundary("c", "T", cancelling()),
    ),
    at="no", words="directly into a transaction",
)  # fmt: skip
refused(
    "transaction", "BPMN 10.5.3", "a transaction that is cancelled and has no cancel event to leave by",
    around(transaction("T", start("s"), end("no", cancelling()), flows="s>no")),
    at="T", words="has no cancel event on its border",
)  # fmt: skip
refused(
    "boundaryEvent.cancel", "BPMN 10.5.4", "a cancel event on a subprocess",
    process(start(), sub("T", start("s"), end("e"), flows="s>e"), boundary("c", "T", cancelling()), end(),
        flows="start>T; T>end; c>end"),
    at="c", words="put the cancel event on the border of a transaction",
)  # fmt: skip
refused(
    "boundaryEvent.cancel", "BPMN 10.5.4", "a cancel event that interrupts nothing",
    around(transaction("T", start("s"), end("no", cancelling()), flows="s>no"), boundary("c", "T", cancelling(),
        interrupting=False)),
    at="c", words="A cancel always interrupts",
)  # fmt: skip
refused(
    "boundaryEvent.cancel", "BPMN 10.5.4", "two cancel events on a transaction",
    around(transaction("T", start("s"), end("no", cancelling()), flows="s>no"), boundary("c", "T", cancelling()), boundary("d",
        "T", cancelling())),
    at="d", words="Another event catches every cancel",
)  # fmt: skip
refused(
    "intermediateThrowEvent.cancel", "BPMN 10.5.4", "a cancellation in the middle of a path",
    around(transaction("T", start("s"), throwing("no", cancelling()), end("e"), flows="s>no; no>e"), boundary("c", "T",
        cancelling())),
    at="no", words="An end event in a transaction cancels it",
)  # fmt: skip
refused(
    "transaction", "BPMN 13.3.6", "a cancelled transaction that runs several times",
    around(transaction("T", start("s"), end("no", cancelling()), each(cardinality="2"), flows="s>no"), boundary("c", "T",
        cancelling())),
    at="T", words="put it into a repeated subprocess",
)  # fmt: skip
refused(
    "transaction", "BPMN 10.3.4", "a transaction by another method than compensation",
    around(transaction("T", start("s"), end("e"), flows="s>e", method="##Image")),
    at="T", words="method=“##Image” is not executed",
)  # fmt: skip
refused(
    "intermediateThrowEvent.terminate", "BPMN 10.5.4", "a termination in the middle of a path",
    process(start(), throwing("t", node("terminateEventDefinition")), end(), flows="start>t; t>end"),
    at="t", words="Only an end event terminates",
)  # fmt: skip
