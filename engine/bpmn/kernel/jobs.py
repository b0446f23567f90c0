"""What keeps a token from beginning or going on: jobs of their own (Camunda's asyncBefore and asyncAfter), tokens still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import JobCleared, JobSet

if TYPE_CHECKING:
    from engine.bpmn.kernel.spec import FlatSpec
    from engine.bpmn.kernel.token import Token

_JOB = "job"


def admitted(spec: FlatSpec, token: Token) -> bool:
    """Whether the element may begin: `startQuantity` tokens have come (BPMN 13.3.2), and no job comes before it."""
    if spec.each is None and spec.element.start_quantity > 1 and not _gathered(spec, token):
        return False
    if spec.job_before():
        rest(token, "before")
        return False
    return True


def _gathered(spec: FlatSpec, token: Token) -> bool:
    kernel = token.workflow
    place = (spec.name, token.scope.id)
    waiting = kernel.joins.get(place)
    if waiting is None:
        token.internal_data["in"] = {"": 1}
        token._set_state(TaskState.WAITING)
        kernel.joins[place] = token
        return False
    waiting.internal_data["in"][""] += 1
    if waiting.internal_data["in"][""] < spec.element.start_quantity:
        kernel.drop(token)
        return False
    kernel.drop(waiting)
    return True


def rest(token: Token, kind: Literal["before", "passed", "after"]) -> None:
    """The token rests until `Instance.carry_on`. An event that has happened rests before it is passed."""
    token._set_state(TaskState.WAITING)
    token.internal_data[_JOB] = kind
    token.workflow.say(JobSet(token.task_spec.bpmn_id, token.id, "after" if kind == "after" else "before"))


def is_resting(token: Token) -> bool:
    return _JOB in token.internal_data


def cleared(token: Token) -> None:
    """Says that the job of a token is no more, if it has one."""
    if token.internal_data.pop(_JOB, None) is not None:
        token.workflow.say(JobCleared(token.task_spec.bpmn_id, token.id))


def carry_on(token: Token) -> None:
    """The turn of the job has come."""
    kind = token.internal_data[_JOB]
    cleared(token)
    spec: FlatSpec = token.task_spec
    if kind == "after":
        spec.leave(token)
    elif kind == "passed":
        token.complete()
    else:
        token._set_state(TaskState.READY)
        token.proceed()
