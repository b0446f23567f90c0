"""A real Chromium in front of a real server."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from web.auth import passwords

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Without these the browser draws on a graphics card that is not there, and calls home through a closed network.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder needs the browser; the many pages come last, so that no worker is left alone with the walk."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: here / "pages" in item.path.parents)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve `app` on a free port; the address without a slash at the end."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.asyncore.close_all(server._map)
        thread.join(timeout=5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium: SAMVERKA_CHROMIUM, else the one on PATH."""
    path = os.environ.get("SAMVERKA_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium: `make browser` brings one"
    expect.set_options(timeout=20_000)  # a busy machine is slow; what is right is waited for no longer than it takes
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opening(chromium: Browser) -> Iterator[OpenPage]:
    """Opens pages of a size and scheme, each in a browser of its own; fails at the end on any error in their consoles,
    refused styles and scripts included."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def opened(size: dict[str, int] = WIDE, **options: Any) -> Page:
            context = chromium.new_context(viewport=size, locale="sv-SE", **options)
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
            page.on("console", lambda said: _complains(said.type, said.text) and complaints.append(f"{page.url}: {said.text}"))
            return page

        yield opened
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Pages of one test."""
    with opening(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def open_page_for_all(chromium: Browser) -> Iterator[OpenPage]:
    """Pages that the tests of a module share."""
    with opening(chromium) as opened:
        yield opened


@pytest.fixture(scope="session")
def hashed() -> str:
    """The password of everybody, under argon2 once a session."""
    return passwords.hashed("sju gula älgar")


def _complains(kind: str, text: str) -> bool:
    """What a page is at fault for. Not an answer of 4xx or 5xx, which some pages are meant to show, and not a connection that
    ends under a font still on its way when a test is over and its server with it."""
    forgiven = ("Failed to load resource: the server responded", "Failed to load resource: net::")
    return kind == "error" and not text.startswith(forgiven)


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: rule, what it is, where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    # Where rules are kept is not asked for: naming those nodes takes three times as long as finding the faults.
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {', '.join(str(node['target']) for node in violation['nodes'][:3])}"
        for violation in found["violations"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
