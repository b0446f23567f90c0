"""Reads decision tables (DMN 1.3 XML with FEEL). What is not executed as DMN says is refused by decision, rule and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from lxml import etree

from engine.bpmn.decision_table import AGGREGATIONS, HIT_POLICIES, TYPES, Column, DecisionError, DecisionTable, Rule
from engine.bpmn.problems import DeploymentRefused, Problem
from engine.bpmn.xml import parse_xml
from engine.toolkit import FeelError, Toolkit

__all__ = ["Column", "DecisionError", "DecisionTable", "Rule", "load_decisions"]

DMN: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
CAMUNDA: Final = frozenset({"http://camunda.org/schema/1.0/dmn", "http://operaton.org/schema/1.0/dmn"})
FEEL: Final = frozenset({"", "feel", "https://www.omg.org/spec/DMN/20191111/FEEL/", "https://www.omg.org/spec/DMN/20180521/FEEL/"})

# Children that are carried out or only tell the reader something; every other DMN element is refused where it stands.
_CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "definitions": frozenset({"decision", "inputData", "knowledgeSource", "textAnnotation", "association", "group"}),
    "decision": frozenset(
        {
            *("question", "allowedAnswers", "variable", "informationRequirement", "authorityRequirement"),
            *("decisionTable", "literalExpression"),
        }
    ),
    "decisionTable": frozenset({"input", "output", "annotation", "rule"}),
    "input": frozenset({"inputExpression", "inputValues"}),
    "inputExpression": frozenset({"text"}),
    "output": frozenset({"outputValues", "defaultOutputEntry"}),
    "rule": frozenset({"inputEntry", "outputEntry", "annotationEntry"}),
}
_TELLING: Final = frozenset({"description", "extensionElements"})
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "decision": frozenset({"id", "name", "label", "versionTag", "historyTimeToLive"}),
    "decisionTable": frozenset({"id", "hitPolicy", "aggregation", "preferredOrientation", "outputLabel", "label", "typeRef"}),
    "input": frozenset({"id", "label", "width"}),
    "inputExpression": frozenset({"id", "label", "typeRef", "expressionLanguage"}),
    "output": frozenset({"id", "label", "name", "typeRef", "width"}),
    "literalExpression": frozenset({"id", "label", "typeRef", "expressionLanguage"}),
    "defaultOutputEntry": frozenset({"id", "label", "typeRef", "expressionLanguage"}),
    "rule": frozenset({"id", "label"}),
    "inputEntry": frozenset({"id", "label", "expressionLanguage"}),
    "outputEntry": frozenset({"id", "label", "expressionLanguage"}),
}
_TEXTS: Final = frozenset({"literalExpression", "defaultOutputEntry", "inputEntry", "outputEntry", "inputValues", "outputValues"})


def load_decisions(content: bytes, file_name: str, *, toolkit: Toolkit | None = None) -> list[DecisionTable]:
    """Every decision of the file, each with the decisions that it requires. With `toolkit` the FEEL in them is checked too.

    Raises:
        DeploymentRefused: with every problem found.
    """
    root = parse_xml(content, file_name)
    if root.tag != f"{{{DMN}}}definitions":
        reason = "The file holds no DMN 1.3 definitions. Save it as DMN 1.3 in the modeler."
        raise DeploymentRefused([Problem(file_name, None, None, reason, _line(root))])
    reader = _Reader(file_name, toolkit)
    tables = reader.read(root)
    if reader.problems:
        raise DeploymentRefused(reader.problems)
    return tables


class _Reader:
    def __init__(self, file_name: str, toolkit: Toolkit | None) -> None:
        self.problems: list[Problem] = []
        self._file = file_name
        self._toolkit = toolkit
        self._decision: tuple[str | None, str | None] = (None, None)

    def read(self, root: etree._Element) -> list[DecisionTable]:
        self._check(root, "The file")
        tables: dict[str, DecisionTable] = {}
        needs: dict[str, list[str]] = {}
        for element in _children(root, "decision"):
            key = element.get("id") or ""
            self._decision = (key or None, element.get("name"))
            if not key or key in tables:
                self._refuse(element, "A decision needs an id of its own: it is what diagrams refer to.")
                continue
            table = self._table(element, key)
            if table is not None:
                tables[key] = table
                needs[key] = list(self._required(element))
        if not tables and not self.problems:
            self._refuse(root, "The file holds no decision.")
        return self._joined(tables, needs) if not self.problems else []

    def _refuse(self, element: etree._Element, reason: str) -> None:
        self.problems.append(Problem(self._file, *self._decision, reason, _line(element)))

    def _check(self, element: etree._Element, place: str) -> None:
        """Refuse what the element holds beyond what is honoured."""
        kind = etree.QName(element).localname
        known = _CHILDREN.get(kind, frozenset({"text"}) if kind in _TEXTS else frozenset())
        for child in element:
            name = etree.QName(child)
            if name.namespace == DMN and name.localname not in known | _TELLING:
                self._refuse(
                    child, f"{place}: <{name.localname}> is not carried out here. {_ADVICE.get(name.localname, 'Remove it.')}"
                )
        for attribute in element.attrib:
            owner, name_of = etree.QName(attribute).namespace, etree.QName(attribute).localname
            if kind in _ATTRIBUTES and (owner is None or owner in CAMUNDA) and name_of not in _ATTRIBUTES[kind]:
                self._refuse(element, f"{place}: the attribute {name_of} is not honoured here. Remove it.")
        language = element.get("expressionLanguage", "")
        if language.lower() not in {one.lower() for one in FEEL}:
            self._refuse(element, f"{place}: the expression language {language!r} is not run here. Write it in FEEL.")

    def _table(self, decision: etree._Element, key: str) -> DecisionTable | None:
        before = len(self.problems)
        self._check(decision, "The decision")
        element = next(_children(decision, "decisionTable"), None)
        literal = next(_children(decision, "literalExpression"), None)
        if element is None and literal is not None:
            return self._literal(decision, key, literal)
        if element is None or literal is not None:
            if len(self.problems) == before:
                reason = "has no decision table and no literal expression" if element is None else "is decided in two ways"
                self._refuse(decision, f"The decision {reason}. Give it one of the two.")
            return None
        self._check(element, "The table")
        inputs = [self._input(child, number) for number, child in enumerate(_children(element, "input"), 1)]
        outputs = [self._output(child, number) for number, child in enumerate(_children(element, "output"), 1)]
        rules = [self._rule(child, number, inputs, outputs) for number, child in enumerate(_children(element, "rule"), 1)]
        policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation")
        self._check_policy(element, policy, aggregation, outputs)
        variable = next(_children(decision, "variable"), None)
        table = DecisionTable(
            key=key,
            name=decision.get("name") or key,
            file_name=self._file,
            hit_policy=policy,
            aggregation=aggregation,
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            rules=tuple(rules),
            variable=(variable.get("name") if variable is not None else None) or key,
            version_tag=next((value for owner in CAMUNDA if (value := decision.get(f"{{{owner}}}versionTag"))), None),
            description=_text(decision, "description"),
            _text="\n".join(_expressions(inputs, outputs, rules)),
        )
        return table if len(self.problems) == before else None

    def _literal(self, decision: etree._Element, key: str, literal: etree._Element) -> DecisionTable | None:
        before, place = len(self.problems), "The literal expression"
        self._check(literal, place)
        variable, text = next(_children(decision, "variable"), None), _text(literal, "text")
        if not text:
            self._refuse(literal, f"{place} is empty. Write it in FEEL.")
        else:
            self._check_feel(literal, place, text)
        name = (variable.get("name") if variable is not None else None) or key
        kind = self._type(literal, place)
        if variable is not None:
            kind = self._type(variable, "The variable of the decision") or kind
        if len(self.problems) > before:
            return None
        return DecisionTable(
            key=key,
            name=decision.get("name") or key,
            file_name=self._file,
            hit_policy="UNIQUE",
            aggregation=None,
            inputs=(),
            outputs=(Column(literal.get("id") or key, name, kind, name=name),),
            rules=(Rule(literal.get("id") or key, 1, (), (text,)),),
            variable=name,
            version_tag=next((value for owner in CAMUNDA if (value := decision.get(f"{{{owner}}}versionTag"))), None),
            description=_text(decision, "description"),
            _text=text,
        )

    def _check_policy(self, element: etree._Element, policy: str, aggregation: str | None, outputs: list[Column]) -> None:
        if not outputs:
            self._refuse(element, "The table has no output column. Add one.")
        if policy not in HIT_POLICIES:
            self._refuse(element, f"The hit policy {policy!r} is not one of {', '.join(sorted(HIT_POLICIES))}.")
        if aggregation is not None and (policy != "COLLECT" or aggregation not in AGGREGATIONS or len(outputs) != 1):
            self._refuse(
                element, f"The aggregation {aggregation!r} needs COLLECT and exactly one output; it is SUM, MIN, MAX or COUNT."
            )
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.values for column in outputs):
            self._refuse(element, f"{policy} needs the list of an output's values, the weightiest first. Add output values.")
        names = [column.name for column in outputs]
        if len(outputs) > 1 and (len(set(names)) < len(names) or not all(names)):
            self._refuse(element, "With several outputs each needs a name of its own.")

    def _input(self, element: etree._Element, number: int) -> Column:
        label = element.get("label") or element.get("id") or str(number)
        place = f"Input {number} “{label}”"
        self._check(element, place)
        expression = next(_children(element, "inputExpression"), None)
        if expression is None or not _text(expression, "text"):
            self._refuse(element, f"{place} has no expression. Name the variable that it looks at.")
            return Column(element.get("id") or "", label)
        self._check(expression, place)
        text = _text(expression, "text")
        self._check_feel(expression, place, text)
        return Column(
            id=element.get("id") or "",
            label=element.get("label") or text,
            type=self._type(expression, place),
            values=self._values(element, "inputValues", place, unary=True),
            expression=text,
        )

    def _output(self, element: etree._Element, number: int) -> Column:
        label = element.get("label") or element.get("name") or element.get("id") or str(number)
        place = f"Output {number} “{label}”"
        self._check(element, place)
        values = self._values(element, "outputValues", place, unary=False)
        return Column(
            id=element.get("id") or "",
            label=label,
            type=self._type(element, place),
            values=values,
            name=element.get("name") or "",
            default=self._default(element, place),
        )

    def _default(self, element: etree._Element, place: str) -> str:
        entry = next(_children(element, "defaultOutputEntry"), None)
        if entry is None:
            return ""
        self._check(entry, f"{place}, its default")
        text = _text(entry, "text")
        if text:
            self._check_feel(entry, f"{place}, its default", text)
        return text

    def _type(self, element: etree._Element, place: str) -> str | None:
        kind = element.get("typeRef")
        if kind in (None, "", "Any"):
            return None
        if kind not in TYPES:
            self._refuse(element, f"{place}: the type {kind!r} is not one of {', '.join(sorted(TYPES))}.")
        return kind

    def _values(self, element: etree._Element, name: str, place: str, *, unary: bool) -> str | None:
        values = next(_children(element, name), None)
        text = _text(values, "text") if values is not None else ""
        if values is None or not text:
            return None
        self._check(values, place)
        self._check_feel(values, f"{place}, its values", text if unary else f"[{text}]", unary=unary)
        return text

    def _rule(self, element: etree._Element, number: int, inputs: list[Column], outputs: list[Column]) -> Rule:
        identity = element.get("id") or str(number)
        place = f"Rule {number} ({identity})"
        self._check(element, place)
        tests = list(_children(element, "inputEntry"))
        results = list(_children(element, "outputEntry"))
        if len(tests) != len(inputs) or len(results) != len(outputs):
            self._refuse(element, f"{place} has {len(tests)} tests and {len(results)} results; the table has other columns.")
            return Rule(identity, number, (), ())
        for entry, column in zip([*tests, *results], [*inputs, *outputs], strict=True):
            where = f"{place}, column “{column.label}”"
            self._check(entry, where)
            text = _text(entry, "text")
            if entry in tests and text not in ("", "-"):
                self._check_feel(entry, where, text, unary=True)
            elif entry in results and text:
                self._check_feel(entry, where, text)
        return Rule(
            id=identity,
            number=number,
            tests=tuple(None if (text := _text(entry, "text")) in ("", "-") else text for entry in tests),
            outputs=tuple(_text(entry, "text") for entry in results),
            description=_text(element, "description"),
        )

    def _check_feel(self, element: etree._Element, place: str, text: str, *, unary: bool = False) -> None:
        if self._toolkit is None:
            return
        try:
            self._toolkit.check(text, unary=unary)
        except FeelError as error:
            self._refuse(element, f"{place}: the FEEL {text!r} is wrong: {error}.")

    def _required(self, decision: etree._Element) -> Iterator[str]:
        for requirement in _children(decision, "informationRequirement"):
            for child in _children(requirement, "requiredDecision"):
                href = child.get("href", "")
                if not href.startswith("#"):
                    self._refuse(child, f"The required decision {href!r} is not in this file. Put both into one file.")
                yield href[1:]

    def _joined(self, tables: Mapping[str, DecisionTable], needs: Mapping[str, list[str]]) -> list[DecisionTable]:
        """The tables with their requirements in place; a table that requires itself, however far round, is refused."""
        joined: dict[str, DecisionTable] = {}
        pending = list(tables)
        while pending:
            ready = [key for key in pending if all(need in joined for need in needs[key])]
            if not ready:
                for key in pending:
                    missing = [need for need in needs[key] if need not in tables]
                    reason = f"requires {missing[0]!r}, which is not in this file" if missing else "waits for itself in a ring"
                    self.problems.append(Problem(self._file, key, tables[key].name, f"The decision {reason}."))
                return []
            for key in ready:
                joined[key] = self._with_requirements(tables[key], [joined[need] for need in dict.fromkeys(needs[key])])
            pending = [key for key in pending if key not in joined]
        return [joined[key] for key in tables] if not self.problems else []

    def _with_requirements(self, table: DecisionTable, required: list[DecisionTable]) -> DecisionTable:
        owners: dict[str, str] = {}
        for other in required:
            for name in {other.variable, *(column.name for column in other.outputs if column.name)}:
                if name in owners:
                    reason = f"{owners[name]!r} and {other.key!r}, which it requires, both give {name!r}. Rename one output."
                    self.problems.append(Problem(self._file, table.key, table.name, reason))
                owners[name] = other.key
        return replace(table, requires=tuple(required))


_ADVICE: Final = {
    "context": "Make each entry a decision with a literal expression that this one requires.",
    "invocation": "Make what is invoked a decision that this one requires.",
    "list": "Write the list in a literal expression.",
    "relation": "Write the list in a literal expression.",
    "functionDefinition": "Make it a decision that the other one requires.",
    "businessKnowledgeModel": "Make it a decision that the other one requires.",
    "itemDefinition": "Use the types of FEEL.",
    "import": "Put the decisions into one file.",
}


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterchildren(f"{{{DMN}}}{name}")


def _line(element: etree._Element) -> int | None:
    return element.sourceline if isinstance(element.sourceline, int) else None


def _text(element: etree._Element, name: str) -> str:
    child = next(_children(element, name), None)
    return (child.text or "").strip() if child is not None else ""


def _expressions(inputs: list[Column], outputs: list[Column], rules: list[Rule]) -> Iterator[Any]:
    for column in inputs:
        yield from (column.expression, column.values or "")
    yield from (column.default for column in outputs)
    for rule in rules:
        yield from (*(test or "" for test in rule.tests), *rule.outputs)
