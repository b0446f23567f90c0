"""Standard loops, multi-instance activities, ad-hoc subprocesses."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    ad_hoc,
    again,
    boundary,
    data,
    each,
    end,
    event_sub,
    exclusive,
    io,
    message,
    node,
    parallel,
    process,
    reference,
    script,
    service,
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
    "standardLoopCharacteristics", "BPMN 13.3.6", "runs again as long as its condition holds",
    one(user("a", again("${n < 2}"))),
    """
    start          -> a
    complete a n=1 -> a
    complete a n=2 -> z
    """,
    trail="start a a",
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "runs once at least when it looks at its condition afterwards",
    one(user("a", again("${false}"))),
    """
    start      -> a
    complete a -> z
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "runs not at all when it looks at its condition before and that does not hold",
    one(user("a", again("${false}", before=True))),
    "start -> z", trail="start a",
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "stops at loopMaximum though its condition holds",
    one(user("a", again("${true}", most="2"))),
    """
    start      -> a
    complete a -> a
    complete a -> z
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "runs loopMaximum times without a condition",
    one(script("a", "execution.setVariable('n', n + 1)", again(most="3"))),
    "start n=0 -> z", variables={"n": 3},
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "does nothing when loopMaximum is 0",
    one(user("a", again("${true}", most="0"))),
    "start -> z",
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "counts its runs in loopCounter, seen by the condition",
    one(user("a", again("${loopCounter < 3}"))),
    """
    start      -> a
    complete a -> a
    complete a -> a
    complete a -> z
    """,
    variables={"loopCounter": None},
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "shows its run which one it is",
    one(script("a", "execution.setVariable('seen', seen.concat(loopCounter))", again(most="3"))),
    "start seen=[] -> z", variables={"seen": [0, 1, 2]},
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "takes loopMaximum from an expression",
    one(user("a", again(most="${m}"))),
    """
    start m=2  -> a
    complete a -> a
    complete a -> z
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "may have its condition in FEEL",
    one(user("a", again("feel:n < 1"))),
    """
    start n=0      -> a
    complete a     -> a
    complete a n=1 -> z
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "may have its condition in JavaScript",
    one(user("a", again("javascript:n < 1"))),
    """
    start n=0      -> a
    complete a n=1 -> z
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "reads the input parameters anew for each run",
    one(user("a", again(most="2"), io({"x": "${n}"}, {"n": "${x + 1}"}))),
    """
    start n=1  -> a
    complete a -> a
    complete a -> z
    """,
    variables={"n": 3},
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "repeats a subprocess as a whole",
    one(sub("s", again(most="2"), start("i"), user("a"), flows="i>a")),
    """
    start      -> s a
    complete a -> s a
    complete a -> z
    """,
    trail="start i a s i a s",
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "is interrupted as a whole by a boundary event",
    process(
        start(), user("a", again("${true}")), user("z"), boundary("t", "a", timer(duration="PT1H")), user("b"),
        flows="start>a; a>z; t>b",
    ),
    """
    start      -> a
    complete a -> a
    later PT1H -> b
    """,
    cancelled="a",
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "keeps one boundary timer for all its runs",
    process(
        start(), user("a", again(most="9")), user("z"), boundary("t", "a", timer(duration="PT1H")), user("b"),
        flows="start>a; a>z; t>b",
    ),
    """
    start       -> a
    later PT40M -> a
    complete a  -> a
    later PT20M -> b
    """,
)  # fmt: skip
case(
    "standardLoopCharacteristics", "BPMN 13.3.6", "fails when its condition is neither true nor false",
    one(user("a", again("${n}"))),
    """
    start n=1  -> a
    complete a -> !neither true nor false
    """,
)  # fmt: skip
refused(
    "standardLoopCharacteristics", "BPMN 10.3.7", "that would never end", one(user("a", again())), at="a", words="The loop would never end",
)  # fmt: skip
refused(
    "standardLoopCharacteristics", "BPMN 10.3", "beside a multi-instance mark",
    one(user("a", again(most="2"), each(cardinality="2"))), at="a", words="a loop or a multi-instance, not both",
)  # fmt: skip
refused(
    "standardLoopCharacteristics", "BPMN 10.3.7", "with a maximum that is no number",
    one(user("a", again(most="many"))), at="a", words="loopMaximum",
)  # fmt: skip

# --- multi-instance

