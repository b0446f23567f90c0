"""A decision table that answers: which rules apply, and what its hit policy makes of them (DMN 1.3, clause 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from engine.toolkit import FeelError, Toolkit

SINGLE: Final = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY"})
HIT_POLICIES: Final = SINGLE | {"COLLECT", "RULE ORDER", "OUTPUT ORDER"}
AGGREGATIONS: Final = frozenset({"SUM", "MIN", "MAX", "COUNT"})
_TIMES: Final = {"date": date.fromisoformat, "time": time.fromisoformat, "dateTime": datetime.fromisoformat}
TYPES: Final = frozenset({"string", "boolean", "number", "integer", "long", "double", *_TIMES})


class DecisionError(Exception):
    """A decision that cannot be made: `decision` is its key; the message names the rules and the column."""

    def __init__(self, decision: str, message: str) -> None:
        self.decision = decision
        super().__init__(f"{decision}: {message}")


class OneValue(list[Any]):
    """A list that is the one value of a decision, not a list of the results of several rules."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input (`expression`) or an output (`name`). `values` is FEEL: the values that it may have, the first weighing most.

    `default` is FEEL as well: what an output is when no rule applies.
    """

    id: str
    label: str
    type: str | None = None
    values: str | None = None
    expression: str = ""
    name: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: FEEL unary tests (None always holds) and FEEL outputs. `number` counts from 1, as the modeler shows it."""

    id: str
    number: int
    tests: tuple[str | None, ...]
    outputs: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One decision. `requires` are the decisions whose results it uses, each answered before it.

    A literal expression (DMN 1.3, 7.3.4) is a table without inputs whose one rule always applies.
    """

    key: str
    name: str
    file_name: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    requires: tuple[DecisionTable, ...] = ()
    variable: str = ""
    version_tag: str | None = None
    description: str = ""
    _text: str = field(default="", compare=False, repr=False)

    def evaluate(self, variables: Mapping[str, Any], toolkit: Toolkit) -> Any:
        """What the decision says about `variables` (plain JSON).

        A table with one output gives its value, one with several a dict by output name; COLLECT, RULE ORDER and OUTPUT ORDER give
        a list of those, and COLLECT with an aggregation a number. When no rule applies
        the answer is made of the default outputs; without any it is None (COUNT: 0).
        A required decision's result is seen under its variable's name and, as in Camunda, under the names of its outputs.

        Raises:
            DecisionError: the rules contradict the hit policy, a value is not of its column's type or list, or an expression fails.
        """
        return self._answer(variables, toolkit, {})

    def _answer(self, variables: Mapping[str, Any], toolkit: Toolkit, made: dict[str, Any]) -> Any:
        if self.key not in made:
            known = dict(variables)
            for required in self.requires:
                known |= required._names_of(required._answer(variables, toolkit, made))
            made[self.key] = self._decide(known, toolkit)
        return made[self.key]

    def _names_of(self, result: Any) -> dict[str, Any]:
        named = {column.name: result for column in self.outputs if column.name} if len(self.outputs) == 1 else {}
        if len(self.outputs) > 1 and not isinstance(result, list):
            named = {column.name: (result or {}).get(column.name) for column in self.outputs}
        return {**named, self.variable or self.key: result}

    def _decide(self, variables: Mapping[str, Any], toolkit: Toolkit) -> Any:
        # Only what the table can name: the rest would travel into the evaluator for nothing.
        context = {name: value for name, value in variables.items() if name in self._text}
        values = [self._input(column, context, toolkit) for column in self.inputs]
        kinds = [column.type if column.type in _TIMES else None for column in self.inputs]
        try:
            matching = toolkit.matching([rule.tests for rule in self.rules], values, kinds, context)
        except FeelError as error:
            raise self._fault(str(error), error.rule, error.column, self.inputs) from error
        hits = [self.rules[index] for index in matching]
        if self.hit_policy == "UNIQUE" and len(hits) > 1:
            raise DecisionError(self.key, f"{_listed(hits)} all apply, but at most one may (hit policy UNIQUE).")
        if self.hit_policy == "FIRST":
            hits = hits[:1]
        if not hits and any(column.default for column in self.outputs):
            entries = self._outputs(Rule("", 0, (), tuple(column.default for column in self.outputs)), context, toolkit)
            single = self.aggregation or self.hit_policy in SINGLE
            return self._shaped(entries) if single else [self._shaped(entries)]
        results = [self._outputs(rule, context, toolkit) for rule in hits]
        return self._combined(hits, results, toolkit)

    def _combined(self, hits: Sequence[Rule], results: list[list[Any]], toolkit: Toolkit) -> Any:
        if self.aggregation:
            return self._aggregated([row[0] for row in results])
        if not results:
            return None
        if self.hit_policy == "ANY" and any(row != results[0] for row in results):
            raise DecisionError(self.key, f"{_listed(hits)} apply with different results (hit policy ANY).")
        if self.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
            ranks = [self._rank(rule, row, toolkit) for rule, row in zip(hits, results, strict=True)]
            results = [results[index] for index in sorted(range(len(results)), key=ranks.__getitem__)]
        if self.hit_policy in SINGLE:
            return self._shaped(results[0])
        return [self._shaped(row) for row in results]

    def _shaped(self, row: list[Any]) -> Any:
        if len(row) == 1:
            return OneValue(row[0]) if isinstance(row[0], list) and self.hit_policy in SINGLE else row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def _aggregated(self, values: list[Any]) -> Any:
        if self.aggregation == "COUNT":
            return len(values)
        if not values:
            return None
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
            raise DecisionError(self.key, f"{self.aggregation} needs numbers, but the rules give {values!r}.")
        if self.aggregation == "SUM":
            return sum(values)
        return min(values) if self.aggregation == "MIN" else max(values)

    def _rank(self, rule: Rule, row: list[Any], toolkit: Toolkit) -> list[int]:
        """Where the row's values stand in the lists of their columns; the leftmost column weighs most."""
        ranks = []
        for column, value in zip(self.outputs, row, strict=True):
            if column.values:
                listed = toolkit.feel(f"[{column.values}]", {})
                ranks.append(listed.index(value))  # _outputs has made sure that it is there
        return ranks

    def _input(self, column: Column, context: Mapping[str, Any], toolkit: Toolkit) -> Any:
        try:
            value = toolkit.feel(column.expression, context)
            offered = [value] if not isinstance(value, list) else value
            allowed = column.values is None or all(
                item is None or toolkit.unary(column.values, item, context, kind=column.type if column.type in _TIMES else None)
                for item in offered
            )
        except FeelError as error:
            raise DecisionError(self.key, f"input “{column.label}”: {error}") from error
        if not of_type(value, column.type):
            raise DecisionError(self.key, f"input “{column.label}”: {value!r} is not of the type {column.type}.")
        if not allowed:
            raise DecisionError(self.key, f"input “{column.label}”: {value!r} is not among its values {column.values}.")
        return value

    def _outputs(self, rule: Rule, context: Mapping[str, Any], toolkit: Toolkit) -> list[Any]:
        row = []
        for index, (column, expression) in enumerate(zip(self.outputs, rule.outputs, strict=True)):
            try:
                value = toolkit.feel(expression, context) if expression else None
                listed = toolkit.feel(f"[{column.values}]", {}) if column.values else [value]
            except FeelError as error:
                raise self._fault(str(error), _place(rule), index, self.outputs) from error
            if not of_type(value, column.type):
                raise self._fault(f"{value!r} is not of the type {column.type}.", _place(rule), index, self.outputs)
            if value not in listed:
                raise self._fault(f"{value!r} is not among the values {column.values}.", _place(rule), index, self.outputs)
            row.append(value)
        return row

    def _fault(self, reason: str, rule: int | None, column: int | None, columns: Sequence[Column]) -> DecisionError:
        places = [f"rule {self.rules[rule].number} ({self.rules[rule].id})"] if rule is not None else []
        places += [f"column “{columns[column].label}”"] if column is not None else []
        return DecisionError(self.key, f"{', '.join(places) or 'the table'}: {reason}")


def of_type(value: Any, kind: str | None) -> bool:
    """Whether a plain JSON value is null or of a column's type; a column without a type takes everything."""
    if value is None or kind is None:
        return True
    if kind in ("string", "boolean"):
        return isinstance(value, str if kind == "string" else bool)
    if kind in _TIMES:
        try:
            return isinstance(value, str) and _TIMES[kind](value) is not None
        except ValueError:
            return False
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and (kind not in ("integer", "long") or value == int(value))


def _listed(rules: Sequence[Rule]) -> str:
    names = [f"{rule.number} ({rule.id})" for rule in rules]
    return f"rules {', '.join(names[:-1])} and {names[-1]}"


def _place(rule: Rule) -> int | None:
    """Where the rule stands; the default outputs stand in none."""
    return rule.number - 1 if rule.number else None
