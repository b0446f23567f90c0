"""A whole house behind a real server, and its people in front of their browsers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from engine.clock import CIVIL, SimulatedClock
from engine.simulate import load_demo
from tests.browser.conftest import NARROW, WIDE, OpenPage, axe_violations, overflow, served
from web.app import create_app
from web.config import Settings
from web.context import Samverka
from web.extensions import limiter
from web.house import open_house
from web.setup import FOLDERS

PASSWORD = "sju gula älgar"
Answers = Mapping[str, str | bool | list[str]]
"""What a person gives under each label: text, the option's label, several options' labels, or a tick."""


def moment(text: str) -> datetime:
    """A moment on the wall in Västerbotten: "2026-01-12 08:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL)


@dataclass
class Stage:
    """The site at its address, on a clock that the test moves. `findings`: what was wrong on each kind of page, looked at once."""

    address: str
    house: Samverka
    clock: SimulatedClock
    open_page: OpenPage
    findings: dict[str, list[str]] = field(default_factory=dict)
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, username: str) -> Visitor:
        """The person in a browser of their own, which stays open."""
        if username not in self._visitors:
            self._visitors[username] = Visitor(self, username, self.open_page())
        return self._visitors[username]

    @contextmanager
    def passing(self, username: str) -> Iterator[Visitor]:
        """The person in a browser that is closed afterwards."""
        visitor = Visitor(self, username, self.open_page())
        yield visitor
        visitor.page.context.close()

    def wait_until(self, when: str) -> None:
        """Move the clock; what falls due on the way happens at its own moment."""
        runtime, until = self.house.runtime, moment(when)
        while (due := runtime.next_due()) is not None and due <= until:
            self.clock.move_to(max(due, self.clock.now()))
            runtime.run_due()
        self.clock.move_to(until)

    def look(self, page: Page, kind: str) -> None:
        """Note what axe-core finds on the first page of the kind, and whether it is too wide for a telephone."""
        if kind in self.findings:
            return
        found = axe_violations(page)
        picture(page, f"{len(self.findings):02} {kind}")
        page.set_viewport_size(NARROW)
        if (wide := overflow(page)) > 0:
            found.append(f"{wide} pixels too wide at {NARROW['width']}")
        picture(page, f"{len(self.findings):02} {kind} narrow")
        page.set_viewport_size(WIDE)
        self.findings[kind] = found


@dataclass
class Visitor:
    """Somebody at the keyboard."""

    stage: Stage
    username: str
    page: Page

    def open(self, path: str) -> Page:
        """Go to an address; whoever is asked to sign in does so and arrives there."""
        self.page.goto(f"{self.stage.address}{path}")
        if "/sign-in" in self.page.url:
            self.stage.look(self.page, "sign in")
            self.page.get_by_label("Användarnamn").fill(self.username)
            self.page.get_by_label("Lösenord").fill(PASSWORD)
            self.page.get_by_role("button", name="Logga in").click()
            expect(self.page).not_to_have_url(re.compile("/sign-in"))
        return self.page

    def begin(self, button: str, answers: Answers) -> str:
        """Start something by its button on My tasks; returns its registration number."""
        page = self.open("/tasks")
        offered = page.get_by_role("main").get_by_role("link", name=button)
        if not offered.is_visible():
            page.get_by_role("link", name="Starta något nytt").click()
            self.stage.look(page, "start")
        offered.click()
        expect(page.get_by_role("button", name="Skicka")).to_be_visible()
        self.stage.look(page, f"start {button}")
        fill(page, answers)
        page.get_by_role("button", name="Skicka").click()
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_text(re.compile("^Registrerat som "))
        self.stage.look(page, "started")
        return title.inner_text().removeprefix("Registrerat som ")

    def open_task(self, task: str, case: str) -> Page:
        """Find the task among my tasks by its name and the case's number, and open it."""
        page = self.open("/tasks")
        self.stage.look(page, "my tasks")
        line = page.get_by_role("listitem").filter(has_text=case).filter(has=page.get_by_role("link", name=task, exact=True))
        line.first.get_by_role("link", name=task, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(task)
        self.stage.look(page, f"task {task}")
        return page

    def do(self, task: str, case: str, answers: Answers) -> Page:
        """Open a task, fill it in and complete it; stays on the receipt."""
        page = self.open_task(task, case)
        fill(page, answers)
        return self.complete(task)

    def complete(self, task: str) -> Page:
        """Press the button; the receipt says that it is done."""
        self.page.get_by_role("button", name="Slutför uppgiften").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Klart: {task}")
        self.stage.look(self.page, "receipt")
        return self.page

    def open_case(self, case: str) -> Page:
        """Find a case by its number in the list of all, and open it."""
        page = self.open("/cases/?state=all")
        self.stage.look(page, "cases")
        page.get_by_role("row").filter(has_text=case).get_by_role("link").first.click()
        expect(page.locator(".sv-eyebrow")).to_contain_text(case)
        return page


def fill(page: Page, answers: Answers) -> None:
    """Answer the page's form by the labels that people read."""
    form = page.get_by_role("main")
    for label, answer in answers.items():
        named = re.compile("^" + re.escape(label))
        if isinstance(answer, bool):
            form.get_by_role("checkbox", name=named).set_checked(answer)
        elif isinstance(answer, list):
            for one in form.get_by_role("group", name=named).get_by_role("checkbox").all():
                one.set_checked(any(wanted in _name(one) for wanted in answer))
        else:
            _answer(form, named, answer)


def _name(box: Locator) -> str:
    return str(box.evaluate("box => box.labels[0].innerText"))


def _answer(form: Locator, named: re.Pattern[str], answer: str) -> None:
    choice, select = form.get_by_role("radiogroup", name=named), form.get_by_role("combobox", name=named)
    field = choice.or_(select).or_(form.get_by_role("textbox", name=named))
    expect(field).to_be_visible()
    if choice.count():
        whole = choice.get_by_label(answer, exact=True)
        (whole if whole.count() else choice.get_by_label(answer)).check()
    elif select.count():
        select.select_option(select.locator("option").filter(has_text=answer).first.get_attribute("value"))
    else:
        field.fill(answer)


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, where SAMVERKA_PICTURES names a folder for it."""
    if folder := os.environ.get("SAMVERKA_PICTURES"):
        page.screenshot(path=Path(folder) / f"{re.sub(r'[^a-zåäö0-9]+', '-', name.lower())}.png", full_page=True)


@contextmanager
def open_stage(folder: Path, open_page: OpenPage, hashed: str, *, now: str) -> Iterator[Stage]:
    """The product's own processes and invented people on an empty database at `now`; everybody has the same password."""
    settings = Settings(database_url=f"sqlite:///{folder}/samverka.db", secret_key="test-secret-" * 4, data=folder)
    clock = SimulatedClock(moment(now))
    house = open_house(settings, clock)
    house.database.migrate()
    load_demo(house.database, FOLDERS, password_hash=hashed, now=clock.now(), toolkit=house.toolkit, cases=False)
    app = create_app({"TESTING": True, "PROPAGATE_EXCEPTIONS": False}, house=house, settings=settings)
    with served(app) as address:
        yield Stage(address, house, clock, open_page)
    with app.app_context():
        limiter.reset()
    house.database.close()
