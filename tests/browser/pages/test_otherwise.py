"""The pages in the dark, without JavaScript and by keyboard; and that none is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, axe_violations
from tests.browser.demo import Demo
from tests.browser.stops import COORDINATOR, FILES, FOR_PROGRAMS, FORMS, MEMBER, STOPS, Stop

SAMPLE_IN_THE_DARK = (
    "sign in", "my tasks", "task with errors", "form linjebeslut-svar", "cases", "case closed", "case under way", "meetings",
    "meeting held", "register", "body lsg", "process arendegang", "question with errors", "task closed",
)  # fmt: skip


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
        if "GET" in (rule.methods or ()) and rule.endpoint not in FILES and not rule.rule.startswith(FOR_PROGRAMS)
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
