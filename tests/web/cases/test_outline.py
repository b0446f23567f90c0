"""Every kind of step and event that a diagram may have is called by a word that people know."""

from __future__ import annotations

from typing import get_args

from engine.bpmn.dialect.build import FLOW_NODES
from engine.bpmn.model import EventKind
from web.pages.cases.outline import EVENTS, TYPES

# Called by their event; a start and an end also without one.
BY_EVENT = {"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}


def test_every_kind_of_step_has_a_word() -> None:
    assert set(FLOW_NODES) - BY_EVENT - set(TYPES) == set()


def test_every_kind_of_event_has_a_word() -> None:
    assert set(get_args(EventKind)) - {"refused"} - set(EVENTS) == set(), "what is refused is never shown"
