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
JOB = "due"


class Scheduler:
    """One APScheduler thread a process. Several processes may run one each: the rows' locks keep every errand single."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._next: datetime | None = None
        self._apscheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin; what fell due while nothing ran is carried out at once, each thing once."""
        trigger = IntervalTrigger(seconds=int(LONGEST_SLEEP.total_seconds()), timezone=UTC)
        self._apscheduler.add_job(
            self._run, trigger, id=JOB, max_instances=1, coalesce=True, misfire_grace_time=None, next_run_time=datetime.now(UTC)
        )
        self._runtime.parts.wake = self.wake
        self._apscheduler.start()

    def stop(self) -> None:
        """Finish what is under way, then rest."""
        self._apscheduler.shutdown(wait=True)

    def wake(self, moment: datetime) -> None:
        """Run at `moment` unless a run is planned before it. Called from any thread, after a commit."""
        with self._lock:
            if self._next is not None and self._next <= moment:
                return
            self._next = moment
        self._apscheduler.modify_job(JOB, next_run_time=max(moment, datetime.now(UTC)))

    def _run(self) -> None:
        with self._lock:
            self._next = None
        done = self._runtime.run_due()
        if done:
            log.info("carried out %s commands that were due", done)
        first = self._runtime.next_due()
        latest = datetime.now(UTC) + LONGEST_SLEEP
        self.wake(min(first, latest) if first is not None else latest)
