"""User, external service, business rule, send and receive tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.calendar import due_of, moment_of
from engine.bpmn.decision_table import OneValue
from engine.bpmn.events import ServiceClosed, ServiceOpened, TaskClosed, TaskOpened
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel.definitions import MessageDefinition
from engine.bpmn.kernel.element_listeners import notify
from engine.bpmn.kernel.events import Catching
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.kernel.values import names_of, text_of, whole_number
from engine.bpmn.model import Assignment

if TYPE_CHECKING:
    from engine.bpmn.kernel.token import Token

_NOBODY = Assignment()
_PRIORITY = 50
_MOST_URGENT = 999_999_999


class UserTask(Activity, defaults.UserTask):
    """Waits for somebody; what they answer is written like any task's variables."""

    def _act(self, token: Token) -> None:
        opened = self._opened(token)
        token.workflow.say(opened)
        if self.element.listeners:
            notify(token, "create", _facts(opened))
            if opened.assignee is not None:
                notify(token, "assignment", _facts(opened))

    def _opened(self, token: Token) -> TaskOpened:
        who = self.element.assignment or _NOBODY
        return TaskOpened(
            self.bpmn_id,
            token.id,
            text_of("the name", self.element.name, token) or self.bpmn_id,
            text_of("the assignee", who.assignee, token),
            names_of("a candidate group", who.groups, token),
            names_of("a candidate user", who.users, token),
            self._moment("the due date", who.due, due_of, token),
            self._moment("the follow-up date", who.follow_up, moment_of, token),
            self._priority(who.priority, token),
            self.element.form_key,
        )

    def answered(self, token: Token, variables: Mapping[str, Any]) -> None:
        token.innermost.write(variables)
        notify(token, "complete", {"taskDefinitionKey": self.bpmn_id, "name": self.element.name})
        token.complete()

    def _closed(self, token: Token, *, completed: bool) -> None:
        if not completed and not token.workflow.cancelled:
            notify(token, "delete", {"taskDefinitionKey": self.bpmn_id, "name": self.element.name})
        token.workflow.say(TaskClosed(self.bpmn_id, token.id, completed))

    def _moment(self, what: str, text: str | None, read: Callable[[str], datetime], token: Token) -> datetime | None:
        value = text_of(what, text, token)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError as error:
            raise StepFailed(self.bpmn_id, f"{what} “{text}”: {error}") from error

    def _priority(self, text: str | None, token: Token) -> int:
        value = text_of("the priority", text, token)
        if value is None:
            return _PRIORITY
        try:
            return int(value)
        except ValueError as error:
            raise StepFailed(self.bpmn_id, f"the priority “{text}” gave “{value}”, which is no whole number") from error


def _facts(opened: TaskOpened) -> dict[str, Any]:
    return {
        "taskDefinitionKey": opened.element_id,
        "name": opened.name,
        "assignee": opened.assignee,
        "priority": opened.priority,
        "dueDate": None if opened.due is None else opened.due.isoformat(),
        "followUpDate": None if opened.follow_up is None else opened.follow_up.isoformat(),
    }


class ServiceTask(Activity, defaults.ServiceTask):
    """Asks an external service by topic. Its answer stays in the task's scope if there are output parameters, else it goes out."""

    def _act(self, token: Token) -> None:
        written = self.element.task_priority
        priority = 0 if written is None else whole_number("the priority", written, token, _MOST_URGENT)
        token.workflow.say(ServiceOpened(self.bpmn_id, token.id, self.element.topic or "", self._inputs_of(token), priority))

    def answered(self, token: Token, variables: Mapping[str, Any], local: Mapping[str, Any] | None = None) -> None:
        """`local` is given by a worker alone (Camunda 7: localVariables), whose `variables` are written like any task's."""
        if local is not None:
            if local:
                self._own_scope(token).variables.update(local)
            token.innermost.write(variables)
        elif self.element.outputs:
            self._own_scope(token).variables.update(variables)
        else:
            self._outside(token).write(variables)
        token.complete()

    def _closed(self, token: Token, *, completed: bool) -> None:
        token.workflow.say(ServiceClosed(self.bpmn_id, token.id, completed))


class BusinessRuleTask(Activity):
    """Asks a decision and keeps the answer in the result variable."""

    waits = False

    def _act(self, token: Token) -> None:
        decision = self.element.decision
        if decision is None:
            raise AssertionError(f"{self.bpmn_id} names no decision")
        version = text_of("the decision's version", decision.version, token)
        answer = token.workflow.script_engine.call_service(token, decision=decision.key, binding=decision.binding, version=version)
        value = self._shaped(answer, decision.map_result)
        if self.element.outputs:
            self._own_scope(token).variables["decisionResult"] = value
        if decision.result_variable:
            self._outside(token).write({decision.result_variable: value})

    def _shaped(self, answer: Any, shape: str) -> Any:
        """The answer as `camunda:mapDecisionResult` asks for it; a single rule's answer and a list's are read alike."""
        if isinstance(answer, OneValue):
            rules: list[Any] = [list(answer)]
        else:
            rules = answer if isinstance(answer, list) else [] if answer is None else [answer]
        if shape == "resultList":
            return rules
        if shape == "collectEntries":
            return [self._entry(rule) for rule in rules]
        if len(rules) > 1:
            raise StepFailed(self.bpmn_id, f"the decision gave {len(rules)} results where {shape} allows one")
        if not rules:
            return None
        return self._entry(rules[0]) if shape == "singleEntry" else rules[0]

    def _entry(self, rule: Any) -> Any:
        if not isinstance(rule, dict):
            return rule
        if len(rule) != 1:
            raise StepFailed(self.bpmn_id, f"the decision gave {len(rule)} values ({', '.join(rule)}) where one was expected")
        return next(iter(rule.values()))


class SendTask(Activity, defaults.SendTask):
    """Says its message and passes."""

    waits = False

    def _act(self, token: Token) -> None:
        if isinstance(self.event_definition, MessageDefinition):
            self.event_definition.throw(token)


class ReceiveTask(Catching, Activity, defaults.ReceiveTask):
    """Waits for its message."""

    def _act(self, token: Token) -> None:
        token._set_state(TaskState.WAITING)
        self.event_definition.arm(token)
