"""Topics and the functions behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.register import Register
from engine.services.effects import Effects


class ServiceFailed(Exception):
    """The service cannot answer as it was asked; the message is for the coordinator who reads the incident."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a service is asked: the variables mapped to its task, on whose behalf, and what it may read."""

    inputs: Mapping[str, Any]
    connection: Connection
    register: Register
    now: datetime
    instance_id: int
    business_key: str

    def text(self, name: str) -> str:
        """The input `name`, which must be a text that is not empty.

        Raises:
            ServiceFailed: it is missing or something else.
        """
        value = self.inputs.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ServiceFailed(f"the service needs the input “{name}” as a text; it got {value!r}")
        return value


@dataclass(frozen=True, slots=True)
class Topic:
    """One service: its topic, what it does, its inputs and outputs in words (for the modeler), and the function."""

    name: str
    description: str
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    serve: Callable[[Request], Effects]


class Services:
    """The topics that diagrams may name."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self._topics = {topic.name: topic for topic in topics}

    def __contains__(self, name: object) -> bool:
        return name in self._topics

    def __iter__(self) -> Any:
        return iter(self._topics.values())

    def serve(self, name: str, request: Request) -> Effects:
        """Raises:
        ServiceFailed: the topic is unknown, or cannot answer as asked.
        """
        topic = self._topics.get(name)
        if topic is None:
            raise ServiceFailed(f"there is no service for the topic “{name}”")
        return topic.serve(request)
