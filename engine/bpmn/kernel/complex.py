"""The complex gateway (BPMN 13.4.5): a condition over its tokens and the data lets it go on; then it waits for the late ones."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.events import Left
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.gateways import InclusiveGateway
from engine.bpmn.kernel.spec import Way
from engine.bpmn.kernel.values import truth_of

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token


class _State:
    """The gateway's token, seeing `activationCount` and `waitingForStart` beside the variables."""

    def __init__(self, token: Token, *, waiting_for_start: bool) -> None:
        self.workflow = token.workflow
        self.task_spec = token.task_spec
        count = sum(token.internal_data.get("in", {}).values())
        own = {"activationCount": count, "waitingForStart": waiting_for_start}
        self.data: Mapping[str, Any] = ChainMap(own, dict(token.data))


class ComplexGateway(InclusiveGateway):
    """Waits in one token per scope, as joins do. Its internal data hold what came ("in") and, once it went on, the flows from
    which it then took a token ("first"): from then on it waits for reset.

    It is asked whether it goes on when a token comes and, as its condition may look at data, whenever the instance is at rest.
    A flow without condition is taken when it goes on, not when it is reset: the specification gives every flow of a complex
    gateway a condition, and this is the one by which the usual “n of m” lets out one token.
    """

    def _run_hook(self, my_task: Token) -> bool | None:
        if my_task.via is None:
            return True
        kernel = my_task.workflow
        waiting = kernel.joins.get((self.name, my_task.scope.id))
        if waiting is None:
            self._wait(my_task, {my_task.via: 1})
            waiting = my_task
        else:
            arrived = waiting.internal_data["in"]
            arrived[my_task.via] = arrived.get(my_task.via, 0) + 1
            kernel.drop(my_task)
        if "first" not in waiting.internal_data and self._is_active(waiting):
            self._activate(waiting)
        return None

    def _is_active(self, waiting: Token) -> bool:
        if self.element.activation is None:
            return True
        state: Any = _State(waiting, waiting_for_start=True)
        return truth_of("the activation condition", self.element.activation, state)

    def may_go_on(self, waiting: Token) -> bool:
        """Asked at rest: waiting for start, the condition decides; waiting for reset, whether a late token may still come."""
        arrived = waiting.internal_data["in"]
        if "first" not in waiting.internal_data:
            return bool(arrived) and self._is_active(waiting)
        late = [flow for flow in self.reach if flow not in waiting.internal_data["first"] and flow not in arrived]
        return not self._is_reachable(waiting, late)

    def _is_reachable(self, waiting: Token, late: list[str]) -> bool:
        """As an inclusive gateway has it: a token that can come by a flow that is waited for, and by none that has had one."""
        had = [nodes for flow, nodes in self.reach.items() if flow not in late]
        empty = [self.reach[flow] for flow in late]
        places = [token.task_spec.name for token in waiting.scope.tokens.values() if token is not waiting]
        return any(any(place in nodes for nodes in empty) and not any(place in nodes for nodes in had) for place in places)

    def go_on(self, waiting: Token) -> None:
        if "first" in waiting.internal_data:
            self._reset(waiting)
        else:
            self._activate(waiting)

    def _activate(self, waiting: Token) -> None:
        """Takes a token from each flow that has one and lets them out; then waits for reset."""
        ways = self._true_ways(waiting, waiting_for_start=True)
        if not ways and self.ways:
            raise StepFailed(self.bpmn_id, "no condition on its outgoing flows holds, and none of them is the default flow")
        first = sorted(waiting.internal_data["in"])
        kernel, scope = waiting.workflow, waiting.scope
        rest = {flow: count - 1 for flow, count in waiting.internal_data["in"].items() if count > 1}
        self._announce(waiting)
        del kernel.joins[self.name, scope.id]
        resetting = kernel.create(self, scope)
        self._wait(resetting, rest)
        resetting.internal_data["first"] = first
        kernel.drop(waiting)
        for way in ways:
            kernel.take(way, resetting)

    def _reset(self, waiting: Token) -> None:
        """Takes a token from each late flow that has one; what the conditions then say goes out, be it nothing."""
        kernel, first = waiting.workflow, waiting.internal_data["first"]
        ways = self._true_ways(waiting, waiting_for_start=False)
        rest = {flow: count - (flow not in first) for flow, count in waiting.internal_data["in"].items()}
        rest = {flow: count for flow, count in rest.items() if count}
        kernel.say(Left(self.bpmn_id, waiting.id))
        del kernel.joins[self.name, waiting.scope.id]
        for way in ways:
            kernel.take(way, waiting)
        if rest:
            self._wait(kernel.create(self, waiting.scope), rest)
        kernel.drop(waiting)

    def _true_ways(self, waiting: Token, *, waiting_for_start: bool) -> list[Way]:
        state: Any = _State(waiting, waiting_for_start=waiting_for_start)
        conditional = [way for way in self.ways if not way.default]
        ways = [way for way in conditional if (waiting_for_start if way.condition is None else way.holds(state))]
        return ways or [way for way in self.ways if way.default]

    def _choose(self, token: Token) -> list[Way]:
        """For a token that came by no flow: the gateway begins the process."""
        return self._true_ways(token, waiting_for_start=True)
