"""The list of cases and one case: who sees them, what they say, and what they cost."""

from __future__ import annotations

import re

import pytest

from engine.store.tables import incident
from tests.engine.store.case_rows import counted
from tests.web.cases.conftest import Pages
from web.i18n import COOKIE


def test_the_list_says_where_a_case_stands_and_who_has_it(pages: Pages) -> None:
    pages.raise_question()
    text = pages.read("/cases/", by="anna")
    assert "Hemsjukvård i Åsele" in text and "ÄR-2026-0001" in text
    assert "ordförande i Rådet" in text
    assert "fredag 16 januari" in text


def test_an_official_sees_the_cases_of_party_and_bodies_and_a_coordinator_all(pages: Pages) -> None:
    case = pages.raise_question()
    for username, sees in (("anna", True), ("bo", True), ("karin", True), ("sven", False)):
        assert ("Hemsjukvård" in pages.read("/cases/", by=username)) is sees
        for path in (f"/cases/{case}", f"/cases/{case}/history", f"/cases/{case}/diagram.bpmn"):
            pages.read(path, by=username, status=200 if sees else 403)
    pages.read("/cases/4711", status=404)
    pages.read("/cases/4711/diagram.bpmn", status=404)
    assert pages.app.test_client().get(f"/cases/{case}").status_code == 302


def test_a_called_process_is_seen_by_those_who_see_its_case(pages: Pages) -> None:
    case = pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    act(pages, case, "anna")
    child = int(re.findall(r'href="/cases/(\d+)">Soder kommun', pages.read(f"/cases/{case}"))[0])
    assert "Hemsjukvård" in pages.read(f"/cases/{child}", by="eva")
    pages.read(f"/cases/{child}", by="sven", status=403)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hemSJUK", True), ("q=åsele", True), ("q=ÄR-2026", True), ("q=rehab", False),
        ("party=norr", True), ("party=soder", False),
        ("body=radet", True), ("body=%27%3B--", False), ("state=closed", False), ("state=overdue", False), ("state=nonsense", True),
        ("sort=due&order=up", True), ("sort=x&order=y&page=-3", True), ("page=99999999999999", True), ("page=%C2%B2", True),
    ],
)  # fmt: skip
def test_filters_are_plain_addresses(pages: Pages, query: str, found: bool) -> None:
    pages.raise_question()
    text = pages.read(f"/cases/?{query}")
    assert ('href="/cases/1"' in text) is found
    assert found or "Inget ärende stämmer" in text


def test_lateness_is_said_by_word_and_counted(pages: Pages) -> None:
    pages.raise_question()
    pages.clock.move_to(pages.clock.now().replace(day=20))
    text = pages.read("/cases/?state=overdue")
    assert "4 dagar försenad" in text
    assert "Försenat" in pages.read("/cases/1")


def test_pages_and_sorting_keep_the_filter(pages: Pages) -> None:
    for number in range(27):
        pages.raise_question(f"Fråga {number:02}")
    first = pages.read("/cases/?q=fråga&sort=number&order=up")
    assert "Sida 1 av 2" in first and "27 ärenden" in first
    assert re.search(r'rel="next" href="/cases/\?[^"]*q=fr%C3%A5ga[^"]*page=2', first) or "page=2" in first
    assert 'aria-sort="ascending"' in first
    assert "Fråga 26" in pages.read("/cases/?q=fråga&sort=number&order=up&page=2")


def test_a_case_tells_its_way(pages: Pages) -> None:
    case = pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    text = pages.read(f"/cases/{case}", by="anna")
    assert "Invänta mötet" in text
    assert "Ja, det räcker" in text, "the answer by its label, in the timeline and among the data"
    assert 'data-element="vanta" data-state="now"' in text
    assert 'data-element="granska" data-state="done"' in text
    assert 'data-element="svar" data-state="ahead"' in text
    assert 'data-flows="f1 f2"' in text
    assert "Rådets bana" in text
    assert "Hoppa över mötet" in text
    assert "Hoppa över mötet" not in pages.read(f"/cases/{case}", by="bo")


