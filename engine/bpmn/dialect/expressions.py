"""Checks every text of a diagram that is evaluated later: expressions, templates, names of variables, dates."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.bpmn.calendar import parse_cycle, parse_duration, parse_moment
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node
from engine.bpmn.juel import Expression, JuelError, compile_expression, compile_template
from engine.bpmn.juel_nodes import RESERVED

_VARIABLE = re.compile(r"[^\W\d]\w*")
_MARKS = re.compile(r"\$\{(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^}'\"])*\}|,")
LITERALS: dict[str, Callable[[str], object]] = {
    "timeDate": parse_moment,
    "timeDuration": parse_duration,
    "timeCycle": parse_cycle,
    "dueDate": parse_moment,
    "followUpDate": parse_moment,
}


def check_expression(node: Node, text: str, what: str, report: Report) -> bool:
    """Whether `text` is a single `${…}` of the language."""
    return _is_read(node, text, what, report, compile_expression)


def check_template(node: Node, text: str, what: str, report: Report) -> bool:
    """Whether `text` is a text with any number of `${…}` of the language."""
    return _is_read(node, text, what, report, compile_template)


def check_action(node: Node, text: str, what: str, report: Report) -> bool:
    """Whether `text` is a single `${…}` that may set variables, as those of listeners and tasks do."""
    return _is_read(node, text, what, report, compile_expression, acts=True)


def _is_read(
    node: Node, text: str, what: str, report: Report, compiled: Callable[[str], Expression], *, acts: bool = False
) -> bool:
    try:
        expression = compiled(text)
    except JuelError as error:
        report.at(node, f"{what} cannot be read: {error}.")
        return False
    if expression.acts and not acts:
        report.at(node, f"{what} sets a variable or speaks of the task in hand: that is done in a listener, or by a service task.")
        return False
    return True


def check_timely(node: Node, text: str, name: str, report: Report) -> None:
    """Report a date, duration or repetition that can never be one; what an expression yields is seen when it runs."""
    if not text:
        report.at(node, f"{name} is empty: write a value in ISO 8601 or an expression, or remove it.")
    elif check_template(node, text, name, report) and "${" not in text:
        try:
            LITERALS[name](text)
        except ValueError as error:
            report.at(node, f"{name} cannot be read: {error}.")


def check_whole_number(node: Node, text: str, what: str, report: Report) -> None:
    if check_template(node, text, what, report) and "${" not in text and not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        report.at(node, f"{what} is “{text[:40]}”: write a whole number from 0, or an expression.")


def check_variable(node: Node, name: str, what: str, report: Report) -> bool:
    """Whether `name` can be the name of a variable, so that expressions can read it."""
    if not _VARIABLE.fullmatch(name) or name in RESERVED or name == "execution" or name.startswith("__"):
        shown = f"“{name[:40]}” cannot be the name of a variable" if name else "a name is missing"
        report.at(node, f"{what}: {shown}. Write letters, digits and underscores, a letter first, and no word of the language.")
        return False
    return True


def split_at_commas(text: str) -> tuple[str, ...]:
    """The items of a list such as candidateGroups; commas within `${…}` do not count, and empty items are left out."""
    items: list[str] = []
    start = 0
    for found in _MARKS.finditer(text):
        if found[0] == ",":
            items.append(text[start : found.start()])
            start = found.end()
    items.append(text[start:])
    return tuple(item.strip() for item in items if item.strip())
