"""Does what a script says: that of a task or a listener, in JUEL or in a language of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.failures import StepFailed
from engine.bpmn.juel_values import Host
from engine.bpmn.kernel.propagation import throw_error
from engine.bpmn.kernel.spec import Activity
from engine.bpmn.model import Script, Work

if TYPE_CHECKING:
    from engine.bpmn.kernel.scope import Scope
    from engine.bpmn.kernel.token import Token
    from engine.bpmn.kernel.workflow import Kernel


class ErrorRaised(Exception):
    """A script threw a BPMN error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def perform(
    kernel: Kernel, scope: Scope, element_id: str, script: Script, facts: Mapping[str, Any], task: Mapping[str, Any] | None = None
) -> Any:
    """The value of `script`, run where `scope` is seen; what it sets is written there as a task's variables are.

    `facts` and `task` are what expressions can ask of `execution` and `task`.

    Raises:
        StepFailed: it failed.
        ErrorRaised: it threw a BPMN error; nothing is written then.
    """
    environment = kernel.script_engine.environment
    try:
        if script.language == "juel":
            return environment.perform(
                script.source, scope.view(), Host(lambda name, value: scope.write({name: value}), facts, task)
            )
        result = environment.outside.script(script.language, script.source, scope.view())
    except ValueError as error:
        raise StepFailed(element_id, str(error)) from error
    if result.error is not None:
        raise ErrorRaised(*result.error)
    scope.write(result.written)
    return result.value


class WorkTask(Activity):
    """A script task, or a service task that is an expression: done at once, its value kept in the result variable."""

    waits = False

    @property
    def work(self) -> Work:
        if self.element.work is None:
            raise AssertionError(f"{self.bpmn_id} has nothing to do")
        return self.element.work

    def _act(self, token: Token) -> None:
        work, scope = self.work, token.innermost
        facts = {"currentActivityId": self.bpmn_id, "currentActivityName": self.element.name}
        try:
            value = perform(token.workflow, scope, self.bpmn_id, work.script, facts)
        except ErrorRaised as error:
            throw_error(token, error.code, error.message, {})
            return
        if work.result_variable:
            scope.write({work.result_variable: value})


class PassingTask(Activity):
    """A task without a kind and a manual task: nothing here follows them (BPMN 13.3.3), so they pass."""

    waits = False
