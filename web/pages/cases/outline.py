"""A diagram as ordered text: what is drawn, line by line, with where an instance stands. The picture takes its marks from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.bpmn.model import Element, ProcessModel
from engine.store.dossier import TaskRow
from engine.store.timeline import Reached
from web.wording import in_words, roles_words, translated

Stand = Literal["now", "done", "off", "ahead", ""]
"""now: the case stands here; done: it has been; off: it was broken off; ahead: not reached; "": no case is asked about."""

TYPES = {
    "userTask": _l("Task"),
    "serviceTask": _l("Automatic step"),
    "businessRuleTask": _l("Decision table"),
    "sendTask": _l("Message is sent"),
    "receiveTask": _l("Waits for a message"),
    "scriptTask": _l("Automatic step"),
    "task": _l("Step that is not followed"),
    "manualTask": _l("Step that is not followed"),
    "callActivity": _l("Process of its own"),
    "subProcess": _l("Part"),
    "transaction": _l("Part that is done whole or undone"),
    "adHocSubProcess": _l("Part in free order"),
    "startEvent": _l("Start"),
    "endEvent": _l("End"),
    "exclusiveGateway": _l("Choice"),
    "inclusiveGateway": _l("Choice of one or more ways"),
    "parallelGateway": _l("Side by side"),
    "eventBasedGateway": _l("What comes first decides"),
    "complexGateway": _l("Goes on when enough have come"),
}
EVENTS = {
    "timer": _l("Deadline"), "message": _l("Message"), "signal": _l("Signal to all"), "error": _l("Error"),
    "escalation": _l("Escalation"), "conditional": _l("When something comes true"), "link": _l("Goes on elsewhere"),
    "compensate": _l("Undoes what was done"), "cancel": _l("Breaks off and undoes"), "multiple": _l("One of several events"),
    "terminate": _l("Ends everything"),
}  # fmt: skip
STANDS = {"now": _l("now"), "done": _l("done"), "off": _l("broken off"), "ahead": _l("not reached")}


@dataclass(frozen=True, slots=True)
class Way:
    """A flow out of an element: what it is called, and where it leads."""

    name: str
    target: str
    otherwise: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One element. `times`: how often it stands or was done; `tasks`: the open ones here; `badge`: what the picture shows."""

    id: str
    name: str
    type: str
    lane: str
    depth: int
    stand: Stand
    word: str
    times: int
    documentation: str
    clause: str
    ways: tuple[Way, ...]
    tasks: tuple[tuple[str, datetime | None], ...]
    late: bool
    attached: str
    badge: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines in reading order, and the ids of the flows that were taken, for the picture."""

    lines: tuple[Line, ...]
    flows: tuple[str, ...]

    @property
    def lanes(self) -> list[tuple[str, list[Line]]]:
        """The lines in runs of the same lane, as a reader meets them."""
        runs: list[tuple[str, list[Line]]] = []
        for line in self.lines:
            if runs and (runs[-1][0] == line.lane or line.depth):
                runs[-1][1].append(line)
            else:
                runs.append((line.lane, [line]))
        return runs


def outline(
    model: ProcessModel,
    reached: Reached | None = None,
    tasks: Sequence[TaskRow] = (),
    *,
    running: bool = False,
    now: datetime | None = None,
) -> Outline:
    """The process as text. `reached` and the open `tasks`: of the instance asked about; without them nothing is marked."""
    at = _by_element(tasks)
    lines = tuple(
        _line(model, item.element, item.lane, item.depth, reached, at.get(item.element.id, ()), running, now)
        for item in model.outline()
        if worth_saying(item.element)
    )
    return Outline(lines, tuple(sorted(reached.flows)) if reached else ())


def worth_saying(element: Element) -> bool:
    """Whether a line helps a reader: a gateway that only joins, or has no name and no choice, does not."""
    return not element.type.endswith("Gateway") or len(element.outgoing) > 1


def _line(
    model: ProcessModel, element: Element, lane: str | None, depth: int, reached: Reached | None,
    tasks: Sequence[TaskRow], running: bool, now: datetime | None,
) -> Line:  # fmt: skip
    stand, times = _stand(element, reached, running, bool(tasks))
    late = any(task.due_at is not None and now is not None and task.due_at <= now for task in tasks)
    host = model.elements.get(element.attached_to or "")
    return Line(
        id=element.id,
        name=_named(element),
        type=_type(element),
        lane=_lane(model, lane),
        depth=depth,
        stand=stand,
        word=str(STANDS.get(stand, "")),
        times=times,
        documentation=translated(element.properties, "documentation", element.documentation),
        clause=element.properties.get("clause", ""),
        ways=_ways(model, element),
        tasks=tuple((task.assignee or roles_words(task.roles), task.due_at) for task in tasks),
        late=late,
        attached=_named(host) if host else "",
        badge=_badge(stand, times),
    )


def _lane(model: ProcessModel, lane: str | None) -> str:
    """The lane as it is drawn; in English as the diagram translates it."""
    return translated(model.lanes.get(lane, {}), "name", lane) if lane else ""


def _stand(element: Element, reached: Reached | None, running: bool, has_tasks: bool) -> tuple[Stand, int]:
    if reached is None:
        return "", 0
    live = reached.live.get(element.id, 0)
    # A boundary event waits while its host is at work; that is no place where the case stands.
    if running and (has_tasks or live > 0) and element.attached_to is None and not _starts_listening(element):
        return "now", max(live, 1)
    if done := reached.done.get(element.id, 0):
        return "done", done
    if off := reached.broken_off.get(element.id, 0):
        return ("ahead", 0) if element.attached_to is not None or _starts_listening(element) else ("off", off)
    return "ahead", 0


def _starts_listening(element: Element) -> bool:
    return element.type == "startEvent" and element.scope is not None


def _badge(stand: Stand, times: int) -> str:
    match stand:
        case "now":
            return _("now") if times < 2 else _("now · %(times)s", times=times)
        case "done":
            return "✓" if times < 2 else f"✓ {times}"
        case "off":
            return "✕"
        case _:
            return ""


def _type(element: Element) -> str:
    word = TYPES.get(element.type)
    if element.type == "startEvent" and element.event:
        word = EVENTS.get(element.event, word)
    if word is None:
        word = EVENTS.get(element.event or "", _l("Event"))
    if element.type in ("intermediateThrowEvent", "endEvent") and element.event == "message":
        word = TYPES["sendTask"]
    if element.loop is not None:
        if element.loop.sequential:
            return _("%(type)s, one at a time", type=word)
        return _("%(type)s, several side by side", type=word)
    return str(word)


def _named(element: Element) -> str:
    """The element's name; an unnamed one is called by its kind, never by its technical id."""
    name = in_words(element)
    return _type(element) if name == element.id else name


def _ways(model: ProcessModel, element: Element) -> tuple[Way, ...]:
    flows = [model.flows[flow] for flow in element.outgoing]
    if len(flows) < 2:
        return ()
    ways = []
    for flow in flows:
        target = _next_said(model, flow.target)
        ways.append(Way(translated(flow.properties, "name", flow.name), _named(target), flow.default))
    return tuple(ways)


def _next_said(model: ProcessModel, target: str) -> Element:
    """The next element on the way that has a line of its own: joins are passed over."""
    seen: set[str] = set()
    element = model.elements[target]
    while not worth_saying(element) and element.outgoing and element.id not in seen:
        seen.add(element.id)
        element = model.elements[model.flows[element.outgoing[0]].target]
    return element


def _by_element(tasks: Sequence[TaskRow]) -> Mapping[str, list[TaskRow]]:
    found: dict[str, list[TaskRow]] = {}
    for task in tasks:
        found.setdefault(task.element_id, []).append(task)
    return found


__all__ = ["Line", "Outline", "Way", "outline", "worth_saying"]
