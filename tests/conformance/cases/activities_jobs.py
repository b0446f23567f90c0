"""Jobs of their own (asyncBefore, asyncAfter), their retries, and how many tokens an activity needs and lets out."""

from itertools import pairwise

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    each,
    end,
    node,
    parallel,
    process,
    retry,
    script,
    start,
    sub,
    task,
    timer,
    user,
)


def line(*nodes, **more):
    """The nodes one after the other, between a start and an end event."""
    ids = ["start", *(one.get("id") for one in nodes), "end"]
    flows = "; ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return process(start(), *nodes, end(), flows=flows, **more)


# --- jobs of their own

case(
    "asyncBefore",
    "Camunda 7",
    "rests before the task until the job's turn",
    line(user("a", _asyncBefore="true")),
    """
    start      -> a
    complete a -> !no user task is open
    carry_on a -> a
    complete a -> done
    """,
    trail="start a end",
)
case(
    "asyncAfter",
    "Camunda 7",
    "rests after the task, which is done by then",
    line(user("a", _asyncAfter="true"), user("b")),
    """
    start          -> a
    complete a x=1 -> a
    carry_on a     -> b
    """,
    trail="start a",
    variables={"x": 1},
)
case(
    "asyncAfter",
    "Camunda 7",
    "chooses its way when the job's turn comes",
    process(
        start(),
        user("a", _asyncAfter="true"),
        user("b"),
        user("c"),
        flows="start>a; a>b ${n==1}; a>c *",
    ),
    """
    start n=1      -> a
    complete a     -> a
    set n=2        -> a
    carry_on a     -> c
    """,
)
case(
    "asyncBefore",
    "Camunda 7",
    "of a script task keeps it from running",
    line(script("s", "1 + 1", _asyncBefore="true", result="r")),
    """
    start      -> s
    carry_on s -> done
    """,
    variables={"r": 2},
)
case(
    "asyncBefore",
    "Camunda 7",
    "of the start event puts the whole process off",
    process(start("start", _asyncBefore="true"), user("a"), flows="start>a"),
    """
    start          -> start
    carry_on start -> a
    """,
)
case(
    "asyncAfter",
    "Camunda 7",
    "of a gateway puts all its ways off",
    process(start(), node("parallelGateway", "g", _asyncAfter="true"), user("a"), user("b"), flows="start>g; g>a; g>b"),
    """
    start      -> g
    carry_on g -> a b
    """,
)
case(
    "asyncBefore",
    "Camunda 7",
    "of a join rests once for each token",
    process(
        start(),
        parallel("g"),
        user("a"),
        user("b"),
        node("parallelGateway", "j", _asyncBefore="true"),
        user("c"),
        flows="start>g; g>a; g>b; a>j; b>j; j>c",
    ),
    """
    start      -> a b
    complete a -> b j
    complete b -> j j
    carry_on j 1 -> j j
    carry_on j 0 -> c
    """,
)
case(
    "asyncBefore",
    "Camunda 7",
    "of a boundary event rests when it has happened",
    process(
        start(),
        user("a"),
        end(),
        node("boundaryEvent", "t", timer(duration="PT1H"), attachedToRef="a", _asyncBefore="true"),
        user("b"),
        flows="start>a; a>end; t>b",
    ),
    """
    start      -> a
    later PT1H -> t
    carry_on t -> b
    """,
)
case(
    "asyncBefore",
    "Camunda 7",
    "of a subprocess puts it off as a whole",
    line(sub("s", start("i"), user("a"), flows="i>a", _asyncBefore="true")),
    """
    start      -> s
    carry_on s -> s a
    complete a -> done
    """,
)
case(
    "multiInstanceLoopCharacteristics.asyncBefore",
    "Camunda 7",
    "rests once for each run",
    line(user("a", each(cardinality="2", _asyncBefore="true"))),
    """
    start        -> a a
    carry_on a 1 -> a a
    complete a 0 -> !no user task is open
    complete a 1 -> a
    carry_on a   -> a
    complete a   -> done
    """,
)
case(
    "multiInstanceLoopCharacteristics.asyncAfter",
    "Camunda 7",
    "begins the next run when the job's turn comes",
    line(user("a", each(cardinality="2", sequential=True, _asyncAfter="true"))),
    """
    start      -> a
    complete a -> a
    carry_on a -> a
    complete a -> a
    carry_on a -> done
    """,
)
case(
    "asyncBefore",
    "Camunda 7",
    "is cancelled with what it waits in",
    process(
        start(),
        sub("s", start("i"), user("a", _asyncBefore="true"), flows="i>a"),
        boundary("t", "s", timer(duration="PT1H")),
        user("b"),
        flows="start>s; t>b",
    ),
    """
    start      -> s a
    later PT1H -> b
    """,
    cancelled="s",
)
case(
    "asyncBefore",
    "Camunda 7",
    "is carried on once",
    line(user("a", _asyncBefore="true")),
    """
    start      -> a
    carry_on a -> a
    carry_on a -> !no job rests there
    """,
)
case(
    "failedJobRetryTimeCycle",
    "Camunda 7",
    "is kept for whoever carries jobs on",
    line(user("a", retry("R3/PT10M"), _asyncBefore="true")),
    "start -> a",
)
refused(
    "failedJobRetryTimeCycle",
    "Camunda 7",
    "that is no cycle",
    line(user("a", retry("ofta"), _asyncBefore="true")),
    at="a",
    words="no cycle such as R3/PT10M",
)
refused(
    "asyncAfter",
    "Camunda 7",
    "on an end event",
    process(start(), node("endEvent", "end", _asyncAfter="true"), flows="start>end"),
    at="end",
    words="Nothing comes after an end event",
)

# --- how many tokens

case(
    "startQuantity",
    "BPMN 13.3.2",
    "waits for as many tokens as are needed",
    process(
        start(),
        parallel("g"),
        user("a"),
        user("b"),
        user("c", startQuantity=2),
        flows="start>g; g>a; g>b; a>c; b>c",
    ),
    """
    start      -> a b
    complete a -> b c
    complete c -> !no user task is open
    complete b -> c
    complete c -> done
    """,
)
case(
    "startQuantity",
    "BPMN 13.3.2",
    "begins again with every further set of tokens",
    process(
        start(),
        parallel("g"),
        task("x", completionQuantity=4),
        user("c", startQuantity=2),
        flows="start>g; g>x; x>c",
    ),
    "start -> c c",
)
case(
    "completionQuantity",
    "BPMN 13.3.2",
    "lets as many tokens out by its flow",
    line(user("a", completionQuantity=3), user("b")),
    """
    start      -> a
    complete a -> b b b
    complete b -> b b
    complete b -> b
    complete b -> done
    """,
)
case(
    "completionQuantity",
    "BPMN 13.3.2",
    "lets as many out by each of its flows",
    process(start(), user("a", completionQuantity=2), user("b"), user("c"), flows="start>a; a>b; a>c"),
    """
    start      -> a
    complete a -> b b c c
    """,
)
case(
    "startQuantity",
    "BPMN 13.3.2",
    "leaves the process waiting when a token is missing",
    line(user("a", startQuantity=2)),
    "start -> a",
)
refused(
    "startQuantity",
    "BPMN 10.3",
    "less than one",
    line(user("a", startQuantity=0)),
    at="a",
    words="a whole number from 1",
)
refused(
    "completionQuantity",
    "BPMN 10.3",
    "that is no number",
    line(user("a", completionQuantity="${n}")),
    at="a",
    words="a whole number from 1",
)
