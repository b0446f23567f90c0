"""A diagram as its picture has it: boxes, labels and lines, read from the file for tests of the layout."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).parents[2]
PROCESSES, FORMS = ROOT / "processes", ROOT / "forms"
DIAGRAMS = sorted(PROCESSES.glob("*.bpmn"))

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAY = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"

TASKS = {"userTask", "serviceTask", "businessRuleTask", "receiveTask", "sendTask", "callActivity"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
NODES = TASKS | EVENTS | GATEWAYS | {"subProcess"}
ARTIFACTS = {"textAnnotation", "dataObjectReference"}
FRAMES = {"participant", "lane", "subProcess"}
LINES = {"sequenceFlow", "association"}


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom

    def shrunk(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.right - by, self.bottom - by)


Point = tuple[float, float]
Segment = tuple[Point, Point]


class Drawing:
    """One file. Elements and shapes are found by the id of the element."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = etree.fromstring(path.read_bytes())

    @cached_property
    def elements(self) -> dict[str, etree._Element]:
        wanted = NODES | ARTIFACTS | {"participant", "lane"} | LINES
        return {e.get("id"): e for e in self.root.iter() if isinstance(e.tag, str) and kind(e) in wanted and e.tag.startswith(BPMN)}

    def of_kind(self, *kinds: str) -> list[etree._Element]:
        return [e for e in self.elements.values() if kind(e) in kinds]

    @cached_property
    def boxes(self) -> dict[str, Box]:
        return {s.get("bpmnElement"): _box(s.find(f"{DC}Bounds")) for s in self.root.iter(f"{DI}BPMNShape")}

    @cached_property
    def labels(self) -> dict[str, Box]:
        found = {}
        for shape in [*self.root.iter(f"{DI}BPMNShape"), *self.root.iter(f"{DI}BPMNEdge")]:
            bounds = shape.find(f"{DI}BPMNLabel/{DC}Bounds")
            if bounds is not None:
                found[shape.get("bpmnElement")] = _box(bounds)
        return found

    @cached_property
    def lines(self) -> dict[str, list[Segment]]:
        found = {}
        for edge in self.root.iter(f"{DI}BPMNEdge"):
            points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(WAY)]
            found[edge.get("bpmnElement")] = list(pairwise(points))
        return found


def kind(element: etree._Element) -> str:
    return etree.QName(element).localname


def properties(element: etree._Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property"
    return {p.get("name"): p.get("value") for p in element.iterfind(path)}


def crosses(segment: Segment, box: Box) -> bool:
    """Whether a horizontal or vertical line passes through the inside of `box`."""
    (ax, ay), (bx, by) = segment
    return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)).meets(box)


def cross_each_other(one: Segment, other: Segment) -> bool:
    """Whether two lines, one horizontal and one vertical, cross within both."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    if ax == bx and cy == dy:
        return min(cx, dx) < ax < max(cx, dx) and min(ay, by) < cy < max(ay, by)
    if ay == by and cx == dx:
        return min(ax, bx) < cx < max(ax, bx) and min(cy, dy) < ay < max(cy, dy)
    return False


def _box(bounds: etree._Element | None) -> Box:
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)
