"""Reads data objects, data stores and the associations that move their values (BPMN 10.4).

An association that leads to or from a data input, a data output or a property, or that says how a value is made, becomes an input
or output parameter. Arrows that a modeler draws between a data object and an activity without any of that say nothing about
execution, and move nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.dialect.activity_details import read_language
from engine.bpmn.dialect.expressions import check_template, check_variable
from engine.bpmn.dialect.report import Report
from engine.bpmn.dialect.tags import Node, child, children, is_true, local, text
from engine.bpmn.model import Parameter, Script, Stored, StoreOutput, Value

_PLACEHOLDER = "__targetRef_placeholder"


@dataclass(slots=True)
class Places:
    """Where data can stand in a process: `objects` by the ids of data objects and of references to them, `stores` by reference,
    `properties` of the process by id. `declared` gathers the data objects that something moves, by scope.
    """

    objects: Mapping[str, str]
    scopes: Mapping[str, str | None]
    collections: frozenset[str]
    stores: Mapping[str, str]
    properties: Mapping[str, str]
    declared: dict[str | None, dict[str, bool]] = field(default_factory=dict)

    def variable(self, reference: str) -> str | None:
        """The variable of a data object or property; a data object is declared by its scope from now on."""
        if reference in self.objects:
            key = self.objects[reference]
            self.declared.setdefault(self.scopes.get(key), {})[key] = key in self.collections
            return key
        return self.properties.get(reference)


@dataclass(frozen=True, slots=True)
class Moves:
    """What the associations of one element come to."""

    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    stores: tuple[StoreOutput, ...] = ()


def read_moves(node: Node, places: Places, report: Report) -> Moves:
    """What goes into an element and comes out of it along data associations."""
    own = _own_data(node, report)
    inputs: dict[str, Value] = {}
    outputs: dict[str, Value] = {}
    stores: list[StoreOutput] = []
    for association in children(node, "dataInputAssociation"):
        inputs.update(_read_input(association, own, places, report))
    for name in _outputs_of(node):
        inputs.setdefault(name, "${null}")  # declared by the element, so that what it answers stays there until it is taken out
    for association in children(node, "dataOutputAssociation"):
        _read_output(association, own, places, outputs, stores, report)
    _check_sets(node, report)
    return Moves(
        tuple(Parameter(name, value) for name, value in inputs.items()),
        tuple(Parameter(name, value) for name, value in outputs.items()),
        tuple(stores),
    )


def _own_data(node: Node, report: Report) -> dict[str, str]:
    """The element's own data inputs, outputs and properties: the variable of each id."""
    own: dict[str, str] = {}
    for holder in (node, *children(node, "ioSpecification")):
        for item in children(holder, "dataInput", "dataOutput", "property"):
            name = (item.get("name") or item.get("id") or "").strip()
            if name != _PLACEHOLDER and item.get("id"):
                own[item.get("id") or ""] = name
    return own


def _outputs_of(node: Node) -> list[str]:
    specification = child(node, "ioSpecification")
    if specification is None:
        return []
    return [(item.get("name") or item.get("id") or "").strip() for item in children(specification, "dataOutput")]


def _read_input(association: Node, own: Mapping[str, str], places: Places, report: Report) -> dict[str, Value]:
    target = own.get(text(child(association, "targetRef")))
    says = _says(association)
    if target is None and not says:
        return {}
    if target is not None and not check_variable(association, target, "The name of the data input", report):
        return {}
    source = text(child(association, "sourceRef"))
    variable = places.variable(source)
    if variable is not None and not check_variable(association, variable, "The id of the data object", report):
        return {}
    if says:
        return _read_saying(association, target, report)
    if source in places.stores:
        return {target or "": Stored(places.stores[source])}
    if variable is None:
        report.at(association, f"“{source[:40]}” is no data object, data store or property of this process: draw the arrow again.")
        return {}
    return {target or "": _read(variable)}


def _read_output(
    association: Node,
    own: Mapping[str, str],
    places: Places,
    outputs: dict[str, Value],
    stores: list[StoreOutput],
    report: Report,
) -> None:
    source, target = own.get(text(child(association, "sourceRef"))), text(child(association, "targetRef"))
    says = _says(association)
    if source is None and not says:
        return
    if target in places.stores:
        made = _read_saying(association, "value", report) if says else {"value": _read(source or "")}
        stores += [StoreOutput(places.stores[target], value) for value in made.values()]
        return
    variable = places.variable(target)
    if variable is None:
        report.at(association, f"“{target[:40]}” is no data object, data store or property of this process: draw the arrow again.")
    elif check_variable(association, variable, "The id of the data object", report):
        outputs.update(_read_saying(association, variable, report) if says else {variable: _read(source or "")})


def _says(association: Node) -> bool:
    return child(association, "transformation") is not None or child(association, "assignment") is not None


def _read_saying(association: Node, target: str | None, report: Report) -> dict[str, Value]:
    """The values that a transformation or assignments make; an assignment's `to` is a variable, or the association's target."""
    transformation = child(association, "transformation")
    if transformation is not None:
        if child(association, "assignment") is not None:
            report.at(association, "A transformation makes the whole value, and there are assignments beside it: keep one.")
        if target is None:
            report.at(association, "It is not said what the transformation's value goes to: name a data input in targetRef.")
            return {}
        return {target: _expression(transformation, "The transformation", report)}
    made: dict[str, Value] = {}
    for assignment in children(association, "assignment"):
        origin, goal = child(assignment, "from"), child(assignment, "to")
        name = text(goal).removeprefix("${").removesuffix("}").strip() or target or ""
        if origin is None or goal is None:
            report.at(assignment, "An assignment needs from and to: write both.")
        elif check_variable(assignment, name, "The assignment's to", report):
            made[name] = _expression(origin, "The assignment's from", report)
    return made


def _expression(node: Node, what: str, report: Report) -> Value:
    language = read_language(node, node.get("language"), what, report)
    if language == "juel":
        check_template(node, text(node), what, report)
        return text(node)
    return Script(language or "feel", text(node))


def _read(variable: str) -> str:
    return f"${{execution.getVariable('{variable}')}}"


def _check_sets(node: Node, report: Report) -> None:
    """An input set and an output set say which data belong together; alternatives between several are not chosen here."""
    for holder in (node, *children(node, "ioSpecification")):
        for kind in ("inputSet", "outputSet"):
            if len(list(children(holder, kind))) > 1:
                report.at(holder, f"Several {kind}s are alternatives, and nothing here chooses: keep one, or draw a gateway.")


def gather_places(process: Node, objects: Mapping[str, str], root: Node | None) -> Places:
    """Where data can stand in `process`; `root` holds the data stores."""
    names = {}
    for store in children(root, "dataStore") if root is not None else ():
        names[store.get("id") or ""] = store.get("name") or store.get("id") or ""
    scopes: dict[str, str | None] = {}
    stores: dict[str, str] = {}
    collections: set[str] = set()
    for item in process.iter():
        if not isinstance(item.tag, str):
            continue
        key = item.get("id") or ""
        if local(item) == "dataObject":
            holder = item.getparent()
            scopes[key] = None if holder is None or local(holder) == "process" else holder.get("id")
            if is_true(item, "isCollection", False):
                collections.add(key)
        elif local(item) == "dataStoreReference":
            reference = (item.get("dataStoreRef") or "").strip()
            stores[key] = names.get(reference) or item.get("name") or reference or key
    properties = {
        item.get("id") or "": (item.get("name") or item.get("id") or "").strip() for item in children(process, "property")
    }
    return Places(objects, scopes, frozenset(collections), stores, properties)
