"""The pages of cases, meetings and the register in a browser: the picture of a case, its marks, and every page for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, OpenPage, axe_violations, overflow, served
from tests.web.cases.conftest import PASSWORD, Pages, hashed, pages, toolkit

__all__ = ["hashed", "pages", "toolkit"]  # fixtures

SIZES = {"wide": WIDE, "narrow": NARROW, "narrowest": {"width": 320, "height": 640}}
PATHS = (
    "/cases/", "/cases/?q=finns-inte", "/cases/1", "/cases/1/history", "/processes/", "/processes/fraga/1",
    "/meetings/", "/meetings/2", "/register/", "/register/bodies/radet", "/register/parties/norr", "/register/people/1",
)  # fmt: skip


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in?next=/help/")
    page.fill("#username", "karin")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/help/")


def until_drawn(page: Page) -> None:
    page.locator("[data-diagram]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-diagram][data-state]")


LOOKS = [("wide", "light", "sv"), ("narrow", "dark", "sv"), ("narrowest", "light", "en")]


@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
def test_pages_are_for_everybody(open_page: OpenPage, pages: Pages, size: str, scheme: str, language: str) -> None:
    pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    pages.meet()
    page = open_page(SIZES[size], color_scheme=scheme)
    found = {}
    with served(pages.app) as address:
        enter(page, address)
        for path in PATHS:
            page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
            if page.locator("[data-diagram]").count():
                until_drawn(page)
            found[path] = (axe_violations(page), max(overflow(page), 0))
    assert found == {path: ([], 0) for path in PATHS}


def test_the_picture_shows_where_the_case_stands_and_hostile_names_as_text(open_page: OpenPage, pages: Pages) -> None:
    case = pages.raise_question()
    page = open_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    with served(pages.app) as address:
        enter(page, address)
        page.goto(f"{address}/cases/{case}")
        until_drawn(page)
        assert page.locator("[data-diagram]").get_attribute("data-state") == "drawn"
        live = page.locator('.djs-element[data-element-id="granska"]')
        assert "is-now" in (live.get_attribute("class") or "")
        assert page.locator(".diagram-badge.is-now").inner_text() == "nu"
        assert "<script>" in (live.locator("text").text_content() or ""), "the name is letters, not a script"
        assert page.locator(".bjs-powered-by").is_visible(), "the mark stays, as the licence asks"
        page.get_by_role("button", name="Hela diagrammet").press("Enter")
        page.get_by_role("button", name="Större").press("Enter")
        live.click()
        line = page.locator('.outline [data-element="granska"]')
        assert line.is_visible() and line.evaluate("each => each === document.activeElement"), "a click leads to the text"
    assert said == []


def test_without_scripts_the_text_says_it(open_page: OpenPage, pages: Pages) -> None:
    case = pages.raise_question()
    page = open_page(java_script_enabled=False)
    with served(pages.app) as address:
        enter(page, address)
        page.goto(f"{address}/cases/{case}")
        assert page.locator("noscript").count() and not page.locator("[data-diagram-tools]").is_visible()
        page.get_by_text("Samma sak som text").click()
        assert page.locator('.outline [data-element="granska"]').is_visible()
        page.goto(f"{address}/cases/")
        page.fill("#q", "hemsjukvård")
        page.get_by_role("button", name="Visa").click()
        assert page.get_by_role("link", name="Hemsjukvård i Åsele").is_visible()


def test_a_picture_that_cannot_be_drawn_says_so(open_page: OpenPage, pages: Pages) -> None:
    page = open_page()
    page.route("**/diagram.bpmn", lambda route: route.fulfill(status=503))
    pages.raise_question()
    with served(pages.app) as address:
        enter(page, address)
        page.goto(f"{address}/processes/fraga/1")
        until_drawn(page)
        assert page.get_by_text("Bilden kunde inte ritas").is_visible()
