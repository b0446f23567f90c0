"""Tasks without a kind, manual tasks, script tasks, service tasks that are expressions."""

from itertools import pairwise

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    boundary,
    end,
    error,
    express,
    io,
    node,
    process,
    script,
    start,
    task,
    user,
)


def line(*nodes, **more):
    """The nodes one after the other, between a start and an end event."""
    ids = ["start", *(one.get("id") for one in nodes), "end"]
    flows = "; ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return process(start(), *nodes, end(), flows=flows, **more)


# --- tasks that nobody does here

case(
    "task",
    "BPMN 13.3.3",
    "is done at once",
    line(task("t"), user("a")),
    "start -> a",
    trail="start t",
)
case(
    "manualTask",
    "BPMN 13.3.3",
    "is not followed by the engine, so it passes",
    line(node("manualTask", "m"), user("a")),
    "start -> a",
    trail="start m",
)
case(
    "task",
    "Camunda 7",
    "reads its input and writes its output parameters",
    line(task("t", io({"x": "${n + 1}"}, {"sum": "${x * 2}"})), user("a")),
    "start n=2 -> a",
    variables={"sum": 6, "x": None},
)

# --- script tasks

case(
    "scriptTask",
    "BPMN 13.3.3",
    "runs its script and passes",
    line(script("s", "execution.setVariable('x', 1 + 1)"), user("a")),
    "start -> a",
    trail="start s",
    variables={"x": 2},
)
case(
    "scriptTask",
    "Camunda 7",
    "keeps the value of the last expression in the result variable",
    line(script("s", "var sum = a + b; sum * 2", result="r")),
    "start a=1 b=2 -> done",
    variables={"r": 6, "sum": None},
)
case(
    "scriptTask",
    "Camunda 7",
    "leaves what it assigns without setVariable to itself",
    line(script("s", "total = 5; x = 9")),
    "start x=1 -> done",
    variables={"x": 1, "total": None},
)
case(
    "scriptTask",
    "Camunda 7",
    "asks for variables by name, and for whether they exist",
    line(script("s", "[execution.hasVariable('a'), execution.hasVariable('b'), execution.getVariable('b')]", result="r")),
    "start a=null -> done",
    variables={"r": [True, False, None]},
)
case(
    "scriptTask",
    "Camunda 7",
    "asks for a variable by a name that it makes up",
    line(script("s", "execution.getVariable('a' + 1)", result="r")),
    "start a1=7 -> done",
    variables={"r": 7},
)
case(
    "scriptTask",
    "Camunda 7",
    "sees what it has set itself",
    line(script("s", "execution.setVariable('n', n + 1); n", result="r")),
    "start n=1 -> done",
    variables={"r": 2, "n": 2},
)
case(
    "scriptTask",
    "Camunda 7",
    "keeps lists and objects as plain data",
    line(script("s", "list.filter(one => one.n > 1).map(one => ({...one, ok: true}))", result="r")),
    'start list=[{"n":1},{"n":2}] -> done',
    variables={"r": [{"n": 2, "ok": True}]},
)
case(
    "scriptTask",
    "Camunda 7",
    "writes a variable where it is declared",
    line(script("s", "execution.setVariable('x', x + 1)", io({"x": "${10}"}, {"y": "${x}"}))),
    "start x=1 -> done",
    variables={"x": 1, "y": 11},
)
case(
    "scriptTask",
    "Camunda 7",
    "may be written in FEEL",
    line(script("s", "sum(list) + 1", language="feel", result="r")),
    "start list=[1,2] -> done",
    variables={"r": 4},
)
case(
    "scriptTask",
    "Camunda 7",
    "may be written in JUEL",
    line(script("s", "${execution.setVariable('x', a + 1)}", language="juel")),
    "start a=1 -> done",
    variables={"x": 2},
)
case(
    "scriptTask",
    "Camunda 7",
    "is read under its other name ECMAScript",
    line(script("s", "1 + 1", language="ECMAScript", result="r")),
    "start -> done",
    variables={"r": 2},
)
case(
    "scriptTask",
    "BPMN 13.3.3",
    "fails at its element when its script does",
    line(script("s", "missing + 1")),
    "start -> !missing is not defined",
)
case(
    "scriptTask",
    "Camunda 7",
    "sees the instance's clock, not the machine's",
    line(script("s", "new Date().toISOString()", result="r")),
    "start -> done",
    variables={"r": "2026-01-12T08:00:00.000Z"},
)
case(
    "scriptTask",
    "Camunda 7",
    "throws a BPMN error to the boundary event for its code",
    process(
        start(),
        script("s", "throw new BpmnError('TOO_BIG', 'n is ' + n)"),
        end(),
        boundary("b", "s", error("TOO_BIG", _errorMessageVariable="why")),
        user("a"),
        flows="start>s; s>end; b>a",
    ),
    "start n=9 -> a",
    variables={"why": "n is 9"},
    thrown="TOO_BIG",
)
case(
    "scriptTask",
    "Camunda 7",
    "writes nothing when it throws a BPMN error",
    process(
        start(),
        script("s", "execution.setVariable('x', 1); throw new BpmnError('E')"),
        end(),
        boundary("b", "s", error("E")),
        user("a"),
        flows="start>s; s>end; b>a",
    ),
    "start -> a",
    variables={"x": None},
)
case(
    "scriptTask",
    "Camunda 7",
    "leaves nothing for the next script",
    line(
        script("s", "try { Object.prototype.evil = 1; Array.prototype.map = null; this.left = 1 } catch (e) {} 0"),
        script("t", "[typeof left, ({}).evil === undefined, [1].map(x => x + 1)]", result="r"),
    ),
    "start -> done",
    variables={"r": ["undefined", True, [2]]},
)
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
        "scriptTask",
        "Camunda 7",
        f"in {language}, with what to do instead",
        line(script("s", "1", language=language)),
        at="s",
        words=f"written in {language}, which is not run here: write it in JavaScript",
    )
