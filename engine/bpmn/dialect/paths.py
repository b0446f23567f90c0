"""Which nodes a token can reach, and which joins would wait for a token that can only come from behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.bpmn.dialect.drawing import Drawing
from engine.bpmn.model import Element


def check_paths(drawing: Drawing, content: list[Element]) -> None:
    """Report what no token can reach within one scope, and back edges into a parallel gateway, which would never open."""
    inside = {element.id: position for position, element in enumerate(content)}
    following = _following(drawing, content)
    roots = [element.id for element in content if _begins(element)]
    if not any(element.type == "startEvent" for element in content):
        roots += [element.id for element in content if element.begins_implicitly]
    reached = _reach(roots, following)
    for element in content:
        if element.id not in reached and not _follows_unreached(drawing, element, inside, reached):
            drawing.report.on(element, "No path from a start event leads here: draw the flow that is missing, or remove it.")
        elif element.id in reached and element.type == "parallelGateway" and len(element.incoming) > 1:
            _check_join(drawing, element, reached, _reach(roots, following, without=element.id))


def _begins(element: Element) -> bool:
    return element.type == "startEvent" or element.event_subprocess or element.for_compensation or element.instantiate


def _check_join(drawing: Drawing, gateway: Element, reached: set[str], around: set[str]) -> None:
    """`around` is what can be reached without passing the gateway: the sources of all its flows have to be among it."""
    for flow in (drawing.model.flows[key] for key in gateway.incoming):
        if flow.source in reached and flow.source not in around:
            reason = f"This flow leads back into the parallel gateway “{gateway.name}”, which waits for it before it opens"
            drawing.report.on(flow, f"{reason}: lead it to an exclusive gateway before the parallel one.")


def _following(drawing: Drawing, content: list[Element]) -> Callable[[str], list[str]]:
    after = {element.id: [drawing.model.flows[flow].target for flow in element.outgoing] for element in content}
    for element in content:
        if element.attached_to in after:
            after[element.attached_to].append(element.id)
        if element.link is not None:
            after[element.id].append(element.link)
    return lambda key: after.get(key, [])


def _reach(roots: Iterable[str], following: Callable[[str], Iterable[str]], *, without: str | None = None) -> set[str]:
    reached: set[str] = set()
    todo = list(roots)
    while todo:
        key = todo.pop()
        if key not in reached and key != without:
            reached.add(key)
            todo.extend(following(key))
    return reached


def _follows_unreached(drawing: Drawing, element: Element, inside: Mapping[str, int], reached: set[str]) -> bool:
    """Whether `element` is unreached only because what leads to it is: then that one is reported, and not all behind it."""
    before = [drawing.model.flows[key].source for key in element.incoming]
    if element.attached_to is not None:
        before.append(element.attached_to)
        if element.attached_to not in inside:
            return True
    return any(key in inside and key not in reached and inside[key] < inside[element.id] for key in before)
