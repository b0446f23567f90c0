"""The loop marker."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    again,
    boundary,
    each,
    io,
    process,
    script,
    start,
    sub,
    timer,
    user,
)


def one(*nodes, after=()):
    """One activity between a start event and a user task."""
    first = nodes[0].get("id")
    return process(start(), *nodes, user("z"), *after, flows=f"start>{first}; {first}>z")


# --- the loop marker

case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "runs again as long as its condition holds",
    one(user("a", again("${n < 2}"))),
    """
    start          -> a
    complete a n=1 -> a
    complete a n=2 -> z
    """,
    trail="start a a",
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "runs once at least when it looks at its condition afterwards",
    one(user("a", again("${false}"))),
    """
    start      -> a
    complete a -> z
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "runs not at all when it looks at its condition before and that does not hold",
    one(user("a", again("${false}", before=True))),
    "start -> z",
    trail="start a",
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "stops at loopMaximum though its condition holds",
    one(user("a", again("${true}", most="2"))),
    """
    start      -> a
    complete a -> a
    complete a -> z
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "runs loopMaximum times without a condition",
    one(script("a", "execution.setVariable('n', n + 1)", again(most="3"))),
    "start n=0 -> z",
    variables={"n": 3},
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "does nothing when loopMaximum is 0",
    one(user("a", again("${true}", most="0"))),
    "start -> z",
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "counts its runs in loopCounter, seen by the condition",
    one(user("a", again("${loopCounter < 3}"))),
    """
    start      -> a
    complete a -> a
    complete a -> a
    complete a -> z
    """,
    variables={"loopCounter": None},
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "shows its run which one it is",
    one(script("a", "execution.setVariable('seen', seen.concat(loopCounter))", again(most="3"))),
    "start seen=[] -> z",
    variables={"seen": [0, 1, 2]},
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "takes loopMaximum from an expression",
    one(user("a", again(most="${m}"))),
    """
    start m=2  -> a
    complete a -> a
    complete a -> z
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "may have its condition in FEEL",
    one(user("a", again("feel:n < 1"))),
    """
    start n=0      -> a
    complete a     -> a
    complete a n=1 -> z
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "may have its condition in JavaScript",
    one(user("a", again("javascript:n < 1"))),
    """
    start n=0      -> a
    complete a n=1 -> z
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "reads the input parameters anew for each run",
    one(user("a", again(most="2"), io({"x": "${n}"}, {"n": "${x + 1}"}))),
    """
    start n=1  -> a
    complete a -> a
    complete a -> z
    """,
    variables={"n": 3},
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "repeats a subprocess as a whole",
    one(sub("s", again(most="2"), start("i"), user("a"), flows="i>a")),
    """
    start      -> s a
    complete a -> s a
    complete a -> z
    """,
    trail="start i a s i a s",
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "is interrupted as a whole by a boundary event",
    process(
        start(),
        user("a", again("${true}")),
        user("z"),
        boundary("t", "a", timer(duration="PT1H")),
        user("b"),
        flows="start>a; a>z; t>b",
    ),
    """
    start      -> a
    complete a -> a
    later PT1H -> b
    """,
    cancelled="a",
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "keeps one boundary timer for all its runs",
    process(
        start(),
        user("a", again(most="9")),
        user("z"),
        boundary("t", "a", timer(duration="PT1H")),
        user("b"),
        flows="start>a; a>z; t>b",
    ),
    """
    start       -> a
    later PT40M -> a
    complete a  -> a
    later PT20M -> b
    """,
)
case(
    "standardLoopCharacteristics",
    "BPMN 13.3.6",
    "fails when its condition is neither true nor false",
    one(user("a", again("${n}"))),
    """
    start n=1  -> a
    complete a -> !neither true nor false
    """,
)
refused(
    "standardLoopCharacteristics",
    "BPMN 10.3.7",
    "that would never end",
    one(user("a", again())),
    at="a",
    words="The loop would never end",
)
refused(
    "standardLoopCharacteristics",
    "BPMN 10.3",
    "beside a multi-instance mark",
    one(user("a", again(most="2"), each(cardinality="2"))),
    at="a",
    words="a loop or a multi-instance, not both",
)
refused(
    "standardLoopCharacteristics",
    "BPMN 10.3.7",
    "with a maximum that is no number",
    one(user("a", again(most="many"))),
    at="a",
    words="loopMaximum",
)
