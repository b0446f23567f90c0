"""The commands that people and the clock give. One command is one transaction; what it owes other instances follows as errands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from engine.bpmn import Element, NotWaiting, StepFailed
from engine.clock import Clock
from engine.register import COORDINATOR, STAMP, Day, Register
from engine.runtime import incidents
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.authority import Authority, authority
from engine.runtime.beginnings import begin_where_true
from engine.runtime.definitions import Definition, Definitions
from engine.runtime.deploy import Deployed, Deployer, parse
from engine.runtime.due import Due
from engine.runtime.errands import Errands, registration_for
from engine.runtime.errors import CommandRefused, Conflict, NotAllowed, NotFound, TaskClosed, TaskTaken
from engine.runtime.ledger import Entry
from engine.runtime.outgoing import Post
from engine.runtime.parts import Parts
from engine.runtime.turns import take_turn
from engine.runtime.verify import Verified, Verifier
from engine.runtime.work import HELD, TROUBLED, Loaded, Outcome, Work
from engine.services import SERVICES, Services
from engine.store import Database
from engine.store.prepared import Prepared
from engine.store.tables import definition, instance, person, subscription, task, task_role
from engine.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: where, and the tasks that it and its errands opened."""

    instance_id: int
    root_id: int
    business_key: str
    completed: bool
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LockedTask:
    """A row of `task` in the hands of a command, with the row of its instance."""

    id: int
    element_id: str
    token: int
    form_id: int | None
    status: str
    assignee_id: int | None
    closed_by: int | None
    closed_at: datetime | None
    submission: str | None
    troubled: bool  # an incident stands
    instance: Any


NOTHING: Mapping[str, Any] = MappingProxyType({})


def _task_and_instance(joined: Callable[..., Any]) -> Any:
    """A task, its roles and its instance. `joined` makes one text of several rows.

    Both rows are locked in one statement, the instance first, as everywhere: whoever waited for them then sees both as the one
    before left them. The lock leaves room for foreign keys (see `locked` in work.py).
    """
    roles = select(joined(task_role.c.role, literal_column("' '"))).where(task_role.c.task_id == task.c.id)
    return (
        select(
            *HELD,
            *(task.c[name].label(f"task_{name}") for name in LockedTask.__dataclass_fields__ if name in task.c),
            TROUBLED,
            roles.scalar_subquery().label("roles"),
            STAMP.label("stamp"),
        )
        .join(task, task.c.instance_id == instance.c.id)
        .where(task.c.id == bindparam("task_id"))
        .with_for_update(of=[instance, task], key_share=True)
    )


TASK_AND_INSTANCE = Prepared(_task_and_instance(func.group_concat), postgresql=_task_and_instance(func.string_agg))
# What a start by hand needs to know, in one statement: the version in force, how the register stands, and whose person starts.
BEGINNING = Prepared(
    select(
        definition.c.id,
        STAMP.label("stamp"),
        select(person.c.party).where(person.c.id == bindparam("starter")).scalar_subquery().label("party"),
    )
    .where(definition.c.kind == literal_column("'process'"), definition.c.key == bindparam("key"), definition.c.live)
    .order_by(definition.c.version.desc())
    .limit(literal_column("1"))
)
STARTED_BY = Prepared(
    select(instance.c.id, instance.c.root_id, instance.c.business_key, instance.c.status).where(
        instance.c.submission == bindparam("wanted")
    )
)
CLOSE_TASK = Prepared(
    update(task).where(task.c.id == bindparam("this")), sets=("status", "closed_at", "closed_by", "acted_for", "submission")
)


