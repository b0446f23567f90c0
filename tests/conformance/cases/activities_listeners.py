"""Listeners of elements, flows, the process and user tasks; parameters that are scripts."""

from itertools import pairwise

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    code,
    each,
    end,
    exclusive,
    extension,
    io,
    listener,
    node,
    parameter,
    process,
    script,
    start,
    sub,
    timer,
    user,
)


def line(*nodes, **more):
    """The nodes one after the other, between a start and an end event."""
    ids = ["start", *(one.get("id") for one in nodes), "end"]
    flows = "; ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return process(start(), *nodes, end(), flows=flows, **more)


# --- listeners

case(
    "executionListener.start",
    "Camunda 7",
    "sets a variable before the task is offered",
    line(user("a", listener("start", "${execution.setVariable('who', 'anna')}"), _assignee="${who}")),
    "start -> a",
    variables={"who": "anna"},
)
case(
    "executionListener.end",
    "Camunda 7",
    "sets a variable when the task is done",
    line(user("a", listener("end", "${execution.setVariable('n', n + 1)}")), user("b")),
    """
    start n=1      -> a
    complete a n=5 -> b
    """,
    variables={"n": 6},
)
case(
    "executionListener.start",
    "Camunda 7",
    "sees the input parameters",
    line(user("a", io({"x": "${1}"}, {"y": "${x}"}), listener("start", "${execution.setVariable('x', x + 1)}"))),
    """
    start      -> a
    complete a -> done
    """,
    variables={"y": 2, "x": None},
)
case(
    "executionListener.end",
    "Camunda 7",
    "comes before the output parameters",
    line(user("a", io(None, {"y": "${x}"}), listener("end", "${execution.setVariable('x', 3)}"))),
    """
    start x=1  -> a
    complete a -> done
    """,
    variables={"y": 3},
)
case(
    "executionListener.take",
    "Camunda 7",
    "is told when its flow is taken",
    process(
        start(),
        exclusive("x"),
        user("a"),
        user("b"),
        flows="start>x; x>a ${n==1} @take ${execution.setVariable('way', 'a')}; x>b * @take ${execution.setVariable('way', 'b')}",
    ),
    "start n=2 -> b",
    variables={"way": "b"},
)
case(
    "executionListener.start",
    "Camunda 7",
    "of the process runs before anything in it",
    process(
        listener("start", "${execution.setVariable('x', 1)}"),
        start(),
        script("s", "x + 1", result="r"),
        flows="start>s",
    ),
    "start -> done",
    variables={"r": 2},
)
case(
    "executionListener.end",
    "Camunda 7",
    "of the process runs when nothing is left in it",
    process(listener("end", "${execution.setVariable('over', true)}"), start(), user("a"), flows="start>a"),
    """
    start      -> a
    complete a -> done
    """,
    variables={"over": True},
)
case(
    "executionListener.end",
    "Camunda 7",
    "is told of a task that is interrupted",
    process(
        start(),
        user("a", listener("end", "${execution.setVariable('left', true)}")),
        end(),
        boundary("t", "a", timer(duration="PT1H")),
        user("b"),
        flows="start>a; a>end; t>b",
    ),
    """
    start      -> a
    later PT1H -> b
    """,
    variables={"left": True},
)
case(
    "executionListener.start",
    "Camunda 7",
    "of a gateway, an event and a subprocess is run as well",
    process(
        start("start", listener("end", "${execution.setVariable('n', 1)}")),
        node("parallelGateway", "g", listener("start", "${execution.setVariable('n', n + 1)}")),
        sub("s", listener("start", "${execution.setVariable('n', n + 1)}"), start("i"), user("a"), flows="i>a"),
        node("endEvent", "end", listener("start", "${execution.setVariable('n', n + 1)}")),
        flows="start>g; g>s; s>end",
    ),
    """
    start      -> s a
    complete a -> done
    """,
    variables={"n": 4},
)
case(
    "executionListener.start",
    "Camunda 7",
    "may be a script",
    line(user("a", listener("start", code("execution.setVariable('x', [1, 2].length)")))),
    "start -> a",
    variables={"x": 2},
)
case(
    "executionListener.start",
    "Camunda 7",
    "knows its element and its event",
    line(user("a", listener("start", "${execution.setVariable('x', execution.eventName)}"))),
    "start -> a",
    variables={"x": "start"},
)
case(
    "executionListener.start",
    "Camunda 7",
    "runs for each child of a multi-instance activity",
    line(user("a", each(cardinality="3"), listener("start", "${execution.setVariable('n', n + 1)}"))),
    "start n=0 -> a a a",
    variables={"n": 3},
)
case(
    "executionListener.start",
    "Camunda 7",
    "runs several in the order of the diagram",
    line(
        user(
            "a",
            listener("start", "${execution.setVariable('x', 2)}"),
            listener("start", "${execution.setVariable('x', x * 10)}"),
        )
    ),
    "start -> a",
    variables={"x": 20},
)
case(
    "executionListener.start",
    "Camunda 7",
    "fails the step when it fails",
    line(user("a", listener("start", "${execution.setVariable('x', missing)}"))),
    "start -> !there is no variable “missing”",
)
case(
    "taskListener.create",
    "Camunda 7",
    "is told of the task that is offered",
    line(user("a", listener("create", "${task.setVariable('x', task.name)}", of="taskListener"), name="Granska")),
    "start -> a",
    variables={"x": "Granska"},
)
case(
    "taskListener.assignment",
    "Camunda 7",
    "is told who has the task",
    line(user("a", listener("assignment", "${task.setVariable('x', task.assignee)}", of="taskListener"), _assignee="anna")),
    "start -> a",
    variables={"x": "anna"},
)
case(
    "taskListener.assignment",
    "Camunda 7",
    "is not told of a task that nobody has",
    line(user("a", listener("assignment", "${task.setVariable('x', 1)}", of="taskListener"))),
    "start -> a",
    variables={"x": None},
)
case(
    "taskListener.complete",
    "Camunda 7",
    "sees the answers before the task ends",
    line(user("a", listener("complete", "${task.setVariable('x', answer + 1)}", of="taskListener"))),
    """
    start               -> a
    complete a answer=4 -> done
    """,
    variables={"x": 5},
)
case(
    "taskListener.delete",
    "Camunda 7",
    "is told of a task that is cancelled",
    process(
        start(),
        user("a", listener("delete", "${task.setVariable('gone', task.taskDefinitionKey)}", of="taskListener")),
        end(),
        boundary("t", "a", timer(duration="PT1H")),
        flows="start>a; a>end; t>end",
    ),
    """
    start      -> a
    later PT1H -> done
    """,
    variables={"gone": "a"},
)
for event in ("update", "timeout"):
    refused(
        "taskListener",
        "Camunda 7",
        f"for {event}, with what to do instead",
        line(user("a", listener(event, "${task.setVariable('x', 1)}", of="taskListener"))),
        at="a",
        words="use a boundary event that does not interrupt",
    )
