"""A process as people know it: its elements, flows and lanes, with all that a diagram may say about them.

Built by the dialect from a checked diagram, read by the kernel and by every page that shows a process. Expressions stand here
as their source text, already checked at deployment (`engine.bpmn.juel`); an attribute documented as *template* is text with
`${…}` inside, and a plain text is a template as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


# Elements at which a token is at work; the others are events and gateways.
TASKS = frozenset({"userTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask"})
TASKS |= {"task", "manualTask", "scriptTask"}
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}


class Catalog(Protocol):
    """Answers what a diagram may refer to. The runtime answers with what is deployed and with what comes in the same deployment."""

    def has_form(self, key: str) -> bool: ...

    def has_decision(self, key: str) -> bool: ...

    def has_process(self, key: str) -> bool: ...

    def has_topic(self, topic: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class ListValue:
    """`camunda:list`: its items are templates or further lists and maps."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class MapValue:
    """`camunda:map`: pairs of key and value in the diagram's order."""

    entries: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A text in a language of its own: "javascript", "feel", or "juel", which is a template."""

    language: str
    source: str

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True, slots=True)
class Stored:
    """The value of a data store, by its name, when it is asked for."""

    store: str


Value = str | ListValue | MapValue | Script | Stored
"""What an input or output parameter holds: a template, a list or a map, a script, a data store."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """`camunda:inputParameter` or `outputParameter`: the variable `name` gets `value`, evaluated on entering or leaving it."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does a user task and when. Each is a template; `groups` and `users` are split at commas; an item may yield a list."""

    assignee: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Behavior:
    """What a multi-instance activity throws when one of its runs ends (BPMN 10.3.8): always, only the first time (`once`), or if
    `condition` holds. The events on its border are the first that can catch it.
    """

    event: EventDefinition
    once: bool = False
    condition: str | Script | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """An activity run several times, side by side or one after the other.

    Either `cardinality` (a `${…}` expression or a whole number) or `collection` (a variable's name or a `${…}` expression) is set,
    never both. `output_collection` is the variable that gathers, in the order of the items, what each child holds in `output_item`.
    """

    sequential: bool
    collection: str | None = None
    element_variable: str | None = None
    cardinality: str | Script | None = None
    completion_condition: str | Script | None = None
    output_collection: str | None = None
    output_item: str | None = None
    behavior: tuple[Behavior, ...] = ()
    job_before: bool = False
    job_after: bool = False


