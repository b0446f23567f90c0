"""A question goes the whole way in browsers: raised, completed, prepared, two meetings, sixteen decisions, answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.stage import open_stage
from tests.browser.the_walk import BEGIN, CHAPTERS, QUESTION, Walk


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, open_page_for_all: OpenPage, hashed: str) -> Iterator[Walk]:
    """The walk, walked: every chapter in order."""
    with open_stage(tmp_path_factory.mktemp("walk"), open_page_for_all, hashed, now=BEGIN) as stage:
        walk = Walk(stage)
        for chapter in CHAPTERS:
            chapter(walk)
        yield walk


def test_the_case_tells_how_it_ended_and_what_all_sixteen_answered(walk: Walk) -> None:
    page = walk.stage.visitor("anna.sjolund").open_case(walk.question)
    walk.stage.look(page, "case")
    expect(page.locator(".standing")).to_contain_text("Rekommenderat och besvarat")
    table = page.get_by_role("table", name="Linjebeslut")
    expect(table.locator("tbody").get_by_role("row")).to_have_count(16)
    answers = {"Vilhelmina": "Ja", "Umeå": "Ja, med ändringar", "Norsjö": "Nej", "Bjurholms": "Inget svar"}
    for party, answer in answers.items():
        expect(table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=party))).to_contain_text(answer)
    expect(page.get_by_role("list", name="Så fördelar sig svaren").get_by_role("listitem")).to_have_text(
        ["13 ja", "1 nej", "1 ja, med ändringar", "1 utan svar"]
    )
    page.locator("#diagram").scroll_into_view_if_needed()
    expect(page.locator("figure[data-state=drawn]")).to_be_visible()


def test_the_case_tells_what_happened_and_at_which_meetings(walk: Walk) -> None:
    page = walk.stage.visitor("karin.lindmark").open_case(walk.question)
    story = page.locator("#history")
    happened = {
        "fredag 19 juni": "Sammanställa svaren",
        "tisdag 16 juni": "Linjebeslut: Inget svar i tid Bjurholms kommun",
        "måndag 1 juni": "Linjebeslut: Påmint Bjurholms kommun",
    }
    for day, what in happened.items():
        expect(story.get_by_role("region", name=day)).to_contain_text(what)
    meetings = page.locator("#meetings").get_by_role("link")
    expect(meetings).to_have_text(["Samråd för vård och omsorg 2026-03-23", "Länssamverkansgruppen 2026-02-16"])
    meetings.last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Länssamverkansgruppen 2026-02-16")
    walk.stage.look(page, "meeting")
    expect(page.get_by_role("main")).to_contain_text("Gunilla Risvall, Storumans kommun (ersätter Per Holmstig)")
    expect(page.get_by_role("main")).to_contain_text("Mötet avslutat")


def test_people_see_what_concerns_them_and_nothing_else(walk: Walk) -> None:
    """Anna has seen her own case; a question of Umeå's alone is not hers to see. Umeå's registrar sees both."""
    stage = walk.stage
    local = {**QUESTION, "Rubrik": "Tider för hemtjänsten i Hörnefors", "Vilken huvudman företräder du?": "Umeå kommun",
             "Vilka huvudmän berörs?": ["Umeå kommun"], "Behöver frågan hanteras på samma sätt i hela länet?": "Nej"}  # fmt: skip
    with stage.passing("sara.wiknas") as sara:
        number = sara.begin("Lyft en fråga", local)
        sara.page.get_by_role("link", name="Följ ärendet").click()
        expect(sara.page.locator(".sv-eyebrow")).to_contain_text(number)
        hidden = sara.page.url.removeprefix(stage.address)
    case = stage.visitor("anna.sjolund").open_case(walk.question)
    expect(case.locator("#meetings")).to_contain_text("Samråd för vård och omsorg 2026-03-23")
    expect(case.locator("#meetings").get_by_role("link")).to_have_text(["Länssamverkansgruppen 2026-02-16"])
    anna = stage.visitor("anna.sjolund").open("/cases?state=all")
    expect(anna.get_by_role("table")).to_contain_text(walk.question)
    expect(anna.get_by_role("table")).not_to_contain_text("Hörnefors")
    answer = anna.goto(f"{stage.address}{hidden}")
    assert answer is not None and answer.status == 403
    stage.look(anna, "no access")
    expect(anna.get_by_role("main")).not_to_contain_text("Hörnefors")
    with stage.passing("matilda.grisbacka") as matilda:
        for case in (walk.question, number):
            matilda.open_case(case)


def test_the_places_of_the_walk_can_be_read_by_all(walk: Walk) -> None:
    """The lists that lead to the case and its meetings, for somebody who looks around when all is done."""
    karin = walk.stage.visitor("karin.lindmark")
    for path in ("/cases", "/meetings", "/register", "/processes", "/notices"):
        walk.stage.look(karin.open(path), path.strip("/"))
        expect(karin.page.get_by_role("heading", level=1)).to_be_visible()
    assert {kind: found for kind, found in walk.stage.findings.items() if found} == {}
