"""Expressions of diagrams: a whitelisted subset of JUEL, compiled once to closures over dictionaries.

`${…}` alone yields the value itself, text with `${…}` within yields a text. Values are plain JSON (dates and moments are ISO
texts). There is no attribute access, no method call and no loop: `a.b` looks the key "b" up in the map `a`, and the functions
are those of `engine.bpmn.juel_values.FUNCTIONS`. Lengths, nesting, numbers and results are bounded. A variable that does not
exist is an error, except within `empty x`, beside `== null` and for `execution.getVariable` and `hasVariable`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from engine.bpmn.juel_nodes import Node, ToNodes, Wrong, bounded_result
from engine.bpmn.juel_values import LONGEST_TEXT, Host, Run, Unusable, text_of, truth
from engine.clock import Clock

LONGEST = 2_000
"""Characters between `${` and `}`."""
LONGEST_TEMPLATE = 20_000
MOST_PARTS = 200
_KEPT = 4_096

_PARSER = Lark(
    (Path(__file__).parent / "juel.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="contextual",
    transformer=ToNodes(),
    maybe_placeholders=True,
)


class JuelError(ValueError):
    """An expression that cannot be read or evaluated. `position` counts characters of `text` from 1."""

    def __init__(self, message: str, text: str, position: int) -> None:
        self.message = message
        self.text = text
        self.position = position
        super().__init__(f"{message} (at character {position} of “{_short(text)}”)")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled text: literal pieces and expressions in turn, with the offset at which each expression's inside begins."""

    text: str
    parts: tuple[str | tuple[Node, int], ...]

    def evaluate(
        self, variables: Mapping[str, Any], *, clock: Clock, business_key: str | None = None, host: Host | None = None
    ) -> Any:
        """The value: of any plain JSON kind for a `${…}` alone, else a text.

        Raises:
            JuelError: a variable does not exist, or a value is not of a kind that is needed.
        """
        run = Run(variables, clock, business_key, host)
        if len(self.parts) == 1 and not isinstance(self.parts[0], str):
            return self._value(self.parts[0], run, bounded_result)
        texts: list[str] = []
        length = 0
        for part in self.parts:
            texts.append(part if isinstance(part, str) else self._value(part, run, text_of))
            length += len(texts[-1])
            if length > LONGEST_TEXT:
                raise JuelError(f"the text becomes longer than {LONGEST_TEXT} characters", self.text, 1)
        return "".join(texts)

    def holds(self, variables: Mapping[str, Any], *, clock: Clock, business_key: str | None = None) -> bool:
        """The value as a condition.

        Raises:
            JuelError: as `evaluate`, or the value is neither true nor false.
        """
        value = self.evaluate(variables, clock=clock, business_key=business_key)
        try:
            return truth(value)
        except Unusable as error:
            raise JuelError(f"a condition has to be true or false: {error}", self.text, 1) from error

    def names(self) -> set[str]:
        """The variables that it reads, as far as its text names them."""
        return {name for part in self.parts if not isinstance(part, str) for name in part[0].names}

    @property
    def acts(self) -> bool:
        """Whether it sets variables, or speaks of the task in hand: what only listeners and tasks' expressions do."""
        return any(part[0].acts for part in self.parts if not isinstance(part, str))

    @property
    def is_literal(self) -> bool:
        """Whether it is a text without any expression."""
        return all(isinstance(part, str) for part in self.parts)

    def _value(self, part: tuple[Node, int], run: Run, last: Callable[[Any], Any]) -> Any:
        node, offset = part
        try:
            return last(node.evaluate(run))
        except Wrong as error:
            raise JuelError(error.message, self.text, offset + error.position + 1) from error
        except Unusable as error:
            raise JuelError(str(error), self.text, offset + node.position + 1) from error


