"""APScheduler: due timers, errands between instances, retries and housekeeping.

Sleeps until the first due moment; rows are the truth, so a lost or doubled wake-up changes nothing.
"""

from engine.jobs.scheduler import Scheduler

__all__ = ["Scheduler"]
