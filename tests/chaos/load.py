"""Clients and workers that go on whatever happens to the server."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.chaos.diagrams import CLIENTS
from tests.chaos.ledger import Ledger
from tests.chaos.site import Away, Refused, Site, Stopped, Troubles
from tests.chaos.stories import KINDS, Flock, Story

# Stories that one client has under way.
UNDER_WAY = 5
# Seconds that a client rests when all its stories wait.
BREATH = 0.02
WORKERS = 2
# Milliseconds of a worker's lock: short, so that a lock whose worker never answers expires within the run.
LOCK = 1_200
# What becomes of a worker's tasks, and how often: done; tried again; no tries left; an error of the diagram's; never answered.
FATES = {"does": 55, "sticks": 12, "breaks": 6, "errs": 15, "gone": 12}


class Load:
    """Everything that calls the server. `more` says whether new stories begin, `is_broken` that a client has come to grief."""

    def __init__(self, port: int, tokens: Mapping[str, str], password: str, seed: str) -> None:
        self.ledger, self.troubles = Ledger(), Troubles()
        self.more, self.is_broken = True, False
        self.stop = threading.Event()
        self.stories: dict[int, list[Story]] = {number: [] for number in range(CLIENTS)}
        self._port, self._tokens, self._password, self._seed = port, tokens, password, seed
        self._sites = [self._site() for _ in range(CLIENTS + WORKERS)]
        self._held: dict[int, float] = {}  # external tasks that a worker has locked, until when
        self._threads = [threading.Thread(target=self._guarded, args=(self._client, number)) for number in range(CLIENTS)]
        self._threads += [threading.Thread(target=self._guarded, args=(self._worker, number)) for number in range(WORKERS)]

    def start(self) -> None:
        """Begin. The server is up: people sign in."""
        for site in self._sites[:CLIENTS]:
            site.sign_in("anna.ek", self._password)
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        for site in self._sites:
            site.close()

    @property
    def under_way(self) -> int:
        return sum(map(len, self.stories.values()))

    def _guarded(self, act: Any, number: int) -> None:
        try:
            act(number)
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 -- a client that breaks is a fault of the run, not a silent end of its load
            sys.excepthook(type(error), error, error.__traceback__)
            self.troubles.found.append(f"{act.__name__} {number} broke: {error!r}")
            self.is_broken = True

    def _site(self) -> Site:
        return Site(self._port, self._tokens, self.troubles, self.stop)

    # --- Clients ---

    def _client(self, number: int) -> None:
        chance = random.Random(f"{self._seed} client {number}")  # noqa: S311
        site, mine, begun = self._sites[number], self.stories[number], 0
        while not self.stop.is_set():
            while self.more and len(mine) < UNDER_WAY:
                begun += 1
                mine.append(self._story(f"{number}-{begun}", number, mine, site, chance))
            for story in list(mine):
                if self._persist(site, story.step):
                    mine.remove(story)
            self.stop.wait(BREATH)

    def _story(self, key: str, number: int, mine: list[Story], site: Site, chance: random.Random) -> Story:
        if not any(isinstance(story, Flock) for story in mine):
            return Flock(number, f"flock-{key}", site, self.ledger, chance)
        kind = chance.choice(KINDS)
        return kind(f"{kind.process}-{key}", site, self.ledger, chance)

    def _persist(self, site: Site, act: Any) -> Any:
        """Once. If nobody answers, wait until somebody does; what became of it is seen at the next step."""
        try:
            return act()
        except Away:
            site.wait_until_back()
            return False

    # --- Workers ---

    def _worker(self, number: int) -> None:
        chance = random.Random(f"{self._seed} worker {number}")  # noqa: S311
        site, name = self._sites[CLIENTS + number], f"worker-{number}"
        topic = {"topicName": "scales", "lockDuration": LOCK}
        asked = {"workerId": name, "maxTasks": 3, "asyncResponseTimeout": 100, "topics": [topic]}
        while not self.stop.is_set():
            fetched = self._persist(site, lambda: site.post("worker", "/engine-rest/external-task/fetchAndLock", asked))
            if fetched == []:
                self._persist(site, lambda: self._mend(site))
            for task in fetched or ():
                self._hold(task)
            for task in fetched or ():
                self._persist(site, lambda task=task: self._answer(site, name, task, chance))

    def _hold(self, task: dict[str, Any]) -> None:
        number, now = int(task["id"]), time.time()
        if (until := self._held.get(number, 0.0)) > now + 0.1:
            self.troubles.found.append(f"external task {number} was handed out although its lock holds {until - now:.2f} s more")
        self._held[number] = _until(task)

    def _answer(self, site: Site, name: str, task: dict[str, Any], chance: random.Random) -> None:
        """Do it, fail at it, meet an error that the diagram knows, or never come back. An answer whose fate is not known is left
        to the lock: it expires if nothing happened."""
        number, path = int(task["id"]), f"/engine-rest/external-task/{task['id']}"
        fate = chance.choices(list(FATES), list(FATES.values()))[0]
        if fate == "gone":
            return
        try:
            if fate in ("sticks", "breaks"):
                self._held.pop(number, None)  # the answer, taken or not, ends this lock
                retries = 3 if fate == "sticks" else 0
                failed = {"workerId": name, "errorMessage": f"the scale {fate}", "retries": retries, "retryTimeout": 100}
                site.post("worker", f"{path}/failure", failed)
                return
            if fate == "errs" and task["processDefinitionKey"] == "work":
                site.post("worker", f"{path}/bpmnError", {"workerId": name, "errorCode": "BROKEN"})
            else:
                site.post("worker", f"{path}/complete", {"workerId": name, "variables": {"weight": {"value": number}}})
            self.ledger.served.add(number)
            self.ledger.answers += 1
        except Refused as refusal:
            if time.time() < _until(task):
                self.troubles.found.append(f"external task {number}: refused while the lock held: {refusal}")

    def _mend(self, site: Site) -> None:
        """Let what no tries are left for be tried again, unless another worker has done that and the task is over by now."""
        for task in site.get("worker", "/engine-rest/external-task", noRetriesLeft="true"):
            try:
                site.put("worker", f"/engine-rest/external-task/{task['id']}/retries", {"retries": 2})
            except Refused as refusal:
                if refusal.status != 404:
                    raise


def _until(task: dict[str, Any]) -> float:
    """When the lock on a task that was handed out expires, in seconds of this machine's clock."""
    return datetime.strptime(task["lockExpirationTime"], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()
