"""The same process through HTTP: a real server process, and a browser's requests: sign in, start, list, form, submit."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from engine.store import Database
from engine.store.accounts import save_account
from tests.bench.diagrams import KEY, process
from tests.bench.ours import open_runtime
from web.auth.passwords import hashed

PASSWORD = "sju gula älgar"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_SUBMISSION = re.compile(r'name="desk-submission" value="([^"]+)"')
_TASK = re.compile(r'href="/tasks/(\d+)"')


@dataclass
class Browser:
    """Keeps cookies and one connection, as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, 200)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form; where it leads to."""
        return self._ask("POST", path, urlencode(fields), 303)

    def sign_in(self, username: str) -> None:
        token = _found(_TOKEN, self.get("/sign-in"))
        self._ask("POST", "/sign-in", urlencode({"csrf_token": token, "username": username, "password": PASSWORD}), 302)

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}, not {expected}")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.headers["Location"] if expected >= 300 else text


@dataclass
class Site:
    """A served site and somebody who is signed in; `submits` are the seconds of the submits that completed tasks."""

    browser: Browser
    submits: list[float] = field(default_factory=list)

    def one(self) -> None:
        """Fetch the start page and start an instance, look at the list, open the task's form, submit it."""
        page = self.browser.get(f"/start/{KEY}")
        self.browser.post(f"/start/{KEY}", self._form(page))
        listed = self.browser.get("/tasks/")
        path = f"/tasks/{_found(_TASK, listed)}"
        form = self.browser.get(path)
        began = time.perf_counter()
        self.browser.post(path, self._form(form) | {"desk-do": "complete"})
        self.submits.append(time.perf_counter() - began)

    def _form(self, page: str) -> dict[str, str]:
        return {"csrf_token": _found(_TOKEN, page), "desk-submission": _found(_SUBMISSION, page)}


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise RuntimeError(f"there is no {pattern.pattern} on the page")
    return match[1]


@contextmanager
def served(url: str, folder: Path) -> Iterator[Site]:
    """The site on a new database at `url`, in a process of its own (waitress, one worker), with somebody signed in."""
    database = Database(url)
    runtime, _ = open_runtime(database)
    started = process(attributes='camunda:candidateStarterGroups="radet:ordforande"')
    runtime.deploy({f"{KEY}.bpmn": started}, why="bench")
    with database.write() as connection:
        save_account(connection, 1, hashed(PASSWORD))
    database.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"SAMVERKA_DATABASE_URL": url, "SAMVERKA_DATA": str(folder / "data"), "SAMVERKA_SECRET_KEY": "bench" * 10}
    command = [sys.executable, "-m", "web", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            browser = Browser(port)
            browser.sign_in("anna")
            yield Site(browser)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")
