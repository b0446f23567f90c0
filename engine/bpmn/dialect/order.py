"""The order in which a person would read a diagram aloud: along the flows, a subprocess followed by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from engine.bpmn.model import Element, Flow


def reading_order(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> list[str]:
    """The ids of `elements`, each once.

    A node comes after all that lead to it, loops aside; what follows a branch's first flow comes before what follows its
    second. A boundary event comes right after its host (and the host's content), what follows it after the main path.
    Event subprocesses end their scope, and what nothing leads to comes last.
    """
    scopes: dict[str | None, list[str]] = {}
    guests: dict[str, list[str]] = {}
    for element in elements.values():
        scopes.setdefault(element.scope, []).append(element.id)
        if element.attached_to in elements:
            guests.setdefault(str(element.attached_to), []).append(element.id)

    def successors(key: str) -> list[str]:
        targets = [flows[flow].target for flow in elements[key].outgoing]
        if link := elements[key].link:
            targets.append(link)
        return [target for target in (*targets, *guests.get(key, ())) if target in elements]

    ordered: list[str] = []
    waiting: list[tuple[str | None, bool]] = [(None, False)]
    while waiting:
        key, is_node = waiting.pop()
        if is_node:
            ordered.append(str(key))
            waiting.extend((guest, True) for guest in reversed(guests.get(str(key), ())))
        if not is_node or key in scopes:
            inside = _order_of_scope([elements[item] for item in scopes.get(key, ())], successors)
            waiting.extend((item, True) for item in reversed(inside) if elements[item].attached_to not in elements)
    return ordered


def _order_of_scope(inside: Iterable[Element], successors: Callable[[str], list[str]]) -> list[str]:
    inside = list(inside)
    members = {element.id for element in inside}
    roots = sorted((element for element in inside if not element.incoming and element.attached_to is None), key=_rank)
    seen: set[str] = set()

    def within(key: str) -> Iterator[str]:
        # What is walked last stands first in the reverse of the order of leaving, so each node is left by its last way first.
        return iter([item for item in reversed(successors(key)) if item in members])

    main = _leaving_order((element.id for element in reversed(roots)), within, seen)
    rest = _leaving_order((element.id for element in reversed(inside)), within, seen)
    return [*reversed(main), *reversed(rest)]


def _leaving_order(roots: Iterable[str], successors: Callable[[str], Iterator[str]], seen: set[str]) -> list[str]:
    """A depth-first walk that notes each node when all after it are noted; without recursion, as lines may be long."""
    left: list[str] = []
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, successors(root))]
        while path:
            key, following = path[-1]
            fresh = next((item for item in following if item not in seen), None)
            if fresh is None:
                left.append(key)
                path.pop()
            else:
                seen.add(fresh)
                path.append((fresh, successors(fresh)))
    return left


def _rank(element: Element) -> int:
    if element.type == "startEvent":
        return 0 if element.event is None else 1
    return 3 if element.event_subprocess else 2
