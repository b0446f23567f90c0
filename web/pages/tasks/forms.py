"""Forms of processes on a page: read, drawn with what was typed, told when something is wrong, sent once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from engine.bpmn.model import Element
from engine.runtime.definitions import Definition
from forms import Form
from web.context import house
from web.i18n import locale
from web.pages.comments import panel as comments_panel
from web.pages.documents import panel as documents_panel

PREFIX = "f"
# The page's own fields. A hyphen stands in no variable's name, so that a process' form never has one of these.
SUBMISSION, DO = "desk-submission", "desk-do"
_OWN = ("csrf_token", SUBMISSION, DO, documents_panel.FIELD, comments_panel.FIELD)
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
    def typed(self) -> list[tuple[str, str]]:
        """What is in the fields as (label, text), to be copied by hand; empty fields are left out."""
        labels = self.form.labels(locale()) if self.form else {}
        return [(labels.get(key, key), text) for key, value in self.values.items() if (text := _text(value))]


def sheet(form_id: int | None, context: Mapping[str, Any]) -> Sheet:
    """An untouched form; what the process already knows under a field's name stands in the field."""
    form = house().runtime.definitions.form(form_id) if form_id is not None else None
    known = {item.key: context[item.key] for item in form.fields if context.get(item.key) is not None} if form else {}
    return Sheet(form, context, known)


def sent(form_id: int | None, context: Mapping[str, Any]) -> Sheet:
    """The form with what the browser sent in it."""
    form = house().runtime.definitions.form(form_id) if form_id is not None else None
    return Sheet(form, context, form.read(fields_sent()) if form else {}, submission=submission())


def fields_sent() -> MultiDict[str, str]:
    """What was posted, without the page's own fields."""
    return MultiDict((name, value) for name, value in request.form.items(multi=True) if name not in _OWN)


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


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, (_text(item) for item in value)))
    return "✓" if value is True else str(value)
