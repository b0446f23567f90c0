"""Every route says who may come, and the rule holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert

from engine.store.tables import definition, deployment, instance, involvement
from web.auth import access, require_sight
from web.navigation import ENTRIES

RULES = {"anyone", "official", "coordinator", "owner"}
# Addresses that programs call: signed with each call, never by a cookie.
PROGRAMS = ("/engine-rest", "/api/v1")
PROGRAM_RULES = {"program:read", "program:act", "program:work", "program:deploy", "program:coordinator"}
OPEN_TO_PROGRAMS: set[str] = set()
# Open to everybody: a conscious list. Everything else asks who you are.
OPEN = {
    "auth.home", "auth.sign_in", "auth.sign_in_now", "auth.sign_out", "auth.language", "help.index",
    "components.index", "components.error", "webapps.webapps",
}  # fmt: skip


def test_every_route_has_an_access_rule(site):
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        view = site.app.view_functions[rule.endpoint]
        rules = PROGRAM_RULES if rule.rule.startswith(PROGRAMS) and rule.rule not in OPEN_TO_PROGRAMS else RULES
        assert getattr(view, "access_rule", None) in rules, f"{rule.rule} ({rule.endpoint}) lacks @access or @program"


def test_only_the_listed_routes_are_open_to_anyone(site):
    views = site.app.view_functions.items()
    assert {name for name, view in views if getattr(view, "access_rule", None) == "anyone"} == OPEN


def test_navigation_has_five_entries():
    assert len(ENTRIES) == 5


@pytest.fixture
def guarded(site):
    """The site with one page a rule, and one about a case."""
    add_pages(site.app)
    return site


def add_pages(app: Flask) -> None:
    for rule in ("official", "coordinator", "owner"):
        app.add_url_rule(f"/{rule}", rule, access(rule)(lambda: "the page"), methods=["GET", "POST"])

    @app.get("/case/<int:root_id>")
    @access("official")
    def case(root_id: int) -> str:
        require_sight(root_id)
        return "the case"


def test_a_stranger_is_asked_to_sign_in_and_comes_back(guarded):
    answer = guarded.client().get("/official?sida=2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/official?sida%3D2"
    client = guarded.client()
    form = {"username": "anna.ek", "password": "sju gula älgar", "next": "/official?sida=2"}
    assert client.post("/sign-in", data=form).location == "/official?sida=2"


def test_a_stranger_who_posts_is_told_that_nothing_was_saved(guarded):
    client = guarded.client()
    assert client.post("/official").location == "/sign-in"
    assert "sparades inte" in client.get("/sign-in").text


def test_a_stranger_in_htmx_leaves_the_page(guarded):
    answer = guarded.client().get("/official", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize(("rule", "office"), [("coordinator", "koordinator"), ("owner", "processagare")])
def test_an_office_opens_its_pages(guarded, rule, office):
    client = guarded.sign_in()
    assert client.get(f"/{rule}").status_code == 403
    guarded.register.roles[1].add(office)
    assert client.get(f"/{rule}").status_code == 200


def add_case(site, *subjects: str) -> int:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with site.house.database.write() as connection:
        connection.execute(insert(deployment).values(id=1, registration="PR-1", why="", deployed_at=now))
        connection.execute(
            insert(definition).values(
                id=1, kind="process", key="k", version=1, name="K", file_name="k.bpmn", content=b"", digest="", bindings={},
                properties={}, deployment_id=1,
            )
        )  # fmt: skip
        connection.execute(
            insert(instance).values(
                id=7, definition_id=1, business_key="ÄR-2026-0001", status="running", revision=1, state=b"",
                started_at=now, changed_at=now,
            )
        )
        for subject in subjects:
            connection.execute(insert(involvement).values(root_id=7, subject=subject))
    return 7


def test_a_case_is_seen_by_those_involved_and_by_coordinators(guarded):
    add_case(guarded, "party:region", "person:3")
    guarded.register.subjects[2].add("party:region")
    guarded.register.subjects[1].add("party:vilhelmina")
    seen = {name: guarded.sign_in(name).get("/case/7").status_code for name in ("anna.ek", "karin.lind", "olle.berg")}
    assert seen == {"anna.ek": 403, "karin.lind": 200, "olle.berg": 200}
    guarded.register.roles[1].add("koordinator")
    assert guarded.sign_in("anna.ek").get("/case/7").status_code == 200
