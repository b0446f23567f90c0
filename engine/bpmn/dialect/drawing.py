"""A process while it is being checked: its model, where its flows are drawn, and where problems go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node
from engine.bpmn.model import Element, ProcessModel

UNKNOWN_EVENT = "refused"
"""The `event` of an element whose event definition is refused: nothing more is to be said of it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One executable process of a file. `flow_scopes` holds for each flow the id of the subprocess in which it is drawn."""

    model: ProcessModel
    process: Node
    flow_scopes: Mapping[str, str | None]
    report: Report

    def element(self, key: str | None) -> Element | None:
        return self.model.elements.get(key or "")
