"""One run on one database: the load goes on, life after life; then all must drain, and everything must add up."""

from __future__ import annotations

import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.clock import SystemClock
from engine.register import Register
from engine.runtime import Runtime
from engine.store import Database
from engine.store.tables import errand, instance
from engine.toolkit import Toolkit
from tests.chaos.diagrams import FILES
from tests.chaos.load import Load
from tests.chaos.nursery import ANY_MOMENT, POINTS
from tests.chaos.postgresql import served
from tests.chaos.reckoning import counted, reckon
from tests.web.rest.conftest import fill
from web.auth import passwords, tokens
from web.context import Samverka

ROOT = Path(__file__).parents[2]
PASSWORD = "fem stilla fjordar"
PEOPLE = {"chair": 1, "clerk": 3, "worker": 3}
# Seconds after which a life whose point does not come is ended all the same; the longest of those that end at any moment.
LONGEST, LONGEST_OF_ANY = 3.0, 1.0
# The share of lives that end at any moment, startup included.
ANY = 0.3
# Seconds in which all must be over when nothing new begins, and in which a restarted database must be in use again.
DRAIN, RECOVER = 60.0, 60.0
# Answers between two restarts of the database.
BETWEEN_RESTARTS = 30

# The last line of a traceback.
RAISED = re.compile(r"^(?:\w+\.)*\w+(?:Error|Exception): .*", re.MULTILINE)

Restart = Callable[[], None]


@dataclass
class Result:
    """What a run came to. `faults` is empty when everything held; `recovered`: seconds until requests succeeded again after each
    restart of the database."""

    database: str
    lives: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    recovered: list[float] = field(default_factory=list)
    verified: int = 0
    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def say(line: str) -> None:
    print(line, flush=True)


def run_on(database: str, kills: int, restarts: int, seed: str, folder: Path) -> Result:
    """A whole run on "sqlite" or "postgresql"; the database and the servers' logs stay behind in `folder`."""
    folder.mkdir()
    if database == "sqlite":
        return Run(f"sqlite:///{folder}/samverka.db", folder, f"{seed} sqlite").play(kills)
    with served(folder / "postgresql") as server:
        return Run(server.url, folder, f"{seed} postgresql", server.restart).play(kills, restarts)


def deaths(seed: str, kills: int) -> list[tuple[str | None, int, float]]:
    """Where the lives end: a point, how often it is passed before, and after how many seconds at the latest."""
    chance = random.Random(f"{seed} deaths")  # noqa: S311
    found: list[tuple[str | None, int, float]] = []
    for _ in range(kills):
        if chance.random() < ANY:
            found.append((None, 0, chance.uniform(0.02, LONGEST_OF_ANY)))
        else:
            point = chance.choice(list(POINTS))
            found.append((point, chance.randint(1, POINTS[point]), LONGEST))
    return found