@lru_cache(maxsize=_KEPT)
def compile_template(text: str) -> Expression:
    """A text that may hold any number of `${…}`; `\\${` stands for the two characters themselves.

    Raises:
        JuelError: an expression in it is not of the language.
    """
    _check_characters(text)
    parts: list[str | tuple[Node, int]] = []
    literal = ""
    at = 0
    while at < len(text):
        if text.startswith("\\${", at):
            literal, at = literal + "${", at + 3
        elif text.startswith("#{", at):
            raise JuelError("#{…} is not read here; write ${…}", text, at + 1)
        elif text.startswith("${", at):
            if literal:
                parts.append(literal)
                literal = ""
            end = _end_of(text, at + 2)
            parts.append((_parse(text, at + 2, end), at + 2))
            at = end + 1
        else:
            following = min(found for found in _next_marks(text, at + 1))
            literal, at = literal + text[at:following], following
        if len(parts) > MOST_PARTS:
            raise JuelError(f"the text holds more than {MOST_PARTS} pieces", text, at)
    if literal or not parts:
        parts.append(literal)
    return Expression(text, tuple(parts))


@lru_cache(maxsize=_KEPT)
def compile_expression(text: str) -> Expression:
    """A single `${…}`, as conditions and collections need it; blanks around it do not matter.

    Raises:
        JuelError: it is not of the language, or not a single `${…}`.
    """
    stripped = text.strip()
    if not stripped:
        raise JuelError("the expression is empty", text, 1)
    expression = compile_template(stripped)
    if len(expression.parts) != 1 or isinstance(expression.parts[0], str):
        raise JuelError("one expression is needed here, and nothing beside it; write ${…} around it", stripped, 1)
    return expression


def _next_marks(text: str, start: int) -> Iterable[int]:
    for mark in ("\\${", "#{", "${"):
        found = text.find(mark, start)
        yield len(text) if found < 0 else found


def _check_characters(text: str) -> None:
    if len(text) > LONGEST_TEMPLATE:
        raise JuelError(f"the text is longer than {LONGEST_TEMPLATE} characters", text, LONGEST_TEMPLATE + 1)
    if "${" not in text:
        return
    for index, character in enumerate(text):
        # Marks that turn or hide what follows them make an expression read differently from what it does.
        if unicodedata.category(character) in ("Cf", "Cc", "Co", "Cs") and character not in "\t\r\n\u00ad":
            raise JuelError(f"the invisible character U+{ord(character):04X} cannot stand in an expression", text, index + 1)


def _end_of(text: str, start: int) -> int:
    """The offset of the `}` that ends the expression whose inside begins at `start`; braces within its texts do not count."""
    quote = ""
    at = start
    while at < len(text):
        character = text[at]
        if quote:
            if character == "\\":
                at += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "}":
            return at
        at += 1
    missing = f"the closing {quote} of a text" if quote else "the closing }"
    raise JuelError(f"{missing} is missing", text, start - 1)


def _parse(text: str, start: int, end: int) -> Node:
    inside = text[start:end]
    if len(inside) > LONGEST:
        raise JuelError(f"the expression is longer than {LONGEST} characters", text, start + LONGEST + 1)
    if not inside.strip():
        raise JuelError("the expression names nothing", text, start + 1)
    try:
        node = _PARSER.parse(inside)
    except VisitError as error:
        if isinstance(error.orig_exc, Wrong):
            raise JuelError(error.orig_exc.message, text, start + error.orig_exc.position + 1) from error
        raise
    except Wrong as error:
        raise JuelError(error.message, text, start + error.position + 1) from error
    except UnexpectedInput as error:
        is_at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        position = len(inside) if is_at_end or error.pos_in_stream is None else error.pos_in_stream
        raise JuelError(_unexpected(error), text, start + position + 1) from error
    if not isinstance(node, Node):
        raise TypeError("the grammar yields a node")
    if node.is_execution:
        raise JuelError("name what of execution is meant, for example execution.businessKey", text, start + 1)
    return node


def _unexpected(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedCharacters):
        character = error.char
        if character == "=":
            return "“=” is not an operator; compare with =="
        if character in ("'", '"'):
            return "a text is not closed, or holds a backslash that stands for nothing"
        return f"the character “{character}” cannot stand here"
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return f"“{_short(str(error.token))}” cannot stand here"
    return "the expression is not finished"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}…"
