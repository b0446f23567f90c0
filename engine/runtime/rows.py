"""From what the kernel says happened to rows: tasks, timers, subscriptions, and who may see the case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from engine.bpmn import events as ev
from engine.register import subject_of_role
from engine.runtime import offers
from engine.runtime.actor import person_reference, referred_person
from engine.runtime.columns import lane_body
from engine.runtime.outgoing import Outgoing
from engine.runtime.stores import write_stores
from engine.runtime.turns import message_turn, take_turn
from engine.services.effects import Effects
from engine.store.prepared import Prepared, PreparedRows
from engine.store.tables import errand, involvement, notice, person, subscription, task, task_role, timer

if TYPE_CHECKING:
    from engine.runtime.work import Loaded, Outcome, Work

E = TypeVar("E", bound=ev.Event)

TASK = (
    "instance_id", "root_id", "token", "element_id", "name", "status", "form_id", "assignee_id", "priority", "due_at",
    "follow_up_at", "sender_id", "created_at",
)  # fmt: skip
OPEN_TASKS = PreparedRows(task, TASK, returning=(task.c.id, task.c.token))
OPEN_NUMBERED_TASKS = PreparedRows(task, ("id", *TASK))
WRITE_ROLES = PreparedRows(task_role, ("task_id", "role"))
DROP_TIMER = Prepared(delete(timer).where(timer.c.instance_id == bindparam("of_instance"), timer.c.token == bindparam("of_token")))
SET_TIMERS = PreparedRows(timer, ("instance_id", "token", "element_id", "due_at"))
SUBSCRIBE = PreparedRows(
    subscription, ("instance_id", "token", "element_id", "kind", "message", "correlation", "created_at")
)
WRITE_NOTICES = PreparedRows(notice, ("instance_id", "recipient", "subject", "body", "created_at"))
INVOLVE = PreparedRows(involvement, ("root_id", "subject"), passing_over=True)
PERSON_OF = Prepared(select(person.c.id).where(person.c.username == bindparam("username")))
PARTY_OF = Prepared(select(person.c.party).where(person.c.id == bindparam("person_id")))


class Writer:
    """Writes the rows that hang on one instance after one command."""

    def __init__(self, work: Work, loaded: Loaded, instance_id: int, root_id: int) -> None:
        self._connection = work.connection
        self._work = work
        self._loaded = loaded
        self._instance_id = instance_id
        self._root_id = root_id
        self._now: datetime = work.now
        self._actor_id = work.actor.person_id

    def write(self, happened: list[ev.Event], outcome: Outcome) -> None:
        """Tasks that are over, timers, subscriptions and errands; ids of new errands go into `outcome`."""
        self._close_tasks(happened)
        self._timers(happened)
        outcome.errands += self._subscriptions(happened)
        outcome.errands += Outgoing(self._work, self._loaded, self._instance_id).write(happened)
        write_stores(self._work, self._instance_id, happened)
        offers.write_offers(self._work, self._loaded, self._instance_id, happened)

    def effects(self, effects: Effects) -> None:
        if effects.notices:
            self._work.settle()
            rows = [
                {"instance_id": self._instance_id, "recipient": note.recipient, "subject": note.subject,
                 "body": note.body, "created_at": self._now}
                for note in effects.notices
            ]  # fmt: skip
            WRITE_NOTICES.insert(self._connection, rows)

    # --- Tasks ---

    def open_tasks(self, happened: list[ev.Event]) -> list[int]:
        """The tasks that wait for somebody now, with their roles; their ids."""
        gone = {event.token for event in _of(ev.TaskClosed, happened)}
        opened = [event for event in _of(ev.TaskOpened, happened) if event.token not in gone]
        if not opened:
            return []
        people = self._people(opened)
        rows = [
            {"instance_id": self._instance_id, "root_id": self._root_id, "token": event.token, "element_id": event.element_id,
             "name": event.name, "status": "open", "form_id": self._form(event), "assignee_id": people.get(event.assignee or ""),
             "priority": event.priority, "due_at": event.due, "follow_up_at": event.follow_up, "sender_id": self._actor_id,
             "created_at": self._now}
            for event in opened
        ]  # fmt: skip
        ids = self._write_tasks(rows)
        roles = []
        for event in opened:
            named = {person_reference(people[user]) for user in event.users if user in people}
            roles += [{"task_id": ids[event.token], "role": role} for role in sorted({*event.groups} | named)]
        self._work.batch.add_rows(WRITE_ROLES, roles)
        return [ids[event.token] for event in opened]

    def _write_tasks(self, rows: list[dict[str, Any]]) -> dict[int, int]:
        """Token → the id of its task."""
        if self._work.numbers is None:
            return {row.token: row.id for row in OPEN_TASKS.insert(self._connection, rows)}
        ids = self._work.numbers.take(self._connection, "task", len(rows))
        self._work.batch.add_rows(OPEN_NUMBERED_TASKS, [{"id": number, **row} for number, row in zip(ids, rows, strict=True)])
        return {row["token"]: number for number, row in zip(ids, rows, strict=True)}

    def _form(self, event: ev.TaskOpened) -> int | None:
        if event.form_key is None:
            return None
        element = self._loaded.kernel.model.elements[event.element_id]
        return self._work.definitions.bound(self._loaded.definition, "form", event.form_key, element.form_binding).id

    def _people(self, opened: list[ev.TaskOpened]) -> dict[str, int]:
        """Usernames and `person:12` to ids; a name that nobody has is left out: the task falls to its roles or a coordinator."""
        named = {name for event in opened for name in (event.assignee, *event.users) if name}
        found = {name: number for name in named if (number := referred_person(name)) is not None}
        if rest := named - found.keys():
            numbers = {name: PERSON_OF.value(self._connection, username=name) for name in sorted(rest)}
            found |= {name: number for name, number in numbers.items() if number is not None}
        return found

    def _close_tasks(self, happened: list[ev.Event]) -> None:
        tokens = [event.token for event in _of(ev.TaskClosed, happened) if not event.completed]
        if tokens:
            open_ones = and_(task.c.instance_id == self._instance_id, task.c.token.in_(tokens), task.c.status == "open")
            self._connection.execute(update(task).where(open_ones).values(status="cancelled", closed_at=self._now))

    # --- Timers and subscriptions ---

    def _timers(self, happened: list[ev.Event]) -> None:
        last: dict[int, ev.TimerSet | None] = {}
        for event in happened:  # a cycle is cleared and set again: what counts is the last word
            if isinstance(event, ev.TimerSet):
                last[event.token] = event
            elif isinstance(event, ev.TimerCleared):
                last[event.token] = None
        if not last:
            return
        if self._loaded.row is not None:
            for token, timer_set in last.items():
                drop = {"of_instance": self._instance_id, "of_token": token}
                if timer_set is None:
                    self._work.batch.add(DROP_TIMER, **drop)
                else:  # a batch runs in no order, and this one's place is taken again
                    DROP_TIMER.run(self._connection, **drop)
        rows = [
            {"instance_id": self._instance_id, "token": token, "element_id": event.element_id, "due_at": event.due}
            for token, event in last.items()
            if event is not None
        ]
        self._work.batch.add_rows(SET_TIMERS, rows)

    def _subscriptions(self, happened: list[ev.Event]) -> list[int]:
        """Write new subscriptions; a message that came early is set due. Returns the errands so woken."""
        gone = {event.token for event in _of(ev.Unsubscribed, happened)}
        fresh = [event for event in _of(ev.Subscribed, happened) if event.token not in gone]
        if gone:
            mine = and_(subscription.c.instance_id == self._instance_id, subscription.c.token.in_(gone))
            self._connection.execute(delete(subscription).where(mine))
        if not fresh:
            return []
        rows = [
            {"instance_id": self._instance_id, "token": event.token, "element_id": event.element_id, "kind": event.kind,
             "message": event.message, "correlation": event.correlation, "created_at": self._now}
            for event in fresh
        ]  # fmt: skip
        self._work.batch.add_rows(SUBSCRIBE, rows)
        fresh = [event for event in fresh if event.kind == "message"]  # a signal does not wait for anybody
        if not fresh:
            return []
        for turn in sorted({message_turn(event.message) for event in fresh}):
            take_turn(self._connection, turn)
        waited_for = or_(
            *(
                and_(errand.c.message == event.message, func.coalesce(errand.c.correlation, event.correlation) == event.correlation)
                for event in fresh
            )
        )
        held = update(errand).where(errand.c.status == "held", waited_for).values(status="due", due_at=self._now)
        return list(self._connection.execute(held.returning(errand.c.id)).scalars())

    # --- Who may see the case ---

    def involve(self, happened: list[ev.Event], *, body: str | None, party: str | None) -> None:
        """Let those see the case whom it has reached: the body and the party it stands with, and whoever may do its tasks."""
        subjects = {f"{kind}:{slug}" for kind, slug in (("body", body), ("party", party)) if slug}
        if self._loaded.row is None and self._loaded.started_by is not None:
            subjects |= self._starter(self._loaded.started_by)
        elements = self._loaded.kernel.model.elements
        for event in happened:
            if isinstance(event, ev.TaskOpened):
                subjects |= {subject for role in event.groups if (subject := subject_of_role(role))}
                if event.assignee and referred_person(event.assignee) is not None:
                    subjects.add(event.assignee)
            element = elements.get(event.element_id or "") if isinstance(event, ev.Entered) else None
            if element is not None and (lane := lane_body(self._loaded.kernel, element)):
                subjects.add(f"body:{lane}")
        rows = [{"root_id": self._root_id, "subject": subject} for subject in sorted(subjects)]
        self._work.batch.add_rows(INVOLVE, rows)

    def _starter(self, person_id: int) -> set[str]:
        known = self._work.parties
        of = known[person_id] if person_id in known else PARTY_OF.value(self._connection, person_id=person_id)
        return {person_reference(person_id)} | ({f"party:{of}"} if of else set())


def _of(kind: type[E], happened: list[ev.Event]) -> list[E]:
    return [event for event in happened if isinstance(event, kind)]
