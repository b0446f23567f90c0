"""Every door of the site, tried by a stranger to the case, without a token, and with hostile values.

The tests walk over the routes themselves, so that a page that comes later is tried too.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select
from werkzeug.routing import Rule

from engine.store.tables import comment, document, instance, notice, subscription
from tests.web.desk.conftest import PASSWORD, Desk
from web.routing import Id

SECRET = "Hemligrubrik"
# Ids in addresses that name no case: what anybody who is signed in may look up.
OPEN_IDS = {"components.error", "register.person"}
HUGE = (2**31, 2**63 - 1, 2**63, 2**64, 10**40)
INJECTIONS = (
    "' OR 1=1 --", "%' ESCAPE '", "\\", "x;DROP TABLE task", "\x00", "‮gnp.exe", "%00", "a" * 20_000, "🧨", "-1", "0", "1e9", "None",
)  # fmt: skip


PROGRAMS = ("/engine-rest", "/api/v1")


def rules(desk: Desk, method: str, *, of_programs: bool = False) -> list[Rule]:
    """The routes of pages, or those that programs call."""
    every = [rule for rule in desk.app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]
    return [rule for rule in every if rule.rule.startswith(PROGRAMS) is of_programs]


def address(desk: Desk, rule: Rule, values: dict[str, Any]) -> str:
    with desk.app.test_request_context():
        from flask import url_for

        plain = {name: values.get(name, 404 if isinstance(rule._converters[name], Id) else "x") for name in rule.arguments}
        return url_for(rule.endpoint, **plain)


@pytest.fixture
def case_of_others(desk: Desk) -> Iterator[dict[str, int]]:
    """A case that Eva has nothing to do with, and an id of everything that hangs on it."""
    root = desk.raise_question(SECRET)
    desk.folder.mkdir(exist_ok=True)
    (desk.folder / ("0" * 48)).write_bytes(b"%")
    now = desk.clock.now()
    with desk.database.write() as connection:
        waiting = connection.execute(select(subscription.c.id).where(subscription.c.instance_id == root)).scalars().first()
        doc = connection.execute(
            insert(document)
            .values(root_id=root, name=f"{SECRET}.pdf", media_type="application/pdf", size=1, digest="", stored_as="0" * 48,
                    uploaded_by=1, uploaded_at=now)
            .returning(document.c.id)
        ).scalar_one()  # fmt: skip
        connection.execute(insert(comment).values(root_id=root, written_by=1, written_at=now, text=SECRET))
        connection.execute(insert(notice).values(instance_id=root, recipient="radet", subject=SECRET, body=SECRET, created_at=now))
    yield {
        "instance_id": root, "root_id": root, "task_id": desk.open_task(root), "document_id": doc, "subscription_id": waiting or 1,
        "absence_id": 1, "person_id": 1, "version": 1,
    }  # fmt: skip


def test_a_stranger_meets_a_closed_door_everywhere(desk: Desk, case_of_others: dict[str, int]) -> None:
    eva = desk.sign_in("eva.ny")
    tried = []
    for method in ("GET", "POST"):
        for rule in rules(desk, method):
            where = address(desk, rule, case_of_others)
            answer = eva.open(where, method=method, data={"text": "hej"}, follow_redirects=True)
            assert SECRET not in answer.text, f"{method} {rule.rule} shows the case"
            about = rule.arguments & {"instance_id", "root_id", "task_id", "document_id", "subscription_id", "absence_id"}
            if about and rule.endpoint not in OPEN_IDS:
                tried.append(rule.rule)
                # 400: a form that does not say what it wants is refused before anybody asks whose the case is.
                assert answer.status_code in (403, 404) + (400,) * (method == "POST"), f"{method} {rule.rule}: {answer.status_code}"
            if rule.rule == "/sign-out":
                eva = desk.sign_in("eva.ny")
    assert len(tried) >= 10
    with desk.database.read() as connection:
        assert connection.execute(select(instance.c.status)).scalars().all() == ["running"]
        assert len(connection.execute(select(comment.c.id)).all()) == 1


def test_one_involved_sees_what_the_stranger_did_not(desk: Desk, case_of_others: dict[str, int]) -> None:
    assert SECRET in desk.sign_in("anna.ek").get(f"/cases/{case_of_others['instance_id']}").text


def test_nobody_comes_in_without_signing_in(desk: Desk, case_of_others: dict[str, int]) -> None:
    for method in ("GET", "POST"):
        for rule in rules(desk, method):
            answer = desk.app.test_client().open(address(desk, rule, case_of_others), method=method)
            assert SECRET not in answer.text
            if desk.app.view_functions[rule.endpoint].access_rule != "anyone":  # type: ignore[attr-defined]
                assert answer.status_code == 302 and answer.location.startswith("/sign-in"), rule.rule


def test_programs_come_in_neither_unsigned_nor_by_a_cookie_nor_to_what_they_may_not_see(
    desk: Desk, case_of_others: dict[str, int]
) -> None:
    signed = {"Authorization": "Basic " + base64.b64encode(f"eva.ny:{PASSWORD}".encode()).decode()}
    browser, tried = desk.sign_in("karin.lind"), 0
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for rule in rules(desk, method, of_programs=True):
            where = address(desk, rule, case_of_others | {"id": case_of_others["instance_id"]})
            assert desk.app.test_client().open(where, method=method).status_code == 401, rule.rule
            assert browser.open(where, method=method).status_code == 401, rule.rule
            answer = desk.app.test_client().open(where, method=method, headers=signed)
            assert SECRET not in answer.text, f"{method} {rule.rule} shows the case"
            tried += answer.status_code in (400, 403, 404, 422)
    assert tried >= 60
    with desk.database.read() as connection:
        assert connection.execute(select(instance.c.status)).scalars().all() == ["running"]


def test_no_post_is_taken_without_the_token_of_the_session(desk: Desk, case_of_others: dict[str, int]) -> None:
    karin = desk.sign_in("karin.lind")
    desk.app.config["WTF_CSRF_ENABLED"] = True
    posts = rules(desk, "POST")
    assert len(posts) >= 8
    for rule in posts:
        for data in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
            assert karin.post(address(desk, rule, case_of_others), data=data).status_code == 400, rule.rule
        foreign = karin.post(address(desk, rule, case_of_others), headers={"Origin": "https://elsewhere.example"})
        assert foreign.status_code == 400, rule.rule


def test_numbers_that_no_database_holds_are_no_fault_of_ours(desk: Desk) -> None:
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    karin = desk.sign_in("karin.lind")
    for method in ("GET", "POST"):
        for rule in rules(desk, method):
            if not rule.arguments:
                continue
            for number in HUGE:
                where = address(desk, rule, dict.fromkeys(rule.arguments, number))
                status = karin.open(where, method=method).status_code
                assert status < 500 or rule.endpoint == "components.error", f"{method} {where}: {status}"
    for where in ("/cases/", "/tasks/", "/meetings/", "/notices/", "/register/", "/cases/1/history"):
        for name in ("page", "sida", "before", "year", "month", "antal", "n"):
            for number in (*HUGE, -1, "NaN", "1e400"):
                assert karin.get(where, query_string={name: str(number)}).status_code < 500, f"{where}?{name}={number}"


def test_hostile_words_in_searches_filters_and_orders_are_words(desk: Desk, case_of_others: dict[str, int]) -> None:
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    eva, karin = desk.sign_in("eva.ny"), desk.sign_in("karin.lind")
    names = ("q", "sok", "text", "sort", "order", "state", "body", "party", "view", "kind", "month", "day", "lang", "next", "as")
    for rule in rules(desk, "GET"):
        where = address(desk, rule, case_of_others)
        for word in INJECTIONS:
            for person in (eva, karin):
                with person.get(where, query_string=dict.fromkeys(names, word)) as answer:
                    assert answer.status_code < 500 or rule.endpoint == "components.error", f"{where} with {word[:20]!r}"
                    assert person is not eva or SECRET not in answer.text
    with desk.database.read() as connection:
        assert connection.execute(select(instance.c.title)).scalars().all() == [SECRET]


def test_hostile_values_in_a_form_are_told_as_errors_or_kept_as_words(desk: Desk) -> None:
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    anna = desk.sign_in("anna.ek")
    root = desk.raise_question()
    task_id = desk.open_task(root)
    numbers, nested = ("1e400", "9" * 400, "-" + "9" * 30), ("[" * 5_000, '{"a":' * 5_000)
    for word in (*INJECTIONS, *numbers, *nested, "\ud7ff", "<script>alert(1)</script>"):
        for where in ("/start/fragan", f"/tasks/{task_id}"):
            page = anna.get(where)
            fields = dict.fromkeys(("f-titel", "f-fraga", "f-antal", "f-utfall", "f-svar", "desk-submission"), word)
            answer = anna.post(where, data=fields)
            assert answer.status_code < 500, f"{where}: {answer.status_code} for {word[:20]!r}"
            assert "<script>alert" not in answer.text and page.status_code < 500
    assert anna.post(f"/tasks/{task_id}", data={f"f-{number}": "x" for number in range(3000)}).status_code < 500


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a\x00.pdf",
     "‮fdp.exe", "con.pdf", "", "." * 300, "a" * 5_000 + ".pdf", "%2e%2e%2fx.pdf"],
)  # fmt: skip
def test_uploads_with_hostile_names_stay_where_they_belong(desk: Desk, name: str, tmp_path: Any) -> None:
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False
    anna, root = desk.sign_in("anna.ek"), desk.raise_question()
    before = {file for file in tmp_path.rglob("*") if desk.folder not in file.parents}
    for content in (b"%PDF-1.4\n%EOF", b"", b"MZ\x90\x00" + b"\x00" * 64, b"<svg onload='x'/>", b"PK\x03\x04"):
        data = {"file": (io.BytesIO(content), name), "fil": (io.BytesIO(content), name)}
        assert anna.post(f"/documents/to/{root}", data=data, content_type="multipart/form-data").status_code < 500
    assert {file for file in tmp_path.rglob("*") if desk.folder not in file.parents} - before <= {desk.folder}
    with desk.database.read() as connection:
        for row in connection.execute(select(document.c.name, document.c.stored_as)):
            assert "/" not in row.name and "\x00" not in row.name and "‮" not in row.name
            assert "/" not in row.stored_as and ".." not in row.stored_as


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
     " //evil", "http:evil.example", "/%0d%0aSet-Cookie:x=1", "///evil.example", "https:///evil.example"],
)  # fmt: skip
def test_nobody_is_led_off_the_site(desk: Desk, target: str) -> None:
    client = desk.app.test_client()
    for path in ("/sign-in", "/language"):
        answer = client.post(path, data={"username": "anna.ek", "password": "sju gula älgar", "lang": "sv", "next": target})
        assert answer.status_code == 302
        assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\")), answer.location
        assert "\n" not in answer.location


@pytest.mark.parametrize(
    "path",
    ["/assets/../web/config.py",
     "/assets/%2e%2e/%2e%2e/config.py", "/assets//etc/passwd",
     "/assets/..%5cconfig.py"],
)  # fmt: skip
def test_only_assets_are_assets(desk: Desk, path: str) -> None:
    answer = desk.app.test_client().get(path)
    assert answer.status_code in (302, 308, 404)
    assert "secret" not in answer.text.lower()


def test_a_session_from_before_signing_in_is_nobodys_afterwards(desk: Desk) -> None:
    client = desk.app.test_client()
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = client.get_cookie("samverka")
    client.post("/sign-in", data={"username": "anna.ek", "password": "sju gula älgar"})
    after = client.get_cookie("samverka")
    assert before is not None and after is not None and before.value != after.value
    with client.session_transaction() as session:
        assert "planted" not in session
    thief = desk.app.test_client()
    thief.set_cookie("samverka", before.value)
    assert thief.get("/tasks/").status_code == 302


def test_what_is_logged_holds_no_secret(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.app.config["PROPAGATE_EXCEPTIONS"] = False

    def fault() -> str:
        raise RuntimeError("a fault of the test")

    desk.app.view_functions["help.index"] = fault
    with caplog.at_level("DEBUG"):
        client = desk.app.test_client()
        client.post("/sign-in", data={"username": "anna.ek", "password": "fel lösenord 4711"})
        client.post("/sign-in", data={"username": "anna.ek", "password": "sju gula älgar"})
        client.get("/help/?token=hemligt")
    assert "a fault of the test" in caplog.text
    for secret in ("fel lösenord 4711", "sju gula älgar", "test-secret-", "hemligt", "$argon2"):
        assert secret not in caplog.text
