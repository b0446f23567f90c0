"""Holds what a process refers to against what is deployed: forms, decisions, processes, topics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from engine.bpmn.dialect.drawing import Drawing
from engine.bpmn.model import Catalog, Element


def check_references(drawing: Drawing, catalog: Catalog, here: Collection[str | None] = ()) -> None:
    """Report every reference that neither `catalog` nor the file (the processes `here`) knows; what an expression yields is seen
    when it runs."""
    for element in drawing.model.elements.values():
        for what, key, is_known, advice in _references(element, catalog):
            if key and "${" not in key and not is_known(key) and not (what == "process" and key in here):
                drawing.report.on(element, f"The {what} “{key}” does not exist: {advice}.")


def _references(element: Element, catalog: Catalog) -> Iterator[tuple[str, str | None, Callable[[str], bool], str]]:
    form = None if element.drawn_form else element.form_key
    yield "form", form, catalog.has_form, "deploy the form with the diagram, or correct the key"
    yield "form", element.action_form, catalog.has_form, "deploy the form with the diagram, or correct the property actionForm"
    yield "decision", element.decision_key, catalog.has_decision, "deploy the decision table too, or correct the key"
    yield "process", element.called_element, catalog.has_process, "deploy the process with the diagram, or correct calledElement"
    yield "topic", element.topic, catalog.has_topic, "no service answers to it; correct camunda:topic"
