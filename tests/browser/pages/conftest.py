"""Every page in every state, on the demonstration: who goes where, in a browser that stays theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.conftest import WIDE
from tests.browser.demo import PASSWORD, Demo, open_demo, open_halted
from tests.browser.stops import HALTED, Stop
from tests.browser.wording import Wording, wording_of


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with open_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="session")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with open_halted(tmp_path_factory.mktemp("halted"), HALTED) as demo:
        yield demo


@pytest.fixture(scope="session")
def wording(demo: Demo) -> Wording:
    return wording_of(demo)


class Visitors:
    """People in front of their browsers, which stay open from page to page as theirs do; collects what the consoles complain of."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._pages: dict[tuple[object, ...], Page] = {}
        self._entered: dict[tuple[str, str], StorageState] = {}
        self.complaints: list[str] = []

    def page(self, site: Demo, who: str | None, **options: object) -> Page:
        """The page of somebody (None: of a stranger) on a site, as wide as a desk's screen."""
        key = (site.address, who, *sorted(options.items()))
        if key not in self._pages:
            state = self._state(site, who) if who else None
            context = self._chromium.new_context(viewport=WIDE, locale="sv-SE", storage_state=state, **options)  # type: ignore[arg-type]
            self._pages[key] = context.new_page()
            self._pages[key].on("pageerror", lambda error: self.complaints.append(str(error)))
            self._pages[key].on("console", lambda said: self._heard(said.type, said.text))
        self._pages[key].set_viewport_size(WIDE)  # type: ignore[arg-type]
        return self._pages[key]

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "the server responded with a status of" not in text:
            self.complaints.append(text)

    def _state(self, site: Demo, who: str) -> StorageState:
        """Nobody signs in twice on a site."""
        key = (site.address, who)
        if key not in self._entered:
            context = self._chromium.new_context(locale="sv-SE")
            page = context.new_page()
            page.goto(f"{site.address}/sign-in")
            page.fill("#username", who)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.locator(".sv-account summary").wait_for()
            self._entered[key] = context.storage_state()
            context.close()
        return self._entered[key]

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


@pytest.fixture(scope="session")
def visitors(chromium: Browser) -> Iterator[Visitors]:
    visitors = Visitors(chromium)
    yield visitors
    visitors.close()


@pytest.fixture
def visit(demo: Demo, visitors: Visitors, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Goes to a stop in a language; the test fails on anything that the consoles complain of."""
    visitors.complaints.clear()

    def go(stop: Stop, language: str = "sv", **options: object) -> Page:
        site: Demo = request.getfixturevalue("halted") if stop.halted else demo
        way = stop.way(site)
        if way.who:
            site.speak(way.who, language)
        page = visitors.page(site, way.who, **options)
        mark = "&" if "?" in way.path else "?"
        answer = page.goto(f"{site.address}{way.path}" if way.who else f"{site.address}{way.path}{mark}lang={language}")
        assert answer is not None
        assert answer.status == stop.status, f"{way.path} as {way.who}: {answer.status}"
        if stop.then and options.get("java_script_enabled", True):
            stop.then(page)
        return page

    yield go
    assert visitors.complaints == []
