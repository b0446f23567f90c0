"""Meetings and the register: what they show, and who may register an absence."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine.register import queries
from engine.store.tables import involvement
from tests.web.cases.conftest import Pages


def test_the_calendar_shows_meetings_by_month_and_what_comes(pages: Pages) -> None:
    pages.meet("2026-01-20")
    text = pages.read("/meetings/")
    assert "Januari 2026" in text and "Rådets möte" in text
    assert "Planera en träff" in text, "who may start one is offered to"
    assert "Planera en träff" not in pages.read("/meetings/", by="anna")
    assert 'class="month-meeting"' not in pages.read("/meetings/?month=2026-03")
    for nonsense in ("month=2026-13", "month=x", "body=nonsense", "past=-1", "past=x"):
        assert "Januari 2026" in pages.read(f"/meetings/?{nonsense}")
    pages.clock.move_to(pages.clock.now().replace(month=2))
    assert "Inget möte är planerat" in pages.read("/meetings/")


def test_a_meeting_is_seen_by_those_it_involves(pages: Pages) -> None:
    meeting = pages.meet()
    assert "Rådets möte" in pages.read(f"/meetings/{meeting}", by="anna")
    pages.read(f"/meetings/{meeting}", by="sven", status=403)
    assert "Rådets möte" not in pages.read("/meetings/", by="sven")


def test_a_meeting_tells_its_cases_and_what_came_of_them(pages: Pages) -> None:
    case = pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    meeting = pages.meet()
    text = pages.read(f"/meetings/{meeting}", by="anna")
    assert f'href="/cases/{case}"' in text and "Hemsjukvård i Åsele" in text
    assert "tisdag 20 januari" in text and "Umeå" in text
    pages.complete("behandla", "anna", {"utfall": "avgjort"})
    text = pages.read(f"/meetings/{meeting}", by="anna")
    assert "Avgjort i rådet" in text and "Mötet är hållet" in text
    assert f'href="/meetings/{meeting}"' in pages.read(f"/cases/{case}"), "the case names the meeting that treated it"


def test_an_end_bears_the_mark_that_the_diagram_gives_it(pages: Pages) -> None:
    held, called_off = pages.meet(), pages.meet()
    pages.complete("behandla", "anna", {"utfall": "avgjort"})
    pages.complete("behandla", "anna", {"utfall": "uteblev"})
    texts = "".join(pages.read(f"/meetings/{meeting}") for meeting in (held, called_off))
    marks = {words: mark for mark, words in re.findall(r'standing--(\w+)">.*?<strong>(.+?)</strong>', texts, re.DOTALL)}
    assert marks == {"Mötet är hållet": "done", "Mötet uteblev": "stopped"}


def test_a_meeting_does_not_tell_of_cases_that_the_reader_may_not_see(pages: Pages) -> None:
    pages.raise_question("Hemlig fråga")
    with pages.house.database.write() as connection:
        others = involvement.c.subject.in_(["body:radet", "party:norr"])
        connection.execute(involvement.delete().where(involvement.c.root_id == 1, others))
    meeting = pages.meet()
    assert "Hemlig fråga" in pages.read(f"/meetings/{meeting}")
    assert "Hemlig fråga" not in pages.read(f"/meetings/{meeting}", by="bo")


def test_a_case_is_no_meeting(pages: Pages) -> None:
    case = pages.raise_question()
    answer = pages.sign_in("anna").get(f"/meetings/{case}")
    assert (answer.status_code, answer.location) == (302, f"/cases/{case}")


def test_the_register_shows_bodies_seats_and_vacancies(pages: Pages) -> None:
    text = pages.read("/register/", by="sven")
    assert "Rådet" in text and "Anna" in text and "vakans" in text
    text = pages.read("/register/bodies/radet", by="sven")
    assert "Ordförande" in text and "Ersättare" in text and "2 ledamöter saknas" in text
    assert "0 av 2" in text and "1 av 1" in text
    assert "Registrator" in pages.read("/register/parties/norr", by="sven")
    for missing in ("/register/bodies/ingen", "/register/parties/ingen", "/register/people/99"):
        pages.read(missing, status=404)


def test_the_register_on_another_day(pages: Pages) -> None:
    text = pages.read("/register/bodies/radet?on=2019-06-01")
    assert "Ingen är utsedd den här dagen" in text and "lördag 1 juni 2019" in text
    assert "Anna" in pages.read("/register/bodies/radet?on=nonsense")


def test_one_registers_ones_own_absence_and_a_coordinator_anybody_s(pages: Pages) -> None:
    given = {"starts": "2026-01-12", "ends": "2026-01-16", "substitute": str(pages.ids["bo"]), "note": "Kurs"}
    anna = pages.ids["anna"]
    assert pages.sign_in("bo").post(f"/register/people/{anna}/absences", data=given).status_code == 403
    assert pages.sign_in("anna").post(f"/register/people/{anna}/absences", data=given).status_code == 302
    text = pages.read(f"/register/people/{anna}", by="sven")
    assert "Bo agerar i stället" in text and "Kurs" not in text, "the note is for the person and coordinators"
    assert "Kurs" in pages.read(f"/register/people/{anna}", by="anna")
    assert "i stället för Anna" in pages.read("/register/bodies/radet")
    again = pages.sign_in("karin").post(f"/register/people/{anna}/absences", data=given)
    assert again.status_code == 409 and "krockar" in again.text and 'value="2026-01-16"' in again.text, "nothing typed is lost"


def test_an_absence_can_be_ended(pages: Pages) -> None:
    anna = pages.ids["anna"]
    pages.house.register.register_absence(anna, starts=date(2026, 1, 8), ends=date(2026, 2, 1), at=pages.clock.now())
    with pages.house.database.read() as connection:
        (absence,) = queries.read_absences(connection)
    path = f"/register/people/{anna}/absences/{absence.id}/end"
    assert pages.sign_in("bo").post(path).status_code == 403
    assert pages.sign_in("karin").post(f"/register/people/{pages.ids['bo']}/absences/{absence.id}/end").status_code == 404
    assert pages.sign_in("karin").post(path).status_code == 302
    assert "Borta till" not in pages.read(f"/register/people/{anna}")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"starts": ""}, "Skriv första dagen"), ({"ends": "2026-02-31"}, "Skriv sista dagen"),
        ({"ends": "2026-01-01"}, "Sista dagen kan inte komma före"), ({"substitute": "x"}, "Välj någon i listan"),
    ],
)  # fmt: skip
def test_a_wrong_absence_is_explained_beside_its_field(pages: Pages, wrong: dict[str, str], error: str) -> None:
    given = {"starts": "2026-01-12", "ends": "2026-01-16", "substitute": "", "note": "Kurs & möte"} | wrong
    answer = pages.sign_in("anna").post(f"/register/people/{pages.ids['anna']}/absences", data=given)
    assert answer.status_code == 422
    assert answer.text.count(error) == 2, "in the summary and at the field"
    assert "Kurs &amp; möte" in answer.text
