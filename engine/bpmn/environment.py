"""What an instance needs from outside, and the door through which SpiffWorkflow evaluates expressions: only JUEL, never Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.bpmn.failures import StepFailed
from engine.bpmn.juel import JuelError, compile_template
from engine.clock import Clock


@dataclass(frozen=True, slots=True)
class Environment:
    """The present (`clock`) and the decisions: `decide(decision key, variables)` answers a table's result.

    `decide` raises ValueError, with a sentence that names the table, if it cannot answer.
    """

    clock: Clock
    decide: Callable[[str, Mapping[str, Any]], Any]


class JuelEnvironment(BasePythonScriptEngineEnvironment):
    """SpiffWorkflow's interface to a script language, answered by JUEL for one instance. Nothing executes scripts."""

    def __init__(self, outside: Environment, business_key: str) -> None:
        super().__init__()
        self.outside = outside
        self.business_key = business_key

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of `expression`, a template: one `${…}` gives its value, text around it gives text.

        Raises:
            JuelError: it cannot be evaluated over `context`.
        """
        return compile_template(expression).evaluate(context, clock=self.outside.clock, business_key=self.business_key)

    def execute(self, script: str, context: Any, external_context: Any = None) -> NoReturn:
        raise NotImplementedError("diagrams carry no scripts")

    def call_service(self, context: Mapping[str, Any], **kwargs: Any) -> Any:
        """Asks the decision named by `decision` over `context`.

        Raises:
            ValueError: the decision cannot be answered.
        """
        return self.outside.decide(kwargs["decision"], context)


class JuelEngine(PythonScriptEngine):
    """Hands every evaluation to the environment and names the element at which it failed."""

    def __init__(self, environment: JuelEnvironment) -> None:
        super().__init__(environment)

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """
        Raises:
            StepFailed: the expression failed; the message quotes it and says where.
        """
        try:
            return self.environment.evaluate(expression, task.data)
        except JuelError as error:
            raise StepFailed(task.task_spec.bpmn_id, str(error)) from error

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        """
        Raises:
            StepFailed: the decision could not be answered.
        """
        try:
            return self.environment.call_service(task.data, **kwargs)
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise StepFailed(task.task_spec.bpmn_id, str(error)) from error

    def validate(self, expression: str) -> None:
        compile_template(expression)
