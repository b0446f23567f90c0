"""Input and output parameters, templates, and what may come out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import StepFailed
from engine.bpmn.model import ListValue, Value

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


def parameter_value(value: Value, token: Token) -> Any:
    """The value of a parameter as `token` sees it: a template's, or a list or map of such.

    Raises:
        StepFailed: an expression in it fails.
    """
    if isinstance(value, str):
        return template(value, token)
    if isinstance(value, ListValue):
        return [parameter_value(item, token) for item in value.items]
    return {key: parameter_value(item, token) for key, item in value.entries}


def template(text: str, token: Token) -> Any:
    """The value of `text`: one `${…}` gives its value, text around it gives text, plain text itself.

    Raises:
        StepFailed: an expression in it fails.
    """
    return token.workflow.script_engine.evaluate(token, text) if "${" in text else text


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
