"""Workers that wait hold no thread: a server with two threads, and more of them than that."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from engine.clock import SystemClock
from engine.register import Register
from engine.runtime import Runtime
from engine.runtime.actor import SYSTEM
from engine.store import Database
from engine.toolkit import Toolkit
from tests.web.rest.conftest import fill
from tests.web.rest.material import WEIGHING
from tests.web.rest.server import server
from tests.web.test_serving import SECONDS
from web.auth import tokens
from web.context import Samverka

WORKERS = 12


class Place:
    """A server, and calls to it."""

    def __init__(self, base: str, token: str) -> None:
        self._where = urlsplit(base).netloc
        self._signed = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, path: str, body: dict[str, Any] | None = None) -> HTTPConnection:
        connection = HTTPConnection(self._where, timeout=SECONDS)
        content = None if body is None else json.dumps(body)
        connection.request("GET" if body is None else "POST", f"/engine-rest{path}", content, self._signed)
        return connection

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return read(self.send(path, body))

    def wait(self, worker: str, milliseconds: int = 30_000) -> HTTPConnection:
        """A worker that asks for work and is not answered yet."""
        topics = [{"topicName": "scales", "lockDuration": 60_000}]
        return self.send(
            "/external-task/fetchAndLock",
            {"workerId": worker, "maxTasks": 1, "asyncResponseTimeout": milliseconds, "topics": topics},
        )


def read(connection: HTTPConnection) -> Any:
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200, content
    return json.loads(content)


@pytest.fixture
def runtime(database: Database, toolkit: Toolkit, secret: str) -> Runtime:
    with database.write() as connection:
        fill(connection, secret)
    runtime = Runtime(database, SystemClock(), Register(database), toolkit)
    runtime.deploy({"weighing.bpmn": WEIGHING}, why="test")
    return runtime


@pytest.fixture
def places(runtime: Runtime, database: Database, tmp_path: Path, toolkit: Toolkit) -> Iterator[tuple[Place, Place]]:
    """Two servers on one database."""
    house = Samverka(database, runtime, runtime.parts.register, SystemClock(), toolkit, tmp_path)
    _, token = tokens.make(house, 3, name="worker", rights=["work", "act"], valid_for=None)
    url = database.engine.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        first, second = (stack.enter_context(server(url, tmp_path)) for _ in range(2))
        yield Place(first, token), Place(second, token)


def test_many_wait_others_are_served_and_each_task_goes_to_one(places: tuple[Place, Place], runtime: Runtime) -> None:
    place, other = places
    waiting = [place.wait(f"w{number}") for number in range(WORKERS)]
    assert place.call("/version")["version"]  # with two threads, both of which would be taken
    numbers = [place.call("/process-definition/key/weighing/start", {})["id"] for _ in range(4)]  # by the server itself
    numbers += [other.call("/process-definition/key/weighing/start", {})["id"] for _ in range(4)]  # by another one
    numbers += [str(runtime.start("weighing", {}, actor=SYSTEM).instance_id) for _ in range(4)]  # by another process
    answers: list[list[dict[str, Any]]] = []
    threads = [threading.Thread(target=lambda one=one: answers.append(read(one))) for one in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(task["processInstanceId"] for (task,) in answers) == sorted(numbers)
    assert len({task["workerId"] for (task,) in answers}) == WORKERS


def test_who_waits_in_vain_is_answered_with_nothing(places: tuple[Place, Place]) -> None:
    assert read(places[0].wait("w1", milliseconds=300)) == []
    keeping = places[0].wait("w1", milliseconds=300)  # the connection goes on after that
    assert read(keeping) == []


def test_a_lock_that_expires_wakes_those_who_wait(places: tuple[Place, Place]) -> None:
    place = places[0]
    number = place.call("/process-definition/key/weighing/start", {})["id"]
    topics = [{"topicName": "scales", "lockDuration": 500}]
    (first,) = place.call("/external-task/fetchAndLock", {"workerId": "slow", "maxTasks": 1, "topics": topics})
    (again,) = read(place.wait("w2"))
    assert (again["id"], again["processInstanceId"], again["workerId"]) == (first["id"], number, "w2")


def test_a_worker_that_has_gone_takes_no_task_with_it(places: tuple[Place, Place]) -> None:
    place = places[0]
    gone = place.wait("gone")
    place.call("/version")
    gone.close()
    place.call("/version")
    waiting = place.wait("stays")
    place.call("/process-definition/key/weighing/start", {})
    (task,) = read(waiting)
    assert task["workerId"] == "stays"