class Runtime:
    """The one door through which instances are changed."""

    def __init__(
        self, database: Database, clock: Clock, register: Register, toolkit: Toolkit, services: Services = SERVICES
    ) -> None:
        self.definitions = Definitions(database)
        self.parts = Parts(database, clock, register, services, toolkit, self.definitions)
        self._errands = Errands(self.parts)
        self._due = Due(self.parts, self._errands)

    # --- Definitions ---

    def deploy(self, files: Mapping[str, bytes], *, why: str, by: Actor = SYSTEM, source: str = "") -> Deployed:
        """Check `files` and make new versions of what has changed; instances under way stay on theirs.

        Raises:
            DeploymentRefused: with every problem; nothing was taken in.
        """
        parsed = parse(self.parts, files)
        with self.parts.work(by) as work:
            return Deployer(self.parts, work, files).write(parsed, why=why, source=source)

    # --- Instances ---

    def start(
        self,
        process_key: str,
        submitted: Mapping[str, Any],
        *,
        actor: Actor,
        submission: str | None = None,
        locale: str = "sv",
        version: Definition | None = None,
        business_key: str | None = None,
        free: Mapping[str, Any] = NOTHING,
    ) -> Done:
        """Start an instance of the version in force, or of `version`. `submission` is the submit's idempotency key: the same one
        starts once. Programs may name a `business_key`, which counts where the diagram names no series to number its instances
        by, and set variables beside the form (`free`).

        Raises:
            NotFound: no such process, or it is not started by hand.
            NotAllowed: the person is none of those who may start it.
            FormErrors: the start form is not filled in as it asks.
            StepFailed: the process cannot take its first steps; nothing was started.
        """
        with self.parts.work(actor) as work:
            owner, stamp = (version, None) if version is not None else self._in_force(work, process_key)
            model = self.definitions.process(owner.id) if owner else None
            if owner is None or model is None or model.start is None:
                raise NotFound(f"no process {process_key} is started by hand")
            if actor.person_id is not None:
                day = self.parts.register.day(self.parts.today(), connection=work.connection, stamp=stamp)
                self._may_start(actor, model.candidate_starters, day)
            variables = {**free, **self._submitted(owner, model.start, submitted, {}, locale)}
            if submission:
                take_turn(work.connection, f"submission {submission}")
                if before := self._started_before(work, submission):
                    return before
            own_key = None if "series" in owner.properties else business_key
            loaded = work.create(owner, own_key or registration_for(work, owner))
            loaded.submission = submission
            loaded.kernel.start(variables, initiator=actor.reference)
            facts = {"initiator": actor.reference}
            command = Entry("started", model.start.id, None, actor.person_id, facts, {"variables": variables})
            outcome = work.save(loaded, command, last=True)
        return self.follow(outcome)

    def _in_force(self, work: Work, process_key: str) -> tuple[Definition | None, str | None]:
        """The version of a process that new instances start on, and the register's stamp."""
        starter = work.actor.person_id
        found = BEGINNING.one_or_none(work.connection, key=process_key, starter=starter)
        if found is None:
            return None, None
        if starter is not None:
            work.parties[starter] = found.party
        return self.definitions.row(found.id), found.stamp

    def may_start(self, actor: Actor, connection: Connection | None = None, day: Day | None = None) -> list[Definition]:
        """The processes that the person may start by hand, by name. A caller that has them gives its `connection` and `day`."""
        found = []
        day = day or self.parts.register.day(self.parts.today(), connection=connection)
        for owner in self.definitions.all_live("process", connection):
            model = self.definitions.process(owner.id)
            if model.start is None or not model.startable:
                continue
            try:
                self._may_start(actor, model.candidate_starters, day)
            except NotAllowed:
                continue
            found.append(owner)
        return found

    def _may_start(self, actor: Actor, starters: tuple[str, ...], day: Day) -> None:
        if actor.person_id is None:
            return
        allowed = starters or (COORDINATOR,)
        if not day.roles_of(actor.person_id) & set(allowed):
            raise NotAllowed(f"{actor.name} is none of those who may start this: {', '.join(allowed)}", allowed)

    def _started_before(self, work: Work, submission: str) -> Done | None:
        row = STARTED_BY.one_or_none(work.connection, wanted=submission)
        return None if row is None else Done(row.id, row.root_id or row.id, row.business_key, row.status == "completed", ())

    def cancel(self, instance_id: int, reason: str, *, actor: Actor) -> Done:
        """End an instance and its children where they stand.

        Raises:
            NotFound, InstanceEnded: there is nothing to cancel.
        """
        with self.parts.work(actor) as work:
            loaded = work.load(instance_id)
            loaded.kernel.cancel()
            outcome = work.save(loaded, Entry("cancelled", actor_id=actor.person_id, content={"reason": reason}))
        return self.follow(outcome)

    # --- Tasks ---

    def complete(
        self,
        task_id: int,
        submitted: Mapping[str, Any],
        *,
        actor: Actor,
        submission: str | None = None,
        locale: str = "sv",
        free: Mapping[str, Any] = NOTHING,
    ) -> Done:
        """Complete a task with what its form was given. The same `submission` twice is answered as the first time. `free`:
        variables that a program sets beside the form.

        Raises:
            NotFound: no such task.
            NotAllowed: the person holds none of its roles today.
            TaskTaken: somebody else has taken it.
            TaskClosed: it was completed or cancelled before.
            FormErrors: the form is not filled in as it asks.
            StepFailed: the step after it cannot be taken; nothing was saved, and the coordinators see an incident.
        """
        row: LockedTask | None = None
        try:
            with self.parts.work(actor) as work:
                row, roles = self.locked_task(work, task_id)
                held = row.instance
                if submission and row.submission == submission:
                    return Done(held.id, held.root_id or held.id, held.business_key, held.status == "completed", ())
                right = self.may_do(work, row, roles, actor)
                loaded = work.restore(held)
                element = loaded.kernel.model.elements[row.element_id]
                context = loaded.kernel.variables_at(row.token)
                answers = self._submitted(loaded.definition, element, submitted, context, locale, form_id=row.form_id)
                variables = {**free, **answers}
                loaded.kernel.complete(row.token, variables)
                outcome = self._completed(work, loaded, row, right, variables, submission)
        except StepFailed as error:
            if row is not None:
                self._tell_coordinators(row, error)
            raise
        except NotWaiting:
            raise self.came_late(task_id, row) from None
        return self.follow(outcome)

    def _completed(
        self, work: Work, loaded: Loaded, row: LockedTask, right: Authority, variables: Mapping[str, Any], submission: str | None
    ) -> Outcome:
        """Write that the task is done, and what followed."""
        person_id = work.actor.person_id
        work.batch.add(CLOSE_TASK, this=row.id, status="completed", closed_at=work.now, closed_by=person_id,
                       acted_for=right.acting_for, submission=submission)  # fmt: skip
        told = {"task": row.id, "form": row.form_id, "role": right.role, "for": right.acting_for}
        facts = {name: value for name, value in told.items() if value is not None}
        if row.troubled:
            incidents.resolve_step(work.connection, row.instance.id, row.token, work.now)
        command = Entry("completed", row.element_id, row.token, person_id, facts, {"variables": variables})
        return work.save(loaded, command, last=True)

    def came_late(self, task_id: int, row: LockedTask | None) -> CommandRefused:
        """Why a task that was open a moment ago takes no answer any more: a deadline that had passed before the answer came ended
        the wait. It has its effect now, unless somebody else was first."""
        if row is not None:
            self._due.fire(row.instance.id)
        with self.parts.database.read() as connection:
            now = connection.execute(select(task).where(task.c.id == task_id)).one()
        if now.status == "open":
            return Conflict(f"task {task_id} was changed at the same time; nothing was saved")
        return TaskClosed(task_id, now.status, now.closed_by, now.closed_at)

    def claim(self, task_id: int, *, actor: Actor) -> None:
        """Take a task, so that others see who has it.

        Raises:
            NotFound, NotAllowed, TaskTaken, TaskClosed: as `complete`.
        """
        with self.parts.work(actor) as work:
            row, roles = self.locked_task(work, task_id)
            self.may_do(work, row, roles, actor)
            work.connection.execute(update(task).where(task.c.id == task_id).values(assignee_id=actor.person_id))

    def release(self, task_id: int, *, actor: Actor) -> None:
        """Give a taken task back to its roles.

        Raises:
            NotAllowed: it is not the person's, or nobody else could do it.
        """
        with self.parts.work(actor) as work:
            row, roles = self.locked_task(work, task_id)
            if row.assignee_id != actor.person_id:
                raise NotAllowed(f"the task is not {actor.name}'s to give back", roles)
            if not roles:
                raise NotAllowed("the task is meant for this person alone and has no role to go back to")
            work.connection.execute(update(task).where(task.c.id == task_id).values(assignee_id=None))

    def task_authority(
        self, roles: tuple[str, ...], assignee_id: int | None, actor: Actor, day: Day | None = None
    ) -> Authority:
        """By what right the person may do a task. A caller that has read the register's `day` gives it.

        Raises:
            NotAllowed: by none.
        """
        return authority(day or self.parts.register.day(self.parts.today()), actor, roles, assignee_id)

    def locked_task(self, work: Work, task_id: int) -> tuple[LockedTask, tuple[str, ...]]:
        """The task and its instance, both under lock, and the task's roles."""
        row = TASK_AND_INSTANCE.one_or_none(work.connection, task_id=task_id)
        if row is None:
            raise NotFound(f"there is no task {task_id}")
        facts = {name: getattr(row, f"task_{name}") for name in LockedTask.__dataclass_fields__ if name in task.c}
        return LockedTask(instance=row, troubled=row.troubled, **facts), tuple(sorted((row.roles or "").split()))

    def may_do(self, work: Work, row: LockedTask, roles: tuple[str, ...], actor: Actor) -> Authority:
        """By what right the person may do a locked task. Raises NotAllowed, TaskTaken, TaskClosed as `complete`."""
        if row.status != "open":
            raise TaskClosed(row.id, row.status, row.closed_by, row.closed_at)
        day = self.parts.register.day(self.parts.today(), connection=work.connection, stamp=row.instance.stamp)
        right = authority(day, actor, roles, row.assignee_id)
        if row.assignee_id is not None and actor.person_id is not None and row.assignee_id != actor.person_id:
            raise TaskTaken(row.id, row.assignee_id)
        return right

    def _submitted(
        self,
        owner: Definition,
        element: Element,
        submitted: Mapping[str, Any],
        context: Mapping[str, Any],
        locale: str,
        form_id: int | None = None,
    ) -> dict[str, Any]:
        if form_id is None and element.form_key is not None:
            form_id = self.definitions.bound(owner, "form", element.form_key, element.form_binding).id
        if form_id is None:
            return {}
        return self.definitions.form(form_id).validate(submitted, context=context, feel=self.parts.toolkit.feel, locale=locale)

    # --- Messages ---

    def act(self, subscription_id: int, submitted: Mapping[str, Any], *, actor: Actor, locale: str = "sv") -> Done:
        """Send by hand the message that an instance waits for, where the diagram lets people do so (`action`, `actionRoles`).

        Raises:
            NotFound: nothing waits for it any more, or it is not for people to send.
            NotAllowed: the person holds none of the roles that may.
            FormErrors: its form is not filled in as it asks.
        """
        try:
            outcome = self._act(subscription_id, submitted, actor, locale)
        except NotWaiting:
            raise NotFound("a deadline that had passed ended the wait for this") from None  # the scheduler carries it out
        return self.follow(outcome)

    def _act(self, subscription_id: int, submitted: Mapping[str, Any], actor: Actor, locale: str) -> Outcome:
        with self.parts.work(actor) as work:
            this = select(subscription).where(subscription.c.id == subscription_id)
            found = work.connection.execute(this).one_or_none()
            loaded = work.load(found.instance_id) if found is not None else None
            # Once more under the lock: another command may have ended the wait before the lock was ours.
            waiting = work.connection.execute(this).one_or_none() if loaded is not None else None
            if loaded is None or waiting is None:
                raise NotFound("nothing waits for this any more")
            element = loaded.kernel.model.elements[waiting.element_id]
            if "action" not in element.properties:
                raise NotFound("this is not for people to send")
            self._may_act(self.action_roles(loaded, element, waiting.token), actor, work.connection)
            variables = self._action_form(loaded, element, submitted, waiting.token, locale)
            loaded.kernel.receive(waiting.token, variables)
            command = Entry("acted", waiting.element_id, waiting.token, actor.person_id, {"message": waiting.message},
                            {"variables": variables})  # fmt: skip
            return work.save(loaded, command)

    def action_roles(self, loaded: Loaded, element: Element, token: int) -> tuple[str, ...]:
        """The roles that may send the message which `element` waits for, always with the coordinators; nobody while the
        diagram's `actionRoles` name none, and the coordinators alone where it has no `actionRoles`."""
        if "actionRoles" not in element.properties:
            return (COORDINATOR,)
        given = loaded.kernel.evaluate(element.properties["actionRoles"], token=token) or ""
        roles = [role.strip() for role in (given if isinstance(given, list) else str(given).split(",")) if str(role).strip()]
        # A diagram closes an action by naming nobody, and then a coordinator may not either.
        return (*roles, COORDINATOR) if roles else ()

    def _may_act(self, roles: tuple[str, ...], actor: Actor, connection: Connection) -> None:
        if actor.person_id is None:
            return
        if not set(roles) & self.parts.register.roles_of(actor.person_id, self.parts.today(), connection=connection):
            raise NotAllowed(f"{actor.name} holds none of the roles that may do this: {', '.join(roles)}", roles)

    def _action_form(
        self, loaded: Loaded, element: Element, submitted: Mapping[str, Any], token: int, locale: str
    ) -> dict[str, Any]:
        key = element.properties.get("actionForm")
        if key is None:
            return {}
        form = self.definitions.form(self.definitions.bound(loaded.definition, "form", key).id)
        context = loaded.kernel.variables_at(token)
        return form.validate(submitted, context=context, feel=self.parts.toolkit.feel, locale=locale)

    def send(self, message: str, correlation: str | None, variables: Mapping[str, Any], *, actor: Actor) -> None:
        """Send a message from outside; held when nobody waits for it yet."""
        with self.parts.work(actor) as work:
            post = Post(work.connection, actor.person_id, work.now)
            errand_id = post.write("message", {"variables": dict(variables)}, message=message, correlation=correlation)
        self._errands.carry_all([errand_id])

    def signal(self, name: str, variables: Mapping[str, Any], *, actor: Actor) -> None:
        """Send a signal from outside to all that wait for it now, and to the processes that begin with it."""
        with self.parts.work(actor) as work:
            errands = Post(work.connection, actor.person_id, work.now).signal(name, variables, sender_id=None)
        self._errands.carry_all(errands)

    def evaluate_conditions(
        self, variables: Mapping[str, Any], *, actor: Actor, key: str | None = None, business_key: str | None = None
    ) -> list[Done]:
        """Begin the processes with a conditional start event that holds over `variables`; all of them or none.

        Raises:
            CommandRefused, StepFailed: a condition, or the first steps of a process, fail.
        """
        with self.parts.work(actor) as work:
            outcomes = begin_where_true(self.parts, work, variables, key=key, business_key=business_key)
        return [self.follow(outcome) for outcome in outcomes]

    # --- Time ---

    def next_due(self) -> datetime | None:
        """The first moment at which something is due; None when nothing is."""
        return self._due.next_due()

    def run_due(self) -> int:
        """Carry out everything that is due now, and what follows from it; returns how many commands that were."""
        return self._due.run()

    def fire(self, instance_id: int) -> bool:
        """Fire what is due in one instance; False when nothing is."""
        return self._due.fire(instance_id)

    def carry_out(self, errand_id: int) -> None:
        """Carry out one errand that is due, and what follows from it."""
        self._errands.carry_all([errand_id])

    def verify(self, instance_id: int | None = None, *, replay: bool = False) -> Verified:
        """Prove the history of one instance or of all, and with `replay` that their states follow from it."""
        parts = self.parts
        return Verifier(parts.database, parts.definitions, parts.toolkit).verify(instance_id, replay=replay)

    # --- What follows ---

    def follow(self, outcome: Outcome) -> Done:
        """Carry out, after a commit, the errands that a command left; what it did and what they led to."""
        tasks = outcome.tasks + self._errands.carry_all(outcome.errands, outcome.next_due)
        return Done(outcome.instance_id, outcome.root_id, outcome.business_key, outcome.completed, tuple(tasks))

    def _tell_coordinators(self, row: LockedTask, error: StepFailed) -> None:
        with self.parts.work(SYSTEM) as work:
            incidents.step_failed(work.connection, row.instance.id, row.token, error, work.now)
