"""Input and output parameters, templates, and what may come out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import StepFailed
from engine.bpmn.model import ListValue, Script, Stored, Value

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


def parameter_value(value: Value, token: Token) -> Any:
    """The value of a parameter as `token` sees it: a template's, or a list or map of such.

    Raises:
        StepFailed: an expression in it fails.
    """
    if isinstance(value, str | Script):
        return template(value, token)
    if isinstance(value, Stored):
        if value.store in token.workflow.stores:
            return token.workflow.stores[value.store]
        try:
            return token.workflow.script_engine.environment.outside.stored(value.store)
        except ValueError as error:
            raise StepFailed(token.task_spec.bpmn_id, str(error)) from error
    if isinstance(value, ListValue):
        return [parameter_value(item, token) for item in value.items]
    return {key: parameter_value(item, token) for key, item in value.entries}


def template(text: str | Script, token: Token) -> Any:
    """The value of `text`: one `${…}` gives its value, text around it gives text, plain text itself, a script its value.

    Raises:
        StepFailed: an expression in it fails.
    """
    if isinstance(text, Script) or "${" in text:
        return token.workflow.script_engine.evaluate(token, text)
    return text


def truth_of(what: str, text: str | Script, token: Token) -> bool:
    """Whether the condition `text` holds. `what` names it in a failure.

    Raises:
        StepFailed: it fails, or gives something else than true or false.
    """
    value = template(text, token)
    if not isinstance(value, bool):
        raise StepFailed(token.task_spec.bpmn_id, f"{what} “{text}” gave {value!r}, which is neither true nor false")
    return value


def whole_number(what: str, text: str | Script, token: Token, most: int = 1_000_000) -> int:
    """The whole number from 0 to `most` that `text` gives.

    Raises:
        StepFailed: it fails, or gives something else.
    """
    value = template(text, token)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JavaScript and FEEL have one kind of number
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise StepFailed(token.task_spec.bpmn_id, f"{what} is {value!r}, which is no whole number from 0 to {most}")
    return value


def text_of(what: str, text: str | None, token: Token) -> str | None:
    """The text that the template `text` gives, None if it is missing, null or empty. `what` names it in a failure.

    Raises:
        StepFailed: it fails, or gives a list, a map or a truth value.
    """
    if text is None:
        return None
    value = template(text, token)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise StepFailed(token.task_spec.bpmn_id, f"{what} “{text}” gave {value!r}, which is no text")
    return str(value)


def names_of(what: str, templates: tuple[str, ...], token: Token) -> tuple[str, ...]:
    """The names that `templates` give, each a text (split at commas) or a list of texts; every name once, in order.

    Raises:
        StepFailed: one fails, or gives something else.
    """
    names: dict[str, None] = {}
    for text in templates:
        value = template(text, token)
        for item in value if isinstance(value, list) else [value]:
            if item is None:
                continue
            if not isinstance(item, str):
                raise StepFailed(token.task_spec.bpmn_id, f"{what} “{text}” gave {item!r}, which is no name")
            names.update((name.strip(), None) for name in item.split(",") if name.strip())
    return tuple(names)
