"""What programs send for people's steps: the forms and rules of the pages, and variables beside the forms for those who may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import Forbidden

from web.auth.programs import caller
from web.context import house


def form_of_start(definition_id: int) -> int | None:
    """The form with which an instance of the definition is started; None when there is none."""
    definitions = house().runtime.definitions
    owner, model = definitions.row(definition_id), definitions.process(definition_id)
    if model.start is None or model.start.form_key is None:
        return None
    found: int = definitions.bound(owner, "form", model.start.form_key, model.start.form_binding).id
    return found


def filled_in(form_id: int | None, variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`variables` divided: answers to the form's questions (checked as on the page), and the rest.

    Raises:
        Forbidden: there is a rest, and the caller may not set variables that no form asks for.
    """
    fields = {field.key for field in house().runtime.definitions.form(form_id).fields} if form_id is not None else set()
    answers = {name: _typed(value) for name, value in variables.items() if name in fields}
    free = {name: value for name, value in variables.items() if name not in fields}
    if free:
        may_set(free)
    return answers, free


def may_set(variables: Mapping[str, Any]) -> None:
    """Raises:
    Forbidden: the caller may not set variables by hand.
    """
    if "work" not in caller().rights:
        names = ", ".join(sorted(variables))
        raise Forbidden(f"No form asks for {names}: variables beside a form need an access token with the right “work”.")


def _typed(value: Any) -> Any:
    """A value as a form reads it from a page, where everything is typed as text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return str(value)
    return [_typed(each) for each in value] if isinstance(value, list) else value
