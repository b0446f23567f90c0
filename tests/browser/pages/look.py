"""What every page is held against: axe-core (every rule of WCAG A and AA and of good practice) at 1280 and 360 pixels, the width
down to 320, the frame and the language."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, axe_violations, overflow
from tests.browser.wording import Wording

NARROWEST = {"width": 320, "height": 640}
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


def faults_of(page: Page, wording: Wording, language: str) -> list[str]:
    """All that is wrong with the page as it stands."""
    faults = faults_of_the_frame(page, language, inside=page.locator(".sv-nav").count() > 0)
    faults += [f"language: {text}" for text in wording.strays(page, language)]
    faults += [f"axe at 1280: {each}" for each in axe_violations(page)]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    faults += [f"axe at 360: {each}" for each in axe_violations(page)]
    for size in (WIDE, NARROW, NARROWEST):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if (beyond := overflow(page)) > 0:
            faults.append(f"{beyond} pixels too wide at {size['width']}")
    return faults


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
