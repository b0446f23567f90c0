"""An accepted answer as text, for the timeline and the case page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from forms.model import Field, options_of
from forms.texts import date_text, number_text, say, time_text


def shown(asked: Iterable[Field], values: Mapping[str, Any], context: Mapping[str, Any], locale: str) -> list[tuple[str, str]]:
    """Pairs of label and text for the fields that `values` answers."""
    return [
        (field.words.text(locale), value_text(field, values[field.key], context, locale))
        for field in asked
        if values.get(field.key) not in (None, "", [])
    ]


def value_text(field: Field, value: Any, context: Mapping[str, Any], locale: str) -> str:
    """One kept value in words. What cannot be read as the field's type is told as it stands: it may stem from an older form."""
    if value in (None, "", []):
        return ""
    if field.chosen:
        labels = {option.value: option.label.text(locale) for option in options_of(field, context)}
        return ", ".join(labels.get(str(item), str(item)) for item in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return say("yes" if value else "no", locale)
    if isinstance(value, int | float):
        return " ".join(part for part in (field.prefix, number_text(value, locale), field.suffix) if part)
    if field.type == "datetime":
        return _moment_text(str(value), str(field.subtype), locale)
    return str(value)


def _moment_text(value: str, subtype: str, locale: str) -> str:
    try:
        if subtype == "time":
            return time_text(time.fromisoformat(value), locale)
        if subtype == "date":
            return date_text(date.fromisoformat(value), locale)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{date_text(moment.date(), locale)} {time_text(moment, locale)}"