class Run:
    """The parts of one run. `restart` restarts the database's server, where it has one."""

    def __init__(self, url: str, folder: Path, seed: str, restart: Restart | None = None) -> None:
        self._folder, self._restart = folder, restart
        self._seed, self._url = seed, url
        self.database = Database(url)
        self.database.migrate()
        register, clock, toolkit = Register(self.database), SystemClock(), Toolkit()
        self._runtime = Runtime(self.database, clock, register, toolkit)
        with self.database.write() as connection:
            fill(connection, passwords.hashed(PASSWORD))
        self._runtime.deploy(FILES, why="chaos")
        house = Samverka(self.database, self._runtime, register, clock, toolkit, folder)
        signed = {
            who: tokens.make(house, person, name=who, rights=("act", "work"), valid_for=None)[1] for who, person in PEOPLE.items()
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._secret = secrets.token_urlsafe(48)
        self._load = Load(self._port, signed, PASSWORD, seed)
        self._since = datetime.now(UTC)
        self._told: set[str] = set()
        self.result = Result(self.database.dialect)

    def play(self, kills: int, restarts: int = 0) -> Result:
        """All lives and the reckoning."""
        began, result = time.monotonic(), self.result
        restart_before = {(number + 1) * kills // (restarts + 1) for number in range(restarts)}
        with self._nursery() as nursery:
            self._calm(nursery, self._load.start)
            try:
                for number, death in enumerate(deaths(self._seed, kills), start=1):
                    if number in restart_before:
                        self._calm(nursery, self._restart_under_load)
                    self._die(nursery, *death)
                    if number % 50 == 0 or number == kills:
                        self._progress(number, kills, began)
                self._load.more = False
                self._calm(nursery, self._drain)
            finally:
                self._load.end()
        self._settle()
        result.seconds = time.monotonic() - began
        return result

    def _progress(self, number: int, kills: int, began: float) -> None:
        faults = len(self.result.faults) + len(self._load.troubles.found)
        say(
            f"{self.result.database}: {number} of {kills} kills, {self._load.ledger.answers} answers, "
            f"{self.result.verified} instances verified, {faults} faults, {time.monotonic() - began:.0f} s"
        )

    # --- Lives ---

    @contextmanager
    def _nursery(self) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "tests.chaos.nursery"]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
            _heard(nursery)
            yield nursery
            assert nursery.stdin is not None
            nursery.stdin.close()

    def _begin(self, nursery: subprocess.Popen[str], point: str | None, count: int, after: float, log: str) -> int:
        life = {
            "point": point, "count": count, "after": after, "database": self._url, "port": self._port, "secret": self._secret,
            "folder": str(self._folder), "log": str(self._folder / log),
        }  # fmt: skip
        assert nursery.stdin is not None
        nursery.stdin.write(json.dumps(life) + "\n")
        nursery.stdin.flush()
        self.result.lives += 1
        return int(_heard(nursery)["child"])

    def _die(self, nursery: subprocess.Popen[str], point: str | None, count: int, after: float) -> None:
        """A life that ends by its death, and what it leaves behind verified."""
        self._begin(nursery, point, count, after, "server.log")
        ended = _heard(nursery)
        if ended["ended"] != -signal.SIGKILL:
            self.result.faults.append(f"a server ended by itself with {ended['ended']}")
        self.result.kills[point if point and ended["at_point"] else ANY_MOMENT] += 1
        self._verify()

    def _calm(self, nursery: subprocess.Popen[str], act: Callable[[], None]) -> None:
        """A life that is not killed while `act` goes on; then it is asked to stop, and must."""
        child = self._begin(nursery, None, 0, 3600.0, "restarts.log" if act == self._restart_under_load else "server.log")
        self._wait_until_up()
        try:
            act()
        finally:
            os.kill(child, signal.SIGTERM)
            if (ended := _heard(nursery)["ended"]) != 0:
                self.result.faults.append(f"a server that was asked to stop ended with {ended}")

    def _wait_until_up(self) -> None:
        until = time.monotonic() + RECOVER
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                self._load.stop.wait(0.02)

    def _restart_under_load(self) -> None:
        """The database goes away at once, as if its machine had lost its power, and comes back."""
        assert self._restart is not None
        excused = len(self._load.troubles.broken)
        self._await_answers(BETWEEN_RESTARTS)
        self._restart()
        self.result.restarts += 1
        self.result.recovered.append(self._await_answers(1))
        self._await_answers(BETWEEN_RESTARTS)
        del self._load.troubles.broken[excused:]
        self._verify()

    def _await_answers(self, count: int) -> float:
        """Until the clients have had `count` further answers; the seconds that it took."""
        began, wanted = time.monotonic(), self._load.ledger.answers + count
        while self._load.ledger.answers < wanted:
            if time.monotonic() > began + RECOVER:
                self.result.faults.append(f"the clients had no {count} answers in {RECOVER:.0f} s")
                break
            self._load.stop.wait(0.01)
        return time.monotonic() - began

    def _drain(self) -> None:
        until = time.monotonic() + DRAIN
        while self._load.under_way and not self._load.is_broken and time.monotonic() < until:
            self._load.stop.wait(0.05)
        for story in [story for mine in self._load.stories.values() for story in mine]:
            self.result.faults.append(f"{story.process} {story.key} did not come to its end in {DRAIN:.0f} s")
        while self._goes_on() and not self._load.is_broken and time.monotonic() < until:
            self._load.stop.wait(0.05)

    def _goes_on(self) -> bool:
        running = select(instance.c.id).where(instance.c.status == "running").union_all(select(errand.c.id)).limit(1)
        with self.database.read() as connection:
            return connection.execute(running).first() is not None

    # --- Reckoning ---

    def _verify(self) -> None:
        """The instances that were touched since the last time: their chains hold, and their states follow from them."""
        began = datetime.now(UTC)
        touched = select(instance.c.id).where(instance.c.changed_at >= self._since - timedelta(seconds=1))
        with self.database.read() as connection:
            numbers = list(connection.execute(touched).scalars())
        for number in numbers:
            self._fault(str(fault) for fault in self._runtime.verify(number, replay=True).faults)
        self.result.verified += len(numbers)
        self._since = began

    def _fault(self, found: Iterator[str]) -> None:
        """Each is told once, however often it is seen."""
        for fault in found:
            if fault not in self._told:
                self._told.add(fault)
                self.result.faults.append(fault)

    def _settle(self) -> None:
        """Everything once more, as the one who runs the service would: the command verifies; then the reckoning."""
        result, troubles = self.result, self._load.troubles
        environment = {
            **os.environ, "SAMVERKA_DATABASE_URL": self._url, "SAMVERKA_DATA": str(self._folder),
            "SAMVERKA_SECRET_KEY": self._secret,
        }  # fmt: skip
        command = [sys.executable, "-m", "web", "verify", "--replay"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            result.faults.append(f"samverka verify --replay: {done.stdout} {done.stderr}")
        result.faults += troubles.found
        result.faults += [f"an answer: {each}" for each in troubles.broken]
        log = (self._folder / "server.log").read_text()
        result.faults += [f"in the server's log: {each}" for each in RAISED.findall(log)]
        result.faults += reckon(self.database, self._load.ledger)
        result.figures = counted(self.database)
        self.database.close()


def _heard(nursery: subprocess.Popen[str]) -> dict[str, Any]:
    assert nursery.stdout is not None
    line = nursery.stdout.readline()
    if not line:
        raise RuntimeError("the nursery is gone")
    found: dict[str, Any] = json.loads(line)
    return found
