"""What somebody may start, in words."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.model import ProcessModel
from engine.runtime.definitions import Definition
from web.wording import model, process_name, translated


@dataclass(frozen=True, slots=True)
class Startable:
    """A process as one may start it: the words of its button, and what it is for."""

    key: str
    label: str
    name: str
    about: list[str]


def startable(definition: Definition) -> Startable:
    """A definition in words, in the language of the page."""
    process = model(definition.id)
    name = process_name(definition.id)
    return Startable(
        process.key, translated(process.properties, "start", process.properties.get("start", name)), name, about(process)
    )


def about(process: ProcessModel) -> list[str]:
    """What the process is for, as paragraphs: its own documentation."""
    text = translated(process.properties, "documentation", process.documentation)
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
