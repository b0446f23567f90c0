"""Draws a form's fields as HTML that works with a keyboard, a screen reader, 320 pixels and no JavaScript.

A field that the present answers hide is still drawn when another answer on the page could bring it back: with the condition
in words, and with the condition itself for the page's script, which hides and shows it. Without the script it stays visible,
and the server leaves its answer aside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forms.errors import WHOLE
from forms.markdown import markdown
from forms.model import Component, Condition, Feel, Field, Group, Option, Text, Words, ask, conditions_of, options_of
from forms.show import value_text
from forms.texts import number_text, say
from forms.values import READERS

if TYPE_CHECKING:
    from forms.form import Form

MANY_OPTIONS = 8
_NONE = Words()
_COMPARED = re.compile(r'\s*([^\W\d]\w*)\s*(!?=)\s*(?:"([^"\\]*)"|(true|false))\s*')


@dataclass(frozen=True, slots=True)
class Drawn:
    """One component as the template needs it: every text chosen, every id made."""

    kind: str
    id: str
    words: Words = _NONE
    hide: str = ""  # JSON list of the conditions that are its own
    hidden: bool = False
    when: tuple[str, ...] = ()
    children: tuple[Drawn, ...] = ()
    body: str | Markup = ""
    name: str = ""
    key: str = ""
    hint: Words = _NONE
    notes: tuple[str, ...] = ()  # the package's own words after the hint
    errors: tuple[str, ...] = ()
    required: bool = False
    value: str = ""
    choices: tuple[Choice, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    suffix: str = ""

    @property
    def described(self) -> str:
        """The ids of what describes the control, for aria-describedby."""
        parts = [f"{self.id}-hint"] if self.hint or self.notes else []
        return " ".join(parts + ([f"{self.id}-error"] if self.errors else []))


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    value: str
    label: Words
    on: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one rendering holds constant."""

    form: Form
    values: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]]
    seen: Mapping[str, Any]  # what conditions and texts see
    context: Mapping[str, Any]
    feel: Feel
    locale: str
    prefix: str

    def components(self, listed: Sequence[Component], around: int = 0) -> tuple[Drawn, ...]:
        drawn = (self._component(component, around) for component in listed)
        return tuple(one for one in drawn if one is not None)

    def _component(self, component: Component, around: int) -> Drawn | None:
        own = component.conditions[around:]
        hiding = [condition for condition in own if self._hides(condition)]
        asked = {one.key for one in self.form.fields if not one.readonly}
        if any(not condition.names & asked for condition in hiding):
            return None  # no answer on this page could bring it back
        drawn = self._draw(component, len(component.conditions))
        listed = [condition.expression for condition in own if condition.names & asked]
        when = tuple(dict.fromkeys(self._in_words(condition) for condition in own if condition.names & asked))
        return replace(drawn, hide=json.dumps(listed, ensure_ascii=False) if listed else "", hidden=bool(hiding), when=when)

    def _draw(self, component: Component, around: int) -> Drawn:
        if isinstance(component, Group):
            children = self.components(component.components, around)
            return Drawn("group", f"{self.prefix}-{component.id}-group", words=component.words, children=children)
        if isinstance(component, Text):
            text = markdown(component.words.text(self.locale), self.seen, self.feel)
            return Drawn("text", f"{self.prefix}-{component.id}-text", words=component.words, body=text)
        if isinstance(component, Field):
            return self._field(component)
        return Drawn("separator" if component.line else "spacer", "")

    def _field(self, one: Field) -> Drawn:
        drawn = Drawn(
            kind=one.type if one.type != "taglist" else "checklist",
            id=f"{self.prefix}-{one.key}",
            words=one.words,
            name=f"{self.prefix}-{one.key}",
            key=one.key,
            hint=one.hint,
            errors=tuple(self.errors.get(one.key, ())),
            required=one.required,
            prefix=one.prefix,
            suffix=one.suffix,
        )
        value = self.values.get(one.key)
        if one.readonly:
            return replace(drawn, kind="shown", body=value_text(one, value, self.context, self.locale) or say("empty", self.locale))
        if one.chosen:
            return self._choices(drawn, one, value)
        if one.type == "checkbox":
            return replace(drawn, choices=(Choice(drawn.id, "true", one.words, value in (True, "true", "on")),))
        text = _typed(value, self.locale)
        return replace(drawn, value=text, notes=self._notes(one), attributes=_attributes(one, text))

    def _choices(self, drawn: Drawn, one: Field, value: Any) -> Drawn:
        options = options_of(one, self.context, self.feel)
        chosen = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value)} - {"None"}
        return replace(
            drawn,
            choices=tuple(self._choice(drawn.id, number, option, chosen) for number, option in enumerate(options)),
            notes=(say("several", self.locale),) if one.many and options else (),
            attributes={"data-many": "true"} if one.many and len(options) > MANY_OPTIONS else {},
        )

    def _choice(self, identity: str, number: int, option: Option, chosen: set[str]) -> Choice:
        # The first carries the field's own id, so that a link in the error summary leads to a control.
        return Choice(f"{identity}-{number + 1}" if number else identity, option.value, option.label, option.value in chosen)

    def _notes(self, one: Field) -> tuple[str, ...]:
        longest = one.limits.max_length
        return (say("at_most", self.locale, n=number_text(longest, self.locale)),) if longest else ()

    def _hides(self, condition: Condition) -> bool:
        return ask(self.feel, condition.expression, self.seen) is True

    def _in_words(self, condition: Condition) -> str:
        """The condition for a reader when it compares one field with one of its options; else that there is one."""
        match = _COMPARED.fullmatch(condition.expression)
        asked = next((one for one in self.form.fields if match and one.key == match[1]), None)
        if match is None or asked is None:
            return say("sometimes", self.locale)
        if match[4]:
            value = say("yes" if match[4] == "true" else "no", self.locale)
        else:
            value = value_text(asked, match[3], self.context, self.locale)
        name = "if_answer" if match[2] == "!=" else "unless_answer"
        return say(name, self.locale, value=value, label=asked.words.text(self.locale))

    def beyond(self) -> str:
        """JSON of the variables that conditions name and that are not answered on this page."""
        asked = {one.key for one in self.form.fields if not one.readonly}
        names = {name for condition in conditions_of(self.form.components) for name in condition.names} - asked
        held = {**self.context, **{one.key: self.values.get(one.key) for one in self.form.fields if one.readonly}}
        return json.dumps({name: held[name] for name in sorted(names) if name in held}, ensure_ascii=False, default=str)


