"""The state of an instance as plain JSON, and back. No specification, and nothing of what is over.

`{"v": form, "n": next id, "s": scopes, "t": tokens, "l": listeners in order, "q": ready queue, "f": flags}`; a scope is
`[id, variables]` for the instance's, else `[id, variables, parent, owner]`; a token leaves out what is at its default.
Where there are any: `"k"`: pairs of a scope's id and its records of what can be undone, `"e"`: the error by which it failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.kernel.jobs import is_resting
from engine.bpmn.kernel.scope import Scope
from engine.bpmn.kernel.token import Token
from engine.bpmn.timers import Timer

if TYPE_CHECKING:
    from engine.bpmn.kernel.workflow import Kernel

FORM = 1


def written_state(kernel: Kernel) -> dict[str, Any]:
    state: dict[str, Any] = {
        "v": FORM,
        "n": kernel.next_id,
        "s": [_scope_row(scope) for scope in kernel.scopes.values()],
        "t": [_token_row(token) for token in kernel.tasks.values()],
    }
    if kernel.event_manager.tasks:
        state["l"] = list(kernel.event_manager.tasks)
    if kernel.queue:
        state["q"] = [token.id for token in kernel.queue if token.has_state(TaskState.READY)]
    if records := [[scope.id, list(scope.completed)] for scope in kernel.scopes.values() if scope.completed]:
        state["k"] = records
    if kernel.failure is not None:
        state["e"] = list(kernel.failure)
    if flags := kernel.started * 1 | kernel.completed * 2 | kernel.cancelled * 4:
        state["f"] = flags
    return state


def _scope_row(scope: Scope) -> list[Any]:
    variables = dict(scope.variables)
    return [scope.id, variables] if scope.parent is None else [scope.id, variables, scope.parent.id, scope.owner]


def _token_row(token: Token) -> dict[str, Any]:
    row: dict[str, Any] = {"i": token.id, "e": token.task_spec.name, "s": token._state}
    if token.scope.id:
        row["c"] = token.scope.id
    if token.local is not None:
        row["o"] = token.local.id
    if token._parent is not None:
        row["p"] = token._parent
    if token.listening:
        row["w"] = 1
    if token.entered:
        row["a"] = 1
    if token.via is not None and (token.listening or token._state == TaskState.READY or is_resting(token)):
        row["f"] = token.via
    if token.timer is not None:
        row["d"] = token.timer.state()
    if token.internal_data:
        row["x"] = _copied(token.internal_data)
    return row


def _copied(internal: Mapping[str, Any]) -> dict[str, Any]:
    """Counters and results, apart from those that go on counting. Values of variables are nobody's to change and are shared."""
    return {name: value.copy() if isinstance(value, dict | list) else value for name, value in internal.items()}


def read_state(kernel: Kernel, state: Mapping[str, Any]) -> None:
    """Fills a fresh kernel.

    Raises:
        ValueError: the state is of another form, or names an element that the process does not have.
    """
    if state.get("v") != FORM:
        raise ValueError(f"the state has form {state.get('v')!r}; this version reads {FORM}")
    kernel.next_id = state["n"]
    for row in state["s"]:
        if len(row) == 2:
            kernel.root.variables = dict(row[1])
        else:
            kernel.scopes[row[0]] = Scope(row[0], None, row[3], dict(row[1]))
    for row in state["s"]:
        if len(row) > 2:
            kernel.scopes[row[0]].parent = kernel.scopes[row[2]]
    for id, records in state.get("k", ()):
        kernel.scopes[id].completed = list(records)
    if "e" in state:
        kernel.failure = tuple(state["e"])
    for row in state["t"]:
        _read_token(kernel, row)
    for id in state.get("l", ()):
        kernel.event_manager.add_task(kernel.tasks[id])
    for id in state.get("q", ()):
        kernel.queue.append(kernel.tasks[id])
    flags = state.get("f", 0)
    kernel.started, kernel.completed, kernel.cancelled = bool(flags & 1), bool(flags & 2), bool(flags & 4)


def _read_token(kernel: Kernel, row: Mapping[str, Any]) -> None:
    spec = kernel.spec.task_specs.get(row["e"])
    if spec is None:
        raise ValueError(f"the state has a token at {row['e']}, which {kernel.spec.name} does not have")
    token = Token(
        kernel,
        spec,
        kernel.scopes[row.get("c", 0)],
        row["i"],
        parent=kernel.tasks[row["p"]] if "p" in row else None,
        listening="w" in row,
        via=row.get("f"),
        state=row["s"],
    )
    token.local = kernel.scopes[row["o"]] if "o" in row else None
    token.entered = "a" in row
    token.timer = Timer.restore(row["d"]) if "d" in row else None
    token.internal_data = _copied(row.get("x", {}))
    if "in" in token.internal_data:
        kernel.joins[spec.name, token.scope.id] = token
