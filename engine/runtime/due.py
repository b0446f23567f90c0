"""What falls due: timers and errands, carried out when their moment has come, each once, whoever else carries out the same."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Integer, and_, bindparam, literal_column, select, update

from engine.runtime import incidents
from engine.runtime.actor import SYSTEM
from engine.runtime.beginnings import begin_on_time
from engine.runtime.errands import Errands
from engine.runtime.errors import InstanceEnded
from engine.runtime.ledger import Entry
from engine.runtime.parts import Parts
from engine.store.database import is_away
from engine.store.prepared import Prepared
from engine.store.tables import Moment, errand, instance, start_timer

log = logging.getLogger("samverka.runtime")

# How many instances and errands one query asks for at most.
AT_A_TIME = 100
RETRY_START = timedelta(hours=1)

# One step through an index each: what is not due is not looked at, however much of it there is.
_TIMED = and_(instance.c.next_due.is_not(None), instance.c.status == "running")
FIRST_TIMER = Prepared(select(instance.c.next_due).where(_TIMED).order_by(instance.c.next_due).limit(literal_column("1")))
FIRST_ERRAND = Prepared(
    select(errand.c.due_at).where(errand.c.status == "due").order_by(errand.c.due_at).limit(literal_column("1"))
)
FIRST_START = Prepared(select(start_timer.c.due_at).order_by(start_timer.c.due_at).limit(literal_column("1")))
_NOW, _MOST = bindparam("now", type_=Moment), bindparam("most", type_=Integer)
LATE = Prepared(
    select(instance.c.id, instance.c.next_due)
    .where(_TIMED, instance.c.next_due <= _NOW)
    .order_by(instance.c.next_due, instance.c.id)
    .limit(_MOST)
)
READY = Prepared(
    select(errand.c.id, errand.c.due_at).where(errand.c.status == "due", errand.c.due_at <= _NOW).order_by(errand.c.id).limit(_MOST)
)
STARTS = Prepared(
    select(start_timer.c.id, start_timer.c.due_at)
    .where(start_timer.c.due_at <= _NOW)
    .order_by(start_timer.c.due_at, start_timer.c.id)
    .limit(_MOST)
)
DUE = {"errand": READY, "timer": LATE, "start": STARTS}


class Due:
    """Asks what is due and carries it out."""

    def __init__(self, parts: Parts, errands: Errands) -> None:
        self._parts = parts
        self._errands = errands
        self._carry_out: dict[str, Callable[[int], int]] = {"errand": self._carry, "timer": self.fire, "start": self._begin}

    def next_due(self) -> datetime | None:
        """The first moment at which something is due; None when nothing is."""
        with self._parts.database.read() as connection:
            moments = [FIRST_TIMER.value(connection), FIRST_ERRAND.value(connection), FIRST_START.value(connection)]
        return min((moment for moment in moments if moment is not None), default=None)

    def run(self) -> int:
        """Carry out everything that is due now, and what follows from it; returns how many commands that were.

        Comes back when nothing is due any more, or when all that is due is in other hands.
        """
        done, in_vain = 0, set[tuple[str, int, datetime]]()
        while fresh := [each for each in self._due(len(in_vain)) if each not in in_vain]:
            for each in fresh:
                kind, number, _ = each
                commands = self._carry_out[kind](number)
                done += commands
                if not commands:
                    in_vain.add(each)
        return done

    def _due(self, besides: int) -> list[tuple[str, int, datetime]]:
        """Errands and instances with timers that are due, each with its moment: so many that others than `besides` are among them,
        if there are any."""
        asked = {"now": self._parts.now(), "most": AT_A_TIME + besides}
        with self._parts.database.read() as connection:
            found = {kind: query.rows(connection, **asked) for kind, query in DUE.items()}
        return [(kind, *row) for kind, rows in found.items() for row in rows]

    def _carry(self, errand_id: int) -> int:
        outcome = self._errands.carry_out(errand_id)
        if outcome is None:
            return 0
        self._errands.carry_all(outcome.errands)
        return 1

    def _begin(self, timer_id: int) -> int:
        """Begin a process on time. One that cannot take its first steps is tried again in an hour, before its next round."""
        try:
            with self._parts.work(SYSTEM) as work:
                outcome = begin_on_time(self._parts, work, timer_id)
        except Exception as error:  # one process's fault must not keep every other deadline waiting
            if is_away(error):
                raise
            log.exception("start timer %s failed: %s", timer_id, error)
            with self._parts.work(SYSTEM) as work:
                later = update(start_timer).where(start_timer.c.id == timer_id).values(due_at=work.now + RETRY_START)
                work.connection.execute(later)
            return 0
        if outcome is None:
            return 0
        self._errands.carry_all(outcome.errands)
        return 1

    def fire(self, instance_id: int) -> bool:
        """Fire what is due in one instance; False when nothing is any more. What fails is laid before the coordinators.

        Raises:
            DBAPIError: the database is away; what is due stays due.
        """
        try:
            with self._parts.work(SYSTEM) as work:
                loaded = work.load(instance_id)
                if loaded.row.next_due is None or loaded.row.next_due > work.now:
                    return False  # somebody else was first, or a command has fired it on its way
                fired = loaded.kernel.fire_due()
                if loaded.row.troubled:
                    incidents.resolve_step(work.connection, instance_id, None, work.now)
                outcome = work.save(loaded, Entry("fired", data={"timers": fired}), last=True)
        except InstanceEnded:
            return False  # it ended between the query and the lock
        except Exception as error:  # one instance's fault must not keep every other instance's deadlines waiting
            if is_away(error):
                raise
            log.warning("what is due in instance %s failed", instance_id, exc_info=error)
            with self._parts.work(SYSTEM) as work:
                incidents.timer_failed(work.connection, instance_id, error, work.now)
            return True
        self._errands.carry_all(outcome.errands)
        return True