refused(
    "executionListener",
    "Camunda 7",
    "that is a Java class",
    line(user("a", extension("executionListener", event="start", **{"class": "a.B"}))),
    at="a",
    words="Java classes are not executed",
)
refused(
    "executionListener",
    "Camunda 7",
    "for an event that there is not",
    line(user("a", listener("sometimes", "${1}"))),
    at="a",
    words="use start or end",
)
refused(
    "executionListener",
    "Camunda 7",
    "that does nothing",
    line(user("a", extension("executionListener", event="start"))),
    at="a",
    words="does exactly one thing",
)
refused(
    "sequenceFlow",
    "Camunda 7",
    "whose condition sets a variable",
    process(
        start(),
        exclusive("x"),
        user("a"),
        user("b"),
        flows="start>x; x>a ${execution.setVariable('x', 1) == null}; x>b *",
    ),
    at="x_to_a",
    words="done in a listener",
)

# --- parameters that are scripts

case(
    "inputParameter",
    "Camunda 7",
    "may be a script",
    line(user("a", parameter("x", "n * 2"), name="Nummer ${x}")),
    "start n=4 -> a",
    variables={"x": None},
)
case(
    "outputParameter",
    "Camunda 7",
    "may be a script",
    line(user("a", parameter("y", "n + ' kr'", kind="outputParameter"))),
    """
    start n=4  -> a
    complete a -> done
    """,
    variables={"y": "4 kr"},
)
case(
    "inputParameter",
    "Camunda 7",
    "asks a script for a value and for nothing else",
    line(user("a", parameter("x", "execution.setVariable('n', 1)"))),
    "start -> !neither sets variables",
)
