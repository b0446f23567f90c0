"""Scenario files: read, checked, and turned into steps. Every problem of every file is told at once, with its line.

The step classes below say how each step is written; `player.py` plays them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.simulate.errors import ScenarioInvalid
from engine.simulate.moments import When, read_when

# ${fraga.key}, ${fraga.id}, ${person:anna.sjolund}, ${today}, ${today+14d}
REFERENCE = re.compile(r"\$\{\s*(?:([a-z][\w-]*)\.(key|id)|person:([a-z0-9.-]+)|(today)(?:([+-]\d{1,5})d)?)\s*\}")
_EXPECTED = ("status", "outcome", "waiting", "variables", "passed", "not_passed", "title", "body", "party")


@dataclass(frozen=True, slots=True)
class Step:
    """A step's place; `at` moves the scenario's clock before it."""

    where: str
    at: When | None


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """`at: +14d` alone: time passes, and what is due on the way happens at its own moment."""


@dataclass(frozen=True, slots=True)
class Start(Step):
    """`start: <process key>`, with `by`, `answers` to its start form, and `as`, its name for later (default: the process key)."""

    process: str
    by: str
    answers: Mapping[str, Any]
    name: str


@dataclass(frozen=True, slots=True)
class Task(Step):
    """`task: <element id>`: complete the oldest open one in `of`, or in the part of it that concerns `party`.

    `by` is a username or a role; without it, whoever holds the task's roles, or a coordinator when nobody does.
    """

    element: str
    of: str | None
    by: str | None
    party: str | None
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EachTask(Step):
    """`task: {each: <element id>}`: complete all the open ones, side by side, each with its party's answers.

    `answers_by_party`: {default: …, umea: …, bjurholm: null}; null, or neither named nor default: does not answer.
    """

    element: str
    of: str | None
    by: str | None
    answers_by_party: Mapping[str, Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Act(Step):
    """`act: <label>`: do by hand what a waiting event lets people do."""

    label: str
    of: str | None
    by: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expect(Step):
    """`expect: {of, status, outcome, waiting, variables, passed, not_passed, title, body, party}`.

    What is not named is not looked at. outcome: the end event's id or name. waiting: every element where the instance itself waits,
    and perhaps joins and subprocesses that hold a token, and elements of what it called.
    variables: those named. passed, not_passed: elements of the instance or of what it called.
    """

    of: str | None
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: where its clock starts, and its steps."""

    name: str
    file: str
    clock: When
    steps: tuple[Step, ...]


def read_scenarios(files: Mapping[str, str]) -> list[Scenario]:
    """The scenarios of `files` (name → YAML text), in order.

    Raises:
        ScenarioInvalid: with every problem.
    """
    reader = _Reader()
    scenarios = [scenario for name, text in files.items() for scenario in reader.read_file(name, text)]
    if not reader.problems:
        reader.check_names(scenarios)
    if reader.problems:
        raise ScenarioInvalid(reader.problems)
    return scenarios


class _Located(dict[str, Any]):
    """A mapping of a file, which knows its line."""

    line = 0


