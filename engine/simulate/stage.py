"""What a player stands on: the commands that people give, the clock's, and looks at how a case stands.

`Stage` is all that `player.py` knows of the world; `RuntimeStage` is the real one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, or_, select

from engine.bpmn import Element, Instance
from engine.clock import civil_date
from engine.register import COORDINATOR, NotFound
from engine.runtime import SYSTEM, Actor, Runtime
from engine.runtime.work import Work
from engine.store.codec import unpack
from engine.store.tables import history, instance, subscription, task, task_role


@dataclass(frozen=True, slots=True)
class Case:
    """A started instance."""

    id: int
    key: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task in a case or in what it called. `party`: whom that part concerns."""

    id: int
    element_id: str
    party: str | None
    key: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands, in element ids.

    Attributes:
        waiting: where the instance itself waits for people, time, messages, services or what it called.
        also_waiting: its joins and subprocesses with a token in them, and wherever what it called waits.
    """

    facts: Mapping[str, Any]  # status, outcome, outcome_id, title, body, party
    waiting: frozenset[str]
    also_waiting: frozenset[str]
    passed: frozenset[str]
    variables: Mapping[str, Any]


class Stage(Protocol):
    """The world of a scenario. Commands raise what the runtime raises; a name that means nobody, LookupError."""

    def who(self, by: str) -> Actor: ...
    def anybody(self, roles: tuple[str, ...]) -> Actor: ...
    def start(self, process: str, answers: Mapping[str, Any], actor: Actor) -> Case: ...
    def open_tasks(self, case: Case) -> list[OpenTask]: ...
    def complete(self, task_id: int, answers: Mapping[str, Any], actor: Actor) -> None: ...
    def act(self, case: Case, label: str, answers: Mapping[str, Any], actor: Actor) -> None: ...
    def look(self, case: Case) -> Standing: ...
    def next_due(self) -> datetime | None: ...
    def run_due(self) -> int: ...


class RuntimeStage:
    """The real runtime, on its own clock."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._database = runtime.parts.database
        self._register = runtime.parts.register

    # --- Who --------------------------------------------------------------------------------------------------------------

    def who(self, by: str) -> Actor:
        """The person of that username, or the first who holds that role today (usernames have a dot, roles never).

        Raises:
            LookupError: there is nobody.
        """
        if "." in by:
            person = self._register.person(by)
            return Actor(person.id, person.name)
        return self._first(by)

    def anybody(self, roles: tuple[str, ...]) -> Actor:
        """Somebody who can act in one of the roles today, a coordinator when nobody can.

        Raises:
            LookupError: not even a coordinator.
        """
        vacant = self._register.vacant(roles, self._today())
        return self._first(next((role for role in roles if role not in vacant), COORDINATOR))

    def _first(self, role: str) -> Actor:
        holders = self._register.holders(role, self._today())
        if not holders:
            raise NotFound(f"Nobody holds {role} on {self._today()}.")
        return Actor(holders[0].person_id, holders[0].name)

    def _today(self) -> date:
        return civil_date(self._runtime.parts.clock.now())

    # --- Commands -----------------------------------------------------------------------------------------------------------

    def start(self, process: str, answers: Mapping[str, Any], actor: Actor) -> Case:
        done = self._runtime.start(process, answers, actor=actor)
        return Case(done.instance_id, done.business_key)

    def complete(self, task_id: int, answers: Mapping[str, Any], actor: Actor) -> None:
        self._runtime.complete(task_id, answers, actor=actor)

    def act(self, case: Case, label: str, answers: Mapping[str, Any], actor: Actor) -> None:
        """Raises:
        LookupError: nothing in the case waits for an act with this label.
        """
        query = (
            select(subscription.c.id, subscription.c.element_id, instance.c.definition_id)
            .join(instance, instance.c.id == subscription.c.instance_id)
            .where(_of(case))
            .order_by(subscription.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        labels = {
            row.id: self._runtime.definitions.process(row.definition_id).elements[row.element_id].properties.get("action")
            for row in rows
        }
        found = next((number for number, said in labels.items() if said == label), None)
        if found is None:
            possible = ", ".join(sorted({said for said in labels.values() if said})) or "nothing"
            raise LookupError(f"“{label}” cannot be done in {case.key} now; what can: {possible}")
        self._runtime.act(found, answers, actor=actor)

    def next_due(self) -> datetime | None:
        return self._runtime.next_due()

    def run_due(self) -> int:
        return self._runtime.run_due()

    # --- Looks --------------------------------------------------------------------------------------------------------------

    def open_tasks(self, case: Case) -> list[OpenTask]:
        query = (
            select(task.c.id, task.c.element_id, instance.c.party, instance.c.business_key, task_role.c.role)
            .join(instance, instance.c.id == task.c.instance_id)
            .outerjoin(task_role, task_role.c.task_id == task.c.id)
            .where(task.c.status == "open", _of(case))
            .order_by(task.c.id, task_role.c.role)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        roles: dict[int, list[str]] = {}
        for row in rows:
            roles.setdefault(row.id, []).extend([row.role] if row.role else [])
        found = {row.id: OpenTask(row.id, row.element_id, row.party, row.business_key, tuple(roles[row.id])) for row in rows}
        return list(found.values())

    def look(self, case: Case) -> Standing:
        with self._database.read() as connection:
            rows = {row.id: row for row in connection.execute(select(instance).where(_of(case)))}
            steps = select(history.c.element_id).where(
                history.c.instance_id.in_(rows), history.c.kind.in_(("passed", "left", "ended", "completed", "started"))
            )
            passed = {element for element in connection.execute(steps).scalars() if element}
            kernels = {number: self._kernel(connection, row) for number, row in rows.items()}
        standing = {number: _standing(kernel) for number, kernel in kernels.items()}
        own = rows[case.id]
        facts = ("status", "outcome", "outcome_id", "title", "body", "party")
        return Standing(
            facts={name: getattr(own, name) for name in facts},
            waiting=frozenset(element.id for element in standing[case.id] if not _holds_others(element)),
            also_waiting=frozenset(element.id for elements in standing.values() for element in elements),
            passed=frozenset(passed),
            variables=kernels[case.id].variables(),
        )

    def _kernel(self, connection: Connection, row: Row[Any]) -> Instance:
        definitions = self._runtime.definitions
        work = Work(connection, definitions, self._runtime.parts.toolkit, SYSTEM, self._runtime.parts.now())
        environment = work.environment(definitions.row(row.definition_id))
        return Instance.restore(definitions.process(row.definition_id), environment, unpack(row.state)["kernel"])


def _of(case: Case) -> Any:
    """The instance and everything that it called, however deep: all carry the root's id. A part of a case stands alone."""
    return or_(instance.c.id == case.id, instance.c.root_id == case.id)


def _standing(kernel: Instance) -> list[Element]:
    """Where a token stands: not the boundary events and event subprocesses that only listen beside one."""
    if kernel.is_completed:
        return []
    elements = kernel.model.elements
    standing = [elements[live.element_id] for live in kernel.live() if live.element_id in elements]
    return [element for element in standing if element.attached_to is None and element.type != "startEvent"]


def _holds_others(element: Element) -> bool:
    """Whether a token there only waits for other tokens, which are shown themselves."""
    return element.type.endswith("Gateway") or element.type == "subProcess"
