"""Where lives of the server begin: one process that has everything loaded, and forks; each child is the product's own server.

Run as a child process of a chaos run. It reads a life a line as JSON, says when the child has been forked, and how it ended.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, event

import web.house
from engine.runtime import Runtime
from engine.runtime.runtime import Done
from engine.runtime.work import Outcome
from engine.store import Database
from web import serving
from web.app import create_app
from web.config import Settings

STATEMENT, BEFORE_COMMIT, AFTER_COMMIT = "before a statement", "before a commit", "after a commit"
FOLLOWS, ANSWER = "before what follows", "before the answer"
BEFORE_ERRAND, AFTER_ERRAND = "scheduler: before an errand", "scheduler: after an errand"
BEFORE_TIMER, AFTER_TIMER = "scheduler: before a timer", "scheduler: after a timer"
ANY_MOMENT = "at any moment"
# How far into a life each kind of point may lie: so many passes at the most.
POINTS = {
    STATEMENT: 60, BEFORE_COMMIT: 8, AFTER_COMMIT: 8, FOLLOWS: 5, ANSWER: 6, BEFORE_ERRAND: 2, AFTER_ERRAND: 2,
    BEFORE_TIMER: 2, AFTER_TIMER: 2,
}  # fmt: skip


class Death:
    """Kills the process the `count`-th time that `point` is passed, and says so on `tell` first."""

    def __init__(self, point: str | None, count: int, tell: int) -> None:
        self._point, self._count, self._tell = point, count, tell
        self._lock = threading.Lock()

    def passes(self, point: str) -> None:
        if point != self._point:
            return
        with self._lock:
            self._count -= 1
            if self._count > 0:
                return
            os.write(self._tell, b"!")
            os.kill(os.getpid(), signal.SIGKILL)


def mortal_database(death: Death) -> type[Database]:
    """A database whose every command passes the points of death."""

    class MortalDatabase(Database):
        def __init__(self, url: str) -> None:
            super().__init__(url)
            event.listen(self.engine, "before_cursor_execute", self._statement)

        def _statement(self, connection: Connection, *_: Any) -> None:
            if connection.get_execution_options().get("samverka_write"):
                death.passes(STATEMENT)

        @contextmanager
        def write(self) -> Iterator[Connection]:
            with super().write() as connection:
                yield connection
                death.passes(BEFORE_COMMIT)
            death.passes(AFTER_COMMIT)

    return MortalDatabase


def mortal_runtime(death: Death) -> type[Runtime]:
    """A runtime that passes the points of death beside its commits: before what follows, and around what the scheduler does."""

    class MortalRuntime(Runtime):
        def __init__(self, *parts: Any) -> None:
            super().__init__(*parts)
            carry_out = self._due._carry_out
            carry_out["errand"] = _between(carry_out["errand"], BEFORE_ERRAND, AFTER_ERRAND)
            for kind in ("timer", "start"):
                carry_out[kind] = _between(carry_out[kind], BEFORE_TIMER, AFTER_TIMER)

        def follow(self, outcome: Outcome) -> Done:
            death.passes(FOLLOWS)
            return super().follow(outcome)

    def _between(act: Callable[[int], int], before: str, after: str) -> Callable[[int], int]:
        def acting(number: int) -> int:
            death.passes(before)
            done = act(number)
            if done:
                death.passes(after)
            return done

        return acting

    return MortalRuntime


def live(life: dict[str, Any], tell: int) -> None:
    """One life: the product's server, until it is killed or told to stop."""
    death = Death(life["point"], life["count"], tell)

    def mortal_app(**parts: Any) -> Flask:
        app = create_app(**parts)

        @app.after_request
        def _answer(response: Response) -> Response:
            if request.method == "POST":
                death.passes(ANSWER)
            return response

        return app

    web.house.Database = mortal_database(death)  # type: ignore[misc]
    web.house.Runtime = mortal_runtime(death)  # type: ignore[misc]
    serving.create_app = mortal_app  # type: ignore[assignment]
    settings = Settings(database_url=life["database"], secret_key=life["secret"], data=Path(life["folder"]))
    serving.serve_site(settings, host="127.0.0.1", port=life["port"], threads=4, worker=True, say=lambda _: None)


def warm() -> None:
    """Load all that a life needs. What opens a database or starts a thread is the life's own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/warm.db", secret_key="w" * 32, data=Path(folder))
        house = web.house.open_house(settings)
        create_app(house=house, settings=settings)
        house.database.close()


def say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def outlive(life: dict[str, Any]) -> None:
    """Fork a life, see it end, kill it when its time is up."""
    told, tell = os.pipe()
    with Path(life["log"]).open("ab") as log:
        child = os.fork()
        if child == 0:
            os.close(told)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            status = 1
            try:
                live(life, tell)
                status = 0
            except SystemExit as left:
                status = left.code if isinstance(left.code, int) else 1
                if isinstance(left.code, str):
                    print(left.code, file=sys.stderr)
            except BaseException:  # noqa: BLE001 -- told, and answered for by the exit status
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(status)
    os.close(tell)
    say(child=child)
    ending = os.pidfd_open(child)
    if not select.select([ending], [], [], life["after"])[0]:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    at_point = bool(os.read(told, 1))
    os.close(told)
    os.close(ending)
    say(ended=os.waitstatus_to_exitcode(status), at_point=at_point)


def main() -> None:
    warm()
    assert threading.active_count() == 1, threading.enumerate()  # a fork takes one thread along
    say(ready=True)
    for line in sys.stdin:
        outlive(json.loads(line))


if __name__ == "__main__":
    main()
