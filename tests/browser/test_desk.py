"""What happens to people at their desks: two at one task, twice the same, another's task, a forgotten field, files, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.runtime import Actor
from engine.store.tables import instance, task
from tests.browser.conftest import OpenPage, axe_violations, overflow
from tests.browser.stage import PASSWORD, Stage, Visitor, fill, open_stage
from tests.browser.the_walk import BEGIN, QUESTION

REVIEW = "Registrera och granska underlaget"
ASSESS, COMPLETE = "Hur bedömer du underlaget?", "Frågeställaren behöver komplettera"
MISSING = "Skriv hur många personer det gäller, och vem som betalar i dag."


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, open_page_for_all: OpenPage, hashed: str) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("desk"), open_page_for_all, hashed, now=BEGIN) as stage:
        yield stage


@pytest.fixture
def question(stage: Stage) -> str:
    """A question that Anna has raised and that waits for a coordinator; its number."""
    answers = {
        "titel": "Tolk i hemsjukvården", "fraga": "Vem beställer tolken?", "vilka_berors": "Alla", "bygger_pa": "Avvikelser",
        "huvudman": "vilhelmina", "funktion": "Socialchef", "linje_passerad": "behovs_inte", "berorda_parter": ["alla"],
        "lika_i_lanet": "ja", "omrade": "annat", "malgrupp": "alla",
    }  # fmt: skip
    (anna,) = (one for one in stage.house.register.people() if one.username == "anna.sjolund")
    started = stage.house.runtime.start("arendegang", answers, actor=Actor(anna.id, anna.name))
    return str(started.business_key)


def address_of_task(stage: Stage, case: str) -> str:
    """Where the case's open task lies."""
    with stage.house.database.read() as connection:
        root = select(instance.c.id).where(instance.c.business_key == case).scalar_subquery()
        found = connection.execute(select(task.c.id).where(task.c.root_id == root, task.c.status == "open"))
        return f"/tasks/{found.scalar_one()}"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_of_two_people_at_one_task_one_wins_and_the_other_keeps_what_was_typed(stage: Stage, question: str) -> None:
    karin, erik = stage.visitor("karin.lindmark"), stage.visitor("erik.nyman")
    karin.open_task(REVIEW, question)
    page = erik.open_task(REVIEW, question)
    fill(page, {ASSESS: COMPLETE, "Vad behöver kompletteras?": MISSING})
    karin.do(REVIEW, question, {ASSESS: "Underlaget räcker"})
    page.get_by_role("button", name="Slutför uppgiften").click()
    told = page.get_by_role("status").filter(has_text="Någon hann före")
    expect(told).to_contain_text("Karin Lindmark slutförde uppgiften måndag 12 januari kl. 08:00")
    expect(page.get_by_label("Vad behöver kompletteras?")).to_have_value(MISSING)
    assert axe_violations(page) == []


def test_the_same_submit_twice_is_one(stage: Stage, question: str) -> None:
    karin = stage.visitor("karin.lindmark")
    page = karin.open_task(REVIEW, question)
    fill(page, {ASSESS: "Underlaget räcker"})
    with page.expect_request(lambda request: request.method == "POST") as sent:
        karin.complete(REVIEW)
    receipt = page.url
    again = page.request.post(
        sent.value.url, data=sent.value.post_data_buffer or b"", headers={"Content-Type": sent.value.headers["content-type"]}
    )
    assert (again.status, again.url) == (200, receipt)
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("Karin Lindmark slutförde uppgiften")
    expect(page.get_by_role("button", name="Slutför uppgiften")).to_have_count(0)


def test_a_question_sent_twice_is_registered_once(stage: Stage) -> None:
    anna = stage.visitor("anna.sjolund")
    page = anna.page
    with page.expect_request(lambda request: request.method == "POST" and "/start/" in request.url) as sent:
        number = anna.begin("Lyft en fråga", QUESTION)
    again = page.request.post(
        sent.value.url, data=sent.value.post_data_buffer or b"", headers={"Content-Type": sent.value.headers["content-type"]}
    )
    assert f"Registrerat som {number}" in again.text()


