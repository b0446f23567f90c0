"""Forms of processes on a page: read, drawn with what was typed, told when something is wrong, sent once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request
from markupsafe import Markup

from engine.bpmn.model import Element
from engine.runtime.definitions import Definition
from forms import Field, Form
from forms.model import options_of
from web.context import house
from web.i18n import locale

PREFIX = "f"
FORM_ID = "task-form"
# The page's own fields have no such prefix, so that a form may call its fields what it likes.
SUBMISSION, DO = "desk-submission", "desk-do"
_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(slots=True)
class Sheet:
    """A form as it lies before somebody: its fields, what is in them, what is wrong with it.

    `form` is None for a step that asks nothing. `submission` is the key that makes a double press one.
    """

    form: Form | None
    context: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] | None = None
    submission: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def html(self) -> Markup:
        """The fields, ready to stand within a `<form>`."""
        if self.form is None:
            return Markup("")
        return self.form.html(
            values=self.values, errors=self.errors, context=self.context, feel=house().toolkit.feel, locale=locale(), prefix=PREFIX
        )

    @property
    def summary(self) -> list[tuple[str, str]]:
        """What is wrong as (id of the field, sentence), in the order of the form."""
        return [(f"{PREFIX}-{key}", line) for key, found in (self.errors or {}).items() for line in found]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What is in the fields as (label, text), to be copied by hand; empty fields are left out."""
        if self.form is None:
            return []
        filled = ((one.words.text(locale()), self._text(one)) for one in self.form.fields)
        return [(label, text) for label, text in filled if text]

    def _text(self, one: Field) -> str:
        value = self.values.get(one.key)
        labels = {option.value: option.label.text(locale()) for option in options_of(one, self.context, house().toolkit.feel)}
        given = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(item), str(item)) for item in given if item not in (None, "", False))


def sheet(form_id: int | None, context: Mapping[str, Any]) -> Sheet:
    """An untouched form; what the process already knows under a field's name stands in the field."""
    return Sheet(house().runtime.definitions.form(form_id) if form_id is not None else None, context)


def sent(form_id: int | None, context: Mapping[str, Any]) -> Sheet:
    """The form with what the browser sent in it."""
    form = house().runtime.definitions.form(form_id) if form_id is not None else None
    return Sheet(form, context, form.read(request.form, prefix=PREFIX) if form else {}, submission=submission())


def submission() -> str:
    """The key that the page was sent with; a request without a proper one was not made by our page."""
    key = request.form.get(SUBMISSION, "")
    if not _SUBMISSION.fullmatch(key):
        abort(400)
    return key


def form_of(owner: Definition, element: Element | None) -> int | None:
    """The form that an element of a definition shows."""
    if element is None or element.form_key is None:
        return None
    found: int = house().runtime.definitions.bound(owner, "form", element.form_key, element.form_binding).id
    return found
