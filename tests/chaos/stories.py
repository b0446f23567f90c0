"""What a client wants done, one instance or a few at a time. Each step looks first, and repeats only what did not happen."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tests.chaos.ledger import Ledger
from tests.chaos.site import Refused, Site

Act = Callable[[], None]
# How likely it is at each look that a task is completed, when its deadline is near.
NERVE = 0.3


class Story(ABC):
    """One business key and what becomes of it. `may_be_late`: a deadline may close its task before the client does."""

    process: str
    may_be_late = False

    def __init__(self, key: str, site: Site, ledger: Ledger, chance: random.Random) -> None:
        self.key, self.site, self.ledger, self.chance = key, site, ledger, chance
        self.instances: dict[str, int] = {}
        self._asked: set[str] = set()
        self._owed: Act | None = None

    def step(self) -> bool:
        """Do what can be done now; whether the story is over.

        Raises:
            Away: it is not known whether something happened; the next step finds out.
        """
        if self._owed is not None:
            self._owed()
            self._owed = None
        return self.go_on()

    @abstractmethod
    def go_on(self) -> bool: ...

    def trouble(self, what: str) -> None:
        self.site.troubles.found.append(f"{self.process} {self.key}: {what}")

    # --- Starting ---

    def begin(self, process: str, key: str, **variables: Any) -> int:
        """The one instance of `process` under `key`, started unless an earlier try did."""
        if key in self.instances:
            return self.instances[key]
        self.ledger.wants(process, key)
        found = self._started(process, key) if key in self._asked else None
        self._asked.add(key)
        if found is None:
            found = self._start(process, key, variables)
            self.ledger.answers += 1
        self.instances[key] = found
        return found

    def _started(self, process: str, key: str) -> int | None:
        path = "/engine-rest/history/process-instance"
        found = self.site.get("clerk", path, processInstanceBusinessKey=key, processDefinitionKey=process)
        return int(found[0]["id"]) if found else None

    def _start(self, process: str, key: str, variables: dict[str, Any]) -> int:
        if self.chance.random() < 0.5:
            path = f"/api/v1/definitions/{process}/instances"
            return int(self.site.post("clerk", path, {"business_key": key, "variables": variables})["id"])
        typed = {name: {"value": value} for name, value in variables.items()}
        path = f"/engine-rest/process-definition/key/{process}/start"
        return int(self.site.post("clerk", path, {"businessKey": key, "variables": typed})["id"])

    def is_over(self, instance: int) -> bool:
        return bool(self.site.get("clerk", f"/engine-rest/history/process-instance/{instance}")["state"] == "COMPLETED")

    # --- Tasks ---

    def do_tasks(self, key: str) -> None:
        for task in self.site.get("clerk", "/engine-rest/task", processInstanceBusinessKey=key):
            self.do_task(int(task["id"]))

    def do_task(self, number: int) -> None:
        """Complete a task in one of three ways. Two of them carry a key and are repeated as they are, until there is an answer."""
        way = self.chance.choice((self._by_contract, self._by_key, self._on_page))
        if way == self._by_contract:
            way(number, "")
            return
        submission = f"{self.key}-task-{number}".ljust(16, "-")
        self._owed = lambda: way(number, submission)
        self._owed()
        self._owed = None

    def _by_contract(self, number: int, _: str) -> None:
        self._complete(number, None, lambda: self.site.post("chair", f"/engine-rest/task/{number}/complete"))

    def _by_key(self, number: int, submission: str) -> None:
        path = f"/api/v1/tasks/{number}/complete"
        self._complete(number, submission, lambda: self.site.post("chair", path, {"submission": submission}))

    def _on_page(self, number: int, submission: str) -> None:
        fields = {"desk-submission": submission, "desk-do": "complete"}
        self._complete(number, submission, lambda: self.site.submit(f"/tasks/{number}", fields))

    def _complete(self, number: int, submission: str | None, act: Callable[[], Any]) -> None:
        try:
            act()
        except Refused as refusal:
            if not self.may_be_late or refusal.status not in (404, 409):
                self.trouble(f"task {number} could not be completed: {refusal}")
        else:
            self.ledger.completed[number] = submission
            self.ledger.answers += 1

    # --- Messages and signals ---

    def tell(self, instance: int, message: str, mark: str) -> bool:
        """Send a message when it is waited for; whether it has been delivered."""
        if self.key in self.ledger.told:
            return True
        asked = message in self._asked
        waits = self.site.get("clerk", "/engine-rest/event-subscription", processInstanceId=instance, eventName=message)
        if waits:
            self._asked.add(message)
            said = {"messageName": message, "businessKey": self.key, "processVariables": {message: {"value": mark}}}
            try:
                self.site.post("clerk", "/engine-rest/message", said)
            except Refused as refusal:
                self.trouble(f"the message “{message}” was refused while it was waited for: {refusal}")
        if waits or asked:
            self.ledger.told[self.key] = mark
            self.ledger.answers += 1
        return bool(waits or asked)


class Order(Story):
    """Its parcel comes early, thrown by a sender, or late, from outside."""

    process = "order"

    def go_on(self) -> bool:
        early = self.key.endswith(("0", "2", "4", "6", "8"))
        if early:
            self.begin("sender", f"{self.key}-sender", to=self.key, parcel=f"{self.key}-parcel")
        order = self.begin("order", self.key)
        self.do_tasks(self.key)
        told = early or self.tell(order, "parcel", f"{self.key}-parcel")
        return told and self.is_over(order)


class Whole(Story):
    process = "whole"

    def go_on(self) -> bool:
        whole = self.begin("whole", self.key)
        self.do_tasks(self.key)
        return self.is_over(whole)


class Race(Story):
    """Completes its task at once, when the deadline is about to pass, or never."""

    process = "race"
    may_be_late = True

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._plan = self.chance.choice(("soon", "late", "late", "never"))

    def go_on(self) -> bool:
        race = self.begin("race", self.key)
        if self.is_over(race):
            return True
        if self._plan == "soon" or (self._plan == "late" and self._is_close(race)):
            self.do_tasks(self.key)
        return False

    def _is_close(self, race: int) -> bool:
        """The reminder has come, so the deadline is near."""
        rows = self.site.get("clerk", f"/api/v1/instances/{race}/history")["items"]
        return any(row["element_id"] == "reminded" for row in rows) and self.chance.random() < NERVE


class Work(Story):
    """The workers do it; a broken scale is mended by hand."""

    process = "work"

    def go_on(self) -> bool:
        work = self.begin("work", self.key)
        self.do_tasks(self.key)
        return self.is_over(work)


class Flock(Story):
    """Three wait for one signal. It is sent once all wait, and never again once it has been taken."""

    def __init__(self, number: int, *parts: Any) -> None:
        super().__init__(*parts)
        self.process = f"flock{number}"
        self._signal = f"alarm{number}"
        self._taken = False

    def go_on(self) -> bool:
        members = [self.begin(self.process, f"{self.key}-{member}") for member in range(3)]
        if not self._taken:
            self._sound()
        return all(self.is_over(member) for member in members)

    def _sound(self) -> None:
        if self._signal in self._asked and not self.site.get("clerk", "/engine-rest/event-subscription", eventName=self._signal):
            self._taken = True
            return
        self._asked.add(self._signal)
        self.site.post("clerk", "/engine-rest/signal", {"name": self._signal, "variables": {"alarm": {"value": self.key}}})
        self.ledger.answers += 1
        self._taken = True


class Letter(Story):
    """A message begins it."""

    process = "letter"

    def go_on(self) -> bool:
        letter = self.begin("letter", self.key)
        self.do_tasks(self.key)
        return self.is_over(letter)

    def _start(self, process: str, key: str, variables: dict[str, Any]) -> int:
        said = {"messageName": "letter", "businessKey": key, "resultEnabled": True}
        return int(self.site.post("clerk", "/engine-rest/message", said)[0]["processInstance"]["id"])


class Page(Story):
    """Started on the page, where the same submit twice starts once: it is repeated as it is."""

    process = "page"

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._registration = ""

    def go_on(self) -> bool:
        if self.process not in self.instances:
            submission = f"{self.key}-start".ljust(16, "-")
            self.ledger.submitted.add(submission)
            where = self.site.submit("/start/page", {"desk-submission": submission})
            self.instances[self.process] = int(where.rpartition("/")[2])
            self.ledger.answers += 1
        page = self.instances[self.process]
        if not self._registration:
            self._registration = self.site.get("clerk", f"/api/v1/instances/{page}")["business_key"]
        self.do_tasks(self._registration)
        return self.is_over(page)


KINDS: tuple[type[Story], ...] = (Order, Order, Whole, Whole, Race, Race, Work, Letter, Page)
