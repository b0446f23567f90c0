"""What every command needs, gathered once, and how a command begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.clock import Clock, civil_date
from engine.register import Register
from engine.runtime.actor import Actor
from engine.runtime.definitions import Definitions
from engine.runtime.work import Work
from engine.services import Services
from engine.store import Database
from engine.toolkit import Toolkit


def _nobody(_: datetime) -> None:
    """Nobody waits to be woken."""


def _no_worker(_: Set[str]) -> None:
    """No worker waits for anything."""


@dataclass(slots=True)
class Parts:
    """The runtime's surroundings. `wake` is told, after a commit, the first moment at which what it wrote is due; `offer` the
    topics under which it has laid out work for workers."""

    database: Database
    clock: Clock
    register: Register
    services: Services
    toolkit: Toolkit
    definitions: Definitions
    wake: Callable[[datetime], None] = field(default=_nobody)
    offer: Callable[[Set[str]], None] = field(default=_no_worker)

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        """One transaction of `actor`, at one moment; committed at the end, rolled back by any exception."""
        with self.database.write() as connection:
            # Only now: on SQLite the transaction may have waited for others, whose moments lie before this one's.
            moment, numbers = self.clock.now(), self.database.numbers
            work = Work(connection, self.definitions, self.toolkit, actor, moment, self.services, numbers)
            yield work
        if work.offered:
            self.offer(work.offered)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return civil_date(self.clock.now())
