"""A small house for runtime tests: three people, one body, a simulated clock, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from engine.clock import CIVIL, SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.services import SERVICES, Effects, Request, Services, Topic
from engine.store import Database
from engine.store.tables import appointment, body, party, person, task
from engine.toolkit import Toolkit

START = datetime(2026, 1, 12, 8, 0, tzinfo=CIVIL)


@dataclass
class House:
    """What a test holds in its hands."""

    database: Database
    clock: SimulatedClock
    runtime: Runtime
    anna: Actor
    bo: Actor
    karin: Actor

    def deploy(self, **files: bytes) -> None:
        """`name_bpmn=…` deploys the file `name.bpmn`."""
        self.runtime.deploy({name.replace("__", ".", 1): content for name, content in files.items()}, why="test")

    def open_tasks(self, instance_id: int | None = None) -> dict[str, int]:
        """Element id → task id of what is open."""
        query = select(task.c.element_id, task.c.id).where(task.c.status == "open")
        if instance_id is not None:
            query = query.where(task.c.instance_id == instance_id)
        with self.database.read() as connection:
            return {row.element_id: row.id for row in connection.execute(query.order_by(task.c.id.desc()))}

    def pass_time(self, **amount: float) -> None:
        """Move the clock, carrying out what falls due on the way at its own moment."""
        goal = self.clock.now() + timedelta(**amount)
        while (due := self.runtime.next_due()) is not None and due <= goal:
            self.clock.move_to(max(due, self.clock.now()))
            self.runtime.run_due()
        self.clock.move_to(goal)

    def reopened(self) -> Runtime:
        """A runtime as another process would open it on the same database, with empty caches."""
        parts = self.runtime.parts
        return Runtime(self.database, self.clock, Register(self.database), parts.toolkit, parts.services)


class Flaky:
    """A service that fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0

    def serve(self, request: Request) -> Effects:
        if self.failures > 0:
            self.failures -= 1
            raise RuntimeError("the archive does not answer")
        return Effects({"answer": f"{request.inputs.get('question', '')}!"})


@pytest.fixture(scope="session")
def toolkit() -> Iterator[Toolkit]:
    yield Toolkit()


@pytest.fixture
def flaky() -> Flaky:
    return Flaky()


@pytest.fixture
def house(database: Database, toolkit: Toolkit, flaky: Flaky) -> House:
    with database.write() as connection:
        connection.execute(insert(party).values(slug="norr", name="Norr", side="municipal", position=1))
        connection.execute(
            insert(body).values(slug="radet", name="Rådet", name_en="Council", level="officials", clause="R6.1", position=1)
        )
        for number, name in enumerate(("anna", "bo", "karin"), start=1):
            known = {"id": number, "username": name, "name": name.title(), "email": f"{name}@example.se", "party": "norr"}
            connection.execute(insert(person).values(known))
        since = date(2020, 1, 1)
        connection.execute(insert(appointment).values(person_id=1, body="radet", party="norr", function="ordforande", starts=since))
        connection.execute(insert(appointment).values(person_id=2, body="radet", party="norr", function="ledamot", starts=since))
        connection.execute(insert(appointment).values(person_id=3, party="norr", function="koordinator", starts=since))
    clock = SimulatedClock(START)
    services = Services((*SERVICES, Topic("flaky", "test", {}, {}, flaky.serve)))
    runtime = Runtime(database, clock, Register(database), toolkit, services)
    return House(database, clock, runtime, Actor(1, "Anna"), Actor(2, "Bo"), Actor(3, "Karin"))
