"""External tasks over HTTP, shape by shape."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.web.rest.conftest import Caller, Office

FETCH = {"workerId": "w1", "maxTasks": 10, "topics": [{"topicName": "scales", "lockDuration": 60_000}]}


def fetched(caller: Caller, **changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller.post("/external-task/fetchAndLock", {**FETCH, **changes})
    return found


def begin(office: Office, **body: Any) -> str:
    return str(office.caller().post("/process-definition/key/weighing/start", body)["id"])


def test_what_a_worker_is_handed(office: Office) -> None:
    number = begin(office, businessKey="B-1", variables={"weight": {"value": 3, "type": "Integer"}})
    worker = office.bearer("work")
    (task,) = fetched(worker, topics=[{**FETCH["topics"][0], "includeExtensionProperties": True}])
    definition = office.caller().get("/process-definition/key/weighing")["id"]
    execution = task["executionId"]
    assert task == {
        "activityId": "weigh", "activityInstanceId": f"weigh:{execution}", "errorMessage": None, "errorDetails": None,
        "executionId": execution, "id": task["id"], "lockExpirationTime": "2026-01-12T07:01:00.000+0000",
        "createTime": "2026-01-12T07:00:00.000+0000", "processDefinitionId": definition, "processDefinitionKey": "weighing",
        "processDefinitionVersionTag": None, "processInstanceId": number, "tenantId": None, "retries": None, "suspended": False,
        "workerId": "w1", "topicName": "scales", "priority": 0, "businessKey": "B-1",
        "variables": {"weight": {"type": "Integer", "value": 3, "valueInfo": {}}}, "extensionProperties": {"hint": "gently"},
    }  # fmt: skip
    assert fetched(worker) == []


def test_the_content_type_is_exactly_json(office: Office) -> None:
    answer = office.bearer("work")("POST", "/external-task/fetchAndLock", FETCH)
    assert answer.headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "filters",
    [
        {"processVariables": {}, "withoutTenantId": False, "variables": None, "businessKey": None, "processDefinitionKeyIn": None},
        {"processDefinitionKey": "weighing"}, {"processDefinitionKeyIn": ["weighing", "x"]}, {"businessKey": "B-1"},
        {"processVariables": {"weight": 3}}, {"processVariables": {"weight": {"value": 3}}}, {"tenantIdIn": []},
    ],
)  # fmt: skip
def test_nulls_and_empty_filters_are_none(office: Office, filters: dict[str, Any]) -> None:
    begin(office, businessKey="B-1", variables={"weight": {"value": 3}})
    assert len(fetched(office.bearer("work"), topics=[{**FETCH["topics"][0], **filters}], sorting=None, usePriority=None)) == 1


@pytest.mark.parametrize("filters", [{"businessKey": "B-2"}, {"processVariables": {"weight": 4}}, {"tenantIdIn": ["a"]}])
def test_filters_that_find_nothing(office: Office, filters: dict[str, Any]) -> None:
    begin(office, businessKey="B-1", variables={"weight": {"value": 3}})
    assert fetched(office.bearer("work"), topics=[{**FETCH["topics"][0], **filters}]) == []


def test_complete_then_the_process_goes_on(office: Office) -> None:
    number, worker = begin(office), office.bearer("work")
    (task,) = fetched(worker)
    body = {"workerId": "w1", "variables": {"weight": {"value": 4}}, "localVariables": {"scale": {"value": "north"}}}
    assert worker("POST", f"/external-task/{task['id']}/complete", body).status_code == 204
    assert office.caller().get(f"/process-instance/{number}/variables")["weight"]["value"] == 4
    assert [each["taskDefinitionKey"] for each in office.caller().get("/task", processInstanceId=number)] == ["look"]
    assert worker.fault("POST", f"/external-task/{task['id']}/complete", body)[0] == 404
    (log,) = office.caller().get("/history/external-task-log", processInstanceId=number)
    assert (log["successLog"], log["workerId"], log["topicName"]) == (True, "w1", "scales")


def test_failure_retries_and_the_incident(office: Office) -> None:
    number, worker, karin = begin(office), office.bearer("work"), office.caller()
    (task,) = fetched(worker)
    report = {"workerId": "w1", "errorMessage": "stuck", "errorDetails": "trace", "retries": 1, "retryTimeout": 5_000}
    worker.post(f"/external-task/{task['id']}/failure", report)
    assert fetched(worker) == []
    office.clock.advance(timedelta(seconds=5))
    (again,) = fetched(worker)
    assert (again["retries"], again["errorMessage"], again["errorDetails"]) == (1, "stuck", "trace")
    worker.post(f"/external-task/{task['id']}/failure", {**report, "retries": 0, "retryTimeout": 0})
    assert fetched(worker) == []
    (incident,) = karin.get("/incident", processInstanceId=number)
    assert (incident["incidentType"], incident["activityId"]) == ("failedExternalTask", "weigh")
    assert karin.get("/external-task", noRetriesLeft="true")[0]["id"] == task["id"]
    assert karin("GET", f"/external-task/{task['id']}/errorDetails").text == "trace"
    worker.put(f"/external-task/{task['id']}/retries", {"retries": 2})
    assert karin.get("/incident/count") == {"count": 0}
    assert len(fetched(worker)) == 1
    logs = karin.get("/history/external-task-log", failureLog="true")
    assert [log["errorMessage"] for log in logs] == ["stuck", "stuck"]
    assert karin("GET", f"/history/external-task-log/{logs[0]['id']}/error-details").text == "trace"


def test_locks(office: Office) -> None:
    begin(office)
    worker = office.bearer("work")
    (task,) = fetched(worker)
    path = f"/external-task/{task['id']}"
    status, kind, message = worker.fault("POST", f"{path}/complete", {"workerId": "w2"})
    assert (status, kind) == (400, "InvalidRequestException")
    assert "locked by “w1”" in message
    worker.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 120_000})
    assert worker.get(path)["lockExpirationTime"] == "2026-01-12T07:02:00.000+0000"
    assert worker("POST", f"{path}/unlock").status_code == 204  # no body, no content type
    assert worker.get("/external-task", workerId="w1") == []
    worker.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1_000})
    assert [each["id"] for each in worker.get("/external-task", locked="true")] == [task["id"]]
    assert worker.get("/external-task/count", notLocked="true") == {"count": 0}


def test_priority_comes_first_when_it_is_asked_for(office: Office) -> None:
    begin(office)
    begin(office)
    worker = office.bearer("work")
    second = worker.get("/external-task")[1]["id"]
    worker.put(f"/external-task/{second}/priority", {"priority": 7})
    assert fetched(worker, maxTasks=1, usePriority=True)[0]["id"] == second
    sorting = [{"sortBy": "createTime", "sortOrder": "desc"}]
    assert len(fetched(worker, sorting=sorting)) == 1


def test_work_is_not_for_everybody(office: Office) -> None:
    begin(office)
    assert office.caller("anna.ek").fault("POST", "/external-task/fetchAndLock", FETCH)[0] == 403
    assert office.bearer("act").fault("POST", "/external-task/fetchAndLock", FETCH)[0] == 403
    assert len(fetched(office.caller("olle.berg"))) == 1


@pytest.mark.parametrize(
    "body",
    [
        {}, {**FETCH, "workerId": ""}, {**FETCH, "topics": 3}, {**FETCH, "maxTasks": "many"}, {**FETCH, "maxTasks": -1},
        {**FETCH, "topics": [{"topicName": "scales"}]}, {**FETCH, "topics": [{"topicName": "scales", "lockDuration": 0}]},
        {**FETCH, "asyncResponseTimeout": 1_800_001}, {**FETCH, "sorting": [{"sortBy": "colour"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(office: Office, body: dict[str, Any]) -> None:
    assert office.bearer("work").fault("POST", "/external-task/fetchAndLock", body)[:2] == (400, "InvalidRequestException")


def test_where_nobody_can_wait_the_answer_is_empty_at_once(office: Office) -> None:
    assert fetched(office.bearer("work"), asyncResponseTimeout=30_000) == []


def test_bodies_need_no_content_type(office: Office) -> None:
    begin(office)
    answer = office.bearer("work")("POST", "/external-task/fetchAndLock", data=json.dumps(FETCH))
    assert len(answer.json) == 1


def test_a_bpmn_error_leads_along_its_boundary(office: Office) -> None:
    from tests.web.rest.material import ERRING

    office.house.runtime.deploy({"erring.bpmn": ERRING}, why="prov")
    number = office.caller().post("/process-definition/key/erring/start")["id"]
    worker = office.bearer("work")
    (task,) = fetched(worker)
    body = {"workerId": "w1", "errorCode": "BROKEN", "errorMessage": "it broke", "variables": None}
    assert worker("POST", f"/external-task/{task['id']}/bpmnError", body).status_code == 204
    assert [each["taskDefinitionKey"] for each in office.caller().get("/task", processInstanceId=number)] == ["mend"]
