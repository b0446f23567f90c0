"""How a case differs from what a scenario expects, in lines that people can read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.simulate.stage import Standing


def differences(expected: Mapping[str, Any], found: Standing) -> list[str]:
    """One line for each difference; empty when everything named is as expected."""
    lines: list[str] = []
    for name, value in expected.items():
        match name:
            case "waiting":
                lines += _waiting(value, found)
            case "variables":
                lines += _variables(value, found.variables)
            case "passed":
                lines += _missing("passed", "not passed", value, found.passed)
            case "not_passed":
                lines += [f"not_passed: {element} was passed" for element in value if element in found.passed]
            case "outcome":
                if value not in (found.facts["outcome_id"], found.facts["outcome"]):
                    lines.append(f"outcome: expected {value}, found {found.facts['outcome_id'] or 'none'}")
            case _:
                if found.facts[name] != value:
                    lines.append(f"{name}: expected {value}, found {found.facts[name]}")
    return lines


def _waiting(expected: Collection[str], found: Standing) -> Iterator[str]:
    yield from _missing("waiting", "not waiting", expected, found.waiting | found.also_waiting)
    if surplus := sorted(found.waiting - set(expected)):
        yield f"waiting: also {', '.join(surplus)}"


def _variables(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for name, value in expected.items():
        if name not in found:
            yield f"variables: {name} is not set; set are {', '.join(sorted(found)) or 'none'}"
        elif found[name] != value:
            yield f"variables: {name} expected {value!r}, found {found[name]!r}"


def _missing(name: str, word: str, expected: Collection[str], found: Collection[str]) -> Iterator[str]:
    if absent := [element for element in expected if element not in found]:
        yield f"{name}: {word} {', '.join(absent)}; found {', '.join(sorted(found)) or 'none'}"
