"""My tasks: what lies there, for whom, how it is searched, and the notices above it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from engine.store.tables import notice, notice_read
from tests.web.desk.conftest import Desk


def test_a_task_reads_as_a_sentence_with_its_last_day(desk: Desk) -> None:
    desk.raise_question()
    page = desk.sign_in().get("/tasks/")
    assert page.status_code == 200
    for words in ("Granska frågan", "Hemsjukvård i Åsele", "ÄR-2026-0001", "fredag 16 januari", "Det finns en som du kan ta."):
        assert words in page.text


def test_a_late_task_is_told_in_words(desk: Desk) -> None:
    desk.raise_question()
    desk.clock.advance(timedelta(days=7))
    page = desk.sign_in().get("/tasks/?show=late")
    assert "3 dagar försenad" in page.text
    assert "En är försenad." in page.text


def test_others_do_not_see_it(desk: Desk) -> None:
    desk.raise_question()
    page = desk.sign_in("eva.ny").get("/tasks/")
    assert "Granska frågan" not in page.text
    assert "Inget väntar på dig just nu" in page.text


def test_english_is_english(desk: Desk) -> None:
    desk.raise_question()
    page = desk.sign_in().get("/tasks/?lang=en")
    assert "Check the question" in page.text
    assert "By the end of" in page.text


def test_search_and_its_empty_answer(desk: Desk) -> None:
    desk.raise_question("Tandvård")
    desk.raise_question("Hemtjänst")
    client = desk.sign_in()
    page = client.get("/tasks/?q=TANDVÅRD")
    assert "Tandvård" in page.text and "Hemtjänst" not in page.text
    assert "Ingen uppgift stämmer med" in client.get("/tasks/?q=<script>").text
    assert "<script>" not in client.get("/tasks/?q=<script>").text.split("<main")[1]


def test_odd_addresses_are_answered(desk: Desk) -> None:
    desk.raise_question()
    client = desk.sign_in()
    for query in ("show=nothing", "page=0", "page=99", "page=-1", "page=²", "page=" + "9" * 50, "q=" + "x" * 500, "known=x"):
        assert client.get(f"/tasks/?{query}").status_code == 200, query


def test_the_list_renews_itself_and_says_when_it_changed(desk: Desk) -> None:
    desk.raise_question()
    client = desk.sign_in()
    same = client.get("/tasks/?known=1", headers={"HX-Request": "true"}).text
    assert 'id="inbox"' in same and "<html" not in same
    assert "sv-live" not in same
    desk.raise_question("En till")
    changed = client.get("/tasks/?known=1", headers={"HX-Request": "true"}).text
    assert "Din lista har ändrats: 2 uppgifter." in changed
    assert "known=2" in changed


def test_what_nobody_can_do_comes_to_the_coordinator(desk: Desk) -> None:
    case = desk.raise_question()
    runtime = desk.house.runtime
    runtime.complete(desk.open_task(case), {"utfall": "ja", "motivering": "x"}, actor=desk.actor(1))
    runtime.complete(desk.open_task(case), {}, actor=desk.actor(2))
    assert "Arkivera" not in desk.sign_in().get("/tasks/").text
    client = desk.sign_in("karin.lind")
    assert "Arkivera" in client.get("/tasks/").text
    page = client.get(f"/tasks/{desk.open_task(case)}").text
    assert "har uppgiften gått till koordinatorerna" in page


def test_notices_are_mine_and_marked_once(desk: Desk) -> None:
    case = desk.raise_question()
    with desk.database.write() as connection:
        for recipient in ("radet", "koordinator", "person:1"):
            connection.execute(
                insert(notice).values(
                    instance_id=case,
                    recipient=recipient,
                    subject=f"Till {recipient}",
                    body="<b>fet</b>",
                    created_at=desk.clock.now(),
                )
            )
    client = desk.sign_in()
    page = client.get("/tasks/").text
    assert "2 aviseringar som du inte har läst" in page
    assert "Till koordinator" not in page
    assert "<b>fet" not in page
    answer = client.post("/notices/read", data={"notice": ["1", "2", "3", "x", "9" * 30], "back": "/tasks/"})
    assert answer.location == "/tasks/"
    assert desk.rows(select(func.count()).select_from(notice_read))[0][0] == 2
    assert "aviseringar som du inte har läst" not in client.get("/tasks/").text
    assert "Till person:1" in client.get("/notices/").text
    elsewhere = client.post("/notices/read", data={"notice": "1", "back": "https://example.com/"})
    assert "example.com" not in elsewhere.location
