"""The server as a process of its own: it starts, carries out what fell due, ends on SIGTERM with the request under way answered."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60
# The product as it is, with one more page: it says on stdout that it has begun, and ends when it reads a line from stdin.
SERVER = """
import sys, threading
from web.app import create_app
from web import serving
from web.auth.access import access
from web.config import Settings

def with_a_slow_page(**parts):
    app = create_app(**parts)
    def slow():
        print("under way", flush=True)
        sys.stdin.readline()
        return "answered"
    app.add_url_rule("/slow", "slow", access("anyone")(slow))
    return app

serving.create_app = with_a_slow_page
serving.serve_site(Settings.from_environment(), host="127.0.0.1", port=int(sys.argv[1]), threads=2, worker=True,
                   say=lambda text: print(text, flush=True))
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    database = f"sqlite:///{tmp_path / 'samverka.db'}"
    found = {**os.environ, "SAMVERKA_DATABASE_URL": database, "SAMVERKA_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    samverka(found, "init", check=True)
    return found


def samverka(environment: dict[str, str], *words: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=check)


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[list[tuple[subprocess.Popen[str], int]]]:
    """Two servers on one database."""
    found = []
    for _ in range(2):
        port = free_port()
        command = [sys.executable, "-c", SERVER, str(port)]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert server.stdout is not None
        assert "Samverka is at" in server.stdout.readline()
        found.append((server, port))
    yield found
    for server, _ in found:
        if server.poll() is None:
            server.kill()
        server.communicate(timeout=SECONDS)


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", path)
    answer = connection.getresponse()
    try:
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_a_request_under_way_is_answered_before_the_server_ends(served: list[tuple[subprocess.Popen[str], int]]) -> None:
    (server, port), (other, other_port) = served
    assert get(port, "/sign-in")[0] == get(other_port, "/sign-in")[0] == 200  # two on one SQLite file
    answers: list[tuple[int, str]] = []
    asking = threading.Thread(target=lambda: answers.append(get(port, "/slow")))
    asking.start()
    assert server.stdout is not None and server.stdin is not None
    assert server.stdout.readline() == "under way\n"
    server.send_signal(signal.SIGTERM)
    server.stdin.write("\n")
    server.stdin.flush()
    asking.join(SECONDS)
    assert answers == [(200, "answered")]
    other.send_signal(signal.SIGINT)
    for process in (server, other):
        _, told = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, told
        assert "Traceback" not in told


def test_an_older_database_is_told_of_not_served(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "samverka.db").unlink()
    answer = samverka(environment, "serve", "--port", str(free_port()))
    assert answer.returncode == 1
    assert "samverka init" in answer.stderr and "Traceback" not in answer.stderr


def test_the_commands_say_how_it_stands(environment: dict[str, str]) -> None:
    again = samverka(environment, "init")
    assert again.returncode == 0 and "as they were" in again.stdout
    verified = samverka(environment, "verify", "--replay")
    assert (verified.returncode, verified.stdout) == (0, "0 instances, 0 rows of history, 0 faults\n")
    examined = samverka(environment, "doctor")
    assert "tables: revision" in examined.stdout and "Traceback" not in examined.stderr
    refused = samverka(environment, "user", "deactivate", "nobody.at.all")
    assert refused.returncode == 1 and refused.stderr.startswith("Error:") and "Traceback" not in refused.stderr
    wrong = samverka({**environment, "SAMVERKA_DATABASE_URL": "mysql://x/y"}, "verify")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr, wrong.stderr[-500:]