case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "runs side by side for each item of a data object",
    one(user("a", node("multiInstanceLoopCharacteristics", None, reference("loopDataInputRef", "list"),
                                     node("inputDataItem", "item", name="item")), name="${item}"), data("list")),
    """
    start list=["x","y"] -> a a
    complete a           -> a
    complete a           -> z
    """,
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "runs one after the other in the order of the items",
    one(script("a", "execution.setVariable('seen', seen.concat(item))", each(collection="list", variable="item", sequential=True))),
    'start list=["x","y","z"] seen=[] -> z', variables={"seen": ["x", "y", "z"]},
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "passes when there is nothing to run for",
    one(user("a", each(collection="list"))), "start list=[] -> z", trail="start a",
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "gathers results in the order of the items, not of completion",
    one(user("a", each(collection="list", variable="item", into="out", item="got")), data("out")),
    """
    start list=["x","y"] -> a a
    complete a 1 got=2   -> a
    complete a 0 got=1   -> z
    """,
    variables={"out": [1, 2]},
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "gathers equal results each for itself",
    one(user("a", each(cardinality="3", into="out", item="got")), data("out")),
    """
    start            -> a a a
    complete a got=1 -> a a
    complete a got=1 -> a
    complete a got=1 -> z
    """,
    variables={"out": [1, 1, 1]},
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "begins its results anew when it is run again",
    process(
        start(), exclusive("m"), user("a", each(cardinality="1", into="out", item="got")), data("out"), exclusive("x"), user("z"),
        flows="start>m; m>a; a>x; x>m ${!over}; x>z *",
    ),
    """
    start over=false           -> a
    complete a got=1           -> a
    complete a got=2 over=true -> z
    """,
    variables={"out": [2]},
)  # fmt: skip
for language, condition in (("JUEL", "${nrOfCompletedInstances >= 2}"), ("FEEL", "feel:nrOfCompletedInstances >= 2"),
                            ("JavaScript", "javascript:nrOfCompletedInstances >= 2")):
    case(
        "multiInstanceLoopCharacteristics.completionCondition", "BPMN 13.3.7", f"in {language} ends it early and cancels the rest",
        one(user("a", each(cardinality="4", until=condition))),
        """
        start      -> a a a a
        complete a -> a a a
        complete a -> z
        """,
        cancelled="a a",
    )  # fmt: skip
case(
    "multiInstanceLoopCharacteristics.completionCondition", "BPMN 13.3.7", "sees the results so far",
    one(user("a", each(cardinality="3", into="out", item="got", until="${contains(out, 'no')}")), data("out")),
    """
    start                 -> a a a
    complete a got="yes"  -> a a
    complete a got="no"   -> z
    """,
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics.loopCardinality", "BPMN 13.3.7", "may be an expression in FEEL",
    one(user("a", each(cardinality="feel:n + 1"))), "start n=1 -> a a",
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics.loopCardinality", "BPMN 13.3.7", "fails when it is no number",
    one(user("a", each(cardinality="${n}"))), 'start n="x" -> !no whole number from 0',
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "may be nested",
    one(sub("s", each(collection="rows", variable="row"), start("i"), user("a", each(collection="row", variable="cell")), flows="i>a")),
    """
    start rows=[[1,2],[3]] -> s s a a a
    complete a             -> s s a a
    complete a             -> s a
    complete a             -> z
    """,
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "BPMN 13.3.7", "keeps each run's variables apart",
    one(user("a", each(collection="list", variable="x"), io({"y": "${x * 10}"}, {"z": "${y}"}))),
    """
    start list=[1,2] -> a a
    complete a 1     -> a
    complete a 0     -> z
    """,
    variables={"x": None, "y": None, "z": 10},
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics", "Camunda 7", "counts its runs for those who look",
    one(user("a", each(cardinality="3"), name="${loopCounter} av ${nrOfInstances}")),
    "start -> a a a",
)  # fmt: skip
refused(
    "multiInstanceLoopCharacteristics", "BPMN 10.3.7", "that is for nothing",
    one(user("a", node("multiInstanceLoopCharacteristics", None))), at="a", words="exactly one of",
)  # fmt: skip
refused(
    "multiInstanceLoopCharacteristics", "BPMN 10.3.7", "that names its list twice",
    one(user("a", node("multiInstanceLoopCharacteristics", None, reference("loopDataInputRef", "list"), _collection="list")), data("list")),
    at="a", words="named twice",
)  # fmt: skip
refused(
    "multiInstanceLoopCharacteristics", "BPMN 10.3.7", "over data that is not there",
    one(user("a", node("multiInstanceLoopCharacteristics", None, reference("loopDataInputRef", "nowhere")))),
    at="a", words="no data object of this process",
)  # fmt: skip

# --- ad-hoc subprocesses

