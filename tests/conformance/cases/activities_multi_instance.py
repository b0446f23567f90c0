"""Multi-instance activities."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    data,
    each,
    exclusive,
    io,
    node,
    process,
    reference,
    script,
    start,
    sub,
    user,
)


def one(*nodes, after=()):
    """One activity between a start event and a user task."""
    first = nodes[0].get("id")
    return process(start(), *nodes, user("z"), *after, flows=f"start>{first}; {first}>z")


# --- multi-instance

case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "runs side by side for each item of a data object",
    one(
        user(
            "a",
            node(
                "multiInstanceLoopCharacteristics",
                None,
                reference("loopDataInputRef", "list"),
                node("inputDataItem", "item", name="item"),
            ),
            name="${item}",
        ),
        data("list"),
    ),
    """
    start list=["x","y"] -> a a
    complete a           -> a
    complete a           -> z
    """,
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "runs one after the other in the order of the items",
    one(script("a", "execution.setVariable('seen', seen.concat(item))", each(collection="list", variable="item", sequential=True))),
    'start list=["x","y","z"] seen=[] -> z',
    variables={"seen": ["x", "y", "z"]},
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "passes when there is nothing to run for",
    one(user("a", each(collection="list"))),
    "start list=[] -> z",
    trail="start a",
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "gathers results in the order of the items, not of completion",
    one(user("a", each(collection="list", variable="item", into="out", item="got")), data("out")),
    """
    start list=["x","y"] -> a a
    complete a 1 got=2   -> a
    complete a 0 got=1   -> z
    """,
    variables={"out": [1, 2]},
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "gathers equal results each for itself",
    one(user("a", each(cardinality="3", into="out", item="got")), data("out")),
    """
    start            -> a a a
    complete a got=1 -> a a
    complete a got=1 -> a
    complete a got=1 -> z
    """,
    variables={"out": [1, 1, 1]},
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "begins its results anew when it is run again",
    process(
        start(),
        exclusive("m"),
        user("a", each(cardinality="1", into="out", item="got")),
        data("out"),
        exclusive("x"),
        user("z"),
        flows="start>m; m>a; a>x; x>m ${!over}; x>z *",
    ),
    """
    start over=false           -> a
    complete a got=1           -> a
    complete a got=2 over=true -> z
    """,
    variables={"out": [2]},
)
for language, condition in (
    ("JUEL", "${nrOfCompletedInstances >= 2}"),
    ("FEEL", "feel:nrOfCompletedInstances >= 2"),
    ("JavaScript", "javascript:nrOfCompletedInstances >= 2"),
):
    case(
        "multiInstanceLoopCharacteristics.completionCondition",
        "BPMN 13.3.7",
        f"in {language} ends it early and cancels the rest",
        one(user("a", each(cardinality="4", until=condition))),
        """
        start      -> a a a a
        complete a -> a a a
        complete a -> z
        """,
        cancelled="a a",
    )
case(
    "multiInstanceLoopCharacteristics.completionCondition",
    "BPMN 13.3.7",
    "sees the results so far",
    one(user("a", each(cardinality="3", into="out", item="got", until="${contains(out, 'no')}")), data("out")),
    """
    start                 -> a a a
    complete a got="yes"  -> a a
    complete a got="no"   -> z
    """,
)
case(
    "multiInstanceLoopCharacteristics.loopCardinality",
    "BPMN 13.3.7",
    "may be an expression in FEEL",
    one(user("a", each(cardinality="feel:n + 1"))),
    "start n=1 -> a a",
)
case(
    "multiInstanceLoopCharacteristics.loopCardinality",
    "BPMN 13.3.7",
    "fails when it is no number",
    one(user("a", each(cardinality="${n}"))),
    'start n="x" -> !no whole number from 0',
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "may be nested",
    one(
        sub(
            "s",
            each(collection="rows", variable="row"),
            start("i"),
            user("a", each(collection="row", variable="cell")),
            flows="i>a",
        )
    ),
    """
    start rows=[[1,2],[3]] -> s s a a a
    complete a             -> s s a a
    complete a             -> s a
    complete a             -> z
    """,
)
case(
    "multiInstanceLoopCharacteristics",
    "BPMN 13.3.7",
    "keeps each run's variables apart",
    one(user("a", each(collection="list", variable="x"), io({"y": "${x * 10}"}, {"z": "${y}"}))),
    """
    start list=[1,2] -> a a
    complete a 1     -> a
    complete a 0     -> z
    """,
    variables={"x": None, "y": None, "z": 10},
)
case(
    "multiInstanceLoopCharacteristics",
    "Camunda 7",
    "counts its runs for those who look",
    one(user("a", each(cardinality="3"), name="${loopCounter} av ${nrOfInstances}")),
    "start -> a a a",
)
refused(
    "multiInstanceLoopCharacteristics",
    "BPMN 10.3.7",
    "that is for nothing",
    one(user("a", node("multiInstanceLoopCharacteristics", None))),
    at="a",
    words="exactly one of",
)
refused(
    "multiInstanceLoopCharacteristics",
    "BPMN 10.3.7",
    "that names its list twice",
    one(
        user("a", node("multiInstanceLoopCharacteristics", None, reference("loopDataInputRef", "list"), _collection="list")),
        data("list"),
    ),
    at="a",
    words="named twice",
)
refused(
    "multiInstanceLoopCharacteristics",
    "BPMN 10.3.7",
    "over data that is not there",
    one(user("a", node("multiInstanceLoopCharacteristics", None, reference("loopDataInputRef", "nowhere")))),
    at="a",
    words="no data object of this process",
)
