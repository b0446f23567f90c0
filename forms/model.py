"""A form as data: its fields, texts and groups in the order that people read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Feel = Callable[[str, Mapping[str, Any]], Any]
"""Evaluates a FEEL expression over variables; raises ValueError for one that is wrong."""

CHOICE: Final = frozenset({"radio", "select"})
CHOICES: Final = frozenset({"checklist", "taglist"})

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Swedish and, where the form gives it, in English."""

    sv: str = ""
    en: str = ""

    def text(self, locale: str) -> str:
        return self.en if locale == "en" and self.en else self.sv

    def lang(self, locale: str) -> str | None:
        """The language to mark the text with when it is not that of the page."""
        return "sv" if locale == "en" and self.sv and not self.en else None

    def __bool__(self) -> bool:
        return bool(self.sv)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `value` is what is kept, always text."""

    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep to; lengths in characters."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    pattern: str | None = None
    kind: str | None = None  # email, phone
    no_past: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A FEEL expression that hides a component when it is true. `names` are the identifiers that it may refer to."""

    expression: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(_NAME.findall(_STRING.sub(" ", self.expression)))


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `label` and `description` are Swedish; `words` and `hint` hold both languages."""

    key: str
    id: str
    type: str
    words: Words
    hint: Words = Words()
    readonly: bool = False
    options: tuple[Option, ...] = ()
    values_key: str | None = None
    values_expression: str | None = None
    default: Any = None
    limits: Limits = Limits()
    subtype: str | None = None  # of a datetime: date, time, datetime
    prefix: str = ""
    suffix: str = ""
    conditions: tuple[Condition, ...] = ()  # its own and those of the groups around it

    @property
    def label(self) -> str:
        return self.words.sv

    @property
    def description(self) -> str:
        return self.hint.sv

    @property
    def required(self) -> bool:
        return self.limits.required

    @property
    def many(self) -> bool:
        return self.type in CHOICES

    @property
    def chosen(self) -> bool:
        return self.type in CHOICE or self.many

    @property
    def long(self) -> bool:
        return self.type == "textarea"


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown between the fields; `{{ … }}` in it is FEEL."""

    id: str
    words: Words
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A separator (`line`) or empty space."""

    id: str
    line: bool
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Components under one legend."""

    id: str
    words: Words
    components: tuple[Component, ...]
    conditions: tuple[Condition, ...] = ()


Component = Field | Text | Rule | Group


def ask(feel: Feel, expression: str, variables: Mapping[str, Any]) -> Any:
    """Evaluate with only those variables that the expression can name: the rest of a case would travel along for nothing.

    Raises:
        ValueError: the expression is wrong.
    """
    return feel(expression, {name: value for name, value in variables.items() if name in expression})


def fields_of(components: tuple[Component, ...]) -> Iterator[Field]:
    for component in components:
        if isinstance(component, Field):
            yield component
        elif isinstance(component, Group):
            yield from fields_of(component.components)


def conditions_of(components: tuple[Component, ...]) -> Iterator[Condition]:
    for component in components:
        yield from component.conditions
        if isinstance(component, Group):
            yield from conditions_of(component.components)


def options_of(one: Field, context: Mapping[str, Any], feel: Feel | None = None) -> tuple[Option, ...]:
    """The choices of a field: fixed, a list in the context, or the list that its FEEL expression gives.

    What is no list, or no choice, offers nothing; the page then says that there is nothing to choose.
    """
    if one.values_key:
        listed = context.get(one.values_key)
    elif one.values_expression and feel is not None:
        listed = ask(feel, one.values_expression, context)
    else:
        return one.options
    options: dict[str, Option] = {}
    for item in listed if isinstance(listed, list) else ():
        value, label = (item.get("value"), item.get("label")) if isinstance(item, Mapping) else (item, None)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
            english = item.get("label:en") if isinstance(item, Mapping) else None
            options.setdefault(str(value), Option(str(value), Words(str(label or value), str(english or label or value))))
    return tuple(options.values())


@dataclass(frozen=True, slots=True)
class Layout:
    """What `load` reads out of a file."""

    key: str
    name: str
    file_name: str
    components: tuple[Component, ...] = field(default=())