case(
    "adHocSubProcess", "BPMN 13.3.5", "offers all its activities at once",
    one(ad_hoc("s", user("a"), user("b"))),
    """
    start      -> s a b
    complete b -> s a
    complete a -> z
    """,
    trail="start b a s",
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "in sequence does one at a time, in the diagram's order",
    one(ad_hoc("s", user("a"), user("b"), ordering="Sequential")),
    """
    start      -> s a
    complete a -> s b
    complete b -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "is over when its completion condition holds, and cancels what is open",
    one(ad_hoc("s", user("a"), user("b"), until="${done}")),
    """
    start done=false     -> s a b
    complete a done=true -> z
    """,
    cancelled="b",
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "awaits what is open when it must not cancel it",
    one(ad_hoc("s", user("a"), user("b"), until="${done}", cancels=False)),
    """
    start done=false     -> s a b
    complete a done=true -> s b
    begin s a            -> !nothing more can be begun
    complete b           -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "stays open until its condition holds, and offers its activities again",
    one(ad_hoc("s", user("a"), until="${n >= 2}")),
    """
    start n=0      -> s a
    complete a n=1 -> s
    begin s a      -> s a
    complete a n=2 -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "may have an activity begun again beside itself",
    one(ad_hoc("s", user("a"), until="${false}")),
    """
    start     -> s a
    begin s a -> s a a
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "in sequence has nothing begun while something is open",
    one(ad_hoc("s", user("a"), until="${n == 9}", ordering="Sequential")),
    """
    start n=0  -> s a
    begin s a  -> !one thing is done at a time
    complete a -> s
    begin s a  -> s a
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "has nothing begun that a flow leads to",
    one(ad_hoc("s", user("a"), user("b"), flows="a>b")),
    """
    start      -> s a
    begin s b  -> !cannot be begun
    complete a -> s b
    complete b -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "looks at its condition after each activity on a path",
    one(ad_hoc("s", user("a"), user("b"), flows="a>b", until="${done}")),
    """
    start done=false     -> s a
    complete a done=true -> z
    """,
    trail="start a s",
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "in sequence goes on with the next path when one has ended",
    one(ad_hoc("s", user("a"), user("b"), user("c"), flows="a>b", ordering="Sequential")),
    """
    start      -> s a
    complete a -> s b
    complete b -> s c
    complete c -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "keeps variables of its own",
    one(ad_hoc("s", io({"x": "${1}"}, {"y": "${x}"}), user("a"))),
    """
    start          -> s a
    complete a x=5 -> z
    """,
    variables={"x": None, "y": 5},
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "may have its condition in FEEL",
    one(ad_hoc("s", user("a"), user("b"), until="feel:count(list) > 0")),
    """
    start list=[]       -> s a b
    complete b list=[1] -> z
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "is interrupted by a boundary event",
    process(
        start(), ad_hoc("s", user("a"), user("b")), user("z"), boundary("t", "s", timer(duration="PT1H")),
        flows="start>s; s>z; t>z",
    ),
    """
    start      -> s a b
    later PT1H -> z
    """,
    cancelled="b a s",
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "runs once for each item when it is a multi-instance",
    one(ad_hoc("s", each(cardinality="2"), user("a"), until="${n == 1}")),
    """
    start n=0        -> s s a a
    complete a 1 n=0 -> s s a
    complete a 0 n=1 -> s
    """,
)  # fmt: skip
case(
    "adHocSubProcess", "BPMN 13.3.5", "may hold subprocesses and scripts",
    one(ad_hoc("s", script("a", "execution.setVariable('n', 1)"), sub("t", start("i"), user("b"), flows="i>b"))),
    """
    start      -> s t b
    complete b -> z
    """,
    variables={"n": 1},
)  # fmt: skip
refused(
    "adHocSubProcess", "BPMN 10.3.5", "with a start event", one(ad_hoc("s", start("i"), user("a"), flows="i>a")),
    at="i", words="A startEvent has no meaning within a adHocSubProcess",
)  # fmt: skip
refused(
    "adHocSubProcess", "BPMN 10.3.5", "with an end event", one(ad_hoc("s", user("a"), end("e"), flows="a>e")),
    at="e", words="A endEvent has no meaning within a adHocSubProcess",
)  # fmt: skip
refused(
    "adHocSubProcess", "BPMN 10.3.5", "without an activity", one(ad_hoc("s")), at="s", words="no activity that could be begun",
)  # fmt: skip
refused(
    "adHocSubProcess", "BPMN 10.3.5", "in no order that there is", one(ad_hoc("s", user("a"), ordering="Random")),
    at="s", words="use Parallel or Sequential",
)  # fmt: skip
