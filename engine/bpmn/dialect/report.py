"""Collects what is wrong with a diagram, each problem tied to the element that a person would look for."""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn.dialect.tags import BPMN, Node, line_of, local, namespace
from engine.bpmn.model import Element, Flow
from engine.bpmn.problems import Problem

# XML elements that are details of the one around them: what is wrong with them is told of that one.
_DETAILS = (
    *("EventDefinition", "eventDefinitionRef", "LoopCharacteristics", "Expression", "documentation", "extensionElements"),
    *("dataInputAssociation", "dataOutputAssociation", "DataItem", "property"),
    *(
        "timeDate",
        "timeDuration",
        "timeCycle",
        "loopCardinality",
        "completionCondition",
        "laneSet",
        "childLaneSet",
        "ioSpecification",
    ),
    *("inputSet", "outputSet", "dataInput", "dataOutput", "assignment", "script", "transformation", "activationCondition"),
)


class Report:
    """The problems of one file, without repetition, in the order of its lines."""

    def __init__(self, file_name: str, check_script: Callable[[str, str], None] | None = None) -> None:
        """`check_script(language, source)` raises ValueError for a script that can never be run; None looks at none."""
        self.file_name = file_name
        self.check_script = check_script
        self._problems: dict[Problem, None] = {}

    def at(self, node: Node, reason: str) -> None:
        """Something is wrong at `node`: told of the nearest element around it that has a name in the diagram."""
        owner = node
        parent = node.getparent()
        while parent is not None and not _is_nameable(owner):
            owner, parent = parent, parent.getparent()
        if local(owner) == "definitions":
            self._add(Problem(self.file_name, None, None, reason, line_of(node)))
        else:
            self._add(Problem(self.file_name, owner.get("id"), owner.get("name") or owner.get("id"), reason, line_of(node)))

    def on(self, subject: Element | Flow, reason: str) -> None:
        """Something is wrong with an element or a flow of the model."""
        self._add(Problem(self.file_name, subject.id, subject.name or subject.id, reason, subject.line))

    def _add(self, problem: Problem) -> None:
        self._problems[problem] = None

    @property
    def problems(self) -> list[Problem]:
        return sorted(self._problems, key=lambda problem: problem.line or 0)


def _is_nameable(node: Node) -> bool:
    return namespace(node) == BPMN and node.get("id") is not None and not local(node).endswith(_DETAILS)
