"""A real server and a real browser: the application in a thread on a simulated clock, Chromium driven by Playwright, axe-core.

The tests move the clock and let what is due happen, as the scheduler would; all else goes through pages.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from engine.clock import CIVIL, SimulatedClock
from engine.simulate.demo import load_demo
from web.app import create_app
from web.config import Settings
from web.context import Samverka
from web.house import open_house

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct-horse-battery-staple"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
MONDAY = datetime(2026, 1, 12, 8, 0, tzinfo=CIVIL)


def chromium() -> str:
    """The browser: what `make test` found or unpacked, else one on the path."""
    found = os.environ.get("SAMVERKA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("there is no Chromium: run the tests by `make test`, which brings one, or set SAMVERKA_CHROMIUM")
    return found


@dataclass
class Site:
    """A running application."""

    app: Flask
    house: Samverka
    clock: SimulatedClock
    address: str

    def move_to(self, moment: datetime) -> None:
        """Move the clock; what falls due on the way happens at its own moment."""
        runtime = self.house.runtime
        while (due := runtime.next_due()) is not None and due <= moment:
            self.clock.move_to(max(due, self.clock.now()))
            runtime.run_due()
        self.clock.move_to(moment)


def _serve(folder: Path, moment: datetime, *, cases: bool) -> Iterator[Site]:
    settings = Settings(f"sqlite:///{folder / 'samverka.db'}", secret_key="x" * 40, data=folder)
    clock = SimulatedClock(moment)
    house = open_house(settings, clock)
    house.database.migrate()
    load_demo(house.runtime, house.register, clock, ROOT, password=PASSWORD, cases=cases)
    app = create_app({"RATELIMIT_ENABLED": False}, house=house, settings=settings)
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(app, house, clock, f"http://127.0.0.1:{server.effective_port}")
    server.close()
    thread.join(timeout=10)
    house.database.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The register and the processes, and no case yet."""
    yield from _serve(tmp_path_factory.mktemp("site"), MONDAY, cases=False)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo database with its cases in all stages; tests leave it as it is."""
    yield from _serve(tmp_path_factory.mktemp("demo"), MONDAY, cases=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Desk:
    """One person's browser."""

    context: BrowserContext
    page: Page
    address: str
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.ok, f"{path}: {response.status}"

    def axe(self) -> list[str]:
        """What axe-core finds on the page as it stands, a line a violation."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        return [f"{one['id']}: {one['help']} ({'; '.join(node['html'][:120] for node in one['nodes'][:3])})" for one in found]

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def open_desk(browser: Browser, site: Site, username: str, *, width: int = 1280, locale: str = "sv") -> Desk:
    """Sign `username` in, by typing."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="sv-SE", timezone_id="Europe/Stockholm")
    page = context.new_page()
    desk = Desk(context, page, site.address)
    page.on("pageerror", lambda error: desk.errors.append(str(error)))
    page.on("console", lambda message: desk.errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.address}/?lang={locale}")
    page.get_by_label("Användarnamn" if locale == "sv" else "Username").fill(username)
    page.get_by_label("Lösenord" if locale == "sv" else "Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in" if locale == "sv" else "Sign in").click()
    page.wait_for_load_state()
    return desk
