"""Filters on variables: `variables=name_eq_value,…` in an address, a list of objects in a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Row
from werkzeug.exceptions import BadRequest

from engine.runtime.looking import variables_of
from web.answers import body
from web.context import house, reading

WRITTEN = re.compile(r"(?P<name>.+?)_(?P<operator>eq|neq|gteq|gt|lteq|lt|like)_(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Held:
    """A variable that must compare with `value` as `operator` says."""

    name: str
    operator: str
    value: Any

    def holds(self, variables: dict[str, Any]) -> bool:
        if self.name not in variables:
            return False
        return COMPARE[self.operator](variables[self.name], self.value)


def _same(held: Any, wanted: Any) -> bool:
    """In an address every value is text; `true` and `3` are then meant as such."""
    if isinstance(wanted, str) and not isinstance(held, str):
        return str(held).lower() == wanted.lower() if isinstance(held, bool) else str(held) == wanted
    return bool(held == wanted) and isinstance(held, bool) == isinstance(wanted, bool)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(held: Any, wanted: Any) -> bool:
        try:
            return compare(held, type(held)(wanted) if isinstance(held, int | float) else wanted)
        except (TypeError, ValueError):
            return False

    return holds


def _like(held: Any, wanted: Any) -> bool:
    pattern = ".*".join(map(re.escape, str(wanted).split("%")))
    return isinstance(held, str) and re.fullmatch(pattern, held, re.DOTALL) is not None


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _same, "neq": lambda held, wanted: not _same(held, wanted), "gt": _ordered(lambda a, b: a > b),
    "gteq": _ordered(lambda a, b: a >= b), "lt": _ordered(lambda a, b: a < b), "lteq": _ordered(lambda a, b: a <= b), "like": _like,
}  # fmt: skip


def wanted_variables() -> list[Held]:
    """The filters on variables in this request.

    Raises:
        BadRequest: one cannot be read.
    """
    given = body().get("variables") if request.method == "POST" else None
    if given is None:
        return [_from_text(each) for each in request.args.get("variables", "").split(",") if each]
    if not isinstance(given, list):
        raise BadRequest("“variables” must be a list of {name, operator, value}.")
    return [_from_object(each) for each in given]


def _from_text(text: str) -> Held:
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise BadRequest(f"“{text}” is not name_operator_value; operators are {', '.join(COMPARE)}.")
    return Held(found["name"], found["operator"], found["value"])


def _from_object(given: Any) -> Held:
    if not isinstance(given, dict) or not isinstance(given.get("name"), str) or given.get("operator") not in COMPARE:
        raise BadRequest(f"A filter on a variable has a name and an operator of {', '.join(COMPARE)}.")
    return Held(given["name"], given["operator"], given.get("value"))


def held_in(row: Row[Any], wanted: list[Held]) -> bool:
    """Whether the instance of `row` holds its variables as wanted."""
    variables = variables_of(house().runtime, reading(), row)
    return all(each.holds(variables) for each in wanted)
