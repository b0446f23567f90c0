"""Data objects, stores and associations, business rule tasks, calls and global tasks, operations."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    association,
    call,
    catch,
    data,
    extension,
    io,
    message,
    node,
    process,
    reference,
    rule,
    script,
    specification,
    start,
    sub,
    user,
)


def one(*nodes, flows=None):
    first = nodes[0].get("id")
    return process(start(), *nodes, user("z"), flows=flows or f"start>{first}; {first}>z")


def store(id="cases", name="Ärenden"):
    return node("dataStore", f"{id}_store", name=name), node("dataStoreReference", id, dataStoreRef=f"{id}_store")


# --- data objects and associations

case(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "copies a data object into a data input, which the task declares",
    one(script("a", "x + 1", specification("x"), association("Input", "obj", "in_x"), result="r"), data("obj")),
    "start obj=4 -> z",
    variables={"r": 5, "x": None},
)
case(
    "dataOutputAssociation",
    "BPMN 10.4.2",
    "copies a data output into a data object when the task is done",
    one(user("a", specification("", "y"), association("Output", "out_y", "obj")), data("obj")),
    """
    start          -> a
    complete a y=3 -> z
    """,
    variables={"obj": 3, "y": None},
)
case(
    "dataObject",
    "BPMN 10.4.1",
    "has no value before something gives it one",
    one(script("a", "x === null", specification("x"), association("Input", "obj", "in_x"), result="r"), data("obj")),
    "start -> z",
    variables={"r": True},
)
case(
    "dataObject",
    "BPMN 10.4.1",
    "that is a collection begins empty",
    one(
        script("a", "x.length", specification("x"), association("Input", "obj", "in_x"), result="r"),
        node("dataObject", "obj", isCollection="true"),
    ),
    "start -> z",
    variables={"r": 0},
)
case(
    "dataObject",
    "BPMN 10.4.1",
    "keeps the value with which the process is started",
    one(script("a", "x", specification("x"), association("Input", "obj", "in_x"), result="r"), data("obj")),
    'start obj="given" -> z',
    variables={"r": "given"},
)
case(
    "dataObject",
    "BPMN 10.4.1",
    "of a subprocess is gone when that is over",
    process(
        start(),
        sub("s", user("a", specification("", "y"), association("Output", "out_y", "obj")), data("obj"), user("b"), flows="a>b"),
        user("z"),
        flows="start>s; s>z",
    ),
    """
    start          -> s a
    complete a y=3 -> s b
    complete b     -> z
    """,
    variables={"obj": None, "y": None},
)
case(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "makes the value by a transformation",
    one(script("a", "x", specification("x"), association("Input", "obj", "in_x", made="${obj * 2}"), result="r"), data("obj")),
    "start obj=4 -> z",
    variables={"r": 8},
)
case(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "makes the value by a transformation in FEEL",
    one(script("a", "x", specification("x"), association("Input", "obj", "in_x", made="feel:sum(obj)"), result="r"), data("obj")),
    "start obj=[1,2] -> z",
    variables={"r": 3},
)
case(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "assigns a value to a data input",
    one(script("a", "x", specification("x"), association("Input", target="in_x", assigned="${n + 1}", to="x"), result="r")),
    "start n=1 -> z",
    variables={"r": 2},
)
case(
    "dataOutputAssociation",
    "BPMN 10.4.2",
    "assigns a value to a data object",
    one(user("a", association("Output", target="obj", assigned="${svar}", to="obj")), data("obj")),
    """
    start                -> a
    complete a svar="ja" -> z
    """,
    variables={"obj": "ja"},
)
case(
    "dataOutputAssociation",
    "BPMN 10.5.4",
    "of an event keeps what its message brought",
    one(catch("e", message("Svar"), node("dataOutput", "out", name="svar"), association("Output", "out", "obj")), data("obj")),
    """
    start               -> e
    receive e svar="ja" -> z
    """,
    variables={"obj": "ja"},
)
case(
    "dataInputAssociation",
    "Camunda 7",
    "that is only drawn moves nothing",
    one(
        user("a", node("property", "prop", name="__targetRef_placeholder"), association("Input", "ref", "prop")),
        data("obj"),
        node("dataObjectReference", "ref", dataObjectRef="obj"),
    ),
    "start -> a",
    variables={"obj": None},
)
case(
    "ioSpecification",
    "BPMN 10.4.1",
    "keeps what the task answers to the task but for its outputs",
    one(user("a", specification("", "y"), association("Output", "out_y", "obj", made="${y * 2}")), data("obj")),
    """
    start          -> a
    complete a y=3 -> z
    """,
    variables={"y": None, "obj": 6},
)
case(
    "dataStoreReference",
    "BPMN 10.4.1",
    "is written by an output association",
    one(user("a", specification("", "y"), association("Output", "out_y", "cases")), *store()),
    """
    start          -> a
    complete a y=3 -> z
    """,
)
case(
    "dataStoreReference",
    "BPMN 10.4.1",
    "is read by an input association, also what was just written",
    process(
        start(),
        user("a", specification("", "y"), association("Output", "out_y", "cases")),
        script("b", "x + 1", specification("x"), association("Input", "cases", "in_x"), result="r"),
        *store(),
        flows="start>a; a>b",
    ),
    """
    start          -> a
    complete a y=3 -> done
    """,
    variables={"r": 4},
)
case(
    "dataStoreReference",
    "BPMN 10.4.1",
    "that cannot be read fails the step",
    one(script("a", "x", specification("x"), association("Input", "cases", "in_x"), result="r"), *store()),
    "start -> !the data store Ärenden is empty",
)
refused(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "from something that is no data",
    one(user("a", specification("x"), association("Input", "z", "in_x"))),
    at="a",
    words="no data object, data store or property",
)
refused(
    "ioSpecification",
    "BPMN 10.4.1",
    "with sets to choose from",
    one(user("a", node("ioSpecification", None, node("inputSet"), node("inputSet")))),
    at="a",
    words="alternatives",
)
refused(
    "dataInputAssociation",
    "BPMN 10.4.2",
    "with an assignment to nothing",
    one(user("a", association("Input", assigned="${1}", to=""))),
    at="a",
    words="a name is missing",
)

# --- business rule tasks


def answers(key, variables):
    return [{"a": 1, "b": 2}] if variables.get("many") else {"a": 1}


for binding, more in (("latest", {}), ("version", {"_decisionRefVersion": "2"}), ("versionTag", {"_decisionRefVersionTag": "1.0"})):
    case(
        "businessRuleTask",
        "Camunda 7",
        f"asks the decision by the binding {binding}",
        one(rule("r", "d", _resultVariable="v", _decisionRefBinding=binding, _mapDecisionResult="singleEntry", **more)),
        "start -> z",
        decide=answers,
        variables={"v": 1},
    )
case(
    "businessRuleTask",
    "Camunda 7",
    "hands its answer to output parameters",
    one(rule("r", "d", io(None, {"x": "${decisionResult[0].a + 1}"}))),
    "start -> z",
    decide=answers,
    variables={"x": 2, "decisionResult": None},
)
case(
    "businessRuleTask",
    "Camunda 7",
    "refuses several results where one is asked for",
    one(rule("r", "d", _resultVariable="v", _mapDecisionResult="singleEntry")),
    "start many=true -> !gave 2 values",
    decide=answers,
)
refused(
    "businessRuleTask",
    "Camunda 7",
    "that loses its answer",
    one(rule("r", "d")),
    at="r",
    words="would be lost",
)
refused(
    "businessRuleTask",
    "Camunda 7",
    "bound to a version that it does not name",
    one(rule("r", "d", _resultVariable="v", _decisionRefBinding="version")),
    at="r",
    words="belong together",
)

# --- calls

case(
    "callActivity",
    "BPMN 13.3.4",
    "waits for the process that it calls",
    one(call("c", "other")),
    """
    start      -> c
    returned c -> z
    """,
)
case(
    "callActivity",
    "Camunda 7",
    "hands variables out only as it says",
    one(call("c", "other", extension("out", source="y", target="x"))),
    """
    start              -> c
    returned c y=1 z=2 -> z
    """,
    variables={"x": 1, "z": None, "y": None},
)
case(
    "callActivity",
    "Camunda 7",
    "keeps a local out to its own output parameters",
    one(call("c", "other", extension("out", source="y", target="x", local="true"), io(None, {"sum": "${x + 1}"}))),
    """
    start          -> c
    returned c y=1 -> z
    """,
    variables={"x": None, "sum": 2},
)
case(
    "callActivity.globalTask",
    "BPMN 10.3.6",
    "runs a global task of the same file",
    one(call("c", "g"), node("globalUserTask", "g", name="Granska")),
    """
    start      -> c
    returned c -> z
    """,
)
case(
    "callActivity",
    "Camunda 7",
    "finds the process by its version tag",
    one(call("c", "other", _calledElementBinding="versionTag", _calledElementVersionTag="2.0")),
    "start -> c",
)
refused(
    "callActivity",
    "Camunda 7",
    "by a version tag that it does not name",
    one(call("c", "other", _calledElementBinding="versionTag")),
    at="c",
    words="belong together",
)
refused(
    "callActivity",
    "BPMN 10.3.6",
    "of a global script task in a language that is not run",
    one(call("c", "g"), node("globalScriptTask", "g", reference("script", "1"), scriptLanguage="groovy")),
    at="g",
    words="written in groovy",
)

# --- operations


def service_of(task):
    interface = node("interface", "i", node("operation", "o", reference("inMessageRef", "M_op"), name="op"), name="i")
    return process(node("message", "M_op", name="Fråga"), interface, start(), task, user("z"), flows="start>t; t>z")


case(
    "sendTask.operationRef",
    "BPMN 8.5.3",
    "sends the message that the operation takes in",
    service_of(node("sendTask", "t", operationRef="o")),
    "start -> z",
    thrown="Fråga",
)
case(
    "receiveTask.operationRef",
    "BPMN 8.5.3",
    "waits for the message that the operation takes in",
    service_of(node("receiveTask", "t", operationRef="o")),
    """
    start     -> t
    receive t -> z
    """,
)
refused(
    "sendTask.operationRef",
    "BPMN 8.5.3",
    "of an operation that is not there",
    one(node("sendTask", "t", operationRef="nowhere")),
    at="t",
    words="operation “nowhere” does not exist",
)
