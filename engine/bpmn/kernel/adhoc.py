"""Ad-hoc subprocesses: activities without an order of their own (BPMN 13.3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs import defaults

from engine.bpmn.failures import NotWaiting
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.kernel.values import truth_of
from engine.bpmn.model import AdHoc

if TYPE_CHECKING:
    from engine.bpmn.kernel.spec import FlatSpec
    from engine.bpmn.kernel.token import Token


class AdHocSubProcess(Activity, defaults.SubWorkflowTask):
    """Its activities begin together, or one when the other is done, in the diagram's order; more can be begun while it is open.

    The completion condition is looked at whenever an activity of it ends. Without one it is over when all is done; with one, only
    when that holds: what is then still open is cancelled, or awaited if `cancelRemainingInstances` is false.
    """

    @property
    def ad_hoc(self) -> AdHoc:
        if self.element.ad_hoc is None:
            raise AssertionError(f"{self.bpmn_id} is no ad-hoc subprocess")
        return self.element.ad_hoc

    def offered(self, token: Token) -> list[FlatSpec]:
        """What can be begun in it: its activities to which no flow leads."""
        starts = token.workflow.spec.containers[self.bpmn_id].starts
        return [spec for spec in starts if not spec.element.event_subprocess]

    def _act(self, token: Token) -> None:
        kernel = token.workflow
        scope = token.local if token.local is not None else kernel.open_scope(token)
        kernel.declare(scope, self.bpmn_id)
        kernel.listen(scope, self.bpmn_id)
        if self.ad_hoc.sequential:
            token.internal_data["next"] = 0
            self._start_next(token)
        else:
            for spec in self.offered(token):
                kernel.place(spec, scope)

    def _start_next(self, token: Token) -> bool:
        """In sequence: begins the next activity; False if all have had their turn."""
        offered, index = self.offered(token), token.internal_data["next"]
        if index == len(offered):
            return False
        token.internal_data["next"] = index + 1
        token.workflow.place(offered[index], token.innermost)
        return True

    def start_activity(self, token: Token, element_id: str) -> None:
        """Somebody begins an activity once more.

        Raises:
            NotWaiting: it is not one that can be begun here and now.
        """
        spec = next((spec for spec in self.offered(token) if spec.bpmn_id == element_id), None)
        if spec is None:
            raise NotWaiting(token.id, f"{element_id} cannot be begun in {self.bpmn_id}")
        if "ends" in token.internal_data:
            raise NotWaiting(token.id, f"{self.bpmn_id} ends: nothing more can be begun in it")
        if self.ad_hoc.sequential and token.innermost.tokens:
            raise NotWaiting(token.id, f"in {self.bpmn_id} one thing is done at a time, and one is open")
        token.workflow.place(spec, token.innermost)

    def activity_ended(self, token: Token) -> None:
        """An activity directly in it has ended, and its flows are taken."""
        if self.ad_hoc.condition is None or "ends" in token.internal_data:
            return
        if truth_of("the completion condition", self.ad_hoc.condition, token):
            token.internal_data["ends"] = 1
            if self.ad_hoc.cancels_rest:
                token.workflow.empty(token.innermost)
                token.workflow.emptied.append(token.innermost)

    def scope_over(self, token: Token) -> None:
        if "ends" in token.internal_data:
            token.complete()
        elif self.ad_hoc.sequential and self._start_next(token):
            return
        elif self.ad_hoc.condition is None or not self.offered(token):
            token.complete()
