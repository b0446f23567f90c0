"""The frame and every component in a browser: no refused style, nothing too wide, no finding of axe-core, the keyboard's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from engine.store.tables import person
from tests.browser.conftest import NARROW, WIDE, OpenPage, axe_violations, overflow, served
from tests.site import PASSWORD, Site, open_site
from web.auth import passwords


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_site(tmp_path_factory.mktemp("site"), passwords.hashed(PASSWORD)) as site:
        show_demo_people(site)
        site.app.config["PROPAGATE_EXCEPTIONS"] = False
        with served(site.app) as address:
            yield address


def show_demo_people(site: Site) -> None:
    with site.house.database.write() as connection:
        connection.execute(update(person).where(person.c.id < 3).values(invented=True))


SIZES = {"wide": WIDE, "narrow": NARROW, "narrowest": {"width": 320, "height": 640}}
PATHS = ["/sign-in", "/help/", "/_components/", "/_components/error/409", "/_components/error/500"]


LOOKS = [("wide", "light", "sv"), ("narrow", "dark", "sv"), ("narrowest", "light", "en")]


@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
@pytest.mark.parametrize("path", PATHS)
def test_pages_are_for_everybody(open_page: OpenPage, address: str, path: str, size: str, scheme: str, language: str) -> None:
    page = open_page(SIZES[size], color_scheme=scheme)
    page.goto(f"{address}{path}?lang={language}")
    assert axe_violations(page) == []
    assert overflow(page) <= 0


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in?next=/help/")
    page.fill("#username", "anna.ek")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/help/")


@pytest.mark.parametrize("size", SIZES)
def test_signed_in_the_menu_opens_and_closes_by_the_keyboard(open_page: OpenPage, address: str, size: str) -> None:
    page = open_page(SIZES[size])
    sign_in(page, address)
    menu = page.locator(".sv-account")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Logga ut").wait_for()
    assert axe_violations(page) == []
    assert overflow(page) <= 0
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_first_tab_offers_the_content(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/help/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Hoppa till innehållet")
    assert link.evaluate("node => node === document.activeElement && node.getBoundingClientRect().width > 50")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_failed_sign_in_is_read_first_and_leads_to_the_field(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/sign-in")
    page.fill("#username", "anna.ek")
    page.fill("#password", "fel lösenord")
    page.keyboard.press("Enter")
    summary = page.locator("#error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.input_value("#username") == "anna.ek"
    assert axe_violations(page) == []
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "username"


def test_a_form_is_sent_once(open_page: OpenPage, address: str) -> None:
    page = open_page()
    page.goto(f"{address}/sign-in?next=/help/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.fill("#username", "anna.ek")
    page.fill("#password", PASSWORD)
    page.evaluate("() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url(f"{address}/help/")
    assert len(sent) == 1


def test_pages_work_without_javascript(open_page: OpenPage, address: str) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, address)
    page.locator(".sv-account summary").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Help", exact=True).wait_for()


def test_paper_has_no_navigation(open_page: OpenPage, address: str) -> None:
    page = open_page()
    sign_in(page, address)
    page.emulate_media(media="print")
    assert not page.locator(".sv-nav").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
