"""Requests that wait without a thread: a worker that asks for work when there is none is answered when there is, or when its time
is up.

A view that has nothing to answer yet raises `Parked`. The request then stays on its connection, which waitress keeps open, and the
thread is free; when something may be there the request is carried out again from its beginning. Built on waitress's own classes of
connection and task (its version is bounded in pyproject.toml; tests hold what is relied on here).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

log = logging.getLogger("samverka.parking")

KEY = "samverka.place"
"""Where the WSGI environment holds the `Place`; absent under a server that cannot park."""
MOST = 500
"""Requests that wait at once; one more is answered early. Each costs a connection and nothing else."""
LOOK_EVERY = 1.0
"""Seconds between two looks while anybody waits: other processes lay out work too, and locks expire. One query for all who wait."""

Count = Callable[[Collection[str]], Mapping[str, int]]


class Parked(BaseException):
    """Not an error, and nobody's to catch: the request waits for work under `topics` until `until` (time.monotonic)."""

    def __init__(self, topics: frozenset[str], until: float) -> None:
        super().__init__()
        self.topics = topics
        self.until = until


@dataclass(frozen=True, slots=True)
class Place:
    """What a view is told: until when the request may wait, if it has waited before, and whether there is room."""

    until: float | None
    is_room: bool

    def wait(self, topics: Collection[str], seconds: float) -> None:
        """Leave the request until there may be work; returns when it may not wait (any longer): answer now.

        Raises:
            Parked: it waits.
        """
        until = self.until if self.until is not None else time.monotonic() + seconds
        if self.is_room and until > time.monotonic():
            raise Parked(frozenset(topics), until)


@dataclass(slots=True)
class _Waiting:
    """A request in the room. `looked`: when it was last carried out; the one that has waited longest since comes first."""

    channel: ParkingChannel
    topics: frozenset[str]
    until: float
    looked: float = field(default_factory=time.monotonic)


class WaitingRoom:
    """Those who wait, and the thread that calls them."""

    def __init__(self, count: Count, *, most: int = MOST, look_every: float = LOOK_EVERY) -> None:
        self._count = count
        self._most = most
        self._look_every = look_every
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._told = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="waiting-room", daemon=True)

    def __len__(self) -> int:
        with self._changed:
            return len(self._waiting)

    @property
    def is_room(self) -> bool:
        return not self._stopped and len(self) < self._most

    def open(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Answer all who wait, and take in nobody more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def tell(self, topics: Set[str]) -> None:
        """Work has been laid out, or a lock given up, under `topics`. Called from any thread, after a commit."""
        with self._changed:
            if any(topics & waiting.topics for waiting in self._waiting):
                self._told = True
                self._changed.notify_all()

    def park(self, channel: ParkingChannel, parked: Parked) -> None:
        """Take a request in. One that has just come is looked at once more: work may have come between its look and now."""
        with self._changed:
            self._waiting.append(_Waiting(channel, parked.topics, parked.until))
            if channel.until is None:
                self._told = True
            channel.until = parked.until
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._rest()
                if self._stopped:
                    called, self._waiting = self._waiting, []
                else:
                    called = self._take(lambda waiting: waiting.until <= time.monotonic() or not waiting.channel.connected)
                self._told = False
                topics = {topic for waiting in self._waiting for topic in waiting.topics}
            called += self._take_for(self._look(topics))
            for waiting in called:
                waiting.channel.resume()
            if self._stopped:
                return

    def _rest(self) -> None:
        """Until somebody comes, is told something, or runs out of time. The lock is held."""
        while not self._stopped and not self._told:
            if not self._waiting:
                self._changed.wait()
                continue
            first = min(waiting.until for waiting in self._waiting)
            self._changed.wait(max(0.0, min(self._look_every, first - time.monotonic())))
            return

    def _look(self, topics: set[str]) -> dict[str, int]:
        if not topics:
            return {}
        try:
            return dict(self._count(topics))
        except Exception:  # the database may be away for a moment: those who wait go on waiting, and it is looked again
            log.exception("could not look for work")
            return {}

    def _take_for(self, available: dict[str, int]) -> list[_Waiting]:
        """As many of those who wait as there is work for."""

        def wanted(waiting: _Waiting) -> bool:
            topic = next((topic for topic in waiting.topics if available.get(topic, 0) > 0), None)
            if topic is not None:
                available[topic] -= 1
            return topic is not None

        with self._changed:
            return self._take(wanted) if available else []

    def _take(self, wanted: Callable[[_Waiting], bool]) -> list[_Waiting]:
        """Those `wanted`, who have waited longest first; they leave the room. The lock is held."""
        self._waiting.sort(key=lambda waiting: waiting.looked)
        taken = [waiting for waiting in self._waiting if wanted(waiting)]
        gone = {id(waiting) for waiting in taken}
        self._waiting = [waiting for waiting in self._waiting if id(waiting) not in gone]
        return taken


class ParkingTask(WSGITask):
    """A request that tells its view whether it may wait. Its body is read from the beginning each time."""

    def get_environment(self) -> dict[str, Any]:
        environ = super().get_environment()
        environ["wsgi.input"].seek(0)
        channel: ParkingChannel = self.channel
        environ[KEY] = Place(channel.until, channel.room.is_room)
        return environ


class ParkingChannel(HTTPChannel):
    """A connection whose request may be left unanswered for a while."""

    task_class = ParkingTask

    def __init__(self, room: WaitingRoom, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self.room = room
        self.until: float | None = None
        super().__init__(server, sock, addr, adj, map=map)

    def service(self) -> None:
        """Carry out the first request. A parked one passes through waitress untouched and stays the first."""
        try:
            super().service()
        except Parked as parked:
            self.room.park(self, parked)
        else:
            self.until = None

    def resume(self) -> None:
        """Carry the request out again, in a thread of the server's."""
        self.server.add_task(self)


def give_room(server: Any, room: WaitingRoom) -> None:
    """Let every connection of `server` park its requests in `room` (a host name may stand for several addresses)."""
    servers = [each for each in getattr(server, "map", {}).values() if hasattr(each, "channel_class")] or [server]
    for each in servers:
        each.channel_class = partial(ParkingChannel, room)
