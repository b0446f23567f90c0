"""Business rule tasks on decisions: tables with every hit policy, literal expressions, required decisions."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.decisions import DecisionError, load_decisions
from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import in_line, rule
from tests.engine.bpmn.play import toolkit
from tests.engine.bpmn.tables import column, decision, file, literal

TABLE, EXPRESSION, REQUIRED = "decisionTable", "literalExpression", "informationRequirement"


def deciding(*decisions: str, key: str = "tabell") -> Callable[[str, Mapping[str, Any]], Any]:
    def decide(_: str, variables: Mapping[str, Any]) -> Any:
        tables = {table.key: table for table in load_decisions(file(*decisions), "case.dmn", toolkit=toolkit())}
        try:
            return tables[key].evaluate(variables, toolkit())
        except DecisionError as error:
            raise ValueError(str(error)) from error

    return decide


def decides(
    element: str, source: str, says: str, *decisions: str, given: dict[str, Any], answer: Any = None, fails: str = "",
    shape: str = "singleEntry",
) -> None:
    """A business rule task whose decision is the last of `decisions` answers `answer` to `given`, or fails with the words."""
    told = " ".join(f"{name}={json.dumps(value, ensure_ascii=False, separators=(',', ':'))}" for name, value in given.items())
    case(
        element, source, says, in_line(rule("d", "tabell", _resultVariable="r", _mapDecisionResult=shape)),
        f"start {told} -> " + (f"!{fails}" if fails else "done"),
        variables={} if fails else {"r": answer},
        decide=deciding(*decisions),
    )  # fmt: skip


OVERLAPPING = (("> 0", '"a"'), ("> 10", '"b"'), ("> 20", '"c"'))
RANKED = (column("output", "svar", "string", '"c","a","b"'),)
HIT = "DMN 8.2.10"

decides(TABLE, HIT, "UNIQUE takes the one rule that applies", decision(("> 0", '"a"'), ("< 0", '"b"')), given={"x": -1}, answer="b")
decides(TABLE, HIT, "UNIQUE fails when two apply", decision(*OVERLAPPING), given={"x": 15}, fails="at most one may")
decides(TABLE, HIT, "UNIQUE gives nothing when none applies", decision(*OVERLAPPING), given={"x": -1}, answer=None)
decides(
    TABLE, HIT, "ANY takes rules that agree",
    decision(("> 0", '"a"'), ("> 10", '"a"'), policy="ANY"), given={"x": 15}, answer="a",
)  # fmt: skip
decides(
    TABLE, HIT, "ANY fails when the rules do not agree", decision(*OVERLAPPING, policy="ANY"), given={"x": 15},
    fails="different results",
)  # fmt: skip
decides(TABLE, HIT, "FIRST takes the first rule of the table", decision(*OVERLAPPING, policy="FIRST"), given={"x": 25}, answer="a")
decides(
    TABLE, HIT, "PRIORITY takes the output that stands first in its values",
    decision(*OVERLAPPING, policy="PRIORITY", outputs=RANKED), given={"x": 25}, answer="c",
)  # fmt: skip
decides(
    TABLE, HIT, "OUTPUT ORDER gives all in the order of the output's values",
    decision(*OVERLAPPING, policy="OUTPUT ORDER", outputs=RANKED), given={"x": 25}, answer=["c", "a", "b"], shape="collectEntries",
)  # fmt: skip
decides(
    TABLE, HIT, "RULE ORDER gives all in the order of the rules",
    decision(*OVERLAPPING, policy="RULE ORDER", outputs=RANKED), given={"x": 25}, answer=["a", "b", "c"], shape="collectEntries",
)  # fmt: skip
decides(
    TABLE, HIT, "COLLECT gives all", decision(*OVERLAPPING, policy="COLLECT"), given={"x": 15}, answer=["a", "b"],
    shape="collectEntries",
)  # fmt: skip
for aggregation, total in (("SUM", 16), ("MIN", 2), ("MAX", 9), ("COUNT", 3)):
    numbers = (("> 0", "2"), ("> 1", "5"), ("> 2", "9"), ("> 100", "1000"))
    decides(
        TABLE, HIT, f"COLLECT with {aggregation} makes one number of all",
        decision(*numbers, policy=f"COLLECT+{aggregation}"), given={"x": 10}, answer=total,
    )  # fmt: skip
decides(TABLE, HIT, "COUNT of nothing is 0", decision(*OVERLAPPING, policy="COLLECT+COUNT"), given={"x": -1}, answer=0)
decides(TABLE, HIT, "SUM of nothing is nothing", decision(("> 0", "1"), policy="COLLECT+SUM"), given={"x": -1}, answer=None)
decides(
    TABLE, HIT, "SUM of texts fails", decision(*OVERLAPPING, policy="COLLECT+SUM"), given={"x": 15}, fails="SUM needs numbers"
)
TWO = (column("output", "grad", "string", '"hög","låg"'), column("output", "dagar", "number", "30,14,7"))
for policy, weighed in (("PRIORITY", {"grad": "hög", "dagar": 14}), ("FIRST", {"grad": "låg", "dagar": 30})):
    decides(
        TABLE, HIT, f"{policy} over several outputs, of which the leftmost weighs most",
        decision(("-", '"låg"', "30"), ("-", '"hög"', "7"), ("-", '"hög"', "14"), policy=policy, outputs=TWO),
        given={"x": 1}, answer=weighed, shape="singleResult",
    )  # fmt: skip
decides(
    TABLE, "DMN 8.2.8", "several outputs are a context by their names",
    decision(("-", '"låg"', "30"), outputs=TWO), given={"x": 1}, answer={"grad": "låg", "dagar": 30}, shape="singleResult",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.8", "several results with several outputs are a list of contexts",
    decision(("-", '"låg"', "30"), ("-", '"hög"', "7"), policy="RULE ORDER", outputs=TWO), given={"x": 1},
    answer=[{"grad": "låg", "dagar": 30}, {"grad": "hög", "dagar": 7}], shape="resultList",
)  # fmt: skip

# --- tests

for words, test, hit, miss in (
    ("a closed range holds its ends", "[1..5]", 5, 6),
    ("an open range does not hold its ends", "]1..5[", 4, 5),
    ("an open range may be written with brackets", "(1..5)", 2, 1),
    ("a half open range holds one end", "[1..5)", 1, 5),
    ("a comparison", "<= 3", 3, 4),
    ("a list of tests is one or the other", "1, > 10", 11, 5),
    ("a negation", "not(1, 2)", 3, 2),
    ("another variable", "> gräns", 8, 7),
    ("an expression over the input", "? * 2 = 10", 5, 4),
    ("a function of the input", "odd(?)", 3, 4),
):
    for value, answer in ((hit, "ja"), (miss, "nej")):
        decides(
            TABLE, "DMN 7.3.2", f"{words}: {test} {'holds' if value == hit else 'does not hold'} for {value}",
            decision((test, '"ja"'), ("-", '"nej"'), policy="FIRST"), given={"x": value, "gräns": 7}, answer=answer,
        )  # fmt: skip
DATED = (column("input", "dag", "date"),)
for test, day, answer in (
    ('< date("2026-02-01")', "2026-01-31", "ja"),
    ('[date("2026-01-01")..date("2026-01-31")]', "2026-01-31", "ja"),
    ('[date("2026-01-01")..date("2026-01-31")]', "2026-02-01", None),
    ('> date("2026-01-01") + duration("P30D")', "2026-02-01", "ja"),
):
    decides(
        TABLE, "DMN 10.3.2.3", f"a date {day} against {test}", decision((test, '"ja"'), inputs=DATED), given={"dag": day},
        answer=answer,
    )  # fmt: skip
TIMED = (column("input", "tid", "time"),)
MOMENT = (column("input", "stund", "dateTime"),)
decides(
    TABLE, "DMN 10.3.2.3", "a time of day", decision(('< time("12:00:00")', '"fm"'), inputs=TIMED), given={"tid": "08:30:00"},
    answer="fm",
)  # fmt: skip
decides(
    TABLE, "DMN 10.3.2.3", "a moment", decision(('> date and time("2026-01-01T00:00:00Z")', '"ja"'), inputs=MOMENT),
    given={"stund": "2026-01-12T08:00:00Z"}, answer="ja",
)  # fmt: skip
decides(
    TABLE, "DMN 7.3.2", "a list as input, looked into",
    decision(('list contains(?, "b")', '"ja"'), ("-", '"nej"'), policy="FIRST", inputs=(column("input", "lista"),)),
    given={"lista": ["a", "b"]}, answer="ja",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.5", "an input may be an expression",
    decision(("> 3", '"många"'), ("-", '"få"'), policy="FIRST", inputs=(column("input", "count(parter[aktiv])"),)),
    given={"parter": [{"aktiv": True}, {"aktiv": False}]}, answer="få",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.5", "an input may be a path into a context",
    decision(('"Umeå"', "1"), inputs=(column("input", "ärende.ort", "string"),)), given={"ärende": {"ort": "Umeå"}}, answer=1,
)  # fmt: skip
decides(TABLE, "DMN 8.2.8", "an output may be an expression", decision(("-", "x * 2 + 1")), given={"x": 4}, answer=9)
decides(
    TABLE, "DMN 8.2.8", "an output may be a list", decision(("-", "[x, x + 1]")), given={"x": 4}, answer=[4, 5], shape="singleEntry"
)
decides(
    TABLE, "DMN 8.2.8", "an output may be a date", decision(("-", 'date("2026-01-31") + duration("P1D")')), given={"x": 4},
    answer="2026-02-01",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.9", "two inputs have both to hold",
    decision(("> 0", '"a"', "1"), ("> 0", '"b"', "2"), inputs=(column("input", "x"), column("input", "y"))),
    given={"x": 1, "y": "b"}, answer=2,
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.6", "a value outside the input's values fails",
    decision(('"a"', "1"), inputs=(column("input", "x", "string", '"a","b"'),)), given={"x": "c"}, fails="not among its values",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.7", "a value outside the output's values fails",
    decision(("-", "3"), outputs=(column("output", "n", "number", "1,2"),)), given={"x": 1}, fails="not among the values",
)  # fmt: skip
decides(
    TABLE, "DMN 7.3.2", "an input of another type fails", decision(("-", "3")), given={"x": "tre"}, fails="not of the type number"
)
decides(
    TABLE, "DMN 7.3.2", "an output of another type fails",
    decision(("-", '"tre"'), outputs=(column("output", "n", "number"),)), given={"x": 1}, fails="not of the type number",
)  # fmt: skip

# --- default outputs

WITH_DEFAULT = (column("output", "svar", "string", default='"annat"'),)
decides(
    TABLE, "DMN 8.2.11", "the default output is the answer when no rule applies",
    decision(("> 0", '"a"'), outputs=WITH_DEFAULT), given={"x": -1}, answer="annat",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.11", "the default output is not asked when a rule applies",
    decision(("> 0", '"a"'), outputs=WITH_DEFAULT), given={"x": 1}, answer="a",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.11", "the default output of a table with several results is a list of one",
    decision(("> 0", '"a"'), policy="COLLECT", outputs=WITH_DEFAULT), given={"x": -1}, answer=["annat"], shape="collectEntries",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.11", "an output without default is nothing when others have one",
    decision(("> 0", '"a"', "1"), outputs=(*WITH_DEFAULT, column("output", "n"))), given={"x": -1},
    answer={"svar": "annat", "n": None}, shape="singleResult",
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.11", "a default may be an expression",
    decision(("> 0", "1"), outputs=(column("output", "n", "number", default="x * x"),)), given={"x": -3}, answer=9,
)  # fmt: skip
decides(
    TABLE, "DMN 8.2.11", "a default of another type fails",
    decision(("> 0", "1"), outputs=(column("output", "n", "number", default='"x"'),)), given={"x": -3}, fails="not of the type",
)  # fmt: skip

# --- literal expressions and required decisions

decides(EXPRESSION, "DMN 7.3.4", "gives its value", literal("x * 2"), given={"x": 4}, answer=8)
decides(EXPRESSION, "DMN 7.3.4", "sees an unknown name as nothing", literal("if y = null then 1 else 2"), given={"x": 4}, answer=1)
decides(
    EXPRESSION, "DMN 7.3.4", "goes through a list", literal("sum(for rad in rader return rad.belopp)"),
    given={"rader": [{"belopp": 2}, {"belopp": 5}]}, answer=7,
)  # fmt: skip
decides(
    EXPRESSION, "DMN 7.3.4", "is held to the type of its variable", literal("x * 2", variable="dubbelt", type_ref="string"),
    given={"x": 4}, fails="not of the type string",
)  # fmt: skip
decides(
    REQUIRED, "DMN 6.3.8", "an expression uses a table's result by its variable",
    decision(("> 0", "10"), key="sats"), literal("sats * x", requires=("sats",)), given={"x": 3}, answer=30,
)  # fmt: skip
decides(
    REQUIRED, "DMN 6.3.8", "a table uses an expression's result by its variable",
    literal("x * 10", key="k", variable="tio"), decision(("> 20", '"stor"'), inputs=(column("input", "tio"),), requires=("k",)),
    given={"x": 3}, answer="stor",
)  # fmt: skip
decides(
    REQUIRED, "DMN 6.3.8", "a decision required by two is made for both",
    literal("x + 1", key="a"), literal("a * 2", key="b", requires=("a",)), literal("a * 3", key="c", requires=("a",)),
    literal("b + c", requires=("b", "c")), given={"x": 1}, answer=10,
)  # fmt: skip
decides(
    REQUIRED, "DMN 6.3.8", "a required result comes before a variable of that name",
    literal("1", key="a"), literal("a", requires=("a",)), given={"a": 5}, answer=1,
)  # fmt: skip
decides(
    REQUIRED, "DMN 6.3.8", "what fails in a required decision fails here",
    decision(*OVERLAPPING, key="a"), literal("a", requires=("a",)), given={"x": 15}, fails="a: rules 1",
)  # fmt: skip

# --- refused

for says, words, made, at in (
    ("a decision without a way to decide", "no decision table and no literal", '<decision id="d" name="D"/>', "d"),
    ("a boxed context", "<context> is not carried out", '<decision id="d"><context/></decision>', "d"),
    ("an invocation", "<invocation> is not carried out", '<decision id="d"><invocation/></decision>', "d"),
    ("a relation", "<relation> is not carried out", '<decision id="d"><relation/></decision>', "d"),
    ("a hit policy that is none", "hit policy 'SOME'", decision(("1", "1"), policy="SOME"), "tabell"),
    ("an aggregation without COLLECT", "needs COLLECT", decision(("1", "1"), policy="FIRST+SUM"), "tabell"),
    ("an aggregation that is none", "needs COLLECT", decision(("1", "1"), policy="COLLECT+AVG"), "tabell"),
    ("PRIORITY without the values of an output", "needs the list", decision(("1", "1"), policy="PRIORITY"), "tabell"),
    ("FEEL that is wrong in a test", "is wrong", decision(("> ", "1")), "tabell"),
    ("FEEL that is wrong in an output", "is wrong", decision(("1", "if x then")), "tabell"),
    ("a type that is none", "the type 'tBelopp'", decision(("1", "1"), inputs=(column("input", "x", "tBelopp"),)), "tabell"),
    ("a rule with too few entries", "has 1 tests and 0 results", decision(("1",)), "tabell"),
    ("a decision that requires itself", "waits for itself", literal("1", requires=("tabell",)), "tabell"),
    ("a required decision that is not there", "not in this file", literal("1", requires=("nowhere",)), "tabell"),
    ("two outputs of one name", "a name of its own", decision(("1", "1", "2"), outputs=RANKED * 2), "tabell"),
    ("an empty expression", "is empty", literal(" "), "tabell"),
    ("a business knowledge model", "<businessKnowledgeModel>", "<businessKnowledgeModel id='b'/>" + literal("1"), None),
):
    refused(TABLE, "DMN 6–8", says, file(made), at=at, words=words)
