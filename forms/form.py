"""A form in use: reads what was posted, checks it by a marshmallow schema, draws it, and tells it as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from markupsafe import Markup
from marshmallow import RAISE, Schema, ValidationError, fields

from forms.errors import WHOLE, FormErrors
from forms.load import read_form
from forms.model import Condition, Feel, Field, Layout, ask, fields_of, options_of
from forms.render import render
from forms.show import shown
from forms.texts import say
from forms.values import answer_field

LARGEST_ANSWER: Final = 200_000
"""Characters of all answers of a form together."""


class Pairs(Protocol):
    """What a browser posted, such as werkzeug's MultiDict."""

    def __iter__(self) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


class Form:
    """A form that was read from a file. Immutable, shared between threads.

    `key` is the form's id, by which diagrams refer to it; `fields` are its questions in order, those within groups included.
    """

    def __init__(self, layout: Layout) -> None:
        self.key = layout.key
        self.name = layout.name
        self.file_name = layout.file_name
        self.components = layout.components
        self.fields: tuple[Field, ...] = tuple(fields_of(layout.components))
        self._by_key = {field.key: field for field in self.fields}

    def __repr__(self) -> str:
        return f"<Form {self.key}, {len(self.fields)} fields>"

    def field(self, key: str) -> Field:
        """Raises KeyError when the form has no such field."""
        return self._by_key[key]

    def labels(self, locale: str = "sv") -> dict[str, str]:
        """The label of every field by its key, in the order of the form."""
        return {field.key: field.words.text(language(locale)) for field in self.fields}

    def read(self, pairs: Pairs, *, prefix: str = "f") -> dict[str, Any]:
        """Raw values by field key out of what a browser posted: text, a list for several choices, None for nothing.

        Only names that begin with `prefix-` are the form's; the page's own (a token, a button) are left alone. A name that has the
        prefix but is no field stays in the answer, so that `validate` refuses it.
        """
        raw: dict[str, Any] = {}
        for field in self.fields:
            if not field.readonly:
                posted = list(pairs.getlist(f"{prefix}-{field.key}"))
                raw[field.key] = posted if field.many or len(posted) > 1 else (posted[0] if posted else None)
        for name in pairs:
            key = name.removeprefix(f"{prefix}-") if isinstance(name, str) and name.startswith(f"{prefix}-") else None
            if key is not None and key not in raw:
                raw[key] = pairs.getlist(name)
        return raw

    def validate(self, raw: Mapping[str, Any], *, context: Mapping[str, Any], feel: Feel, locale: str = "sv") -> dict[str, Any]:
        """The answers as plain JSON, by field key; None, [] or False where an optional field was left empty.

        Fields that are hidden for these answers, and those that can only be read, are neither checked nor kept. `context` holds the
        variables that conditions and lists of choices may refer to.

        Raises:
            FormErrors: with a readable line for each fault; its values are `raw`, for drawing the form again.
            ValueError: an expression of the form cannot be evaluated.
        """
        locale = language(locale)
        problems: dict[str, list[str]] = {}
        if set(raw) - {field.key for field in self.fields if not field.readonly}:
            problems[WHOLE] = [say("unexpected", locale)]
        if _size(raw, LARGEST_ANSWER) > LARGEST_ANSWER:
            raise FormErrors({WHOLE: [say("too_much", locale)]}, raw)
        hidden = self.hidden(raw, context=context, feel=feel)
        asked = [field for field in self.fields if not field.readonly and field.key not in hidden]
        answers: dict[str, Any] = {}
        try:
            given = {field.key: raw[field.key] for field in asked if field.key in raw}
            answers = self._schema(asked, context, feel, locale).load(given)
        except ValidationError as error:
            told = error.messages if isinstance(error.messages, dict) else {}
            # In the order of the form, so that the summary follows the page.
            problems |= {field.key: list(told[field.key]) for field in asked if field.key in told}
        if problems:
            raise FormErrors(problems, raw)
        return answers

    def _schema(self, asked: Iterable[Field], context: Mapping[str, Any], feel: Feel, locale: str) -> Schema:
        # Made for each answer: which fields are asked and what may be chosen depend on the answers and the case.
        # Attribute names are numbers because a key may be a word that marshmallow's Schema uses itself.
        declared: dict[str, fields.Field[Any]] = {
            f"q{number}": answer_field(field, options_of(field, context, feel), locale, feel) for number, field in enumerate(asked)
        }
        return Schema.from_dict(declared, name=f"{self.key}Schema")(unknown=RAISE)

    def hidden(self, values: Mapping[str, Any], *, context: Mapping[str, Any], feel: Feel) -> frozenset[str]:
        """The keys of the fields that these answers hide. The answer of a hidden field counts as not given for the others.

        Raises:
            ValueError: a condition cannot be evaluated.
        """
        given = self.given(values, context, feel)
        hidden: frozenset[str] = frozenset()
        # Hiding one may show or hide another; fields that depend on each other in a ring settle on the last round.
        for _ in range(len(self.fields) + 1):
            seen = {**context, **{key: None if key in hidden else value for key, value in given.items()}}
            verdicts: dict[Condition, bool] = {}
            for field in self.fields:
                for condition in field.conditions:
                    if condition not in verdicts:
                        verdicts[condition] = ask(feel, condition.expression, seen) is True
            after = frozenset(field.key for field in self.fields if any(verdicts[condition] for condition in field.conditions))
            if after == hidden:
                break
            hidden = after
        return hidden

    def given(self, values: Mapping[str, Any], context: Mapping[str, Any], feel: Feel) -> dict[str, Any]:
        """Every field's value as conditions see it."""
        return {field.key: self._given(field, values, context, feel) for field in self.fields}

    def _given(self, field: Field, values: Mapping[str, Any], context: Mapping[str, Any], feel: Feel) -> Any:
        """The value that conditions see: as it will be kept when it can be read, else as nothing."""
        if field.readonly:
            return context.get(field.key, field.default)
        try:
            return answer_field(field, options_of(field, context, feel), "sv", feel).read(values.get(field.key))
        except ValidationError:
            return None

    def initial(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields hold before anybody answered: the variable of the same name, else the form's default."""
        return {field.key: context.get(field.key, field.default) for field in self.fields}

    def html(
        self,
        *,
        values: Mapping[str, Any],
        errors: Mapping[str, list[str]] | None = None,
        context: Mapping[str, Any],
        feel: Feel,
        locale: str = "sv",
        prefix: str = "f",
    ) -> Markup:
        """The fields as accessible HTML, without `<form>` and buttons; the control of a field has the id `<prefix>-<key>`.

        `values` are raw or kept values; a key that is absent takes the variable of the same name or the form's default.

        Raises:
            ValueError: an expression of the form cannot be evaluated.
        """
        held = {**self.initial(context), **values}
        held |= {field.key: context.get(field.key, field.default) for field in self.fields if field.readonly}
        hidden = self.hidden(held, context=context, feel=feel)
        return render(self, held, errors or {}, hidden, context, feel, language(locale), prefix)

    def show(
        self, values: Mapping[str, Any], locale: str = "sv", *, context: Mapping[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """An accepted answer as pairs of label and text: options by their labels, dates in words. Empty answers are left out.

        `context` holds the lists of choices that came from the case; without it such a choice is told by its value.
        """
        return shown(self.fields, values, {**(context or {}), **values}, language(locale))


def load(content: bytes, file_name: str, *, feel: Feel | None = None) -> Form:
    """The form in a form-js file.

    With `feel`, as at deployment, the expressions and patterns of the form are checked too.

    Raises:
        FormRefused: with every problem found.
    """
    return Form(read_form(content, file_name, feel))


def language(locale: str) -> str:
    """`en` for every English locale, else `sv`."""
    return "en" if locale.lower().startswith("en") else "sv"


def _size(value: Any, room: int) -> int:
    """Characters in a raw answer, counted no further than `room`."""
    if isinstance(value, str):
        return len(value)
    total = 0
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    for item in value if isinstance(value, list | tuple) else ():
        total += 1 + _size(item, room - total)
        if total > room:
            break
    return total
