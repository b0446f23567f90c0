"""Ad-hoc subprocesses."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    ad_hoc,
    boundary,
    each,
    end,
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


# --- ad-hoc subprocesses

case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "offers all its activities at once",
    one(ad_hoc("s", user("a"), user("b"))),
    """
    start      -> s a b
    complete b -> s a
    complete a -> z
    """,
    trail="start b a s",
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "in sequence does one at a time, in the diagram's order",
    one(ad_hoc("s", user("a"), user("b"), ordering="Sequential")),
    """
    start      -> s a
    complete a -> s b
    complete b -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "is over when its completion condition holds, and cancels what is open",
    one(ad_hoc("s", user("a"), user("b"), until="${done}")),
    """
    start done=false     -> s a b
    complete a done=true -> z
    """,
    cancelled="b",
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "awaits what is open when it must not cancel it",
    one(ad_hoc("s", user("a"), user("b"), until="${done}", cancels=False)),
    """
    start done=false     -> s a b
    complete a done=true -> s b
    begin s a            -> !nothing more can be begun
    complete b           -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "stays open until its condition holds, and offers its activities again",
    one(ad_hoc("s", user("a"), until="${n >= 2}")),
    """
    start n=0      -> s a
    complete a n=1 -> s
    begin s a      -> s a
    complete a n=2 -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "may have an activity begun again beside itself",
    one(ad_hoc("s", user("a"), until="${false}")),
    """
    start     -> s a
    begin s a -> s a a
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "in sequence has nothing begun while something is open",
    one(ad_hoc("s", user("a"), until="${n == 9}", ordering="Sequential")),
    """
    start n=0  -> s a
    begin s a  -> !one thing is done at a time
    complete a -> s
    begin s a  -> s a
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "has nothing begun that a flow leads to",
    one(ad_hoc("s", user("a"), user("b"), flows="a>b")),
    """
    start      -> s a
    begin s b  -> !cannot be begun
    complete a -> s b
    complete b -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "looks at its condition after each activity on a path",
    one(ad_hoc("s", user("a"), user("b"), flows="a>b", until="${done}")),
    """
    start done=false     -> s a
    complete a done=true -> z
    """,
    trail="start a s",
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "in sequence goes on with the next path when one has ended",
    one(ad_hoc("s", user("a"), user("b"), user("c"), flows="a>b", ordering="Sequential")),
    """
    start      -> s a
    complete a -> s b
    complete b -> s c
    complete c -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "keeps variables of its own",
    one(ad_hoc("s", io({"x": "${1}"}, {"y": "${x}"}), user("a"))),
    """
    start          -> s a
    complete a x=5 -> z
    """,
    variables={"x": None, "y": 5},
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "may have its condition in FEEL",
    one(ad_hoc("s", user("a"), user("b"), until="feel:count(list) > 0")),
    """
    start list=[]       -> s a b
    complete b list=[1] -> z
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "is interrupted by a boundary event",
    process(
        start(),
        ad_hoc("s", user("a"), user("b")),
        user("z"),
        boundary("t", "s", timer(duration="PT1H")),
        flows="start>s; s>z; t>z",
    ),
    """
    start      -> s a b
    later PT1H -> z
    """,
    cancelled="b a s",
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "runs once for each item when it is a multi-instance",
    one(ad_hoc("s", each(cardinality="2"), user("a"), until="${n == 1}")),
    """
    start n=0        -> s s a a
    complete a 1 n=0 -> s s a
    complete a 0 n=1 -> s
    """,
)
case(
    "adHocSubProcess",
    "BPMN 13.3.5",
    "may hold subprocesses and scripts",
    one(ad_hoc("s", script("a", "execution.setVariable('n', 1)"), sub("t", start("i"), user("b"), flows="i>b"))),
    """
    start      -> s t b
    complete b -> z
    """,
    variables={"n": 1},
)
refused(
    "adHocSubProcess",
    "BPMN 10.3.5",
    "with a start event",
    one(ad_hoc("s", start("i"), user("a"), flows="i>a")),
    at="i",
    words="A startEvent has no meaning within a adHocSubProcess",
)
refused(
    "adHocSubProcess",
    "BPMN 10.3.5",
    "with an end event",
    one(ad_hoc("s", user("a"), end("e"), flows="a>e")),
    at="e",
    words="A endEvent has no meaning within a adHocSubProcess",
)
refused(
    "adHocSubProcess",
    "BPMN 10.3.5",
    "without an activity",
    one(ad_hoc("s")),
    at="s",
    words="no activity that could be begun",
)
refused(
    "adHocSubProcess",
    "BPMN 10.3.5",
    "in no order that there is",
    one(ad_hoc("s", user("a"), ordering="Random")),
    at="s",
    words="use Parallel or Sequential",
)
