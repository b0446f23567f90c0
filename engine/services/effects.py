"""What a service gives back to the runtime: it acts on nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the people who hold `recipient` (a role, or `person:12`)."""

    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Effects:
    """A service's answer: variables for the instance, and notices to people."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
