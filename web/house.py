"""Opens the house for real: the database and the parts of the engine on it."""

from __future__ import annotations

from engine.clock import Clock, SystemClock
from engine.register import Register
from engine.runtime import Runtime
from engine.store import Database
from engine.toolkit import Toolkit
from web.config import Settings
from web.context import Samverka


def open_house(settings: Settings, clock: Clock | None = None) -> Samverka:
    """The parts of the engine on the database of `settings`; the database must have been made (`samverka init`)."""
    clock = clock or SystemClock()
    database = Database(settings.database_url)
    register = Register(database)
    toolkit = Toolkit(clock)
    runtime = Runtime(database, clock, register, toolkit)
    return Samverka(database, runtime, register, clock, toolkit, settings.documents)
