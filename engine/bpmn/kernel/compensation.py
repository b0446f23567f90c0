"""Compensation: what has been completed is undone by its handlers, newest first (BPMN 10.7, 13.5.5).

A scope keeps a record of each completed activity that can be undone, for as long as the scope lives:
`[name of the spec, its own variables or null, the records within it or null, how often]`. A subprocess hands its records on within
its own record. A throw takes the records that it is for, keeps them in its token's internal data ("undo"), each with the id of its
scope, and runs one handler after the other as tokens that live through its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition as StockDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import CancelEventDefinition

from engine.bpmn.kernel.definitions import Definition

if TYPE_CHECKING:
    from engine.bpmn.kernel.scope import Scope
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.model import EventDefinition


class CompensationDefinition(Definition, StockDefinition):
    """Thrown: undoes one activity, or all of the scope. Caught, it never listens: the records know the handlers."""

    def __init__(self, described: EventDefinition) -> None:
        super().__init__()
        self.activity = described.name
        self.waits = described.waits

    def throw(self, my_task: Token) -> None:
        todo = _taken(my_task, self.activity)
        if not todo:
            return
        if self.waits:
            my_task.internal_data.setdefault("undo", []).extend(todo)
            return
        kernel = my_task.workflow
        aside = kernel.create(kernel.spec.task_specs[f"#undo:{my_task.task_spec.bpmn_id}"], my_task.scope)
        aside.task_spec.begin(aside, todo)


class CancelDefinition(Definition, CancelEventDefinition):
    """Of an end event: gives up what its transaction still does, undoes what it has done, and leaves by the cancel event on it."""

    def throw(self, my_task: Token) -> None:
        my_task.workflow.empty(my_task.scope, but=my_task)
        if todo := _taken(my_task, None):
            my_task.internal_data["undo"] = todo

    def leave(self, my_task: Token) -> None:
        kernel, owner = my_task.workflow, my_task.scope.owner
        if owner is None:
            raise AssertionError("a cancel end event stands in a transaction")
        transaction = kernel.tasks[owner]
        for boundary in transaction.task_spec.boundaries:
            if any(isinstance(definition, CancelDefinition) for definition in boundary.event_definition.every()):
                boundary.caught(transaction, {})
                return


def remember(token: Token) -> None:
    """Notes that an activity has been completed, if there is anything that undoes it."""
    spec, inside = token.task_spec, token.local
    own: dict[str, Any] | None = _own_variables(token)
    within: list[list[Any]] | None = None
    if spec.undone_by is None:
        within = [] if inside is None else inside.completed
        if not within and not token.workflow.spec.undoes_itself(spec.bpmn_id):
            return
    elif spec.each is None:
        own = None
    records = token.scope.completed
    if own is None and within is None and records and records[-1][:3] == [spec.name, None, None]:
        records[-1] = [spec.name, None, None, records[-1][3] + 1]
    else:
        records.append([spec.name, own, within, 1])


def _own_variables(token: Token) -> dict[str, Any]:
    """The variables of the scopes that end with the token: what its handler sees of it."""
    layers: list[dict[str, Any]] = []
    scope = token.local
    while scope is not None and scope.owner == token.id:
        layers.append(scope.variables)
        scope = scope.parent
    return {name: value for layer in reversed(layers) for name, value in layer.items()}


def _taken(token: Token, activity: str | None) -> list[list[Any]]:
    """Takes the records that a throw at `token` is for, each with the id of its scope before it, oldest first."""
    taken: list[list[Any]] = []
    for scope in reversed(list(_visible(token))):
        kept: list[list[Any]] = []
        for record in scope.completed:
            if activity is None or record[0] in (activity, f"#each:{activity}"):
                taken.append([scope.id, *record])
            else:
                kept.append(record)
        scope.completed = kept
    return taken


def _visible(token: Token) -> Iterator[Scope]:
    """The scope of the throw, and from within an event subprocess also the scope around that: it is what is to be undone there."""
    scope = token.scope
    while True:
        yield scope
        owner = None if scope.owner is None else token.workflow.tasks[scope.owner]
        if owner is None or not owner.task_spec.element.event_subprocess:
            return
        scope = owner.scope


def undo_next(token: Token) -> None:
    """Begins the next handler on behalf of `token`, which is complete when none is left."""
    todo: list[list[Any]] = token.internal_data["undo"]
    if not todo:
        del token.internal_data["undo"]
        token.complete()
        return
    scope_id, name, variables, within, times = todo.pop()
    if times > 1:
        todo.append([scope_id, name, variables, within, times - 1])
    kernel = token.workflow
    spec, scope = kernel.spec.task_specs[name], kernel.scopes[scope_id]
    if spec.undone_by is None:
        again = kernel.spec.task_specs[f"#undo:{spec.bpmn_id}"]
        again.enter(kernel.create(again, scope, parent=token), variables, within)
        return
    handler = kernel.create(spec.undone_by, scope, parent=token)
    if variables is not None:
        kernel.open_scope(handler).variables.update(variables)
    kernel.queue.append(handler)
