"""A form that was not opened here is refused, also when htmx sends it."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def guarded(site):
    site.app.config["WTF_CSRF_ENABLED"] = True
    return site


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language"])
def test_without_a_token_nothing_happens(guarded, path):
    answer = guarded.client().post(path, data={"username": "anna.ek", "password": "sju gula älgar", "lang": "en"})
    assert answer.status_code == 400
    assert "Formuläret gällde inte längre" in answer.text
    assert "Ingenting har sparats" in answer.text


def test_with_the_page_s_token_the_form_is_taken(guarded):
    client = guarded.client()
    token = token_of(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"username": "anna.ek", "password": "sju gula älgar", "csrf_token": token})
    assert answer.status_code == 302


def test_somebody_else_s_token_is_refused(guarded):
    token = token_of(guarded.client().get("/sign-in").text)
    answer = guarded.client().post("/language", data={"lang": "en", "csrf_token": token})
    assert answer.status_code == 400


def test_htmx_sends_the_token_in_a_header(guarded):
    client = guarded.client()
    page = client.get("/help/").text
    found = re.search(r"hx-headers='\{\"X-CSRFToken\": \"([^\"]+)\"\}'", page)
    assert found
    answer = client.post("/language", data={"lang": "en"}, headers={"X-CSRFToken": found[1], "HX-Request": "true"})
    assert answer.status_code == 302


def test_a_token_from_before_signing_in_does_not_live_on(guarded):
    client = guarded.client()
    before = token_of(client.get("/sign-in").text)
    client.post("/sign-in", data={"username": "anna.ek", "password": "sju gula älgar", "csrf_token": before})
    assert client.post("/language", data={"lang": "en", "csrf_token": before}).status_code == 400
