"""The dialect: which diagrams this engine executes, exactly as drawn, and why it refuses the others.

`rules` is the table of what may stand in a file, `build` makes the model, `structure`, `event_rules` and `paths` hold it against
BPMN, `references` against what is deployed. Every problem of a file is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.bpmn.dialect.build import build_drawing
from engine.bpmn.dialect.event_details import Declared
from engine.bpmn.dialect.global_tasks import global_tasks
from engine.bpmn.dialect.references import check_references
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.structure import check_structure
from engine.bpmn.dialect.tags import Node, children, is_bpmn, is_true, line_of, local, namespace
from engine.bpmn.dialect.whitelist import check_whitelist
from engine.bpmn.model import Catalog, ProcessModel
from engine.bpmn.problems import DeploymentRefused
from engine.bpmn.xml import parse_xml

_ID = re.compile(r"[^\W\d][\w.\-]*")

__all__ = ["process_keys", "read_diagram"]


def read_diagram(
    content: bytes, file_name: str, catalog: Catalog, check_script: Callable[[str, str], None] | None = None
) -> list[tuple[ProcessModel, Node]]:
    """The executable processes of a BPMN file, each as its model (without spec) and its XML element, and its global tasks, which
    are processes of one task. `check_script(language, source)` raises ValueError for a script that can never be run.

    Raises:
        DeploymentRefused: with every problem of the file, in the order of its lines.
    """
    root = parse_xml(content, file_name)
    report = Report(file_name, check_script)
    if not is_bpmn(root, "definitions"):
        report.at(
            root, f"This is no BPMN 2.0 diagram: the file begins with “{local(root)}” of {namespace(root) or 'no namespace'}."
        )
        raise DeploymentRefused(report.problems)
    check_whitelist(root, report)
    _check_ids(root, report)
    declared = Declared.of(root)
    processes = _executable(root, report)
    drawings = [build_drawing(process, declared, report) for process in (*processes, *global_tasks(root))]
    for drawing in drawings:
        check_structure(drawing)
        check_references(drawing, catalog, {node.get("id") for node in global_tasks(root)})
    if report.problems:
        raise DeploymentRefused(report.problems)
    return [(drawing.model, drawing.process) for drawing in drawings]


def process_keys(content: bytes, file_name: str) -> list[str]:
    """The keys of the executable processes in a file, unchecked: what a deployment's files may call in each other.

    Raises:
        DeploymentRefused: the file is no XML that can be read.
    """
    root = parse_xml(content, file_name)
    own = [process for process in children(root, "process") if is_true(process, "isExecutable", False)]
    return [key for process in (*own, *global_tasks(root)) if (key := process.get("id"))]


def _executable(root: Node, report: Report) -> list[Node]:
    processes = [process for process in children(root, "process") if is_true(process, "isExecutable", False)]
    if not processes:
        report.at(root, "No process in the file is executable: tick “Executable” on the process, or pool, that is to run.")
    for process in processes:
        if not (process.get("id") or "").strip():
            report.at(process, "The process has no id: write the key by which it is to be known.")
    keys = {process.get("id"): process for process in processes}
    for collaboration in children(root, "collaboration"):
        _check_participants(collaboration, keys, {node.get("id") for node in children(root, "process")}, report)
    return processes


def _check_participants(collaboration: Node, executable: Mapping[str | None, Node], known: set[str | None], report: Report) -> None:
    pools = 0
    for participant in children(collaboration, "participant"):
        reference = participant.get("processRef")
        if reference is not None and reference not in known:
            report.at(participant, f"The pool stands for the process “{reference}”, which is not in the file: draw the pool again.")
        if reference in executable:
            pools += 1
            if any(True for _ in children(participant, "participantMultiplicity")):
                report.at(participant, "A pool that is executed runs once for each start: take the mark of multiplicity away.")
    if pools > 1:
        report.at(
            collaboration, f"{pools} pools of the diagram are executable: keep one here, and draw the others in files of their own."
        )


def _check_ids(root: Node, report: Report) -> None:
    """Ids are what flows, tasks and running instances hold on to: each has to be there once, and be an XML name."""
    lines: dict[str, int | None] = {}
    for node in root.iter():
        key = node.get("id")
        if key is None or not is_bpmn(node):
            continue
        if not _ID.fullmatch(key):
            report.at(node, f"“{key[:40]}” cannot be an id: begin with a letter, and use letters, digits, _, - and . only.")
        elif key in lines:
            report.at(node, f"The id “{key}” is used twice, first in line {lines[key]}: give this element another.")
        lines.setdefault(key, line_of(node))
