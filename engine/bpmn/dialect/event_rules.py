"""What BPMN demands of events: where each kind may stand, what may stand together, and what has to be joined to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.bpmn.dialect.drawing import UNKNOWN_EVENT, Drawing
from engine.bpmn.dialect.tags import REFUSED_NODES
from engine.bpmn.model import ACTIVITIES, Element, EventDefinition, EventKind

_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_TOGETHER = frozenset({"message", "timer", "signal", "conditional"})
_OUTWARD: tuple[EventKind, ...] = ("error", "escalation", "compensate")
_INTERRUPTING: tuple[EventKind, ...] = ("error", "cancel")


def check_event(drawing: Drawing, element: Element) -> None:
    """Report what is wrong with an event by itself, in the scope where it stands."""
    report, event = drawing.report, element.event
    if element.type == "intermediateCatchEvent" and event is None:
        report.on(element, "It is not said what this event waits for: choose a message, a timer or another kind.")
    if element.type == "intermediateThrowEvent" and event is None:
        report.on(element, "It is not said what this event does: let it send a message, or remove it.")
    for definition in element.definitions:
        if definition.timer is not None and definition.timer.kind == "cycle" and not _may_repeat(drawing, element):
            report.on(
                element,
                "Only an event that interrupts nothing can repeat: use timeDuration or timeDate, or make it non-interrupting.",
            )
    _check_parameters(drawing, element)
    _check_together(drawing, element)
    if element.type == "endEvent":
        _check_end(drawing, element)
    for definition in element.definitions:
        if definition.kind == "compensate" and element.type in ("endEvent", "intermediateThrowEvent"):
            _check_thrown_compensation(drawing, element, definition)
        elif definition.kind == "link":
            _check_link(drawing, element)


def _may_repeat(drawing: Drawing, element: Element) -> bool:
    owner = drawing.element(element.scope)
    if element.parallel_multiple:
        return False
    if element.type == "startEvent" and owner is None:
        return True
    in_event_subprocess = element.type == "startEvent" and owner is not None and owner.event_subprocess
    return not element.interrupting and (element.type == "boundaryEvent" or in_event_subprocess)


def _check_parameters(drawing: Drawing, element: Element) -> None:
    report, kinds = drawing.report, {definition.kind for definition in element.definitions}
    throws = element.type in ("endEvent", "intermediateThrowEvent")
    sends = element.type == "sendTask" or (throws and bool(kinds & {"message", "signal", "error", "escalation"}))
    if throws and element.inputs and not sends and element.event != UNKNOWN_EVENT:
        report.on(
            element, "Input parameters have a meaning only on an end event that sends a message, or throws something: remove them."
        )
    if element.outputs and (throws or element.type == "sendTask"):
        report.on(element, "What sends a message gets no answer to write: remove the output parameters.")
    waits = element.type == "receiveTask" or (not throws and "message" in kinds)
    if element.correlation is not None and not (waits or element.event == UNKNOWN_EVENT):
        report.on(element, "The property correlationKey has a meaning only where a message is waited for: remove it.")


def _check_together(drawing: Drawing, element: Element) -> None:
    """What may not stand beside something else in one event."""
    report, kinds = drawing.report, [definition.kind for definition in element.definitions]
    if element.type in _CATCHING and element.parallel_multiple:
        if len(kinds) < 2:
            report.on(element, "parallelMultiple waits for several things, and this event for one: add the others, or remove it.")
        elif not _TOGETHER.issuperset(kinds):
            report.on(
                element, "Only messages, signals, timers and conditions can be waited for together: draw an event for the others."
            )
    if len(kinds) < 2:
        return
    alone = ("compensate", "cancel", "link") if element.type in _CATCHING else ("link",)
    for kind in alone:
        if kind in kinds:
            report.on(element, f"A {kind} event definition stands alone: draw an event of its own for it.")
    ends = [kind for kind in kinds if kind in ("error", "cancel", "terminate")]
    if element.type == "endEvent" and len(ends) > 1:
        report.on(element, f"An end event ends in one way, and this one has {' and '.join(ends)}: keep one.")


def _check_end(drawing: Drawing, element: Element) -> None:
    if element.waits_for("cancel") is None:
        return
    owner = drawing.element(element.scope)
    if owner is None or owner.type != "transaction":
        drawing.report.on(element, "Only a transaction can be cancelled: put the cancel end event directly into a transaction.")
        return
    if owner.loop is not None:
        drawing.report.on(owner, "A transaction that runs several times cannot be cancelled: put it into a repeated subprocess.")
    if not any(other.waits_for("cancel") for other in _guests(drawing, owner)):
        drawing.report.on(owner, "The transaction can be cancelled and has no cancel event on its border to leave by: draw one.")


def _guests(drawing: Drawing, host: Element) -> Iterator[Element]:
    return (other for other in drawing.model.elements.values() if other.attached_to == host.id)


def _check_thrown_compensation(drawing: Drawing, element: Element, definition: EventDefinition) -> None:
    """BPMN 10.7.2: what is undone stands beside the throw, or in the scope that the event subprocess around the throw handles."""
    if definition.name is None:
        return
    activity, report = drawing.element(definition.name), drawing.report
    if activity is None or activity.type not in ACTIVITIES:
        report.on(element, f"The activity “{definition.name}” that is to be undone does not exist: choose one.")
        return
    scope = element.scope
    while scope != activity.scope and (around := drawing.element(scope)) is not None and around.event_subprocess:
        scope = around.scope
    if scope != activity.scope:
        report.on(element, f"“{activity.name}” stands in another scope than this event: undo it from where it stands.")
    elif activity.event_subprocess or (activity.id not in _undone(drawing) and activity.type not in ("subProcess", "transaction")):
        report.on(element, f"Nothing undoes “{activity.name}”: put a compensation event on it, with a handler.")


def _undone(drawing: Drawing) -> set[str | None]:
    return {element.undoes for element in drawing.model.elements.values() if element.undoes}


def _check_link(drawing: Drawing, element: Element) -> None:
    report = drawing.report
    same = [
        other
        for other in drawing.model.elements.values()
        if other.scope == element.scope and other.definitions == element.definitions and other.type != element.type
    ]
    name = element.definitions[0].name
    if element.type == "intermediateThrowEvent":
        if element.outgoing:
            report.on(
                element, "A flow leaves a link event that throws: it goes on at the link event that catches it; remove the flow."
            )
        if not same:
            report.on(element, f"No link event “{name}” catches this one in its scope: draw one, or correct the name.")
        elif len(same) > 1:
            report.on(element, f"{len(same)} link events “{name}” catch this one: keep one.")
        return
    if element.incoming:
        report.on(element, "A flow leads into a link event that catches: it is reached by its link alone; remove the flow.")
    if not same:
        report.on(element, f"No link event “{name}” throws to this one in its scope: draw one, or correct the name.")


def check_boundary(drawing: Drawing, element: Element) -> None:
    """Report what is wrong with a boundary event and with what it stands on."""
    host, report = drawing.element(element.attached_to), drawing.report
    if host is None:
        report.on(element, f"The boundary event stands on “{element.attached_to}”, which does not exist: put it on an activity.")
    elif host.scope != element.scope:
        report.on(
            element, f"The boundary event and “{host.name}” are on different sides of a subprocess's border: put it on its border."
        )
    elif host.type not in ACTIVITIES | REFUSED_NODES:
        report.on(element, f"The boundary event stands on a {host.type}: put it on a task, a subprocess or a call.")
    elif host.event_subprocess:
        report.on(element, "The boundary event stands on an event subprocess: put it on a task, a subprocess or a call.")
    elif host.for_compensation:
        report.on(
            element, "The boundary event stands on a handler of compensation: put the task into a subprocess, and handle it there."
        )
    elif element.waits_for("cancel") and host.type != "transaction":
        report.on(element, "Only a transaction can be cancelled: put the cancel event on the border of a transaction.")
    if element.event is None:
        report.on(element, "It is not said what this boundary event waits for: choose a message, a timer or another kind.")
    for kind in _INTERRUPTING:
        if element.waits_for(kind) and not element.interrupting:
            report.on(element, f"A{'n' if kind == 'error' else ''} {kind} always interrupts: make the event interrupting.")
    if element.event == "compensate" and element.outgoing:
        report.on(element, "A flow leaves a compensation event: join it to its handler by an association instead.")


def check_handlers(drawing: Drawing, drawn: Iterable[tuple[str, str]]) -> None:
    """Report compensation events without exactly one handler, and handlers without an event. `drawn` are all associations."""
    elements = drawing.model.elements
    handled: dict[str, list[Element]] = {}
    for ends in drawn:
        for event, other in (ends, ends[::-1]):
            known = event in elements and other in elements
            if known and elements[event].type == "boundaryEvent" and elements[event].event == "compensate":
                handled.setdefault(event, []).append(elements[other])
    for element in elements.values():
        if element.type == "boundaryEvent" and element.event == "compensate":
            _check_handler_of(drawing, element, handled.get(element.id, []))
        elif element.for_compensation:
            _check_handler(drawing, element)
    _check_one_each(drawing)


def _check_handler_of(drawing: Drawing, event: Element, handlers: list[Element]) -> None:
    report = drawing.report
    if len(handlers) != 1:
        many = "no activity" if not handlers else f"{len(handlers)} activities"
        report.on(
            event, f"By association this compensation event leads to {many}: draw one association, to the activity that undoes."
        )
        return
    (handler,) = handlers
    if not handler.for_compensation:
        report.on(handler, "What a compensation event leads to is not part of the flow: mark it as being for compensation.")
    elif handler.scope != event.scope:
        report.on(handler, "The handler stands in another scope than its compensation event: draw them side by side.")
    elif handler.undoes != event.attached_to:
        report.on(handler, "Several compensation events lead to this handler: give each a handler of its own.")


def _check_handler(drawing: Drawing, handler: Element) -> None:
    report = drawing.report
    if handler.event_subprocess:
        report.on(handler, "An event subprocess begins by its event alone: remove the mark of compensation, and start it by one.")
    if handler.incoming or handler.outgoing:
        report.on(handler, "An activity for compensation stands outside the flow: remove the flows to and from it.")
    if handler.undoes is None:
        report.on(handler, "Nothing leads to this activity for compensation: join a compensation event to it by an association.")


def _check_one_each(drawing: Drawing) -> None:
    """What is caught on one activity, or by the event subprocesses of one scope, has one event that catches it."""
    groups: dict[tuple[str, str | None], list[Element]] = {}
    for element in drawing.model.elements.values():
        around = drawing.element(element.scope)
        if element.type == "boundaryEvent":
            groups.setdefault(("on", element.attached_to), []).append(element)
        elif element.type == "startEvent" and around is not None and around.event_subprocess:
            groups.setdefault(("in", around.scope), []).append(element)
            if element.event == "compensate" and around.scope in _undone(drawing):
                drawing.report.on(element, "The subprocess is undone by a handler on its border as well: keep one of the two.")
    for (_, place), events in groups.items():
        seen: set[tuple[str, str | None]] = set()
        for element in events:
            for definition in element.definitions:
                if definition.kind not in (*_OUTWARD, "cancel"):
                    continue
                key = (definition.kind, definition.name)
                if key in seen:
                    what = f"{definition.kind} “{definition.name}”" if definition.name else f"every {definition.kind}"
                    drawing.report.on(element, f"Another event catches {what} at “{place or drawing.model.name}” too: keep one.")
                seen.add(key)


def check_race(drawing: Drawing, gateway: Element) -> None:
    """An event-based gateway waits for what follows it directly, and for nothing else."""
    flows = [drawing.model.flows[key] for key in gateway.outgoing]
    report = drawing.report
    if len(flows) == 1:
        report.on(gateway, "An event-based gateway waits for one of several events, and one follows: draw the others.")
    if gateway.instantiate and (gateway.incoming or gateway.scope is not None):
        report.on(
            gateway, "An instance begins at this gateway: remove the flows that lead to it, and put it into the process itself."
        )
    if gateway.all_events and not gateway.instantiate:
        report.on(
            gateway, "Only a gateway with which an instance begins waits for all its events: use a parallel gateway before them."
        )
    for flow in flows:
        target = drawing.element(flow.target)
        if target is None or target.type in REFUSED_NODES:
            continue
        if target.type not in ("intermediateCatchEvent", "receiveTask") or target.event == "link":
            reason = f"“{target.name}” follows an event-based gateway and waits for no event: put a message or timer event between."
            report.on(flow, reason)
        elif len(target.incoming) > 1:
            report.on(target, "Other flows lead to this event than that from the event-based gateway: join them after the event.")
        elif target.loop is not None or any(_guests(drawing, target)):
            report.on(target, "A task after an event-based gateway has neither boundary events nor multi-instance: remove them.")
        elif gateway.instantiate and target.parallel_multiple:
            report.on(target, "An instance begins with one event: split this one, and let the gateway wait for all of them.")
        elif gateway.all_events and target.type != "receiveTask" and target.event != "message":
            report.on(target, "A gateway that waits for all its events begins with a message: use messages only.")


def check_begins(drawing: Drawing, begins: Iterable[Element], plain: Callable[[Element], bool]) -> None:
    """Report what cannot begin an instance; `begins` are the starts of the process and what else begins one."""
    seen: set[tuple[str, str | None]] = set()
    for element in begins:
        names: list[tuple[str, str | None]] = [
            (each.kind, each.name) for each in element.definitions if each.kind in ("message", "signal")
        ]
        if element.type == "receiveTask":
            names.append(("message", element.message))
        for kind, name in names:
            if name is not None and (kind, name) in seen:
                drawing.report.on(element, f"Another start event waits for the {kind} “{name}” too: keep one.")
            seen.add((kind, name))
        if sum(each.kind == "timer" for each in element.definitions) > 1:
            drawing.report.on(
                element, "A process is started by one timer at a start event: draw another start event for the other."
            )
        if plain(element):
            continue
        if element.parallel_multiple:
            drawing.report.on(
                element,
                "An instance begins with one event: use an event-based gateway that begins it and waits for all its events.",
            )
        for kind in _OUTWARD:
            if element.waits_for(kind):
                reason = f"Nothing outside throws {kind} into a process: take the event away, or put it into an event subprocess."
                drawing.report.on(element, reason)


def check_event_start(drawing: Drawing, owner: Element, start: Element) -> None:
    """Report what is wrong with the start of an event subprocess."""
    report = drawing.report
    if start.event is None:
        report.on(start, "The start of an event subprocess waits for a message or a timer, or another event: choose one.")
    if start.waits_for("error") and not start.interrupting:
        report.on(start, "An error always interrupts: make the start event interrupting.")
    if start.event == "compensate" and owner.scope is None:
        report.on(start, "A process is never undone as a whole: put the event subprocess into a subprocess, or throw compensation.")
