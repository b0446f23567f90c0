"""Moves tokens until all of them wait, and keeps what must be remembered of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.environment import JuelEngine
from engine.bpmn.events import Completed, Event, Failed, Taken
from engine.bpmn.failures import StepFailed
from engine.bpmn.kernel import jobs
from engine.bpmn.kernel.element_listeners import notify, tell
from engine.bpmn.kernel.gateways import Join
from engine.bpmn.kernel.listeners import Listeners
from engine.bpmn.kernel.process import ProcessSpec
from engine.bpmn.kernel.scope import Scope
from engine.bpmn.kernel.token import Token

if TYPE_CHECKING:
    from engine.bpmn.kernel.spec import FlatSpec, Way

STEP_LIMIT = 100_000
"""Steps that one command may take before it is held for a loop that never waits."""


class Kernel(BpmnWorkflow):
    """One running process: its tokens (`tasks`), scopes, ready queue, waiting joins, listeners and what happened (`events`).
    `stores` are the data stores that it has written, as nobody outside knows before the events are handed over.

    A scope is over when no live token is left in it; that is looked at between steps, so that a cancellation in progress or a
    token about to be replaced never ends one.
    """

    def __init__(self, spec: ProcessSpec, engine: JuelEngine) -> None:
        super().__init__(spec, script_engine=engine, deserializing=True)  # a new one makes no task tree either
        self.spec: ProcessSpec
        self.tasks: dict[int, Token]
        self.completed: bool
        self.event_manager: Listeners = Listeners(self)
        self.next_id = 1
        self.root = Scope(0, None, None)
        self.scopes: dict[int, Scope] = {0: self.root}
        self.queue: deque[Token] = deque()
        self.joins: dict[tuple[str, int], Token] = {}
        self.emptied: list[Scope] = []
        self.events: list[Event] = []
        self.stores: dict[str, Any] = {}
        self.started = False
        self.cancelled = False
        self.failure: tuple[str, str, str] | None = None

    def now(self) -> datetime:
        return self.script_engine.environment.outside.clock.now()  # type: ignore[no-any-return]

    def say(self, event: Event) -> None:
        self.events.append(event)

    # --- tokens and scopes

    def _new_id(self) -> int:
        id = self.next_id
        self.next_id = id + 1
        return id

    def create(
        self,
        spec: FlatSpec,
        scope: Scope,
        *,
        parent: Token | None = None,
        listening: bool = False,
        via: str | None = None,
        state: int = TaskState.READY,
    ) -> Token:
        return Token(self, spec, scope, self._new_id(), parent=parent, listening=listening, via=via, state=state)

    def place(self, spec: FlatSpec, scope: Scope, via: str | None = None) -> Token:
        """Puts a live token at an element and queues it."""
        token = self.create(spec, scope, via=via)
        self.queue.append(token)
        return token

    def take(self, way: Way, token: Token) -> None:
        """Lets a new token go along a flow out of the element that `token` has left."""
        self.say(Taken(way.id))
        if way.listeners:
            tell(self, token.scope, way.id, "", way.listeners, "take")
        self.place(way.target, token.scope, way.id)

    def passed(self, spec: FlatSpec, scope: Scope, variables: Mapping[str, Any]) -> None:
        """Lets a new token pass an event that has just happened, with what the event brought."""
        scope.write(variables)
        token = self.create(spec, scope)
        if spec.element.job_before:
            jobs.rest(token, "passed")
        else:
            notify(token, "start")
            token.complete()

    def open_scope(self, token: Token) -> Scope:
        """A scope that ends with the token, inside what it saw so far."""
        scope = Scope(self._new_id(), token.innermost, token.id)
        self.scopes[scope.id] = scope
        token.local = scope
        return scope

    def begin(self, scope: Scope, container: str | None) -> None:
        """Begins a process or subprocess in `scope`: first it listens, then its tokens start."""
        self.declare(scope, container)
        self.listen(scope, container)
        for start in self.spec.containers[container].starts:
            self.place(start, scope)
        self.emptied.append(scope)  # one without any start is over at once

    def declare(self, scope: Scope, container: str | None) -> None:
        """Declares the data objects of a process or subprocess: without a value, a collection as an empty list."""
        for name, is_collection in self.spec.containers[container].data:
            scope.variables.setdefault(name, [] if is_collection else None)

    def listen(self, scope: Scope, container: str | None) -> None:
        for start in self.spec.containers[container].listeners:
            start.listen(self.create(start, scope, listening=True))

    def drop(self, token: Token) -> None:
        """Forgets a token that is over, with what lived through it; the scope that it leaves may then be over, too."""
        for child in token.children:
            child.cancel()
        scope = token.local
        while scope is not None and scope.owner == token.id:
            for listener in list(scope.listeners.values()):
                listener.cancel()
            del self.scopes[scope.id]
            scope = scope.parent
        del self.tasks[token.id]
        self.event_manager.remove_task(token)
        owner = token.owner
        if owner is not None:
            owner._children.remove(token.id)
        elif token.listening:
            del token.scope.listeners[token.id]
        else:
            del token.scope.tokens[token.id]
            if not token.scope.tokens or token.scope.listeners:
                self.emptied.append(token.scope)
        place = (token.task_spec.name, token.scope.id)
        if self.joins.get(place) is token:
            del self.joins[place]

    def empty(self, scope: Scope, *, but: Token | None = None) -> None:
        """Cancels everything in a scope `but` one token: its tokens, newest first, and its listeners."""
        for token in list(reversed(scope.tokens.values())):
            if token is not but:
                token.cancel()
        for listener in list(scope.listeners.values()):
            listener.cancel()

    # --- stepping

    def do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> None:
        """Runs what is ready until everything waits.

        Raises:
            StepFailed: an element failed, or the tokens do not come to rest.
        """
        steps = 0
        while True:
            if self.emptied:
                self._end(self.emptied.pop())
            elif self.queue:
                token = self.queue.popleft()
                if token._state != TaskState.READY:
                    continue  # cancelled before its turn came
                steps += 1
                if steps > STEP_LIMIT:
                    raise StepFailed(token.task_spec.bpmn_id, f"no rest after {STEP_LIMIT} steps: a loop here never waits")
                token.run()
            elif not self._release_join() and not self._fire_condition():
                return

    def _end(self, scope: Scope) -> None:
        """Ends a scope in which no live token is left. One in which only event subprocesses go on hears of no further event: it is
        completing (BPMN 13.5.4)."""
        if self.scopes.get(scope.id) is not scope:
            return
        if scope.tokens:
            if all(token.task_spec.element.event_subprocess for token in scope.tokens.values()):
                for listener in list(scope.listeners.values()):
                    listener.cancel()
            return
        if scope.owner is not None:
            owner = self.tasks[scope.owner]
            owner.task_spec.scope_over(owner)
        elif self.started and not self.completed and not self.cancelled and self.failure is None:
            self.empty(scope)
            tell(self, scope, self.spec.name, self.spec.name, self.spec.listeners, "end")
            scope.completed = []
            self.completed = True
            self.say(Completed(self.spec.name))

    def _release_join(self) -> bool:
        """Lets the oldest inclusive join go on that nothing can reach any more; only at rest, when nothing is under way."""
        for token in sorted(self.joins.values(), key=lambda join: join.id):
            join = token.task_spec
            if isinstance(join, Join) and join.may_go_on(token):
                join.go_on(token)
                return True
        return False

    def _fire_condition(self) -> bool:
        """Lets the oldest conditional event happen whose condition has become true; only at rest, when all is written."""
        token = self.event_manager.true_condition() if self.event_manager.conditions else None
        if token is not None:
            token.task_spec.heard(token, {})  # only what catches listens
        return token is not None

    def fail(self, failed: Failed) -> None:
        """Ends the instance by an error that nothing in it catches."""
        self.failure = (failed.element_id, failed.code, failed.message)
        self._stop()
        self.say(failed)

    def _stop(self) -> None:
        self.empty(self.root)
        self.root.completed = []
        self.emptied.clear()
        self.queue.clear()

    def is_completed(self) -> bool:
        return self.completed

    def cancel(self, workflow: Any = None) -> list[Token]:
        """Ends the instance without effect."""
        self.cancelled = True
        self._stop()
        return []
