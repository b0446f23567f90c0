"""Tells every case twice, in memory and with a stop and restore at each wait state, and holds the two against each other."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.compile import compile_diagram
from engine.bpmn.decisions import DMN, load_decisions
from engine.bpmn.problems import DeploymentRefused
from tests.conformance.case import CASES, REFUSALS, Case, Refusal
from tests.conformance.table import README, load_cases, written
from tests.conformance.teller import tell
from tests.engine.bpmn.diagrams import Everything
from tests.engine.bpmn.play import toolkit

pytestmark = pytest.mark.conformance
load_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_runs_as_the_specification_says(case: Case) -> None:
    straight, restored = tell(case, restoring=False), tell(case, restoring=True)
    assert straight.events == restored.events
    _check(case, straight)
    _check(case, restored)


def _check(case: Case, story: Any) -> None:
    if case.trail is not None:
        assert story.trail() == case.trail.split()
    if case.cancelled is not None:
        assert story.cancelled() == case.cancelled.split()
    if case.thrown is not None:
        assert story.thrown() == case.thrown.split()
    variables = story.variables
    assert {name: variables.get(name) for name in case.variables} == dict(case.variables)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_is_refused_with_element_and_reason(refusal: Refusal) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        if DMN.encode() in refusal.diagram:
            load_decisions(refusal.diagram, "case.dmn", toolkit=toolkit())
        compile_diagram(refusal.diagram, file_name="case.bpmn", catalog=Everything(), check_script=toolkit().check_script)
    problems = refused.value.problems
    assert [problem for problem in problems if problem.element_id == refusal.at and refusal.words in problem.reason], "\n".join(
        str(problem) for problem in problems
    )


def test_every_rule_is_told_once() -> None:
    """Two cases with the same words would be one rule told twice, or one that says too little."""
    told = [str(case) for case in (*CASES, *REFUSALS)]
    assert sorted({words for words in told if told.count(words) > 1}) == []


def test_the_readme_tells_what_the_suite_shows() -> None:
    text = README.read_text("utf-8")
    assert written(text) == text, "python -m tests.conformance.table"
