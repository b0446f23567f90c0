"""One line of the table of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """What may stand on and in one XML element; `extensions` are the engine's elements within its extension elements."""

    attributes: frozenset[str] = frozenset()
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    camunda: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


def rule(
    attributes: str = "",
    *,
    constants: Mapping[str, tuple[str, ...]] | None = None,
    camunda: str = "",
    children: str = "",
    extensions: str = "",
) -> Rule:
    """A rule of a BPMN element; each argument is a list of words."""
    return Rule(
        frozenset(f"id {attributes}".split()),
        constants or {},
        frozenset(camunda.split()),
        frozenset(f"documentation extensionElements {children}".split()),
        frozenset(extensions.split()),
    )
