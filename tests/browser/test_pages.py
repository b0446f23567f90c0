"""Every page in every state, on the demonstration: at 1280, 360 and 320 pixels, in Swedish and in English.

Each visit asks axe-core (every rule of WCAG A and AA and of good practice), the width, the console, the frame and the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState

from tests.browser.conftest import NARROW, WIDE, axe_violations, overflow
from tests.browser.demo import PASSWORD, Demo, open_demo, open_halted
from tests.browser.stops import COORDINATOR, FILES, FORMS, HALTED, MEMBER, STOPS, Stop
from tests.browser.wording import Wording, wording_of

NARROWEST = {"width": 320, "height": 640}
SAMPLE_IN_THE_DARK = (
    "sign in", "my tasks", "task with errors", "form linjebeslut-svar", "cases", "case closed", "case under way", "meetings",
    "meeting held", "register", "body lsg", "process arendegang", "question with errors", "task closed",
)  # fmt: skip
FRAME = """
() => ({
  lang: document.documentElement.lang,
  title: document.title,
  headings: [...document.querySelectorAll('h1')].map(each => each.textContent.trim()),
  mains: document.querySelectorAll('main').length,
  banners: document.querySelectorAll('body > header').length,
  navigations: document.querySelectorAll('body > nav').length,
  first: document.querySelector('a[href], button, input, select, summary, [tabindex="0"]').getAttribute('href'),
  twice: [...document.querySelectorAll('[id]')].map(each => each.id).filter((id, at, all) => all.indexOf(id) !== at),
})
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with open_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with open_halted(tmp_path_factory.mktemp("halted"), HALTED) as demo:
        yield demo


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
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


def faults_of_the_frame(page: Page, language: str, *, inside: bool) -> list[str]:
    """What is wrong with the page's language, title, headings, landmarks, first link and ids."""
    frame = page.evaluate(FRAME)
    wanted = {
        "lang": frame["lang"] == language,
        "title": frame["title"].endswith(" – Samverka") and len(frame["title"]) > len(" – Samverka"),
        "headings": len(frame["headings"]) == 1 and bool(frame["headings"][0]),
        "mains": frame["mains"] == 1,
        "banners": frame["banners"] == 1,
        "navigations": frame["navigations"] == int(inside),
        "first": frame["first"] == "#main",
        "twice": not frame["twice"],
    }
    return [f"{name}: {frame[name]}" for name, right in wanted.items() if not right]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_every_page_is_for_everybody(visit: Callable[..., Page], wording: Wording, demo: Demo, stop: Stop, language: str) -> None:
    page = visit(stop, language)
    faults = faults_of_the_frame(page, language, inside=page.locator(".sv-nav").count() > 0)
    faults += [f"language: {text}" for text in wording.strays(page, language)]
    faults += [f"axe at 1280: {each}" for each in axe_violations(page)]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    faults += [f"axe at 360: {each}" for each in axe_violations(page)]
    for size in (WIDE, NARROW, NARROWEST):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if (beyond := overflow(page)) > 0:
            faults.append(f"{beyond} pixels too wide at {size['width']}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("stop", [stop for stop in STOPS if stop.name in SAMPLE_IN_THE_DARK], ids=str)
def test_the_dark_scheme_can_be_read(visit: Callable[..., Page], stop: Stop) -> None:
    page = visit(stop, color_scheme="dark")
    assert axe_violations(page) == []


WITHOUT_SCRIPT = (
    "my tasks", "form arende-komplettering", "form arende-fraga", "cases", "case closed", "meetings", "process arendegang",
)  # fmt: skip


@pytest.mark.parametrize("stop", [stop for stop in STOPS if stop.name in WITHOUT_SCRIPT], ids=str)
def test_pages_work_without_javascript(visit: Callable[..., Page], stop: Stop) -> None:
    page = visit(stop, java_script_enabled=False)
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.locator("[data-diagram-canvas], [data-diagram-tools]").filter(visible=True).count()
    assert not page.locator("main [hidden]").filter(visible=True).count()


def test_a_task_comes_back_with_its_errors_without_javascript(visit: Callable[..., Page]) -> None:
    page = visit(next(stop for stop in STOPS if stop.name == "form arende-granskning"), java_script_enabled=False)
    page.locator("form.dk-form button[type=submit]").first.click()
    page.locator("#error-summary a").first.click()
    assert page.url.partition("#")[2].startswith("f-")


def test_the_first_tab_offers_the_content(visit: Callable[..., Page]) -> None:
    for name in ("my tasks", "case closed", "register"):
        page = visit(next(stop for stop in STOPS if stop.name == name))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


def test_the_mark_of_the_drawing_tool_is_whole(visit: Callable[..., Page]) -> None:
    """Its licence asks for it: the mark of bpmn.io stands unhidden in every diagram."""
    for name in ("case under way", "process arendegang"):
        page = visit(next(stop for stop in STOPS if stop.name == name))
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            mark = page.locator(".bjs-powered-by")
            mark.scroll_into_view_if_needed()
            shown = mark.evaluate(
                """each => { const box = each.getBoundingClientRect();
                  const inside = each.closest('.diagram-canvas').getBoundingClientRect();
                  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                  return each.contains(top) && box.width >= 50 && box.left >= inside.left && box.right <= inside.right
                    && box.top >= inside.top && box.bottom <= inside.bottom; }"""
            )
            assert shown, f"{name} at {size['width']}"


def test_every_page_of_the_site_is_visited(demo: Demo) -> None:
    """A new page is a line in stops.py."""
    pages = {
        rule.endpoint for rule in demo.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in FILES
    }  # fmt: skip
    assert pages - {stop.endpoint for stop in STOPS} == set()


def test_every_form_is_visited() -> None:
    assert {f"form {form}" for form in FORMS} <= {stop.name for stop in STOPS}


def test_those_who_visit_are_whom_the_stops_mean(demo: Demo) -> None:
    """A coordinator sees every case; a member does not."""
    today = demo.house.clock.now().date()
    roles = {who: demo.house.register.roles_of(demo.house.register.person(who).id, today) for who in (COORDINATOR, MEMBER)}
    assert "koordinator" in roles[COORDINATOR]
    assert "koordinator" not in roles[MEMBER]
