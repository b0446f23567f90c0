"""/api/v1: resources, rules of access, problems."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.web.rest.conftest import Caller, Office
from tests.web.rest.material import BROKEN, WEIGHING

BASE = "/api/v1"


def of(office: Office, username: str = "karin.lind") -> Caller:
    return office.caller(username, base=BASE)


def problem(caller: Caller, method: str, path: str, json: Any = None, **kwargs: Any) -> dict[str, Any]:
    answer = caller(method, path, json, **kwargs)
    assert answer.status_code >= 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json
    assert told["status"] == answer.status_code
    return told


def begin(office: Office, key: str = "asking", **body: Any) -> dict[str, Any]:
    answer = of(office, "anna.ek")("POST", f"/definitions/{key}/instances", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_case_from_start_to_end(office: Office) -> None:
    anna, bo = of(office, "anna.ek"), of(office, "bo.lund")
    case = begin(office, variables={"titel": "Vägen"})
    assert (case["business_key"], case["title"], case["status"]) == ("ÄR-2026-0001", "Vägen", "running")
    (task,) = anna.get("/tasks")["items"]
    assert (task["name"], task["case_key"], task["roles"]) == ("Check", "ÄR-2026-0001", ["radet:ordforande"])
    shown = anna.get(f"/tasks/{task['id']}")
    assert [field["key"] for field in shown["form"]["fields"]] == ["antal"]
    assert problem(anna, "POST", f"/tasks/{task['id']}/complete", {"variables": {}})["errors"]["antal"]
    assert anna("POST", f"/tasks/{task['id']}/claim").status_code == 204
    assert anna("POST", f"/tasks/{task['id']}/release").status_code == 204
    body = {"variables": {"antal": 3}, "submission": "once-and-no-more-1"}
    done = anna.post(f"/tasks/{task['id']}/complete", body)
    assert anna.post(f"/tasks/{task['id']}/complete", body)["instance_id"] == done["instance_id"]
    (decide,) = done["tasks"]
    assert bo.post(f"/tasks/{decide}/complete")["completed"] is True
    assert anna.get(f"/instances/{case['id']}")["status"] == "completed"
    assert anna.get(f"/instances/{case['id']}/variables")["variables"]["antal"] == 3
    told = anna.get(f"/instances/{case['id']}/history", size=3)
    assert told["items"][0]["kind"] == "ended"
    assert anna.get(f"/instances/{case['id']}/history", before=told["older"])["items"][-1]["kind"] == "started"
    assert [each["id"] for each in anna.get("/cases", state="closed")["items"]] == [case["id"]]


def test_lists_are_filtered_and_cut(office: Office) -> None:
    for number in range(3):
        begin(office, variables={"titel": str(number)})
    found = of(office).get("/instances", definition_key="asking", status="running", page=2, size=2)
    assert (len(found["items"]), found["total"], found["page"]) == (1, 3, 2)
    assert of(office).get("/instances", business_key="ÄR-2026-0002")["total"] == 1
    assert problem(of(office), "GET", "/instances?size=0")["errors"]["query"]["size"]
    assert of(office).get("/meetings", first="2026-01-01", last="2026-12-31") == []
    assert problem(of(office), "GET", "/meetings?first=0001-01-01&last=2026-01-01")["status"] == 400


def test_definitions_and_deployment(office: Office) -> None:
    anna, olle = of(office, "anna.ek"), of(office, "olle.berg")
    assert "weighing" in [each["key"] for each in anna.get("/definitions")]
    changed = WEIGHING.replace(b'name="Weigh"', b'name="Weigh more"')

    def files(**content: bytes) -> dict[str, Any]:
        parts = {name: (io.BytesIO(data), f"{name}.bpmn") for name, data in content.items()}
        return {"data": {"why": "bättre", **parts}, "content_type": "multipart/form-data"}

    assert problem(anna, "POST", "/deployments", **files(weighing=changed))["status"] == 403
    answer = olle("POST", "/deployments", **files(weighing=changed))
    assert answer.json["new"] == [{"kind": "process", "key": "weighing", "version": 2}]
    assert [each["version"] for each in anna.get("/definitions/weighing/versions")] == [2, 1]
    assert anna("GET", "/definitions/weighing/versions/2/diagram").data == changed
    refused = problem(olle, "POST", "/deployments", **files(broken=BROKEN))
    assert {each["element"] for each in refused["errors"]} >= {"decide", "s"}
    assert problem(olle, "POST", "/deployments", data={"why": "x"}, content_type="multipart/form-data")["status"] == 400


def test_variables_messages_and_incidents(office: Office) -> None:
    karin = of(office)
    number = karin("POST", "/definitions/waiting/instances", {"variables": {"a": 1}, "business_key": "B-1"}).json["id"]
    assert karin("PATCH", f"/instances/{number}/variables", {"variables": {"b": [1, 2]}}).status_code == 204
    assert karin.get(f"/instances/{number}/variables") == {"variables": {"a": 1, "b": [1, 2]}}
    assert problem(karin, "POST", "/messages", {"name": "nothing"})["status"] == 400
    ((got),) = karin.post("/messages", {"name": "news", "keys": {"a": 1}})
    assert got["instance_id"] == number
    assert karin("POST", f"/instances/{number}/cancel", {"reason": "enough"}).status_code == 204
    assert problem(karin, "POST", f"/instances/{number}/cancel", {})["status"] == 404
    karin("POST", "/definitions/failing/instances", {})
    for _ in range(3):
        office.clock.move_to(office.house.runtime.next_due() or office.clock.now())
        office.house.runtime.run_due()
    (incident,) = karin.get("/incidents")["items"]
    assert incident["cause"] == "ServiceFailed"
    assert karin("POST", f"/incidents/{incident['id']}/retry").status_code == 204
    assert problem(karin, "POST", "/incidents/4711/retry")["status"] == 404


@pytest.mark.parametrize(
    ("username", "method", "path"),
    [
        ("eva.ny", "POST", "/definitions/weighing/instances"), ("anna.ek", "POST", "/instances/1/cancel"),
        ("anna.ek", "POST", "/messages"), ("anna.ek", "PATCH", "/instances/1/variables"), ("anna.ek", "POST", "/incidents/1/retry"),
    ],
)  # fmt: skip
def test_rules_of_access(office: Office, username: str, method: str, path: str) -> None:
    begin(office, variables={"titel": "x"})
    assert problem(of(office, username), method, path, {})["status"] == 403
    stranger = Caller(office.app.test_client(), {}, base=BASE)
    assert stranger(method, path, json={}).status_code == 401
    assert stranger(method, path, json={}).headers["WWW-Authenticate"]


def test_what_is_not_there(office: Office) -> None:
    karin = of(office)
    for path in ("/nothing", "/instances/4711", "/tasks/4711", "/definitions/nothing/versions", f"/instances/{2**63}"):
        assert problem(karin, "GET", path)["status"] == 404
    assert problem(karin, "DELETE", "/definitions")["status"] == 405
    assert problem(karin, "POST", "/messages", data="{", content_type="application/json")["status"] == 400
