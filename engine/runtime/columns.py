"""What a process says of itself (title, party, day, columns), evaluated into the columns that lists are made from."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.bpmn import Element, Instance, StepFailed


def said(kernel: Instance, template: str | None) -> Any:
    """What a process says of itself. It may name variables that do not exist yet; until they do, it says nothing."""
    if not template:
        return None
    with contextlib.suppress(StepFailed):
        return kernel.evaluate(template)
    return None


def civil_day(value: Any) -> date | None:
    """An ISO date, or the date of an ISO moment; None for anything else."""
    if not isinstance(value, str) or not value:
        return None
    with contextlib.suppress(ValueError):
        return date.fromisoformat(value[:10])
    return None


def summary_of(variables: Mapping[str, Any], columns: str | None) -> dict[str, Any] | None:
    """The variables that `columns` names (`svar=Svar;beslutsdatum=Beslutsdatum`)."""
    if not columns:
        return None
    names = [column.split("=")[0].strip() for column in columns.split(";")]
    return {name: variables[name] for name in names if name in variables}


def where_it_stands(kernel: Instance) -> str | None:
    """The body in whose lane the instance's first live element lies."""
    elements = kernel.model.elements
    for live in kernel.live():
        if live.element_id in elements and (body := lane_body(kernel, elements[live.element_id])):
            return body
    return None


def lane_body(kernel: Instance, element: Element) -> str | None:
    """The body whose lane `element` lies in; the lane may name it by an expression."""
    return said(kernel, element.lane_body) or None
