"""A diagram's text in, executable processes out, or every reason why not."""

from __future__ import annotations

from collections.abc import Callable

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn.dialect import read_diagram
from engine.bpmn.kernel.parser import build_spec
from engine.bpmn.model import Catalog, ProcessModel
from engine.bpmn.problems import DeploymentRefused, Problem


def compile_diagram(
    content: bytes, *, file_name: str, catalog: Catalog, check_script: Callable[[str, str], None] | None = None
) -> list[ProcessModel]:
    """The executable processes of the diagram `content`, which may refer to what `catalog` knows; last those of its global tasks.

    `check_script(language, source)` raises ValueError for a script that can never be run; without it scripts are not looked at.

    Raises:
        DeploymentRefused: with every problem found, each naming the element.
    """
    models: list[ProcessModel] = []
    problems: list[Problem] = []
    for model, process in read_diagram(content, file_name, catalog, check_script):
        try:
            model.spec = build_spec(model, process)
        except ValidationException as error:
            problems.append(Problem(file_name, error.id or None, error.name or None, f"It cannot be executed: {error}"))
        models.append(model)
    if problems:
        raise DeploymentRefused(problems)
    return models