@dataclass(frozen=True, slots=True)
class CallMapping:
    """`camunda:in` or `camunda:out`: all variables, or `source` (a variable) or `expression` (`${…}`) written to `target`.

    `local`: an in takes only what the call activity itself declares, an out writes only there.
    """

    local: bool = False
    all_variables: bool = False
    source: str | None = None
    expression: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """What a call activity starts. `called`, `version` and `business_key` are templates; without the last the child has no key."""

    called: str
    binding: Literal["latest", "deployment", "version", "versionTag"] = "latest"
    version: str | None = None
    business_key: str | None = None
    inputs: tuple[CallMapping, ...] = ()
    outputs: tuple[CallMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer's kind and its template: an ISO date or moment, an ISO duration, or an ISO repetition `R/…`."""

    kind: Literal["date", "duration", "cycle"]
    expression: str


EventKind = Literal[
    "message", "timer", "signal", "error", "escalation", "conditional", "compensate", "link", "cancel", "terminate", "refused"
]


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One of the things that an event waits for or does (BPMN 10.5.5).

    `name` is the name of a message, signal or link, the code of an error or escalation (None: any), the activity that is
    compensated (None: all of the scope); names and codes are templates where they are thrown. `text` is the message that goes with
    a thrown error, a template. `condition` is a `${…}` expression, looked at when `variable` changes in one of the ways `changes`
    (create, update, delete; None: whenever something may have changed). A caught error or escalation leaves its code in
    `code_variable` and its message in `message_variable`. `waits`: a thrown compensation goes on when its handlers are done.
    """

    kind: EventKind
    name: str | None = None
    text: str | None = None
    timer: Timer | None = None
    condition: str | None = None
    variable: str | None = None
    changes: frozenset[str] = frozenset()
    code_variable: str | None = None
    message_variable: str | None = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table asked by a business rule task; `map_result` is the shape that its answer gets in `result_variable`."""

    key: str
    result_variable: str | None = None
    map_result: Literal["singleEntry", "singleResult", "collectEntries", "resultList"] = "resultList"
    binding: Literal["latest", "deployment", "version", "versionTag"] = "deployment"
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """Something that is done when an element begins or ends, a flow is taken, or a user task changes (`event`)."""

    event: str
    script: Script


@dataclass(frozen=True, slots=True)
class Work:
    """What a script task or a service task with an expression does, and the variable that its value goes to."""

    script: Script
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """The loop marker (BPMN 13.3.6): as long as `condition` holds, at most `most` times; looked at before or after each run."""

    condition: str | Script | None = None
    test_before: bool = False
    most: str | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """An ad-hoc subprocess (BPMN 13.3.5): its activities side by side or one at a time, until `condition` holds or all is done."""

    sequential: bool = False
    condition: str | Script | None = None
    cancels_rest: bool = True


@dataclass(frozen=True, slots=True)
class StoreOutput:
    """A data output association to a data store: `value`, evaluated on leaving, goes to the store of that name."""

    store: str
    value: Value


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram: an event, a task, a gateway, a subprocess.

    `type` is its BPMN tag ("userTask", "boundaryEvent"); `event` what an event waits for or does ("message", "timer", "terminate",
    "multiple" for several, None for none) and `definitions` all of it; `parallel_multiple`: all of it has to happen. `interrupting`
    is meaningful for boundary events and the starts of event subprocesses. `message` is the message's name, a template where the
    element sends; `correlation` a template for a catching element, None meaning the instance's own business key. `default` is the
    flow id that is taken when no condition holds.
    `drawn_form` is the form-js JSON of a form that stands in the diagram itself, under the key `form_key`.
    `instantiate`: an instance begins here (a receive task or event-based gateway), `all_events` that such a gateway then waits for
    its other events too. `undoes` is the activity that a handler of compensation undoes, `link` where a thrown link leads.
    `activation` is a complex gateway's condition. `start_quantity` tokens are needed to begin, `completion_quantity` leave by each
    flow (BPMN 13.3.2). `job_before`, `job_after`: a token rests there as a job of its own; `retry` is how often and when such a job
    is tried again, as the diagram has it (`R3/PT10M` or `PT10M,PT1H`). `task_priority` (a template) is how urgent an external task
    is. `data` are the variables that a subprocess declares for its
    data objects.
    """

    id: str
    type: str
    name: str
    documentation: str = ""
    lane: str | None = None
    lane_body: str | None = None
    properties: Mapping[str, str] = field(default_factory=_nothing)
    scope: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    event_subprocess: bool = False
    form_key: str | None = None
    form_binding: Literal["deployment", "latest"] = "deployment"
    drawn_form: str | None = None
    topic: str | None = None
    message: str | None = None
    correlation: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    event: str | None = None
    timer: Timer | None = None
    initiator: str | None = None
    assignment: Assignment | None = None
    decision: Decision | None = None
    call: Call | None = None
    loop: MultiInstance | None = None
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    definitions: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    instantiate: bool = False
    all_events: bool = False
    for_compensation: bool = False
    undoes: str | None = None
    link: str | None = None
    work: Work | None = None
    listeners: tuple[Listener, ...] = ()
    standard_loop: StandardLoop | None = None
    ad_hoc: AdHoc | None = None
    activation: str | Script | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    job_before: bool = False
    job_after: bool = False
    retry: str | None = None
    task_priority: str | None = None
    data: tuple[tuple[str, bool], ...] = ()
    store_outputs: tuple[StoreOutput, ...] = ()
    line: int | None = None

    @property
    def decision_key(self) -> str | None:
        return self.decision.key if self.decision else None

    @property
    def called_element(self) -> str | None:
        return self.call.called if self.call else None

    @property
    def called_binding(self) -> str | None:
        return self.call.binding if self.call else None

    @property
    def action_form(self) -> str | None:
        """The key of the form with which people send, by hand, the message that this element waits for."""
        return self.properties.get("actionForm") or None

    @property
    def is_activity(self) -> bool:
        return self.type in ACTIVITIES

    @property
    def begins_implicitly(self) -> bool:
        """Whether a token comes to it without a flow when its scope begins and has no start event."""
        entered = self.attached_to is not None or self.event_subprocess or self.for_compensation or self.instantiate
        return not (self.incoming or entered) and self.type != "startEvent" and self.event != "link"

    def waits_for(self, kind: EventKind) -> EventDefinition | None:
        """What the event says of the first thing of this kind."""
        return next((definition for definition in self.definitions if definition.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is an expression in `language` (juel: a `${…}`), `default` says that its source takes it when no
    condition holds.

    `properties`: its camunda:properties.
    """

    id: str
    name: str
    source: str
    target: str
    condition: str | None = None
    default: bool = False
    properties: Mapping[str, str] = field(default_factory=_nothing)
    language: str = "juel"
    listeners: tuple[Listener, ...] = ()
    line: int | None = None

    @property
    def test(self) -> str | Script | None:
        """The condition as it is evaluated."""
        return self.condition if self.condition is None or self.language == "juel" else Script(self.language, self.condition)


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One line of a diagram as ordered text. `depth` counts the subprocesses around it; a boundary event adds one to its host's."""

    element: Element
    lane: str | None
    depth: int


@dataclass(slots=True)
class ProcessModel:
    """One executable process of a diagram. Shared by all who use the version: nobody changes it once `spec` is set.

    `elements` is in reading order (along the flows, a subprocess followed by its content), `message_starts` maps a message's name
    to the id of the element with which it begins an instance, as `signal_starts` a signal's; `timer_starts` and `condition_starts`
    map the id of a start event to its timer or its condition. `data_objects` maps an id to the name of a data object drawn in the
    diagram, `lanes` a lane's name to its camunda:properties. `data` are the variables that it declares for its data
    objects, each with whether it is a collection, `listeners` its own. `spec` is the kernel's, set by `compile_diagram`.
    """

    key: str
    name: str
    file_name: str
    version_tag: str | None = None
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=_nothing)
    elements: Mapping[str, Element] = field(default_factory=_nothing)
    flows: Mapping[str, Flow] = field(default_factory=_nothing)
    lanes: Mapping[str, Mapping[str, str]] = field(default_factory=_nothing)
    start: Element | None = None
    message_starts: Mapping[str, str] = field(default_factory=_nothing)
    signal_starts: Mapping[str, str] = field(default_factory=_nothing)
    timer_starts: Mapping[str, Timer] = field(default_factory=_nothing)
    condition_starts: Mapping[str, str] = field(default_factory=_nothing)
    candidate_starters: tuple[str, ...] = ()
    startable: bool = True
    history_time_to_live: str | None = None
    data_objects: Mapping[str, str] = field(default_factory=_nothing)
    data: tuple[tuple[str, bool], ...] = ()
    listeners: tuple[Listener, ...] = ()
    spec: Any = field(default=None, repr=False, compare=False)

    def drawn_forms(self) -> dict[str, str]:
        """The forms that stand in the diagram itself: form-js JSON by the key that they get."""
        drawn = ((element.form_key, element.drawn_form) for element in self.elements.values())
        return {key: form for key, form in drawn if key and form}

    def forms(self) -> set[str]:
        """The keys of the forms that its elements show."""
        return {key for element in self.elements.values() for key in (element.form_key, element.action_form) if key}

    def decisions(self) -> set[str]:
        """The keys of the decisions that it asks."""
        return {element.decision.key for element in self.elements.values() if element.decision}

    def calls(self) -> set[str]:
        """The keys of the processes that it calls; one that an expression names is not known before it runs and is left out."""
        return {element.call.called for element in self.elements.values() if element.call and "${" not in element.call.called}

    def topics(self) -> set[str]:
        """The topics of the services that it calls."""
        return {element.topic for element in self.elements.values() if element.topic}

    def implicit_starts(self) -> dict[str | None, tuple[str, ...]]:
        """Where scopes begin that have no start event (None: the process): at what no flow leads to (BPMN 13.2)."""
        started = {element.scope for element in self.elements.values() if element.type == "startEvent"}
        found: dict[str | None, tuple[str, ...]] = {}
        for element in self.elements.values():
            if element.scope not in started and element.begins_implicitly:
                found[element.scope] = (*found.get(element.scope, ()), element.id)
        return found

    def outline(self) -> list[OutlineItem]:
        """The diagram as ordered text: what stands beside every picture of it."""
        depths: dict[str | None, int] = {None: 0}
        items: list[OutlineItem] = []
        for element in self.elements.values():
            if element.attached_to is not None:
                depth = depths[element.attached_to] + 1
            else:
                depth = depths[None] if element.scope is None else depths[element.scope] + 1
            depths[element.id] = depth
            items.append(OutlineItem(element, element.lane, depth))
        return items
