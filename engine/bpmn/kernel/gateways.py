"""Exclusive, parallel and inclusive gateways. Joins count arrivals by flow in one waiting token and read no finished one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.spec import FlatSpec, Way

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class ExclusiveGateway(FlatSpec, defaults.ExclusiveGateway):
    """The first flow, in the diagram's order, whose condition holds; else the default one."""

    def _choose(self, token: Token) -> list[Way]:
        if len(self.ways) == 1 and self.ways[0].condition is None:
            return self.ways
        for way in self.ways:
            if not way.default and way.holds(token):
                return [way]
        for way in self.ways:
            if way.default:
                return [way]
        if not self.ways:
            return []
        raise StepFailed(self.bpmn_id, "no condition on its outgoing flows holds, and none of them is the default flow")


class Join(FlatSpec):
    """Waits in one token per scope, whose internal data counts under "in" how many tokens have come by each flow."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if len(self.arriving) < 2 or my_task.via is None:
            return True
        kernel = my_task.workflow
        waiting = kernel.joins.get((self.name, my_task.scope.id))
        if waiting is None:
            self._wait(my_task, {my_task.via: 1})
            return None
        arrived = waiting.internal_data["in"]
        arrived[my_task.via] = arrived.get(my_task.via, 0) + 1
        my_task._set_state(TaskState.COMPLETED)
        kernel.drop(my_task)
        self._arrived(waiting)
        return None

    def _wait(self, token: Token, arrived: dict[str, int]) -> None:
        token.internal_data["in"] = arrived
        token.workflow.joins[self.name, token.scope.id] = token
        self._enter(token, TaskState.WAITING)

    def _arrived(self, waiting: Token) -> None:
        """A further token has come."""

    def may_go_on(self, waiting: Token) -> bool:
        """Asked at rest."""
        return False

    def go_on(self, waiting: Token) -> None:
        """Takes one token from each flow that has one; those in excess stay and wait again."""
        kernel = waiting.workflow
        excess = {flow: count - 1 for flow, count in waiting.internal_data["in"].items() if count > 1}
        del kernel.joins[self.name, waiting.scope.id]
        if excess:
            self._wait(kernel.create(self, waiting.scope), excess)
        waiting.complete()


class ParallelGateway(Join, defaults.ParallelGateway):
    """Goes on when a token has come by every flow, and sends one along every flow."""

    def _arrived(self, waiting: Token) -> None:
        if len(waiting.internal_data["in"]) == len(self.arriving):
            self.go_on(waiting)

    def _choose(self, token: Token) -> list[Way]:
        return self.ways


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Goes on when nothing on its way can bring a token by a flow that has none yet; sends tokens along all flows that hold."""

    def __init__(self, wf_spec: object, bpmn_id: str, **kwargs: object) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.reach: dict[str, frozenset[str]] = {}

    def may_go_on(self, waiting: Token) -> bool:
        """BPMN 2.0.2, 13.4.3: a token elsewhere in the scope holds it back if it can reach an empty flow and no other one."""
        arrived = waiting.internal_data["in"]
        filled = [nodes for flow, nodes in self.reach.items() if flow in arrived]
        empty = [nodes for flow, nodes in self.reach.items() if flow not in arrived]
        for token in waiting.scope.tokens.values():
            if token is waiting:
                continue
            place = token.task_spec.name
            if any(place in nodes for nodes in empty) and not any(place in nodes for nodes in filled):
                return False
        return True

    def explore(self) -> None:
        """Notes, while the specification is built, from which nodes each incoming flow can be reached without passing here."""
        for flow, source in self.arriving:
            seen: set[str] = set()
            pending: list[FlatSpec] = [source]
            while pending:
                spec = pending.pop()
                if spec is self or spec.name in seen:
                    continue
                seen.add(spec.name)
                pending.extend(before for _, before in spec.arriving)
                pending.extend(spec.behind)
            self.reach[flow] = frozenset(seen)