def test_a_task_of_somebody_else_is_refused_and_says_whose_it_is(stage: Stage, question: str) -> None:
    address = address_of_task(stage, question)
    with stage.passing("matilda.grisbacka") as matilda:
        matilda.open("/tasks")
        answer = matilda.page.goto(f"{stage.address}{address}")
        assert answer is not None and answer.status == 403
        expect(matilda.page.get_by_role("heading", level=1)).to_have_text("Uppgiften är inte din")
        expect(matilda.page.get_by_role("main")).to_contain_text("koordinator")
        expect(matilda.page.get_by_role("main")).not_to_contain_text("Tolk i hemsjukvården")
        assert axe_violations(matilda.page) == []


def test_a_forgotten_field_is_told_first_and_nothing_typed_is_lost(stage: Stage, question: str) -> None:
    page = stage.visitor("karin.lindmark").open_task(REVIEW, question)
    fill(page, {ASSESS: COMPLETE, "Vad behöver kompletteras?": MISSING})
    page.get_by_role("button", name="Slutför uppgiften").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Vad behöver kompletteras?")).to_have_value(MISSING)
    expect(page.get_by_label(COMPLETE)).to_be_checked()
    assert axe_violations(page) == []
    summary.get_by_role("link", name="När behövs kompletteringen?").click()
    expect(page.get_by_label("När behövs kompletteringen?")).to_be_focused()
    assert overflow(page) <= 0


def test_the_asker_withdraws_from_the_page_of_the_case(stage: Stage, question: str) -> None:
    anna = stage.visitor("anna.sjolund")
    page = anna.open_case(question)
    page.get_by_role("link", name="Återkalla ärendet").click()
    assert axe_violations(page) == []
    fill(page, {"Varför återkallas ärendet?": "Vi har löst det på egen hand."})
    page.get_by_role("button", name="Återkalla ärendet").click()
    expect(page.get_by_role("status").filter(has_text="Återkalla ärendet")).to_be_visible()
    expect(page.locator(".standing")).to_contain_text(re.compile("återkallat", re.IGNORECASE))
    page = stage.visitor("karin.lindmark").open("/tasks")
    expect(page.get_by_role("listitem").filter(has_text=question).filter(has_text=REVIEW)).to_have_count(0)


def test_a_document_is_attached_on_a_task_and_fetched_by_another(stage: Stage, question: str, tmp_path: Path) -> None:
    karin, anna = stage.visitor("karin.lindmark"), stage.visitor("anna.sjolund")
    text = "Underlag om tolkar i länet, år för år."
    page = karin.open_task(REVIEW, question)
    fill(page, {ASSESS: COMPLETE, "Vad behöver kompletteras?": MISSING})
    file = {"name": "tolkår.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.get_by_label("Bifoga ett dokument").set_input_files(file)
    page.get_by_role("button", name="Bifoga", exact=True).click()
    expect(page.get_by_role("link", name="tolkår.txt", exact=True)).to_be_visible()
    expect(page.get_by_label("Vad behöver kompletteras?")).to_have_value(MISSING)
    page = anna.open_case(question)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="tolkår.txt", exact=True).click()
    assert fetched.value.suggested_filename == "tolkår.txt"
    fetched.value.save_as(tmp_path / "fetched.txt")
    assert (tmp_path / "fetched.txt").read_text("utf-8") == text


def test_a_task_is_done_without_the_mouse(stage: Stage, open_page: OpenPage, question: str) -> None:
    page = Visitor(stage, "erik.nyman", open_page()).page
    page.goto(f"{stage.address}/sign-in")
    walk_to(page, lambda: focused(page) == "username")
    page.keyboard.type("erik.nyman")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter")
    number = address_of_task(stage, question).rpartition("/")[2]
    walk_to(page, lambda: focused(page) == f"task-{number}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(REVIEW)
    walk_to(page, lambda: page.evaluate("document.activeElement.type") == "radio")
    page.keyboard.press("Space")
    walk_to(page, lambda: page.evaluate("document.activeElement.innerText") == "Slutför uppgiften")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Klart: {REVIEW}")


def walk_to(page: Page, arrived: object) -> None:
    """Press Tab until the focus is there, and see on the way that it can be seen."""
    assert callable(arrived)
    for _ in range(60):
        page.keyboard.press("Tab")
        if arrived():
            return
    raise AssertionError(f"sixty tabs do not lead there; the focus is on {focused(page)!r}")
