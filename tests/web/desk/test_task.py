"""A task's page: doing it, errors that lose nothing, two people at once, the same submit twice, what is not mine."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.store.tables import comment, document, history, instance, task
from tests.web.desk.conftest import Desk, submission

GOOD = {"f-utfall": "ja", "f-motivering": "Allt finns med."}


def test_the_page_says_what_why_and_what_came_before(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    page = desk.sign_in().get(f"/tasks/{number}").text
    for words in (
        "Läs frågan och avgör om den är klar.", "Rådet", "Anna Ek", "R7", "Rådet beslutar.", "Koordinatorn påminner dig.",
        "Vad frågas?", "Hur gör vi?", "Slutför uppgiften",
    ):  # fmt: skip
        assert words in page, words


def test_completing_gives_a_receipt_that_says_who_has_it_now(desk: Desk) -> None:
    case = desk.raise_question()
    number = desk.open_task(case)
    client = desk.sign_in()
    key = submission(client.get(f"/tasks/{number}"))
    answer = client.post(f"/tasks/{number}", data={**GOOD, "desk-submission": key, "desk-do": "complete"})
    assert (answer.status_code, answer.location) == (303, f"/tasks/{number}/receipt")
    receipt = client.get(answer.location).text
    for words in (
        "Klart: Granska frågan",
        "Rådet beslutar.",
        "Besluta",
        "ligger hos Rådet",
        "Ja, den är klar",
        "Din nästa uppgift",
    ):
        assert words in receipt, words


def test_the_same_submit_twice_happens_once(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    client = desk.sign_in()
    data = {**GOOD, "desk-submission": submission(client.get(f"/tasks/{number}")), "desk-do": "complete"}
    answers = [client.post(f"/tasks/{number}", data=data) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/tasks/{number}/receipt"] * 2
    assert desk.rows(select(func.count()).where(history.c.kind == "completed", history.c.element_id == "granska"))[0][0] == 1


def test_the_same_submit_twice_happens_once_also_where_nothing_is_asked(desk: Desk) -> None:
    case = desk.raise_question()
    desk.house.runtime.complete(desk.open_task(case), {"utfall": "ja", "motivering": "Bra."}, actor=desk.actor(1))
    number = desk.open_task(case)
    client = desk.sign_in()
    data = {"desk-submission": submission(client.get(f"/tasks/{number}")), "desk-do": "complete"}
    answers = [client.post(f"/tasks/{number}", data=data) for _ in range(2)]
    assert [answer.location for answer in answers] == [f"/tasks/{number}/receipt"] * 2


def test_two_people_at_once_the_second_is_told_who_and_keeps_the_text(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    anna, dag = desk.sign_in(), desk.sign_in("dag.moe")
    keys = [submission(client.get(f"/tasks/{number}")) for client in (anna, dag)]
    anna.post(f"/tasks/{number}", data={**GOOD, "desk-submission": keys[0]})
    answer = dag.post(f"/tasks/{number}", data={"f-utfall": "nej", "f-motivering": "Saknar underlag.", "desk-submission": keys[1]})
    assert answer.status_code == 409
    for words in ("Någon hann före", "Anna Ek slutförde uppgiften", "måndag 12 januari kl. 08:00", "Saknar underlag.", "Nej"):
        assert words in answer.text, words
    assert desk.rows(select(task.c.closed_by).where(task.c.id == number))[0][0] == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"f-utfall": "ja"}, "f-motivering"),
        ({"f-utfall": "ja", "f-motivering": "x" * 501}, "f-motivering"),
        ({"f-utfall": "kanske", "f-motivering": "Behåll mig"}, "f-utfall"),
        ({"f-motivering": "Behåll mig"}, "f-utfall"),
        ({**GOOD, "f-status": "hackad"}, "f-_form"),
        ({"f-utfall": ["ja", "nej"], "f-motivering": "Behåll mig"}, "f-utfall"),
    ],
)
def test_bad_input_is_told_by_links_and_nothing_is_lost(desk: Desk, typed: dict[str, object], said: str) -> None:
    number = desk.open_task(desk.raise_question())
    client = desk.sign_in()
    key = submission(client.get(f"/tasks/{number}"))
    answer = client.post(f"/tasks/{number}", data={**typed, "desk-submission": key, "desk-do": "complete"})
    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text and f'href="#{said}"' in answer.text
    assert f'id="{said}"' in answer.text
    if said != "f-_form" and "f-motivering" in typed:
        assert str(typed["f-motivering"]) in answer.text
    assert submission(answer) == key
    assert desk.rows(select(task.c.status).where(task.c.id == number))[0][0] == "open"


def test_a_submit_without_the_pages_key_is_refused(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    client = desk.sign_in()
    for key in ("", "x", "a" * 100, "åäö" * 8):
        assert client.post(f"/tasks/{number}", data={**GOOD, "desk-submission": key}).status_code == 400


def test_somebody_elses_task_says_who_may(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    client = desk.sign_in("eva.ny")
    page = client.get(f"/tasks/{number}")
    assert page.status_code == 403
    assert "Rådet" in page.text
    assert "Hemsjukvård" not in page.text and "Granska" not in page.text
    posted = client.post(f"/tasks/{number}", data={**GOOD, "desk-submission": "k" * 20})
    assert posted.status_code == 403
    assert "Allt finns med." in posted.text
    assert desk.rows(select(task.c.status).where(task.c.id == number))[0][0] == "open"
    insider = desk.sign_in("bo.lund").get(f"/tasks/{number}")
    assert insider.status_code == 403
    assert "Granska frågan" in insider.text


def test_taking_keeps_what_was_typed_and_others_see_who_has_it(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    anna, dag = desk.sign_in(), desk.sign_in("dag.moe")
    key = submission(anna.get(f"/tasks/{number}"))
    taken = anna.post(f"/tasks/{number}", data={"f-motivering": "Påbörjat", "desk-submission": key, "desk-do": "take"})
    assert taken.status_code == 200
    assert "Påbörjat" in taken.text and "Lämna tillbaka" in taken.text
    seen = dag.get(f"/tasks/{number}")
    assert "Anna Ek har tagit uppgiften" in seen.text
    tried = dag.post(f"/tasks/{number}", data={**GOOD, "desk-submission": "k" * 20})
    assert tried.status_code == 409
    assert "Allt finns med." in tried.text
    back = anna.post(f"/tasks/{number}", data={"desk-submission": key, "desk-do": "return"})
    assert "tillbakalämnad" in back.text
    assert "Slutför uppgiften" in dag.get(f"/tasks/{number}").text


def test_a_closed_task_says_what_was_done(desk: Desk) -> None:
    case = desk.raise_question()
    number = desk.open_task(case)
    desk.house.runtime.complete(number, {"utfall": "nej", "motivering": "Inte klar"}, actor=desk.actor(1))
    page = desk.sign_in("bo.lund").get(f"/tasks/{number}")
    assert page.status_code == 200
    for words in ("Anna Ek slutförde uppgiften", "Inte klar", "Så står ärendet nu", "Besluta"):
        assert words in page.text, words
    assert desk.sign_in("bo.lund").get(f"/tasks/{number}/receipt").location == f"/tasks/{number}"
    assert desk.sign_in("eva.ny").get(f"/tasks/{number}").status_code == 403
    later = desk.open_task(case)
    desk.house.runtime.cancel(case, "prov", actor=desk.actor(3))
    assert "behövs inte längre" in desk.sign_in("bo.lund").get(f"/tasks/{later}").text


def test_a_task_without_a_form_and_one_that_does_not_exist(desk: Desk) -> None:
    case = desk.raise_question()
    desk.house.runtime.complete(desk.open_task(case), {"utfall": "ja", "motivering": "x"}, actor=desk.actor(1))
    number = desk.open_task(case)
    client = desk.sign_in("bo.lund")
    page = client.get(f"/tasks/{number}")
    assert "Det finns inget att fylla i" in page.text
    assert client.post(f"/tasks/{number}", data={"desk-submission": submission(page)}).status_code == 303
    late = client.post(f"/tasks/{number}", data={"desk-submission": "k" * 20})
    assert late.status_code == 409
    assert client.get("/tasks/9999").status_code == 404
    assert client.post("/tasks/9999", data={"desk-submission": "k" * 20}).status_code == 404
    assert (
        client.post(
            f"/tasks/{desk.open_task(desk.raise_question())}", data={"desk-do": "x", "desk-submission": "k" * 20}
        ).status_code
        == 403
    )


def test_attaching_and_commenting_on_the_way_lose_nothing(desk: Desk) -> None:
    case = desk.raise_question()
    number = desk.open_task(case)
    client = desk.sign_in()
    typed = {"f-motivering": "Halvfärdigt", "desk-submission": submission(client.get(f"/tasks/{number}"))}
    png = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 30), "bild.png")
    attached = client.post(f"/tasks/{number}", data={**typed, "desk-do": "attach", "desk-document": png})
    assert attached.status_code == 200
    assert "Halvfärdigt" in attached.text and "bild.png" in attached.text
    commented = client.post(f"/tasks/{number}", data={**typed, "desk-do": "comment", "desk-comment": "Ring mig"})
    assert "Halvfärdigt" in commented.text and "Ring mig" in commented.text
    assert desk.rows(select(document.c.task_id))[0][0] == number
    wrong = client.post(f"/tasks/{number}", data={**typed, "desk-do": "attach", "desk-comment": "Osparad"})
    assert wrong.status_code == 422
    assert "Välj en fil först." in wrong.text and "Osparad" in wrong.text and "Halvfärdigt" in wrong.text


def test_what_lies_beside_comes_along_when_the_task_is_completed(desk: Desk) -> None:
    number = desk.open_task(desk.raise_question())
    client = desk.sign_in()
    data = {**GOOD, "desk-submission": submission(client.get(f"/tasks/{number}")), "desk-comment": "Också det här"}
    refused = client.post(f"/tasks/{number}", data={**data, "desk-document": (io.BytesIO(b"<svg onload=alert(1)>"), "x.svg")})
    assert refused.status_code == 422
    assert "Allt finns med." in refused.text and "går inte att bifoga" in refused.text
    assert desk.rows(select(task.c.status).where(task.c.id == number))[0][0] == "open"
    assert client.post(f"/tasks/{number}", data=data).status_code == 303
    assert [row[0] for row in desk.rows(select(comment.c.text))] == ["Också det här"]


def test_a_substitute_is_told_for_whom(desk: Desk) -> None:
    register = desk.house.register
    day = desk.clock.now().date()
    register.register_absence(1, starts=day, ends=day + timedelta(days=5), substitute_id=4, at=desk.clock.now())
    number = desk.open_task(desk.raise_question(by=2))
    page = desk.sign_in("eva.ny").get(f"/tasks/{number}").text
    assert "i stället för Anna Ek" in page


def test_the_case_is_never_shown_to_a_stranger(desk: Desk) -> None:
    case = desk.raise_question()
    client = desk.sign_in("eva.ny")
    for address in (f"/started/{case}", f"/tasks/{desk.open_task(case)}"):
        assert client.get(address).status_code == 403
    assert desk.rows(select(instance.c.status))[0][0] == "running"
