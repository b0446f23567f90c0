"""Starting something new, and acting on a case by hand."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.store.tables import instance, subscription
from tests.web.desk.conftest import Desk, submission

GOOD = {"f-titel": "Tandvård i Åsele", "f-fraga": "Hur gör vi?", "f-antal": "12"}


def test_what_one_may_start_follows_from_the_roles(desk: Desk) -> None:
    assert "Lyft en fråga" in desk.sign_in("bo.lund").get("/start/").text
    assert "Det finns inget som du kan starta" in desk.sign_in("eva.ny").get("/start/").text
    assert 'href="/start/fragan"' in desk.sign_in("bo.lund").get("/tasks/").text


def test_starting_leads_to_a_receipt_with_the_number(desk: Desk) -> None:
    client = desk.sign_in("bo.lund")
    page = client.get("/start/fragan")
    assert "En ledamot lyfter en fråga till rådet." in page.text
    answer = client.post("/start/fragan", data={**GOOD, "desk-submission": submission(page)})
    assert answer.status_code == 303
    receipt = client.get(answer.location).text
    for words in ("ÄR-2026-0001", "Rådets ordförande granskar frågan.", "Granska frågan", "Tandvård i Åsele"):
        assert words in receipt, words


def test_the_same_start_twice_is_one_case(desk: Desk) -> None:
    client = desk.sign_in("bo.lund")
    data = {**GOOD, "desk-submission": submission(client.get("/start/fragan"))}
    answers = {client.post("/start/fragan", data=data).location for _ in range(3)}
    assert len(answers) == 1
    assert desk.rows(select(func.count()).select_from(instance))[0][0] == 1


def test_bad_input_starts_nothing_and_loses_nothing(desk: Desk) -> None:
    client = desk.sign_in("bo.lund")
    key = submission(client.get("/start/fragan"))
    answer = client.post("/start/fragan", data={"f-titel": "Behåll mig", "f-antal": "tolv", "desk-submission": key})
    assert answer.status_code == 422
    assert "Behåll mig" in answer.text and "tolv" in answer.text
    assert 'href="#f-fraga"' in answer.text and 'href="#f-antal"' in answer.text
    assert desk.rows(select(func.count()).select_from(instance))[0][0] == 0


def test_those_who_may_not_start_are_told_who_may(desk: Desk) -> None:
    client = desk.sign_in("eva.ny")
    assert client.get("/start/fragan").status_code == 403
    answer = client.post("/start/fragan", data={**GOOD, "desk-submission": "k" * 20})
    assert answer.status_code == 403
    assert "Rådet" in answer.text and "Hur gör vi?" in answer.text
    assert desk.rows(select(func.count()).select_from(instance))[0][0] == 0


def test_processes_that_do_not_exist(desk: Desk) -> None:
    client = desk.sign_in()
    for key in ("inget", "fragan%00", "..%2f..", "granskning"):
        assert client.get(f"/start/{key}").status_code == 404, key
        assert client.post(f"/start/{key}", data={"desk-submission": "k" * 20}).status_code == 404, key


def _withdrawal(desk: Desk) -> int:
    return int(desk.rows(select(subscription.c.id).where(subscription.c.message == "aterkallas"))[0][0])


def test_the_one_who_asked_withdraws(desk: Desk) -> None:
    case = desk.raise_question(by=2)
    number = _withdrawal(desk)
    client = desk.sign_in("bo.lund")
    page = client.get(f"/actions/{number}")
    assert page.status_code == 200
    for words in ("Återkalla frågan", "Den som frågade kan ta tillbaka frågan.", "Granska frågan", "kan inte ångra"):
        assert words in page.text, words
    empty = client.post(f"/actions/{number}", data={"desk-submission": submission(page)})
    assert empty.status_code == 422 and 'href="#f-skal"' in empty.text
    done = client.post(f"/actions/{number}", data={"f-skal": "Löst ändå", "desk-submission": submission(page)})
    assert (done.status_code, done.location) == (303, f"/cases/{case}")
    assert desk.rows(select(instance.c.outcome))[0][0] == "Frågan är återkallad"
    again = client.post(f"/actions/{number}", data={"f-skal": "Löst ändå", "desk-submission": submission(page)})
    assert again.status_code == 410


def test_nobody_else_withdraws(desk: Desk) -> None:
    desk.raise_question(by=2)
    number = _withdrawal(desk)
    for username in ("dag.moe", "eva.ny"):
        client = desk.sign_in(username)
        assert client.get(f"/actions/{number}").status_code == 403
        assert client.post(f"/actions/{number}", data={"f-skal": "x", "desk-submission": "k" * 20}).status_code == 403
    assert desk.sign_in("karin.lind").get(f"/actions/{number}").status_code == 200
    assert desk.sign_in().get("/actions/4711").status_code == 410
    assert desk.rows(select(instance.c.status))[0][0] == "running"
