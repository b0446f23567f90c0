"""Decision tables: every hit policy as DMN 1.3 says, requirements in order, and refusals that name the place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.bpmn.decisions import DecisionError, DecisionTable, load_decisions
from engine.bpmn.problems import DeploymentRefused
from engine.toolkit import Toolkit
from tests.engine.bpmn.tables import column, decision, file


@pytest.fixture(scope="module")
def toolkit() -> Iterator[Toolkit]:
    toolkit = Toolkit()
    yield toolkit
    toolkit.close()


def table(*rules: tuple[str, ...], **options: Any) -> DecisionTable:
    return load_decisions(file(decision(*rules, **options)), "test.dmn")[-1]


OVERLAPPING = (("> 0", '"a"'), ("> 10", '"b"'), ("> 20", '"c"'))
RANKED = (column("output", "svar", "string", '"c","a","b"'),)


@pytest.mark.parametrize(
    ("policy", "x", "answer"),
    [
        ("UNIQUE", 5, "a"),
        ("UNIQUE", -1, None),
        ("FIRST", 25, "a"),
        ("FIRST", -1, None),
        ("PRIORITY", 25, "c"),
        ("PRIORITY", 15, "a"),
        ("PRIORITY", -1, None),
        ("OUTPUT ORDER", 25, ["c", "a", "b"]),
        ("OUTPUT ORDER", -1, None),
        ("RULE ORDER", 25, ["a", "b", "c"]),
        ("RULE ORDER", 5, ["a"]),
        ("COLLECT", 15, ["a", "b"]),
        ("COLLECT", -1, None),
        ("COLLECT+COUNT", 25, 3),
        ("COLLECT+COUNT", -1, 0),
    ],
)
def test_hit_policies(toolkit: Toolkit, policy: str, x: int, answer: Any) -> None:
    assert table(*OVERLAPPING, policy=policy, outputs=RANKED).evaluate({"x": x}, toolkit) == answer


@pytest.mark.parametrize(("aggregation", "answer"), [("SUM", 17), ("MIN", 2), ("MAX", 10)])
def test_collect_reduces_numbers(toolkit: Toolkit, aggregation: str, answer: int) -> None:
    rules = (("> 0", "x"), ("> 1", "x / 2"), ("> 2", "2"), ("> 90", "1000"))
    made = table(*rules, policy=f"COLLECT+{aggregation}")
    assert made.evaluate({"x": 10}, toolkit) == answer
    assert made.evaluate({"x": 0}, toolkit) is None


def test_collect_cannot_reduce_texts(toolkit: Toolkit) -> None:
    with pytest.raises(DecisionError, match="SUM needs numbers"):
        table(*OVERLAPPING, policy="COLLECT+SUM").evaluate({"x": 15}, toolkit)


def test_unique_with_two_hits_names_the_rules(toolkit: Toolkit) -> None:
    with pytest.raises(DecisionError, match=r"tabell: rules 1 \(r1\), 2 \(r2\) and 3 \(r3\) all apply"):
        table(*OVERLAPPING).evaluate({"x": 25}, toolkit)


def test_any_takes_agreeing_rules_and_refuses_others(toolkit: Toolkit) -> None:
    made = table(("> 0", '"a"'), ("> 10", '"a"'), ("> 20", '"b"'), policy="ANY")
    assert made.evaluate({"x": 15}, toolkit) == "a"
    with pytest.raises(DecisionError, match=r"rules 1 \(r1\), 2 \(r2\) and 3 \(r3\) apply with different results"):
        made.evaluate({"x": 25}, toolkit)


def test_several_outputs_are_a_dict_and_the_leftmost_weighs_most(toolkit: Toolkit) -> None:
    outputs = (column("output", "niva", "", '"hög","låg"'), column("output", "dagar", "", "30,14,7"))
    rules = (("-", '"låg"', "30"), ("-", '"hög"', "7"), ("-", '"hög"', "14"))
    assert table(*rules, policy="PRIORITY", outputs=outputs).evaluate({"x": 1}, toolkit) == {"niva": "hög", "dagar": 14}
    ordered = table(*rules, policy="OUTPUT ORDER", outputs=outputs).evaluate({"x": 1}, toolkit)
    assert [row["dagar"] for row in ordered] == [14, 7, 30]


def test_tests_see_other_variables_lists_and_dates(toolkit: Toolkit) -> None:
    inputs = (column("input", "inkommen", "date"), column("input", "parter"))
    rules = (('< date("2026-02-01")', "list contains(?, part)", "count(parter)"), ('>= date("2026-02-01")', "-", "0"))
    made = table(*rules, inputs=inputs, outputs=(column("output", "antal", "integer"),))
    assert made.evaluate({"inkommen": "2026-01-31", "parter": ["umea", "mala"], "part": "mala"}, toolkit) == 2
    assert made.evaluate({"inkommen": "2026-02-01", "parter": []}, toolkit) == 0
    assert made.evaluate({}, toolkit) is None


def test_required_decisions_come_first_and_are_seen_by_name_and_output(toolkit: Toolkit) -> None:
    first = decision(("> 10", '"hög"'), ("<= 10", '"låg"'), key="niva", outputs=(column("output", "n"),))
    second = decision(('"hög"', "30"), ('"låg"', "90"), key="tid", inputs=(column("input", "niva"),), requires=("niva",))
    third = decision(
        ("30", '"hög"', '"snart"'), ("-", "-", '"sedan"'), key="sista", policy="FIRST",
        inputs=(column("input", "svar"), column("input", "n")), requires=("tid", "niva"),
    )  # fmt: skip
    tables = {made.key: made for made in load_decisions(file(third, second, first), "test.dmn")}
    assert list(tables) == ["sista", "tid", "niva"]
    assert tables["sista"].evaluate({"x": 11, "niva": "gammal"}, toolkit) == "snart"
    assert tables["sista"].evaluate({"x": 1}, toolkit) == "sedan"
    assert [made.key for made in tables["sista"].requires] == ["tid", "niva"]


def test_values_outside_types_and_lists_are_errors(toolkit: Toolkit) -> None:
    made = table(
        ('"a"', "1"), inputs=(column("input", "x", "string", '"a","b"'),), outputs=(column("output", "n", "number", "1,2"),)
    )
    assert made.evaluate({"x": "a"}, toolkit) == 1
    assert made.evaluate({"x": None}, toolkit) is None
    with pytest.raises(DecisionError, match="input “x”: 'c' is not among its values"):
        made.evaluate({"x": "c"}, toolkit)
    with pytest.raises(DecisionError, match="input “x”: 3 is not of the type string"):
        made.evaluate({"x": 3}, toolkit)
    with pytest.raises(DecisionError, match=r"rule 1 \(r1\), column “svar”: 'ett' is not of the type number"):
        table(("-", '"ett"'), outputs=(column("output", "svar", "number"),)).evaluate({"x": 1}, toolkit)
    with pytest.raises(DecisionError, match=r"rule 1 \(r1\), column “svar”: 3 is not among"):
        table(("-", "3"), outputs=(column("output", "svar", "number", "1,2"),)).evaluate({"x": 1}, toolkit)


def test_an_expression_that_fails_names_rule_and_column(toolkit: Toolkit) -> None:
    with pytest.raises(DecisionError, match=r"rule 2 \(r2\), column “x”"):
        table(("1", '"a"'), ("saknas(?)", '"b"')).evaluate({"x": 1}, toolkit)
    with pytest.raises(DecisionError, match=r"rule 1 \(r1\), column “svar”"):
        table(("1", "saknas(x)")).evaluate({"x": 1}, toolkit)


def refusals(content: bytes, toolkit: Toolkit | None = None) -> str:
    with pytest.raises(DeploymentRefused) as caught:
        load_decisions(content, "test.dmn", toolkit=toolkit)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (file(), "holds no decision"),
        (b"<definitions/>", "no DMN 1.3 definitions"),
        (b"<!DOCTYPE d [<!ENTITY e 'x'>]><d>&e;</d>", "document type"),
        (
            file('<decision id="d" name="D"><literalExpression><text> </text></literalExpression></decision>'),
            "d “D”: The literal expression is empty",
        ),
        (file("<businessKnowledgeModel id='b'/>", decision(("1", "1"))), "<businessKnowledgeModel> is not carried out"),
        (file(decision(("1", "1"), policy="SOME")), "hit policy 'SOME' is not one of"),
        (file(decision(("1", "1"), policy="FIRST+SUM")), "aggregation 'SUM'"),
        (
            file(decision(("1", "1", "1"), policy="COLLECT+SUM", outputs=(column("output", "a"), column("output", "b")))),
            "aggregation 'SUM'",
        ),
        (file(decision(("1", "1"), policy="PRIORITY")), "PRIORITY needs the list of an output's values"),
        (file(decision(("1", "1", "1"), outputs=(column("output", "a"), column("output", "a")))), "a name of its own"),
        (file(decision(("1",))), "Rule 1 (r1) has 1 tests and 0 results"),
        (file(decision(("1", "1"), inputs=(column("input", "x", "tBelopp"),))), "Input 1 “x”: the type 'tBelopp'"),
        (file('<decision id="d" name="D"><context/></decision>'), "d “D”: The decision: <context> is not carried out"),
        (file('<decision id="d" name="D"/>'), "no decision table and no literal expression"),
        (file(decision(("1", "1"), extra="<literalExpression><text>1</text></literalExpression>")), "is decided in two ways"),
        (
            file(decision(("1", "1")).replace("<inputEntry>", '<inputEntry expressionLanguage="groovy">')),
            "Rule 1 (r1), column “x”: the expression language 'groovy'",
        ),
        (file(decision(("1", "1"), requires=("saknas",))), "requires 'saknas', which is not in this file"),
        (
            file(decision(("1", "1"), key="a", requires=("b",)), decision(("1", "1"), key="b", requires=("a",))),
            "waits for itself in a ring",
        ),
        (file(decision(("1", "1"), key="a"), decision(("1", "1"), key="a")), "an id of its own"),
        (
            file(decision(("1", "1"), key="a"), decision(("1", "1"), key="b"), decision(("1", "1"), key="c", requires=("a", "b"))),
            "both give 'svar'",
        ),
        (file(decision(("1", "1"), extra="<knowledgeRequirement/>")), "<knowledgeRequirement> is not carried out"),
        (
            file(decision(("1", "1")).replace("<inputExpression", '<inputExpression id="e"').replace("<text>x</text>", "")),
            "has no expression",
        ),
        (file(decision(("1", "1"), outputs=())), "no output column"),
    ],
)
def test_refusals_name_the_place(content: bytes, expected: str) -> None:
    assert expected in refusals(content)


def test_wrong_feel_is_refused_with_rule_and_column(toolkit: Toolkit) -> None:
    told = refusals(file(decision(("> ", '"a"'), ("1", "if x then"))), toolkit)
    assert "tabell “Tabell tabell”: Rule 1 (r1), column “x”: the FEEL '>' is wrong" in told
    assert "Rule 2 (r2), column “svar”: the FEEL 'if x then' is wrong" in told


def test_all_problems_come_at_once_with_their_lines() -> None:
    content = file(decision(("1", "1"), policy="SOME"), "\n<import/>\n", decision(("1",), key="b"))
    with pytest.raises(DeploymentRefused) as caught:
        load_decisions(content, "test.dmn")
    assert [problem.element_id for problem in caught.value.problems] == [None, "tabell", "b"]
    assert [problem.line for problem in caught.value.problems] == [2, 1, 3]
