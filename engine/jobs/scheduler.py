"""Wakes the runtime when something is due."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.runtime import Runtime

log = logging.getLogger("samverka.jobs")

# The longest sleep: another process on the same database may have written something due earlier, and tells nobody.
LONGEST_SLEEP = timedelta(seconds=60)
# How soon to look again when something is due that cannot be carried out now: it is in another process's hands, or the run failed.
LOOK_AGAIN = timedelta(seconds=5)
JOB = "due"


class Scheduler:
    """One APScheduler thread a process. Several processes may run one each: the rows' locks keep every errand single."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._running = False
        self._stopped = True
        self._next: datetime | None = None  # the planned run; while one is under way, the first moment that it was told of
        self._apscheduler = BackgroundScheduler(timezone=UTC)
        # Every wake-up is a line of APScheduler's at INFO, every minute of the year; what was carried out is told by `log`.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def start(self) -> None:
        """Begin; what fell due while nothing ran is carried out at once, each thing once."""
        trigger = IntervalTrigger(seconds=int(LONGEST_SLEEP.total_seconds()), timezone=UTC)
        # Two instances: the next run may be planned while APScheduler has not yet heard that the last one is over.
        # `_run` itself sees to it that only one does the work.
        self._apscheduler.add_job(
            self._run, trigger, id=JOB, max_instances=2, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC)
        )
        self._stopped = False
        self._runtime.parts.wake = self.wake
        self._apscheduler.start()

    def stop(self) -> None:
        """Finish what is under way, then rest. Commands that are still given leave what follows from them to the next start."""
        with self._lock:
            self._stopped = True
        self._apscheduler.shutdown(wait=True)

    def wake(self, moment: datetime) -> None:
        """Run at `moment` unless a run is planned before it. Called from any thread, after a commit, also from inside a run."""
        with self._lock:
            if self._next is not None and self._next <= moment:
                return
            self._next = moment
            if not self._running:
                self._plan(moment)

    def _plan(self, moment: datetime) -> None:
        """The lock is held."""
        if not self._stopped:
            self._apscheduler.modify_job(JOB, next_run_time=max(moment, datetime.now(UTC)))

    def _run(self) -> None:
        with self._lock:
            if self._running:
                return
            self._running, self._next = True, None
        soonest = datetime.now(UTC) + LOOK_AGAIN
        try:
            soonest = self._carry_out()
        except Exception:  # the rows are the truth and stand: look again soon, whatever it was
            log.exception("what is due could not be carried out; it is tried again in %s seconds", LOOK_AGAIN.seconds)
        finally:
            with self._lock:
                self._running = False
                self._next = soonest if self._next is None else min(self._next, soonest)
                self._plan(self._next)

    def _carry_out(self) -> datetime:
        """Carry out what is due; returns when to run next."""
        done = self._runtime.run_due()
        if done:
            log.info("carried out %s commands that were due", done)
        with self._lock:
            self._next = None  # what the run itself told of is in the database now, and read from there
        now = datetime.now(UTC)
        first = self._runtime.next_due()
        if first is None:
            return now + LONGEST_SLEEP
        if first <= now and not done:
            return now + LOOK_AGAIN
        return min(first, now + LONGEST_SLEEP)
