"""Runs the site and the worker until they are told to stop."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from types import FrameType

from engine.jobs import Scheduler
from engine.store.external import count_fetchable
from engine.store.migrate import current_revision, newest_revision
from web.app import create_app
from web.config import Settings
from web.context import Samverka
from web.house import open_house
from web.parking import MOST, WaitingRoom, give_room

Say = Callable[[str], None]


def ready_house(settings: Settings) -> Samverka:
    """The house on a database of this version; stops the process with a word of advice when it is of another."""
    house = open_house(settings)
    if current_revision(house.database.engine) != newest_revision():
        sys.exit("The database is missing or older than this version. Run: samverka init")
    return house


def serve_site(settings: Settings, *, host: str, port: int, threads: int, worker: bool, say: Say) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    import waitress

    house = ready_house(settings)
    app = create_app(house=house, settings=settings)
    server = waitress.create_server(
        app, host=host, port=port, threads=threads, ident="samverka", channel_timeout=60, max_request_body_size=64 * 1024 * 1024,
        connection_limit=MOST + 500, asyncore_use_poll=True,
        channel_request_lookahead=1,  # a connection is read while its request waits, so that one that was given up is noticed
    )  # fmt: skip
    room = open_room(house)
    give_room(server, room)
    _on_signal(_stop)
    scheduler = Scheduler(house.runtime) if worker else None
    if scheduler:
        scheduler.start()
    settle()
    say(f"Samverka is at http://{host}:{port} – stop it with Ctrl+C")
    try:
        server.run()
    finally:
        room.close()
        server.close()
        if scheduler:
            scheduler.stop()
        house.database.close()


def settle() -> None:
    """What is there now lives as long as the process: the garbage collector need not go through it again and again.

    Requests leave little behind that refers to itself: looking for it more seldom than is usual saves a sixth of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def open_room(house: Samverka) -> WaitingRoom:
    """Where workers wait for what service tasks lay out; told at once of what this process lays out."""

    def count(topics: Collection[str]) -> Mapping[str, int]:
        with house.database.read() as connection:
            return count_fetchable(connection, topics, house.clock.now())

    room = WaitingRoom(count)
    house.runtime.parts.offer = room.tell
    room.open()
    return room


def work_until_stopped(settings: Settings, *, say: Say) -> None:
    """Carry out what falls due until SIGINT or SIGTERM."""
    house = ready_house(settings)
    stopped = threading.Event()
    _on_signal(lambda *_: stopped.set())
    scheduler = Scheduler(house.runtime)
    scheduler.start()
    settle()
    say("The worker carries out what falls due – stop it with Ctrl+C")
    stopped.wait()
    scheduler.stop()
    house.database.close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _on_signal(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)
