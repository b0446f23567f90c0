"""Error pages say what happened, what is safe and what to do, in the product's look."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from web.errors import EXPLANATIONS


@pytest.fixture
def faulty(site):
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    return site


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_every_error_has_its_page(faulty, code):
    answer = faulty.client().get(f"/_components/error/{code}")
    assert answer.status_code == code
    for part in ("Vad som hände", "Vad som är säkert", "Vad du kan göra", f"Fel {code}", "Samverka"):
        assert part in answer.text


def test_in_english_too(faulty):
    assert "What is safe" in faulty.client().get("/_components/error/409?lang=en").text


def test_an_address_that_is_not_there(site):
    assert site.client().get("/nowhere").status_code == 404
    assert site.client().post("/help/").status_code == 405


def test_a_fault_is_logged_with_the_number_that_the_page_shows(faulty, caplog):
    page = faulty.client().get("/_components/error/500").text
    number = page.split("<code>")[1].split("</code>")[0]
    assert number in caplog.text
    assert "asked for by the page of components" in caplog.text
    assert "asked for by" not in page


def test_a_fault_of_the_database_has_a_page_without_it(faulty, monkeypatch):
    """The page of a fault must not fail by what is broken."""
    client = faulty.sign_in()

    def broken(*_: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("web.auth.sessions.fetch_account", broken)
    answer = client.get("/help/")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text
    assert "the database is gone" not in answer.text


@pytest.mark.parametrize(
    ("path", "says"),
    [("/help/", "Databasen är borta"), ("/engine-rest/version", "not known"), ("/api/v1/definitions", "not known")],
)
def test_a_database_that_is_away_is_no_promise_that_nothing_was_saved(faulty, monkeypatch, path, says):
    client = faulty.sign_in()

    def lost(*_: object) -> None:
        raise OperationalError("SELECT 1", (), Exception("the server closed the connection"), connection_invalidated=True)

    for module in ("sessions", "programs"):
        monkeypatch.setattr(f"web.auth.{module}.fetch_account", lost)
    monkeypatch.setattr("web.auth.programs.fetch_token", lost)
    answer = client.get(path, headers={"Authorization": "Bearer smv_x"})
    assert answer.status_code == 503
    assert says in answer.text


def test_too_large_a_form_is_explained(site):
    site.app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = site.client().post("/sign-in", data={"username": "x" * 2000})
    assert answer.status_code == 413
    assert "För stor" in answer.text or "för stor" in answer.text


def test_htmx_puts_an_error_in_place_of_the_whole_page(site):
    answer = site.client().get("/nowhere", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "body"


def test_the_page_of_components_is_for_developers(site):
    site.app.testing = False
    assert site.client().get("/_components/").status_code == 404
