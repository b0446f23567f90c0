"""Reads forms that are drawn into the diagram (camunda:formData): each becomes a form as form-js has it, under a key of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.bpmn.dialect.expressions import check_variable
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, camunda, camunda_children, extensions

_SCHEMA_VERSION = 18
_NO_KEY = re.compile(r"[^A-Za-z0-9_.-]")
_FIRST = re.compile(r"[A-Za-z_]")
_KINDS: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "textfield"},
    "long": {"type": "number", "decimalDigits": 0},
    "boolean": {"type": "checkbox"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
}
# Which constraint holds for which types, and what it is called in form-js.
_LIMITS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "min": ("min", ("long",)),
    "max": ("max", ("long",)),
    "minlength": ("minLength", ("string",)),
    "maxlength": ("maxLength", ("string",)),
}


def read_form_data(node: Node, process: str, report: Report) -> tuple[str, str] | None:
    """The key and the form-js JSON of the form drawn on the element `node` of `process`; None if there is none."""
    found = list(extensions(node, "formData"))
    if not found:
        return None
    if camunda(node, "formKey") is not None or camunda(node, "formRef") is not None:
        report.at(node, "The element has a form of its own (camunda:formData) and names another: keep one of the two.")
    fields = [_field(node, item, report) for holder in found for item in camunda_children(holder, "formField")]
    if not fields:
        report.at(node, "camunda:formData holds no field: draw one, or remove it.")
    names = [field["key"] for field in fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.at(node, f"The form has two fields “{name}”: one answer would overwrite the other.")
    key = _NO_KEY.sub("_", f"{process}.{node.get('id')}")
    key = key if _FIRST.match(key) else f"_{key}"
    form = {
        "type": "default",
        "id": key,
        "name": node.get("name") or node.get("id") or key,
        "schemaVersion": _SCHEMA_VERSION,
        "components": fields,
    }
    return key, json.dumps(form, ensure_ascii=False)


def _field(node: Node, item: Node, report: Report) -> dict[str, Any]:
    name, kind = (item.get("id") or "").strip(), (item.get("type") or "").strip()
    check_variable(node, name, "The id of a form field", report)
    label = (item.get("label") or name).strip()
    if "${" in label or "{{" in label or label.startswith("="):
        report.at(node, f"The label of the field “{name}” is an expression: write plain text.")
    if kind not in _KINDS:
        report.at(node, f"The field “{name}” is of the type “{kind[:40]}”: use {', '.join(sorted(_KINDS))}.")
        return {"key": name}
    field: dict[str, Any] = {"key": name, **_KINDS[kind], ("dateLabel" if kind == "date" else "label"): label}
    if item.get("datePattern"):
        report.at(node, f"The field “{name}” has a datePattern: dates are kept as YYYY-MM-DD; remove it.")
    _choices(node, item, name, kind, field, report)
    for validation in camunda_children(item, "validation"):
        for constraint in camunda_children(validation, "constraint"):
            _limit(node, constraint, name, kind, field, report)
    default = (item.get("defaultValue") or "").strip()
    if default:
        _default(node, default, name, kind, field, report)
    return field


def _choices(node: Node, item: Node, name: str, kind: str, field: dict[str, Any], report: Report) -> None:
    values = [(value.get("id") or "", value.get("name") or value.get("id") or "") for value in camunda_children(item, "value")]
    if kind == "enum":
        if not values or len({value for value, _ in values}) < len(values) or not all(value for value, _ in values):
            report.at(node, f"The field “{name}” is an enum: give it values, each with an id of its own.")
        field["values"] = [{"value": value, "label": label} for value, label in values]
    elif values:
        report.at(node, f"The field “{name}” has values, but its type is {kind}: make it an enum.")


def _limit(node: Node, constraint: Node, name: str, kind: str, field: dict[str, Any], report: Report) -> None:
    what, config = (constraint.get("name") or "").strip(), (constraint.get("config") or "").strip()
    if what in ("required", "readonly"):
        if config not in ("", "true", "false"):
            report.at(node, f"The constraint {what} of the field “{name}” is “{config[:40]}”: write true or false.")
        elif config != "false" and what == "readonly":
            field["readonly"] = True
        elif config != "false":
            field.setdefault("validate", {})["required"] = True
        return
    called, kinds = _LIMITS.get(what, ("", ()))
    if kind not in kinds:
        known = ", ".join(["required", "readonly", *(each for each, (_, held) in _LIMITS.items() if kind in held)])
        report.at(node, f"The field “{name}” has the constraint “{what[:40]}”, which is not checked for {kind}: use {known}.")
        return
    number = _whole(config)
    if number is None:
        report.at(node, f"The constraint {what} of the field “{name}” is “{config[:40]}”: write a whole number.")
        return
    field.setdefault("validate", {})[called] = number


def _default(node: Node, default: str, name: str, kind: str, field: dict[str, Any], report: Report) -> None:
    readers: Mapping[str, Callable[[str], Any]] = {
        "string": lambda text: None if "${" in text or text.startswith("=") else text,
        "long": _whole,
        "boolean": {"true": True, "false": False}.get,
        "date": _day,
        "enum": lambda text: text if text in {each["value"] for each in field["values"]} else None,
    }
    value = readers[kind](default)
    if value is None:
        advice = "an expression is not read there; write an input parameter instead" if "${" in default else "correct or remove it"
        report.at(node, f"The default “{default[:40]}” of the field “{name}” is no {kind}: {advice}.")
    else:
        field["defaultValue"] = value


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII) else None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
