"""What an instance needs from outside, and the door through which SpiffWorkflow evaluates expressions: never Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.bpmn.failures import StepFailed
from engine.bpmn.juel import compile_template
from engine.bpmn.juel_values import Host
from engine.bpmn.model import Script
from engine.clock import Clock
from engine.toolkit.scripts import ScriptResult

__all__ = ["Environment", "JuelEngine", "JuelEnvironment", "ScriptResult"]


def _no_scripts(language: str, source: str, variables: Mapping[str, Any]) -> ScriptResult:
    raise ValueError(f"nothing here runs scripts in {language}")


def _no_stores(store: str) -> Any:
    raise ValueError(f"nothing here keeps the data store “{store}”")


def _no_versions(key: str, binding: str, version: str | None, variables: Mapping[str, Any]) -> Any:
    raise ValueError(f"nothing here finds the decision “{key}” by the binding {binding}")


@dataclass(frozen=True, slots=True)
class Environment:
    """The present (`clock`), the decisions, scripts and data stores.

    `decide(decision key, variables)` answers a table's result as it was deployed with the process;
    `decide_by(key, binding, version, variables)` that of another version (binding latest, version or versionTag).
    `script(language, source, variables)` runs JavaScript or FEEL ("javascript", "feel"). `stored(name)` is the value of a data
    store. Each raises ValueError, with a sentence that names what is at fault, if it cannot answer.
    """

    clock: Clock
    decide: Callable[[str, Mapping[str, Any]], Any]
    script: Callable[[str, str, Mapping[str, Any]], ScriptResult] = _no_scripts
    stored: Callable[[str], Any] = _no_stores
    decide_by: Callable[[str, str, str | None, Mapping[str, Any]], Any] = _no_versions


class JuelEnvironment(BasePythonScriptEngineEnvironment):
    """SpiffWorkflow's interface to a script language, answered by JUEL for one instance."""

    def __init__(self, outside: Environment, business_key: str) -> None:
        super().__init__()
        self.outside = outside
        self.business_key = business_key

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of `expression`, a template: one `${…}` gives its value, text around it gives text.

        Raises:
            JuelError: it cannot be evaluated over `context`.
        """
        return self.perform(expression, context, None)

    def perform(self, expression: str, context: Mapping[str, Any], host: Host | None) -> Any:
        """As `evaluate`; what `execution` and `task` can tell and change is the `host`'s."""
        expressed = compile_template(expression)
        return expressed.evaluate(context, clock=self.outside.clock, business_key=self.business_key, host=host)

    def execute(self, script: str, context: Any, external_context: Any = None) -> NoReturn:
        """Never asked for: SpiffWorkflow's script task is no element here, and the kernel's runs through `Environment.script`."""
        raise AssertionError("scripts are run by the kernel, not by SpiffWorkflow")

    def call_service(self, context: Mapping[str, Any], **kwargs: Any) -> Any:
        """Asks the decision named by `decision`, in the version that `binding` and `version` say, over `context`.

        Raises:
            ValueError: the decision cannot be answered.
        """
        if kwargs.get("binding", "deployment") == "deployment":
            return self.outside.decide(kwargs["decision"], context)
        return self.outside.decide_by(kwargs["decision"], kwargs["binding"], kwargs.get("version"), context)


class JuelEngine(PythonScriptEngine):
    """Hands every evaluation to the environment and names the element at which it failed."""

    def __init__(self, environment: JuelEnvironment) -> None:
        super().__init__(environment)

    def evaluate(self, task: Any, expression: str | Script, external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of a template, or of a script, which then must not set variables.

        Raises:
            StepFailed: the expression failed; the message quotes it and says where.
        """
        try:
            if isinstance(expression, str):
                return self.environment.evaluate(expression, task.data)
            if expression.language == "juel":
                return self.environment.evaluate(expression.source, task.data)
            result = self.environment.outside.script(expression.language, expression.source, task.data)
        except ValueError as error:  # JuelError is one
            raise StepFailed(task.task_spec.bpmn_id, str(error)) from error
        if result.error is not None or result.written:
            raise StepFailed(
                task.task_spec.bpmn_id, "a script that is asked for a value neither sets variables nor throws an error"
            )
        return result.value

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