refused(
    "scriptTask",
    "BPMN 10.3.3",
    "without a script",
    line(node("scriptTask", "s", scriptFormat="javascript")),
    at="s",
    words="not said what this script task does",
)
refused(
    "scriptTask",
    "Camunda 7",
    "with a script that cannot be read",
    line(script("s", "var = 1")),
    at="s",
    words="The script cannot be read",
)
refused(
    "scriptTask",
    "Camunda 7",
    "that waits for something in JavaScript",
    line(script("s", "async function f() {}")),
    at="s",
    words="async, await and import are not available",
)
refused(
    "scriptTask",
    "Camunda 7",
    "with its script in a file of its own",
    line(script("s", "1", _resource="deployment://s.js")),
    at="s",
    words="write the script into the diagram",
)
refused(
    "scriptTask",
    "Camunda 7",
    "in FEEL, with nowhere for the value",
    line(script("s", "1 + 1", language="feel")),
    at="s",
    words="name a variable in camunda:resultVariable",
)

# --- service tasks that are expressions

case(
    "serviceTask",
    "Camunda 7",
    "evaluates its expression",
    line(express("s", "${execution.setVariable('x', n * 2)}"), user("a")),
    "start n=4 -> a",
    trail="start s",
    variables={"x": 8},
)
case(
    "serviceTask",
    "Camunda 7",
    "keeps the value of its expression in the result variable",
    line(express("s", "${n > 3 ? 'much' : 'little'}", result="r")),
    "start n=4 -> done",
    variables={"r": "much"},
)
case(
    "serviceTask",
    "Camunda 7",
    "tells its expression where it is",
    line(express("s", "${execution.currentActivityId}", result="r")),
    "start -> done",
    variables={"r": "s"},
)
case(
    "serviceTask",
    "Camunda 7",
    "hands the business key to its expression",
    line(express("s", "${execution.processBusinessKey}", result="r")),
    "start -> done",
    variables={"r": "ÄR-2026-0001"},
)
refused(
    "serviceTask",
    "Camunda 7",
    "that is a Java class",
    line(node("serviceTask", "s", _class="a.B")),
    at="s",
    words="Java classes are not executed",
)
refused(
    "serviceTask",
    "Camunda 7",
    "that is a delegate",
    line(node("serviceTask", "s", _delegateExpression="${bean}")),
    at="s",
    words="Java delegates are not executed",
)
refused(
    "serviceTask",
    "Camunda 7",
    "with an expression and a worker",
    line(node("serviceTask", "s", _expression="${1}", _type="external", _topic="parties")),
    at="s",
    words="keep camunda:expression, or camunda:type",
)
refused(
    "serviceTask",
    "Camunda 7",
    "whose expression calls a bean",
    line(express("s", "${mailer.send(x)}")),
    at="s",
    words="methods cannot be called",
)
refused(
    "serviceTask",
    "Camunda 7",
    "that nobody does",
    line(node("serviceTask", "s")),
    at="s",
    words="not said who does this service task",
)