def render(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    hidden: frozenset[str],
    context: Mapping[str, Any],
    feel: Feel,
    locale: str,
    prefix: str,
) -> Markup:
    """The HTML of `form.components`; see `Form.html`."""
    seen = {key: None if key in hidden else value for key, value in form.given(values, context, feel).items()}
    drawing = Drawing(form, values, errors, {**context, **seen}, context, feel, locale, prefix)
    text = (
        _environment()
        .get_template("fields.html")
        .render(
            components=drawing.components(form.components),
            beyond=drawing.beyond(),
            whole=errors.get(WHOLE, ()),
            whole_id=f"{prefix}-{WHOLE}",
            prefix=prefix,
            locale=locale,
            say=lambda name, **parts: say(name, locale, **parts),
        )
    )
    # A lone surrogate, which JSON can carry, would break the page's encoding.
    return Markup(text.encode("utf-8", "replace").decode("utf-8"))  # noqa: S704 (the template escapes)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _typed(value: Any, locale: str) -> str:
    """A raw or kept value as somebody would type it."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and locale != "en":
        return str(value).replace(".", ",")
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return str(value)


def _attributes(one: Field, text: str) -> dict[str, str]:
    """The attributes of a text input, whose type helps with typing where the device can."""
    if one.type == "textarea":
        return {"rows": "4" if (one.limits.max_length or 1_000) <= 500 else "7", "autocomplete": "off"}
    if one.type == "number":
        whole = one.limits.decimals == 0
        # Not type=number: that drops a decimal comma in some browsers and changes with the scroll wheel.
        return {"type": "text", "inputmode": "numeric" if whole else "decimal", "autocomplete": "off", "data-width": "short"}
    if one.type == "datetime":
        kind = {"date": "date", "time": "time", "datetime": "datetime-local"}[str(one.subtype)]
        # What is no date would vanish in a date field: it is given back as the text that it was.
        valid = not text or READERS[str(one.subtype)](text) == text
        return {"type": kind if valid else "text", "autocomplete": "off", "data-width": "medium"}
    if one.limits.kind == "email":
        return {"type": "email", "autocomplete": "off", "spellcheck": "false"}
    if one.limits.kind == "phone":
        return {"type": "tel", "autocomplete": "off", "data-width": "medium"}
    return {"type": "text", "autocomplete": "off"}
