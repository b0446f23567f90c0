"""Who may call: Basic and Bearer, rights, bounds on guessing, no cookies and no form tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.store.tables import access_token, account
from tests.web.rest.conftest import Caller, Office, basic, upload
from tests.web.rest.material import WEIGHING
from web.auth import tokens


def test_without_credentials_the_modeler_is_made_to_ask(office: Office) -> None:
    answer = office.anybody()("GET", "/deployment?maxResults=0")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert answer.json["type"] == "AuthenticationException"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_password_is_read_in_either_encoding(office: Office, encoding: str) -> None:
    caller = Caller(office.app.test_client(), basic("Karin.Lind", encoding=encoding))
    assert caller.get("/version") == {"version": "7.24.0"}


TOO_LONG = basic("karin.lind", "x" * 300)["Authorization"]


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic a2Fyaw==", "Bearer", "Bearer smv_no", "Digest x", "Bearer \xff", TOO_LONG]
)
def test_what_is_not_right_is_refused(office: Office, header: str) -> None:
    assert Caller(office.app.test_client(), {"Authorization": header}).fault("GET", "/version")[0] == 401


def test_a_signed_in_browser_is_not_a_program(office: Office) -> None:
    client = office.app.test_client()
    office.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/sign-in", data={"username": "karin.lind", "password": "åtta höga ängar"}).status_code == 302
    assert client.get("/tasks/").status_code == 200
    assert client.get("/engine-rest/version").status_code == 401


def test_no_form_token_and_no_origin_is_asked_for(office: Office) -> None:
    caller = office.caller()
    answer = caller("POST", "/process-definition/key/weighing/start", {}, headers={"Origin": "file://", "Referer": "file://x"})
    assert answer.status_code == 200


def test_a_token_ends_when_it_expires_or_is_revoked_or_its_owner_leaves(office: Office) -> None:
    number, token = tokens.make(office.house, 3, name="short", rights=["work"], valid_for=timedelta(days=1))
    caller = Caller(office.app.test_client(), {"Authorization": f"bearer {token}"})
    assert caller.get("/engine") == [{"name": "default"}]
    office.clock.advance(timedelta(days=1))
    assert caller.fault("GET", "/engine")[0] == 401
    other = office.bearer("work")
    assert other("GET", "/engine").status_code == 200
    ((last,),) = office.rows(select(access_token.c.id).where(access_token.c.id != number))
    assert tokens.revoke(office.house, last) and not tokens.revoke(office.house, last)
    assert other.fault("GET", "/engine")[0] == 401
    third = office.bearer("work")
    with office.house.database.write() as connection:
        connection.execute(update(account).where(account.c.person_id == 3).values(active=False))
    assert third.fault("GET", "/engine")[0] == 401


def test_tokens_are_kept_as_digests_and_their_use_is_noted(office: Office) -> None:
    _, token = tokens.make(office.house, 3, name="the archive's worker", rights=["work"], valid_for=None)
    Caller(office.app.test_client(), {"Authorization": f"Bearer {token}"}).get("/engine")
    ((digest, used),) = office.rows(select(access_token.c.digest, access_token.c.used_at))
    assert token not in digest and used == office.clock.now()
    (line,) = tokens.listed(office.house)
    assert "the archive's worker" in line and token not in line


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"name": "x" * 201}, {"rights": []}, {"rights": ["everything"]}, {"valid_for": timedelta(0)}]
)
def test_a_token_needs_a_purpose_and_a_right(office: Office, changes: dict[str, Any]) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.make(office.house, 3, **{"name": "x", "rights": ["work"], "valid_for": None, **changes})


def test_guessing_is_slowed_down(office: Office) -> None:
    wrong = Caller(office.app.test_client(), basic("karin.lind", "guess"))
    assert [wrong("GET", "/version").status_code for _ in range(11)] == [401] * 10 + [429]
    assert office.caller("karin.lind").fault("GET", "/version")[0] == 429
    assert office.bearer("work").get("/version")["version"]  # tokens of the same person go on
    assert office.anybody().fault("GET", "/version")[0] == 401


def test_a_changed_password_counts_at_once(office: Office) -> None:
    from web.auth import passwords

    caller = office.caller()
    assert caller.get("/version")
    with office.house.database.write() as connection:
        connection.execute(update(account).where(account.c.person_id == 3).values(password=passwords.hashed("nio nya nycklar")))
    assert caller.fault("GET", "/version")[0] == 401


def test_deploying_is_the_owners(office: Office) -> None:
    for caller in (office.caller("karin.lind"), office.bearer("deploy", person=3), office.bearer("work", person=4)):
        status, kind, _ = caller.fault("POST", "/deployment/create", **upload(weighing__bpmn=WEIGHING))
        assert (status, kind) == (403, "AuthorizationException")
    for caller in (office.caller("olle.berg"), office.bearer("deploy", person=4)):
        assert caller("POST", "/deployment/create", **upload(weighing__bpmn=WEIGHING)).status_code == 200


def test_cases_are_seen_by_those_involved(office: Office) -> None:
    number = office.caller().post("/process-definition/key/weighing/start")["id"]
    eva, anna = office.caller("eva.ny"), office.caller("anna.ek")
    office.house.runtime.parts.wake(office.clock.now())
    assert eva.get("/process-instance") == [each for each in eva.get("/process-instance") if each["id"] != "0"]
    with office.house.database.write() as connection:
        from engine.store.tables import involvement

        connection.execute(involvement.delete())
    for path in (f"/process-instance/{number}", f"/process-instance/{number}/variables", f"/history/process-instance/{number}"):
        assert anna.fault("GET", path)[0] == 403
    assert anna.get("/process-instance") == anna.get("/incident") == anna.get("/history/activity-instance") == []
    assert office.caller().get("/process-instance/count") == {"count": 1}


def test_what_is_not_there_is_told_in_json(office: Office) -> None:
    assert office.caller().fault("GET", "/nothing/here")[:2] == (404, "InvalidRequestException")
    assert office.caller().fault("DELETE", "/version")[0] == 405
    assert office.caller().fault("GET", "/process-instance/99999999999999999999999")[0] == 404


def test_where_the_modeler_finds_our_pages(office: Office) -> None:
    client = office.app.test_client()
    found = client.get("/.well-known/camunda-automation-platform/webapps").json
    assert set(found) == {"adminUrl", "cockpitUrl", "tasklistUrl"}
    office.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/sign-in", data={"username": "karin.lind", "password": "åtta höga ängar"})
    base = found["cockpitUrl"].removeprefix("http://127.0.0.1:8000")
    assert client.get(f"{base}/process-instance/12").location == "/cases/12"
    assert client.get(f"{base}/repository?deploymentsQuery=%5B%5D").location == "/processes/"
    assert client.get(f"{base}/").location == "/cases/"