def act(pages: Pages, case: int, by: str) -> None:
    """Send the message that the case waits for, by the button of its page."""
    found = re.search(r'href="[^"]*?(\d+)[^"]*">Hoppa över mötet', pages.read(f"/cases/{case}", by=by))
    assert found
    pages.runtime.act(int(found[1]), {}, actor=pages.actor(by))


def test_the_parties_answers_stand_in_a_table_and_are_counted(pages: Pages) -> None:
    case = pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    act(pages, case, "anna")
    text = pages.read(f"/cases/{case}")
    assert "2 har inte svarat än" in text
    assert 'data-badge="nu · 2"' in text
    pages.complete("svara", "eva", {"svar": "ja", "datum": "2026-01-12"}, party_slug="soder")
    text = pages.read(f"/cases/{case}")
    assert "1 ja" in text and "1 har inte svarat än" in text
    assert "Svar lämnat" in text and "måndag 12 januari 2026" in text
    pages.complete("svara", "rita", {"svar": "nej", "datum": "2026-01-12"}, party_slug="norr")
    text = pages.read(f"/cases/{case}")
    assert "Frågan är besvarad" in text
    assert "1 nej" in text and "har inte svarat" not in text
    assert "Frågan är besvarad" in pages.read("/cases/?state=closed")


def test_hostile_names_do_nothing(pages: Pages) -> None:
    case = pages.raise_question("<script>alert('titel')</script>\"'><img src=x onerror=alert(1)>")
    for path in ("/cases/", f"/cases/{case}", f"/cases/{case}/history", "/processes/", "/processes/fraga/1"):
        text = pages.read(path)
        assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert" in pages.read(f"/cases/{case}")


def test_the_diagram_is_served_as_a_file_and_never_as_a_page(pages: Pages) -> None:
    case = pages.raise_question()
    answer = pages.sign_in("anna").get(f"/cases/{case}/diagram.bpmn")
    assert answer.mimetype == "application/xml"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.data.startswith(b"<?xml")


def test_incidents_are_for_coordinators(pages: Pages) -> None:
    case = pages.raise_question()
    with pages.house.database.write() as connection:
        connection.execute(incident.insert().values(instance_id=case, message="gick fel", cause="X", created_at=pages.clock.now()))
    assert "gick fel" in pages.read(f"/cases/{case}")
    assert "gick fel" not in pages.read(f"/cases/{case}", by="anna")


def test_pages_cost_the_same_however_much_there_is(pages: Pages) -> None:
    case = pages.raise_question()
    pages.complete("granska", "anna", {"bedomning": "ja"})
    client = pages.sign_in("anna")

    def statements(path: str) -> int:
        client.get(path)
        with counted(pages.house.database.engine) as sent:
            assert client.get(path).status_code == 200
        return len(sent)

    before = {path: statements(path) for path in ("/cases/", f"/cases/{case}", "/meetings/")}
    for number in range(12):
        pages.raise_question(f"Fråga {number}")
        pages.meet()
    act(pages, case, "anna")
    pages.complete("svara", "eva", {"svar": "ja", "datum": "2026-01-12"}, party_slug="soder")
    for path, cost in before.items():
        # A case page may ask for a thing that only now exists; it never asks once for each row.
        assert statements(path) <= cost + 6, path
        assert cost < 45, path


def test_in_english(pages: Pages) -> None:
    case = pages.raise_question()
    client = pages.sign_in("anna")
    client.set_cookie(COOKIE, "en")
    text = client.get(f"/cases/{case}?lang=en").text
    assert "Where the case stands" in text and "Check it" in text and "Question" in text
    assert "The Council" in text


def test_processes_are_shown_to_everybody_signed_in_and_can_be_fetched(pages: Pages) -> None:
    assert "Partens svar" in pages.read("/processes/", by="sven")
    text = pages.read("/processes/fraga/1", by="sven")
    assert "Svar från parterna" in text and "Punkt R7" in text
    answer = pages.sign_in("sven").get("/processes/fraga/1/download")
    assert answer.data.startswith(b"<?xml") and "fraga-v1.bpmn" in answer.headers["Content-Disposition"]
    pages.read("/processes/fraga/2", status=404)
    pages.read("/processes/ingen/1", status=404)
