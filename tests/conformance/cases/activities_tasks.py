"""Tasks without a kind, manual, script and service tasks, listeners, jobs, quantities."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    again,
    boundary,
    code,
    each,
    end,
    error,
    exclusive,
    express,
    extension,
    io,
    listener,
    node,
    parallel,
    parameter,
    process,
    retry,
    script,
    service,
    start,
    sub,
    task,
    timer,
    user,
)


def line(*nodes, **more):
    """The nodes one after the other, between a start and an end event."""
    ids = ["start", *(one.get("id") for one in nodes), "end"]
    flows = "; ".join(f"{one}>{other}" for one, other in zip(ids, ids[1:], strict=False))
    return process(start(), *nodes, end(), flows=flows, **more)


# --- tasks that nobody does here

case(
    "task", "BPMN 13.3.3", "is done at once",
    line(task("t"), user("a")),
    "start -> a", trail="start t",
)  # fmt: skip
case(
    "manualTask", "BPMN 13.3.3", "is not followed by the engine, so it passes",
    line(node("manualTask", "m"), user("a")),
    "start -> a", trail="start m",
)  # fmt: skip
case(
    "task", "Camunda 7", "reads its input and writes its output parameters",
    line(task("t", io({"x": "${n + 1}"}, {"sum": "${x * 2}"})), user("a")),
    "start n=2 -> a", variables={"sum": 6, "x": None},
)  # fmt: skip

# --- script tasks

case(
    "scriptTask", "BPMN 13.3.3", "runs its script and passes",
    line(script("s", "execution.setVariable('x', 1 + 1)"), user("a")),
    "start -> a", trail="start s", variables={"x": 2},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "keeps the value of the last expression in the result variable",
    line(script("s", "var sum = a + b; sum * 2", result="r")),
    "start a=1 b=2 -> done", variables={"r": 6, "sum": None},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "leaves what it assigns without setVariable to itself",
    line(script("s", "total = 5; x = 9")),
    "start x=1 -> done", variables={"x": 1, "total": None},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "asks for variables by name, and for whether they exist",
    line(script("s", "[execution.hasVariable('a'), execution.hasVariable('b'), execution.getVariable('b')]", result="r")),
    "start a=null -> done", variables={"r": [True, False, None]},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "asks for a variable by a name that it makes up",
    line(script("s", "execution.getVariable('a' + 1)", result="r")),
    "start a1=7 -> done", variables={"r": 7},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "sees what it has set itself",
    line(script("s", "execution.setVariable('n', n + 1); n", result="r")),
    "start n=1 -> done", variables={"r": 2, "n": 2},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "keeps lists and objects as plain data",
    line(script("s", "list.filter(one => one.n > 1).map(one => ({...one, ok: true}))", result="r")),
    'start list=[{"n":1},{"n":2}] -> done', variables={"r": [{"n": 2, "ok": True}]},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "writes a variable where it is declared",
    line(script("s", "execution.setVariable('x', x + 1)", io({"x": "${10}"}, {"y": "${x}"}))),
    "start x=1 -> done", variables={"x": 1, "y": 11},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "may be written in FEEL",
    line(script("s", "sum(list) + 1", language="feel", result="r")),
    "start list=[1,2] -> done", variables={"r": 4},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "may be written in JUEL",
    line(script("s", "${execution.setVariable('x', a + 1)}", language="juel")),
    "start a=1 -> done", variables={"x": 2},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "is read under its other name ECMAScript",
    line(script("s", "1 + 1", language="ECMAScript", result="r")),
    "start -> done", variables={"r": 2},
)  # fmt: skip
case(
    "scriptTask", "BPMN 13.3.3", "fails at its element when its script does",
    line(script("s", "missing + 1")),
    "start -> !missing is not defined",
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "sees the instance's clock, not the machine's",
    line(script("s", "new Date().toISOString()", result="r")),
    "start -> done", variables={"r": "2026-01-12T08:00:00.000Z"},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "throws a BPMN error to the boundary event for its code",
    process(
        start(), script("s", "throw new BpmnError('TOO_BIG', 'n is ' + n)"), end(),
        boundary("b", "s", error("TOO_BIG", _errorMessageVariable="why")), user("a"), flows="start>s; s>end; b>a",
    ),
    "start n=9 -> a", variables={"why": "n is 9"}, thrown="TOO_BIG",
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "writes nothing when it throws a BPMN error",
    process(
        start(), script("s", "execution.setVariable('x', 1); throw new BpmnError('E')"), end(),
        boundary("b", "s", error("E")), user("a"), flows="start>s; s>end; b>a",
    ),
    "start -> a", variables={"x": None},
)  # fmt: skip
case(
    "scriptTask", "Camunda 7", "leaves nothing for the next script",
    line(
        script("s", "try { Object.prototype.evil = 1; Array.prototype.map = null; this.left = 1 } catch (e) {} 0"),
        script("t", "[typeof left, ({}).evil === undefined, [1].map(x => x + 1)]", result="r"),
    ),
    "start -> done", variables={"r": ["undefined", True, [2]]},
)  # fmt: skip
for says, source, words in (
    ("is stopped when it does not end", "for (;;) {}", "more than 1 seconds"),
    ("compiles no further text", "eval('1')", "eval is not a function"),
    ("makes no function of a text", "(function () {}).constructor('return 1')()", "Function is not available"),
    ("rolls no dice, so that history can be played again", "Math.random()", "Math.random is not available"),
    ("keeps no function as a value", "execution.setVariable('f', function () {})", "which is no value that a process can keep"),
    ("keeps no number beyond numbers", "execution.setVariable('x', 0 / 0)", "which is no number that a process can keep"),
    ("sets no variable that expressions could not name", "execution.setVariable('a b', 1)", "cannot be the name of a variable"),
    ("builds no endless text", "'x'.repeat(1e8).length", "too long"),
):
    case("scriptTask", "Camunda 7", says, line(script("s", source)), f"start -> !{words}")
for language in ("groovy", "python", "ruby"):
    refused(
        "scriptTask", "Camunda 7", f"in {language}, with what to do instead", line(script("s", "1", language=language)),
        at="s", words=f"written in {language}, which is not run here: write it in JavaScript",
    )  # fmt: skip
refused(
    "scriptTask", "BPMN 10.3.3", "without a script", line(node("scriptTask", "s", scriptFormat="javascript")),
    at="s", words="not said what this script task does",
)  # fmt: skip
refused(
    "scriptTask", "Camunda 7", "with a script that cannot be read", line(script("s", "var = 1")),
    at="s", words="The script cannot be read",
)  # fmt: skip
refused(
    "scriptTask", "Camunda 7", "that waits for something in JavaScript", line(script("s", "async function f() {}")),
    at="s", words="async, await and import are not available",
)  # fmt: skip
refused(
    "scriptTask", "Camunda 7", "with its script in a file of its own", line(script("s", "1", _resource="deployment://s.js")),
    at="s", words="write the script into the diagram",
)  # fmt: skip
refused(
    "scriptTask", "Camunda 7", "in FEEL, with nowhere for the value", line(script("s", "1 + 1", language="feel")),
    at="s", words="name a variable in camunda:resultVariable",
)  # fmt: skip

# --- service tasks that are expressions

case(
    "serviceTask", "Camunda 7", "evaluates its expression",
    line(express("s", "${execution.setVariable('x', n * 2)}"), user("a")),
    "start n=4 -> a", trail="start s", variables={"x": 8},
)  # fmt: skip
case(
    "serviceTask", "Camunda 7", "keeps the value of its expression in the result variable",
    line(express("s", "${n > 3 ? 'much' : 'little'}", result="r")),
    "start n=4 -> done", variables={"r": "much"},
)  # fmt: skip
case(
    "serviceTask", "Camunda 7", "tells its expression where it is",
    line(express("s", "${execution.currentActivityId}", result="r")),
    "start -> done", variables={"r": "s"},
)  # fmt: skip
case(
    "serviceTask", "Camunda 7", "hands the business key to its expression",
    line(express("s", "${execution.processBusinessKey}", result="r")),
    "start -> done", variables={"r": "ÄR-2026-0001"},
)  # fmt: skip
refused(
    "serviceTask", "Camunda 7", "that is a Java class", line(node("serviceTask", "s", **{"_class": "a.B"})),
    at="s", words="Java classes are not executed",
)  # fmt: skip
refused(
    "serviceTask", "Camunda 7", "that is a delegate", line(node("serviceTask", "s", _delegateExpression="${bean}")),
    at="s", words="Java delegates are not executed",
)  # fmt: skip
refused(
    "serviceTask", "Camunda 7", "with an expression and a worker",
    line(node("serviceTask", "s", _expression="${1}", _type="external", _topic="parties")),
    at="s", words="keep camunda:expression, or camunda:type",
)  # fmt: skip
refused(
    "serviceTask", "Camunda 7", "whose expression calls a bean", line(express("s", "${mailer.send(x)}")),
    at="s", words="methods cannot be called",
)  # fmt: skip
refused(
    "serviceTask", "Camunda 7", "that nobody does", line(node("serviceTask", "s")),
    at="s", words="not said who does this service task",
)  # fmt: skip

# --- listeners

case(
    "executionListener.start", "Camunda 7", "sets a variable before the task is offered",
    line(user("a", listener("start", "${execution.setVariable('who', 'anna')}"), _assignee="${who}")),
    "start -> a", variables={"who": "anna"},
)  # fmt: skip
case(
    "executionListener.end", "Camunda 7", "sets a variable when the task is done",
    line(user("a", listener("end", "${execution.setVariable('n', n + 1)}")), user("b")),
    """
    start n=1      -> a
    complete a n=5 -> b
    """,
    variables={"n": 6},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "sees the input parameters",
    line(user("a", io({"x": "${1}"}, {"y": "${x}"}), listener("start", "${execution.setVariable('x', x + 1)}"))),
    """
    start      -> a
    complete a -> done
    """,
    variables={"y": 2, "x": None},
)  # fmt: skip
case(
    "executionListener.end", "Camunda 7", "comes before the output parameters",
    line(user("a", io(None, {"y": "${x}"}), listener("end", "${execution.setVariable('x', 3)}"))),
    """
    start x=1  -> a
    complete a -> done
    """,
    variables={"y": 3},
)  # fmt: skip
case(
    "executionListener.take", "Camunda 7", "is told when its flow is taken",
    process(
        start(), exclusive("x"), user("a"), user("b"),
        flows="start>x; x>a ${n==1} @take ${execution.setVariable('way', 'a')}; x>b * @take ${execution.setVariable('way', 'b')}",
    ),
    "start n=2 -> b", variables={"way": "b"},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "of the process runs before anything in it",
    process(
        listener("start", "${execution.setVariable('x', 1)}"), start(), script("s", "x + 1", result="r"), flows="start>s",
    ),
    "start -> done", variables={"r": 2},
)  # fmt: skip
case(
    "executionListener.end", "Camunda 7", "of the process runs when nothing is left in it",
    process(listener("end", "${execution.setVariable('over', true)}"), start(), user("a"), flows="start>a"),
    """
    start      -> a
    complete a -> done
    """,
    variables={"over": True},
)  # fmt: skip
case(
    "executionListener.end", "Camunda 7", "is told of a task that is interrupted",
    process(
        start(), user("a", listener("end", "${execution.setVariable('left', true)}")), end(),
        boundary("t", "a", timer(duration="PT1H")), user("b"), flows="start>a; a>end; t>b",
    ),
    """
    start      -> a
    later PT1H -> b
    """,
    variables={"left": True},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "of a gateway, an event and a subprocess is run as well",
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
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "may be a script",
    line(user("a", listener("start", code("execution.setVariable('x', [1, 2].length)")))),
    "start -> a", variables={"x": 2},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "knows its element and its event",
    line(user("a", listener("start", "${execution.setVariable('x', execution.eventName)}"))),
    "start -> a", variables={"x": "start"},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "runs for each child of a multi-instance activity",
    line(user("a", each(cardinality="3"), listener("start", "${execution.setVariable('n', n + 1)}"))),
    "start n=0 -> a a a", variables={"n": 3},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "runs several in the order of the diagram",
    line(
        user(
            "a",
            listener("start", "${execution.setVariable('x', 2)}"),
            listener("start", "${execution.setVariable('x', x * 10)}"),
        )
    ),
    "start -> a", variables={"x": 20},
)  # fmt: skip
case(
    "executionListener.start", "Camunda 7", "fails the step when it fails",
    line(user("a", listener("start", "${execution.setVariable('x', missing)}"))),
    "start -> !there is no variable “missing”",
)  # fmt: skip
case(
    "taskListener.create", "Camunda 7", "is told of the task that is offered",
    line(user("a", listener("create", "${task.setVariable('x', task.name)}", of="taskListener"), name="Granska")),
    "start -> a", variables={"x": "Granska"},
)  # fmt: skip
case(
    "taskListener.assignment", "Camunda 7", "is told who has the task",
    line(user("a", listener("assignment", "${task.setVariable('x', task.assignee)}", of="taskListener"), _assignee="anna")),
    "start -> a", variables={"x": "anna"},
)  # fmt: skip
case(
    "taskListener.assignment", "Camunda 7", "is not told of a task that nobody has",
    line(user("a", listener("assignment", "${task.setVariable('x', 1)}", of="taskListener"))),
    "start -> a", variables={"x": None},
)  # fmt: skip
case(
    "taskListener.complete", "Camunda 7", "sees the answers before the task ends",
    line(user("a", listener("complete", "${task.setVariable('x', answer + 1)}", of="taskListener"))),
    """
    start               -> a
    complete a answer=4 -> done
    """,
    variables={"x": 5},
)  # fmt: skip
case(
    "taskListener.delete", "Camunda 7", "is told of a task that is cancelled",
    process(
        start(), user("a", listener("delete", "${task.setVariable('gone', task.taskDefinitionKey)}", of="taskListener")), end(),
        boundary("t", "a", timer(duration="PT1H")), flows="start>a; a>end; t>end",
    ),
    """
    start      -> a
    later PT1H -> done
    """,
    variables={"gone": "a"},
)  # fmt: skip
for event in ("update", "timeout"):
    refused(
        "taskListener", "Camunda 7", f"for {event}, with what to do instead",
        line(user("a", listener(event, "${task.setVariable('x', 1)}", of="taskListener"))),
        at="a", words="use a boundary event that does not interrupt",
    )  # fmt: skip
refused(
    "executionListener", "Camunda 7", "that is a Java class",
    line(user("a", extension("executionListener", event="start", **{"class": "a.B"}))),
    at="a", words="Java classes are not executed",
)  # fmt: skip
refused(
    "executionListener", "Camunda 7", "for an event that there is not",
    line(user("a", listener("sometimes", "${1}"))), at="a", words="use start or end",
)  # fmt: skip
refused(
    "executionListener", "Camunda 7", "that does nothing",
    line(user("a", extension("executionListener", event="start"))), at="a", words="does exactly one thing",
)  # fmt: skip
refused(
    "sequenceFlow", "Camunda 7", "whose condition sets a variable",
    process(
        start(), exclusive("x"), user("a"), user("b"),
        flows="start>x; x>a ${execution.setVariable('x', 1) == null}; x>b *",
    ),
    at="x_to_a", words="done in a listener",
)  # fmt: skip

# --- parameters that are scripts

case(
    "inputParameter", "Camunda 7", "may be a script",
    line(user("a", parameter("x", "n * 2"), name="Nummer ${x}")),
    "start n=4 -> a", variables={"x": None},
)  # fmt: skip
case(
    "outputParameter", "Camunda 7", "may be a script",
    line(user("a", parameter("y", "n + ' kr'", kind="outputParameter"))),
    """
    start n=4  -> a
    complete a -> done
    """,
    variables={"y": "4 kr"},
)  # fmt: skip
case(
    "inputParameter", "Camunda 7", "asks a script for a value and for nothing else",
    line(user("a", parameter("x", "execution.setVariable('n', 1)"))),
    "start -> !neither sets variables",
)  # fmt: skip

# --- jobs of their own

case(
    "asyncBefore", "Camunda 7", "rests before the task until the job's turn",
    line(user("a", _asyncBefore="true")),
    """
    start      -> a
    complete a -> !no user task is open
    carry_on a -> a
    complete a -> done
    """,
    trail="start a end",
)  # fmt: skip
case(
    "asyncAfter", "Camunda 7", "rests after the task, which is done by then",
    line(user("a", _asyncAfter="true"), user("b")),
    """
    start          -> a
    complete a x=1 -> a
    carry_on a     -> b
    """,
    trail="start a", variables={"x": 1},
)  # fmt: skip
case(
    "asyncAfter", "Camunda 7", "chooses its way when the job's turn comes",
    process(
        start(), user("a", _asyncAfter="true"), user("b"), user("c"), flows="start>a; a>b ${n==1}; a>c *",
    ),
    """
    start n=1      -> a
    complete a     -> a
    set n=2        -> a
    carry_on a     -> c
    """,
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "of a script task keeps it from running",
    line(script("s", "1 + 1", _asyncBefore="true", result="r")),
    """
    start      -> s
    carry_on s -> done
    """,
    variables={"r": 2},
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "of the start event puts the whole process off",
    process(start("start", _asyncBefore="true"), user("a"), flows="start>a"),
    """
    start          -> start
    carry_on start -> a
    """,
)  # fmt: skip
case(
    "asyncAfter", "Camunda 7", "of a gateway puts all its ways off",
    process(start(), node("parallelGateway", "g", _asyncAfter="true"), user("a"), user("b"), flows="start>g; g>a; g>b"),
    """
    start      -> g
    carry_on g -> a b
    """,
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "of a join rests once for each token",
    process(
        start(), parallel("g"), user("a"), user("b"), node("parallelGateway", "j", _asyncBefore="true"), user("c"),
        flows="start>g; g>a; g>b; a>j; b>j; j>c",
    ),
    """
    start      -> a b
    complete a -> b j
    complete b -> j j
    carry_on j 1 -> j j
    carry_on j 0 -> c
    """,
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "of a boundary event rests when it has happened",
    process(
        start(), user("a"), end(), node("boundaryEvent", "t", timer(duration="PT1H"), attachedToRef="a", _asyncBefore="true"),
        user("b"), flows="start>a; a>end; t>b",
    ),
    """
    start      -> a
    later PT1H -> t
    carry_on t -> b
    """,
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "of a subprocess puts it off as a whole",
    line(sub("s", start("i"), user("a"), flows="i>a", _asyncBefore="true")),
    """
    start      -> s
    carry_on s -> s a
    complete a -> done
    """,
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics.asyncBefore", "Camunda 7", "rests once for each run",
    line(user("a", each(cardinality="2", _asyncBefore="true"))),
    """
    start        -> a a
    carry_on a 1 -> a a
    complete a 0 -> !no user task is open
    complete a 1 -> a
    carry_on a   -> a
    complete a   -> done
    """,
)  # fmt: skip
case(
    "multiInstanceLoopCharacteristics.asyncAfter", "Camunda 7", "begins the next run when the job's turn comes",
    line(user("a", each(cardinality="2", sequential=True, _asyncAfter="true"))),
    """
    start      -> a
    complete a -> a
    carry_on a -> a
    complete a -> a
    carry_on a -> done
    """,
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "is cancelled with what it waits in",
    process(
        start(), sub("s", start("i"), user("a", _asyncBefore="true"), flows="i>a"), boundary("t", "s", timer(duration="PT1H")),
        user("b"), flows="start>s; t>b",
    ),
    """
    start      -> s a
    later PT1H -> b
    """,
    cancelled="s",
)  # fmt: skip
case(
    "asyncBefore", "Camunda 7", "is carried on once",
    line(user("a", _asyncBefore="true")),
    """
    start      -> a
    carry_on a -> a
    carry_on a -> !no job rests there
    """,
)  # fmt: skip
case(
    "failedJobRetryTimeCycle", "Camunda 7", "is kept for whoever carries jobs on",
    line(user("a", retry("R3/PT10M"), _asyncBefore="true")),
    "start -> a",
)  # fmt: skip
refused(
    "failedJobRetryTimeCycle", "Camunda 7", "that is no cycle",
    line(user("a", retry("ofta"), _asyncBefore="true")), at="a", words="no cycle such as R3/PT10M",
)  # fmt: skip
refused(
    "asyncAfter", "Camunda 7", "on an end event",
    process(start(), node("endEvent", "end", _asyncAfter="true"), flows="start>end"), at="end", words="Nothing comes after an end event",
)  # fmt: skip

# --- how many tokens

case(
    "startQuantity", "BPMN 13.3.2", "waits for as many tokens as are needed",
    process(
        start(), parallel("g"), user("a"), user("b"), user("c", startQuantity=2), flows="start>g; g>a; g>b; a>c; b>c",
    ),
    """
    start      -> a b
    complete a -> b c
    complete c -> !no user task is open
    complete b -> c
    complete c -> done
    """,
)  # fmt: skip
case(
    "startQuantity", "BPMN 13.3.2", "begins again with every further set of tokens",
    process(
        start(), parallel("g"), task("x", completionQuantity=4), user("c", startQuantity=2), flows="start>g; g>x; x>c",
    ),
    "start -> c c",
)  # fmt: skip
case(
    "completionQuantity", "BPMN 13.3.2", "lets as many tokens out by its flow",
    line(user("a", completionQuantity=3), user("b")),
    """
    start      -> a
    complete a -> b b b
    complete b -> b b
    complete b -> b
    complete b -> done
    """,
)  # fmt: skip
case(
    "completionQuantity", "BPMN 13.3.2", "lets as many out by each of its flows",
    process(start(), user("a", completionQuantity=2), user("b"), user("c"), flows="start>a; a>b; a>c"),
    """
    start      -> a
    complete a -> b b c c
    """,
)  # fmt: skip
case(
    "startQuantity", "BPMN 13.3.2", "leaves the process waiting when a token is missing",
    line(user("a", startQuantity=2)),
    "start -> a",
)  # fmt: skip
refused(
    "startQuantity", "BPMN 10.3", "less than one", line(user("a", startQuantity=0)), at="a", words="a whole number from 1",
)  # fmt: skip
refused(
    "completionQuantity", "BPMN 10.3", "that is no number", line(user("a", completionQuantity="${n}")),
    at="a", words="a whole number from 1",
)  # fmt: skip