class _Loader(yaml.SafeLoader):
    """Plain data only; dates stay text, and a key that stands twice is an error rather than a lost value."""

    yaml_implicit_resolvers = {  # noqa: RUF012 – overrides PyYAML's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[_Located]:
    made = _Located()
    made.line = node.start_mark.line + 1
    yield made
    own = [key_node.value for key_node, _ in node.value if isinstance(key_node, yaml.ScalarNode)]
    for key_node, _ in node.value:
        if own.count(key_node.value) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"“{key_node.value}” stands twice", key_node.start_mark)
    loader.flatten_mapping(node)  # what `<<` brings in comes first, and the mapping's own keys win over it
    for key_node, value_node in node.value:
        made[loader.construct_object(key_node, deep=True)] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def read_file(self, file: str, text: str) -> list[Scenario]:
        try:
            content = yaml.load(text, _Loader)  # noqa: S506 – _Loader is a SafeLoader
        except yaml.YAMLError as error:
            self.problems.append(f"{file}: is no YAML: {' '.join(str(error).split())}")
            return []
        rows = content.get("scenarios") if isinstance(content, Mapping) and set(content) == {"scenarios"} else None
        if not isinstance(rows, list):
            self.problems.append(f"{file}: must hold a list called scenarios, and nothing else")
            return []
        return [made for row in rows if (made := self._scenario(file, row)) is not None]

    def check_names(self, scenarios: list[Scenario]) -> None:
        """A name must be given before it is used, or in another scenario, whose steps are merged with these in time."""
        given = {id(s): {step.name for step in s.steps if isinstance(step, Start)} for s in scenarios}
        for scenario in scenarios:
            known: set[str] = set().union(*(names for key, names in given.items() if key != id(scenario)))
            started = False
            for step in scenario.steps:
                used = [match[1] for match in REFERENCE.finditer(_text_of(step)) if match[1]]
                of = getattr(step, "of", None)
                for name in dict.fromkeys([*([of] if of else []), *used]):
                    if name not in known:
                        self.problems.append(f"{step.where}: nothing has been started as “{name}” before this step")
                if isinstance(step, Start):
                    known, started = known | {step.name}, True
                elif not isinstance(step, Wait) and of is None and not started:
                    self.problems.append(f"{step.where}: nothing has been started in this scenario; say which with `of`")

    def _scenario(self, file: str, row: Any) -> Scenario | None:
        if not isinstance(row, _Located) or not isinstance(row.get("name"), str):
            line = f":{row.line}" if isinstance(row, _Located) else ""
            self.problems.append(f"{file}{line}: a scenario needs a name, a clock and steps")
            return None
        place = f"{file}:{row.line}: {row['name']}"
        self._only(row, {"name", "clock", "steps", "about"}, place)
        clock = self._when(row.get("clock"), place)
        steps = row.get("steps")
        if not isinstance(steps, list) or not steps:
            self.problems.append(f"{place}: has no steps")
            return None
        made = [self._step(file, row["name"], number, step) for number, step in enumerate(steps, 1)]
        return Scenario(row["name"], file, clock, tuple(step for step in made if step)) if clock is not None else None

    def _step(self, file: str, scenario: str, number: int, row: Any) -> Step | None:
        where = f"{file}:{row.line if isinstance(row, _Located) else '?'}: {scenario}, step {number}"
        if not isinstance(row, _Located):
            self.problems.append(f"{where}: must have named fields")
            return None
        kinds = [kind for kind in ("start", "task", "act", "expect") if kind in row]
        if len(kinds) > 1 or (not kinds and "at" not in row):
            self.problems.append(f"{where}: must hold one of start, task, act, expect or at")
            return None
        at = self._when(row["at"], where) if "at" in row else None
        if not kinds:
            self._only(row, {"at"}, where)
            return Wait(where, at)
        where = f"{where} ({kinds[0]} {_brief(row[kinds[0]])})"
        before = len(self.problems)
        step: Step = getattr(self, f"_{kinds[0]}")(row, where, at)
        self._references(step)
        return step if len(self.problems) == before else None

    def _start(self, row: _Located, where: str, at: When | None) -> Step:
        self._only(row, {"start", "by", "answers", "as", "at"}, where)
        process = self._text(row, "start", where)
        return Start(where, at, process, self._text(row, "by", where), self._answers(row, where), str(row.get("as", process)))

    def _task(self, row: _Located, where: str, at: When | None) -> Step:
        if not isinstance(row["task"], Mapping):
            self._only(row, {"task", "of", "by", "party", "answers", "at"}, where)
            element = self._text(row, "task", where)
            return Task(where, at, element, row.get("of"), row.get("by"), row.get("party"), self._answers(row, where))
        whole = {**row["task"], **{key: value for key, value in row.items() if key != "task"}}
        self._only(whole, {"each", "of", "by", "answers_by_party", "at"}, where)
        answers = whole.get("answers_by_party")
        if not isinstance(answers, Mapping) or any(a is not None and not isinstance(a, Mapping) for a in answers.values()):
            self.problems.append(f"{where}: answers_by_party must hold answers, or null, for default and for parties")
            answers = {}
        return EachTask(where, at, self._text(whole, "each", where), whole.get("of"), whole.get("by"), answers)

    def _act(self, row: _Located, where: str, at: When | None) -> Step:
        self._only(row, {"act", "of", "by", "answers", "at"}, where)
        by, label = self._text(row, "by", where), self._text(row, "act", where)
        return Act(where, at, label, row.get("of"), by, self._answers(row, where))

    def _expect(self, row: _Located, where: str, at: When | None) -> Step:
        self._only(row, {"expect", "at"}, where)
        expected = row["expect"] if isinstance(row["expect"], Mapping) else {}
        if not set(expected) - {"of"}:
            self.problems.append(f"{where}: expects nothing; it may name {', '.join(_EXPECTED)}")
        self._only(expected, {"of", *_EXPECTED}, where)
        for name in ("waiting", "passed", "not_passed"):
            if not isinstance(expected.get(name, []), list):
                self.problems.append(f"{where}: {name} must be a list of element ids")
        if not isinstance(expected.get("variables", {}), Mapping):
            self.problems.append(f"{where}: variables must be named")
        return Expect(where, at, expected.get("of"), {key: value for key, value in expected.items() if key != "of"})

    # --- Small checks -----------------------------------------------------------------------------------------------------

    def _references(self, step: Step) -> None:
        for found in re.finditer(r"\$\{[^}]*\}?", _text_of(step)):
            if not REFERENCE.fullmatch(found[0]):
                self.problems.append(
                    f"{step.where}: “{found[0]}” refers to nothing; write ${{name.key}}, ${{name.id}}, ${{person:username}}, "
                    "${today} or ${today+14d}"
                )

    def _answers(self, row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
        answers = row.get("answers")
        if answers is not None and not isinstance(answers, Mapping):
            self.problems.append(f"{where}: answers must be named after the form's fields")
            return {}
        return answers or {}

    def _text(self, row: Mapping[str, Any], key: str, where: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value:
            self.problems.append(f"{where}: lacks {key}")
            return ""
        return value

    def _when(self, value: Any, where: str) -> When | None:
        try:
            return read_when(str(value))
        except ValueError as error:
            self.problems.append(f"{where}: {error}")
            return None

    def _only(self, row: Mapping[str, Any], known: set[str], where: str) -> None:
        if unknown := [str(key) for key in row if key not in known]:
            self.problems.append(f"{where}: does not know {', '.join(unknown)}; it knows {', '.join(sorted(known))}")


def _brief(value: Any) -> str:
    named = value.get("each") or value.get("of") if isinstance(value, Mapping) else value
    return str(named or "")


def _text_of(step: Step) -> str:
    """Everything in a step that may hold references, as one text."""
    parts: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, str):
            parts.append(value)
        elif isinstance(value, Mapping):
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    for name in ("answers", "answers_by_party", "expected"):
        collect(getattr(step, name, None))
    return "\n".join(parts)
