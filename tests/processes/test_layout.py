"""The diagrams as pictures: everything is drawn, nothing lies over anything else, and lines can be followed."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.processes.drawing import ARTIFACTS, DIAGRAMS, EVENTS, FRAMES, GATEWAYS, NODES, Drawing, cross_each_other, crosses, kind

drawn = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


@drawn
def test_every_element_is_drawn_and_nothing_else_is(path: Path) -> None:
    drawing = Drawing(path)
    assert drawing.boxes.keys() | drawing.lines.keys() == drawing.elements.keys()


@drawn
def test_no_shape_lies_over_another(path: Path) -> None:
    drawing = Drawing(path)
    shapes = {e.get("id"): e for e in drawing.of_kind(*NODES, *ARTIFACTS)}
    over = [
        (one, other)
        for one, other in combinations(shapes, 2)
        if drawing.boxes[one].meets(drawing.boxes[other])
        and not any(shapes[a].get("attachedToRef") == b for a, b in ((one, other), (other, one)))
        and not any(
            kind(shapes[a]) == "subProcess" and drawing.boxes[a].holds(drawing.boxes[b]) for a, b in ((one, other), (other, one))
        )
    ]
    assert over == []


@drawn
def test_what_belongs_to_a_lane_or_a_subprocess_lies_in_it(path: Path) -> None:
    drawing = Drawing(path)
    outside = []
    for lane in drawing.of_kind("lane"):
        for ref in lane.iterfind("{*}flowNodeRef"):
            shape = drawing.boxes[ref.text]
            middle = (shape.top + shape.bottom) / 2
            if not drawing.boxes[lane.get("id")].top < middle < drawing.boxes[lane.get("id")].bottom:
                outside.append(ref.text)
    for subprocess in drawing.of_kind("subProcess"):
        inner = [e for e in subprocess if e.get("id") in drawing.boxes]
        outside += [e.get("id") for e in inner if not drawing.boxes[subprocess.get("id")].holds(drawing.boxes[e.get("id")])]
    assert outside == []


@drawn
def test_every_node_of_the_process_belongs_to_a_lane(path: Path) -> None:
    drawing = Drawing(path)
    placed = [ref.text for lane in drawing.of_kind("lane") for ref in lane.iterfind("{*}flowNodeRef")]
    assert sorted(placed) == sorted(e.get("id") for e in drawing.of_kind(*NODES) if kind(e.getparent()) == "process")


@drawn
def test_events_gateways_and_flows_with_a_name_have_a_label_of_their_own(path: Path) -> None:
    drawing = Drawing(path)
    named = {e.get("id") for e in drawing.of_kind(*EVENTS, *GATEWAYS, "dataObjectReference", "sequenceFlow") if e.get("name")}
    assert drawing.labels.keys() == named


@drawn
def test_no_label_lies_over_a_shape_or_another_label(path: Path) -> None:
    drawing = Drawing(path)
    shapes = {i: box for i, box in drawing.boxes.items() if kind(drawing.elements[i]) not in FRAMES}
    over = [(a, b) for a, label in drawing.labels.items() for b, box in shapes.items() if label.meets(box)]
    over += [(a, b) for a, b in combinations(drawing.labels, 2) if drawing.labels[a].meets(drawing.labels[b])]
    assert over == []


@drawn
def test_no_label_lies_on_a_frame(path: Path) -> None:
    """A label stands within a lane or a subprocess, or outside of it, and never across its border."""
    drawing = Drawing(path)
    frames = {e.get("id"): drawing.boxes[e.get("id")] for e in drawing.of_kind(*FRAMES)}
    across = [
        (a, b) for a, label in drawing.labels.items() for b, box in frames.items() if label.meets(box) and not box.holds(label)
    ]
    assert across == []


@drawn
def test_no_line_runs_through_a_shape_or_a_label(path: Path) -> None:
    drawing = Drawing(path)
    things = {i: box.shrunk(1) for i, box in drawing.boxes.items() if kind(drawing.elements[i]) not in FRAMES}
    through = [
        (flow.get("id"), thing)
        for flow in drawing.of_kind("sequenceFlow")
        for segment in drawing.lines[flow.get("id")]
        for thing, box in [*things.items(), *((f"label of {i}", label.shrunk(1)) for i, label in drawing.labels.items())]
        if thing not in (flow.get("sourceRef"), flow.get("targetRef")) and crosses(segment, box)
    ]
    assert through == []


@drawn
def test_lines_go_straight_and_do_not_cross(path: Path) -> None:
    drawing = Drawing(path)
    flows = {e.get("id"): drawing.lines[e.get("id")] for e in drawing.of_kind("sequenceFlow")}
    slanted = [i for i, segments in flows.items() for (ax, ay), (bx, by) in segments if ax != bx and ay != by]
    crossing = [(a, b) for a, b in combinations(flows, 2) for s in flows[a] for t in flows[b] if cross_each_other(s, t)]
    assert (slanted, crossing) == ([], [])


@drawn
def test_lines_begin_and_end_at_what_they_join(path: Path) -> None:
    drawing = Drawing(path)
    loose = []
    for flow in drawing.of_kind("sequenceFlow"):
        segments = drawing.lines[flow.get("id")]
        for point, end in ((segments[0][0], flow.get("sourceRef")), (segments[-1][1], flow.get("targetRef"))):
            box = drawing.boxes[end].shrunk(-1)
            if not (box.left <= point[0] <= box.right and box.top <= point[1] <= box.bottom):
                loose.append((flow.get("id"), end))
    assert loose == []
