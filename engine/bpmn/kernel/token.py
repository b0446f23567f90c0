"""A token: SpiffWorkflow's Task without tree, prediction or data of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.failures import NotWaiting
from engine.bpmn.timers import Timer

if TYPE_CHECKING:
    from engine.bpmn.kernel.scope import Scope
    from engine.bpmn.kernel.spec import FlatSpec
    from engine.bpmn.kernel.workflow import Kernel


class Token(Task):
    """Something that is at an element now. Ids count up within the instance and are never used again.

    `scope` is where it flows, `local` the innermost scope of its own (None: it has none). A token with a `parent` lives
    through that one and is not counted in the scope: a boundary event through its host, a child of a multi-instance through the
    body, a racing catch through its gateway. `listening` marks those that only wait for an event on behalf of their parent or,
    without parent, of their scope. `via` is the id of the flow it came by; `entered` says that its wait was announced.
    """

    triggered = False
    thread_id = 0
    last_state_change = 0.0  # not kept: history tells when what happened

    def __init__(  # the stock constructor makes a UUID and links the task into a tree
        self,
        workflow: Kernel,
        task_spec: FlatSpec,
        scope: Scope,
        id: int,
        *,
        parent: Token | None = None,
        listening: bool = False,
        via: str | None = None,
        state: int = TaskState.READY,
    ) -> None:
        self.id: int = id
        self.workflow: Kernel = workflow
        self.task_spec: FlatSpec = task_spec
        self.scope = scope
        self.local: Scope | None = None
        self.listening = listening
        self.via = via
        self.entered = False
        self.timer: Timer | None = None
        self.internal_data: dict[str, Any] = {}
        self._state = state
        self._children: list[int] = []
        self._parent: int | None = None if parent is None else parent.id
        workflow.tasks[id] = self
        if parent is not None:
            parent._child_added_notify(self)
        elif listening:
            scope.listeners[id] = self
        else:
            scope.tokens[id] = self

    @property
    def innermost(self) -> Scope:
        """The scope from which its variables are seen and written."""
        return self.local or self.scope

    @property
    def data(self) -> Mapping[str, Any]:
        """The variables as this token sees them."""
        return self.innermost.view()

    @property
    def owner(self) -> Token | None:
        return None if self._parent is None else self.workflow.tasks[self._parent]

    def _set_state(self, value: int) -> None:
        self._state = value

    def _add_child(self, task_spec: FlatSpec, state: int = TaskState.READY) -> Token:
        """A token that lives through this one; a ready one is queued."""
        child = self.workflow.create(task_spec, self.scope, parent=self, state=state)
        if state == TaskState.READY:
            self.workflow.queue.append(child)
        return child

    def _inherit_data(self) -> None:
        """Nothing: variables belong to scopes."""

    def _ready(self) -> None:
        self._set_state(TaskState.READY)
        self.workflow.queue.append(self)

    def run(self) -> bool | None:
        """Begins the element: True if it is done at once, None if it waits."""
        if self._state != TaskState.READY:
            raise NotWaiting(self.id, f"{self.task_spec.bpmn_id} is not ready to run")
        return self._begun(self.task_spec._run(self))

    def proceed(self) -> bool | None:
        """As `run`, past what keeps a token from beginning."""
        return self._begun(self.task_spec.proceed(self))

    def _begun(self, done: bool | None) -> bool | None:
        if done:
            self.complete()
        elif self._state == TaskState.READY:
            self._set_state(TaskState.STARTED)
        return done

    def complete(self) -> None:
        self._set_state(TaskState.COMPLETED)
        self.task_spec._on_complete(self)

    def cancel(self) -> None:
        """Ends it without effect, what lives through it first."""
        if self.has_state(TaskState.FINISHED_MASK):
            return
        for child in self.children:
            child.cancel()
        scope = self.local
        while scope is not None and scope.owner == self.id:
            self.workflow.empty(scope)
            scope = scope.parent
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
        self.workflow.drop(self)
