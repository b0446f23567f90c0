"""What people answered, in words: variables under the labels of the forms that asked for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from engine.bpmn.model import ProcessModel
from engine.runtime.errors import NotFound
from engine.store.dossier import InstanceRow
from forms import Form
from forms.model import options_of
from web.context import house
from web.formats import day_full
from web.i18n import locale
from web.wording import in_words, model

Pairs = list[tuple[str, str | list[str]]]
"""(label, text); a list where several were chosen."""


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one form: the step that asked, and (label, text) in the form's order."""

    name: str
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class Contents:
    """An instance's data. `rest`: variables that no form asks for, for those who look after the process."""

    sections: list[Section]
    rest: list[tuple[str, str]]


def contents(row: InstanceRow, variables: Mapping[str, Any]) -> Contents:
    """`variables` by the forms of the instance's version, in the order of its diagram; each variable once."""
    left = dict(variables)
    sections = []
    for name, form in forms_of(row.definition_id):
        asked = [field.key for field in form.fields if not field.readonly and field.key in left]
        given = {key: value for key in asked if (value := left.pop(key)) not in (None, "", [])}
        if given and (pairs := shown(form, given, variables)):
            sections.append(Section(name, pairs))
    return Contents(sections, [(name, plain(value)) for name, value in sorted(left.items()) if value not in (None, "", [])])


def shown(form: Form, values: Mapping[str, Any], context: Mapping[str, Any]) -> Pairs:
    """A submission as (label, text) in the language of the page. `context`: where a field's choices came from a variable."""
    pairs: Pairs = []
    for field in form.fields:
        if (value := values.get(field.key)) in (None, "", []):
            continue
        if field.many and isinstance(value, list):
            labels = {option.value: option.label.text(locale()) for option in options_of(field, context)}
            pairs.append((field.words.text(locale()), [labels.get(str(each), str(each)) for each in value]))
        else:
            pairs += form.show({field.key: value}, locale(), context=context)
    return pairs


def submitted(form_id: int | None, values: Mapping[str, Any], context: Mapping[str, Any]) -> Pairs:
    """What somebody answered in a form of a version; nothing where the form left no answers or is gone."""
    if form_id is None or not values:
        return []
    try:
        return shown(house().runtime.definitions.form(form_id), values, context)
    except NotFound:
        return []


def forms_of(definition_id: int) -> Iterator[tuple[str, Form]]:
    """(name of the step, its form) for each element that shows one, in reading order, each form once."""
    definitions = house().runtime.definitions
    owner = definitions.row(definition_id)
    process: ProcessModel = model(definition_id)
    seen: set[int] = set()
    for element in process.elements.values():
        if element.form_key is None:
            continue
        bound = definitions.bound(owner, "form", element.form_key, element.form_binding)
        if bound.id not in seen:
            seen.add(bound.id)
            yield in_words(element), definitions.form(bound.id)


def value_words(definition_id: int, key: str, value: Any) -> str:
    """One variable in words, by the first form that asks for it; written out plainly where none does."""
    if value is None or value == "":
        return ""
    for _step, form in forms_of(definition_id):
        if any(field.key == key for field in form.fields):
            pairs = shown(form, {key: value}, {})
            if pairs:
                text = pairs[0][1]
                return text if isinstance(text, str) else ", ".join(text)
    return plain(value)


def plain(value: Any) -> str:
    """A value without a form, readably: lists with commas, yes and no as words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {plain(each)}" for key, each in value.items())
    day = _as_date(value)
    return day_full(day) if day else str(value)


def _as_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def business_keys(value: Any) -> set[str]:
    """Every text in some variables that may be a registration number: short, without spaces."""
    if isinstance(value, str):
        return {value} if 3 <= len(value) <= 40 and " " not in value and any(letter.isdigit() for letter in value) else set()
    if isinstance(value, Mapping):
        return set().union(*(business_keys(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(business_keys(each) for each in value))
    return set()
