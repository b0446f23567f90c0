"""Instances, their variables, messages, tasks, jobs and history."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.engine.bpmn.diagrams import catch, condition, end, node, process, signal, start, user
from tests.web.rest.conftest import Office, upload


def begin(office: Office, key: str, variables: dict[str, Any] | None = None, **body: Any) -> str:
    return str(office.caller().post(f"/process-definition/key/{key}/start", {"variables": variables, **body})["id"])


def test_instances_and_where_they_stand(office: Office) -> None:
    first, second = begin(office, "weighing", businessKey="B-1"), begin(office, "waiting")
    karin = office.caller()
    assert [each["id"] for each in karin.get("/process-instance", sortBy="instanceId", sortOrder="desc")] == [second, first]
    (one,) = karin.get("/process-instance", businessKey="B-1")
    assert set(one) == {
        "links", "id", "definitionId", "definitionKey", "businessKey", "caseInstanceId", "ended", "suspended", "tenantId"
    }  # fmt: skip
    assert karin.get(f"/process-instance/{first}") == one
    assert karin.post("/process-instance", {"processDefinitionKeyIn": ["waiting"], "tenantIdIn": None})[0]["id"] == second
    tree = karin.get(f"/process-instance/{first}/activity-instances")
    assert (tree["activityId"], tree["activityType"]) == ("weighing", "processDefinition")
    (child,) = tree["childActivityInstances"]
    assert (child["activityId"], child["parentActivityInstanceId"]) == ("weigh", tree["id"])
    assert karin("DELETE", f"/process-instance/{first}?deleteReason=enough").status_code == 204
    assert karin.fault("GET", f"/process-instance/{first}")[0] == 404
    assert karin.get(f"/history/process-instance/{first}")["state"] == "EXTERNALLY_TERMINATED"
    assert office.caller("anna.ek").fault("DELETE", f"/process-instance/{second}")[0] == 403


def test_instances_by_their_variables(office: Office) -> None:
    number = begin(office, "weighing", {"weight": {"value": 3}, "name_of": {"value": "a_b"}})
    begin(office, "weighing", {"weight": {"value": 30}})
    karin = office.caller()

    def found(text: str) -> list[str]:
        return [each["id"] for each in karin.get("/process-instance", variables=text)]

    assert found("weight_eq_3") == found("weight_lt_4") == found("name_of_eq_a_b") == found("name_of_like_%_b") == [number]
    assert found("weight_eq_4") == found("missing_eq_1") == []
    assert len(found("weight_gteq_3")) == 2
    assert karin.get("/process-instance/count", variables="weight_neq_3") == {"count": 1}
    wanted = [{"name": "weight", "operator": "eq", "value": 3}]
    assert [each["id"] for each in karin.post("/process-instance", {"variables": wanted})] == [number]
    assert karin.fault("GET", "/process-instance?variables=weight")[0] == 400


TYPES = [
    ({"value": "text"}, "String", "text"), ({"value": 3, "type": "integer"}, "Integer", 3),
    ({"value": "3", "type": "Long"}, "Integer", 3),
    ({"value": 2**40, "type": "LONG"}, "Long", 2**40), ({"value": 3, "type": "Double"}, "Double", 3.0),
    ({"value": True, "type": "boolean"}, "Boolean", True), ({"value": None, "type": "Null"}, "Null", None),
    ({"value": None}, "Null", None),
    ({"value": '{"a": [1]}', "type": "Json"}, "Json", '{"a":[1]}'), ({"value": {"a": [1]}}, "Json", '{"a":[1]}'),
    ({"value": '["x"]', "type": "Object", "valueInfo": {"serializationDataFormat": "application/json"}},
     "Json", '["x"]'),
    ({"value": "2026-01-01T00:00:00.000+0000", "type": "Date", "valueInfo": None}, "Date", "2026-01-01T00:00:00.000+0000"),
    ({"value": "x", "type": None, "valueInfo": {}, "local": False}, "String", "x"), ({"value": 1.5}, "Double", 1.5),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "shown"), TYPES)
def test_types_of_variables(office: Office, given: dict[str, Any], kind: str, shown: Any) -> None:
    number = begin(office, "weighing", {"v": given})
    assert office.caller().get(f"/process-instance/{number}/variables/v") == {"type": kind, "value": shown, "valueInfo": {}}


@pytest.mark.parametrize(
    "given",
    [
        3, {"value": "x", "type": "Integer"}, {"value": 1.5, "type": "Integer"}, {"value": 2**70, "type": "Long"},
        {"value": "perhaps", "type": "Boolean"}, {"value": "yesterday", "type": "Date"}, {"value": "{", "type": "Json"},
        {"value": "x", "type": "Colour"}, {"value": "NaN", "type": "Double"}, {"value": "%%", "type": "Bytes"},
        {"value": "x", "type": 3},
        {"value": "rO0", "type": "Object", "valueInfo": {"serializationDataFormat": "application/x-java-serialized-object"}},
        {"value": "eA==", "type": "File"}, {"value": "a\0b"},
    ],
)  # fmt: skip
def test_variables_that_are_not_what_they_say(office: Office, given: Any) -> None:
    body = {"variables": {"v": given}}
    assert office.caller().fault("POST", "/process-definition/key/weighing/start", body)[:2] == (400, "InvalidRequestException")


def test_a_file_goes_in_and_out(office: Office) -> None:
    content = base64.b64encode(b"hello").decode()
    info = {"filename": "a.txt", "mimeType": "text/plain", "encoding": "utf-8"}
    number = begin(office, "weighing", {"f": {"value": content, "type": "File", "valueInfo": info}, "s": {"value": "x"}})
    karin = office.caller()
    assert karin.get(f"/process-instance/{number}/variables")["f"] == {"type": "File", "value": None, "valueInfo": info}
    for path in (f"/process-instance/{number}/variables/f/data", f"/execution/{number}/localVariables/f/data"):
        answer = karin("GET", path)
        assert (answer.data, answer.mimetype) == (b"hello", "text/plain")
        assert "attachment" in answer.headers["Content-Disposition"]
    assert karin.fault("GET", f"/process-instance/{number}/variables/s/data")[0] == 400
    assert karin.fault("GET", f"/process-instance/{number}/variables/none")[0] == 404


def test_setting_variables(office: Office) -> None:
    number, worker = begin(office, "weighing", {"a": {"value": 1}}), office.bearer("work")
    worker.put(f"/process-instance/{number}/variables/b", {"value": "2", "type": "Integer"})
    worker.post(f"/process-instance/{number}/variables", {"modifications": {"c": {"value": 3}}})
    worker.put(f"/process-instance/{number}/variables", {"modifications": {"a": {"value": None}}})
    held = worker.get(f"/process-instance/{number}/variables")
    assert {name: each["value"] for name, each in held.items()} == {"a": None, "b": 2, "c": 3}
    assert worker.fault("POST", f"/process-instance/{number}/variables", {"deletions": ["a"]})[0] == 400
    assert office.caller("anna.ek").fault("PUT", f"/process-instance/{number}/variables/a", {"value": 1})[0] == 403
    assert {each["name"] for each in worker.get("/history/variable-instance", processInstanceId=number)} == {"a", "b", "c"}
    assert worker.get(f"/history/variable-instance/{number}:b")["value"] == 2
    assert worker.fault("GET", "/history/variable-instance")[0] == 400
    assert office.house.runtime.verify(replay=True).faults == ()


def test_messages(office: Office) -> None:
    first, second = begin(office, "waiting", {"id": {"value": 7}}, businessKey="B-1"), begin(office, "waiting", businessKey="B-2")
    karin = office.caller()
    (waiting, _) = karin.get("/event-subscription", eventName="news")
    assert (waiting["eventType"], waiting["processInstanceId"], waiting["activityId"]) == ("message", first, "wait")
    status, kind, _ = karin.fault("POST", "/message", {"messageName": "news"})
    assert (status, kind) == (400, "MismatchingMessageCorrelationException")
    assert karin.fault("POST", "/message", {"messageName": "news", "businessKey": "B-9"})[0] == 400
    keys = {"messageName": "news", "correlationKeys": {"id": {"value": 7, "type": "Integer"}}, "resultEnabled": True}
    (result,) = karin.post("/message", {**keys, "processVariables": {"told": {"value": "yes"}}, "variablesInResultEnabled": True})
    assert (result["resultType"], result["execution"]["processInstanceId"]) == ("Execution", first)
    assert result["variables"]["told"]["value"] == "yes"
    assert karin.post("/message", {"messageName": "news", "businessKey": "B-2", "tenantId": None}) is None
    assert {each["processInstanceId"] for each in karin.get("/task", taskDefinitionKey="read")} == {first, second}
    (started,) = karin.post("/message", {"messageName": "call", "businessKey": "C-1", "resultEnabled": True})
    assert started["resultType"] == "ProcessDefinition"
    assert started["processInstance"]["businessKey"] == "C-1"
    assert office.caller("anna.ek").fault("POST", "/message", {"messageName": "call"})[0] == 403
    assert office.house.runtime.verify(replay=True).faults == ()


def test_one_message_for_all(office: Office) -> None:
    for _ in range(2):
        begin(office, "waiting")
    assert len(office.caller().post("/message", {"messageName": "news", "all": True, "resultEnabled": True})) == 2


def test_tasks_by_the_rules_of_the_pages(office: Office) -> None:
    body = {"titel": {"value": "Vägen", "type": "String"}}
    number = begin(office, "asking", body, businessKey="ignored")
    anna, bo, karin = office.caller("anna.ek"), office.caller("bo.lund"), office.caller()
    assert anna.get(f"/process-instance/{number}")["businessKey"] == "ÄR-2026-0001"  # the diagram numbers its cases
    (task,) = anna.get("/task", candidateGroup="radet:ordforande")
    assert (task["taskDefinitionKey"], task["assignee"], task["created"]) == ("check", None, "2026-01-12T07:00:00.000+0000")
    assert task["camundaFormRef"] == {"key": "checking", "binding": "deployment", "version": None}
    path = f"/task/{task['id']}"
    assert anna.get(path) == task
    anna.post(f"{path}/claim", {"userId": "anna.ek"})
    assert anna.get("/task", assignee="anna.ek")[0]["id"] == task["id"]
    assert bo.fault("POST", f"{path}/complete", {})[0] == 403
    assert karin.fault("POST", f"{path}/claim", {"userId": "anna.ek"})[0] == 403
    anna.post(f"{path}/unclaim")
    anna.post(f"{path}/assignee", {"userId": "anna.ek"})
    anna.post(f"{path}/assignee", {"userId": None})
    status, kind, message = anna.fault("POST", f"{path}/complete", {"variables": {}})
    assert (status, kind, "antal" in message) == (400, "FormFieldValidationException", True)
    extra = {"variables": {"antal": {"value": 3}, "secret": {"value": 1}}}
    assert anna.fault("POST", f"{path}/complete", extra)[0] == 403
    told = anna.post(f"{path}/submit-form", {"variables": {"antal": {"value": 3}}, "withVariablesInReturn": True})
    assert (told["antal"]["value"], told["titel"]["value"]) == (3, "Vägen")
    assert anna.fault("POST", f"{path}/complete", {})[0] == 404
    (decide,) = bo.get("/task", processInstanceId=number)
    assert bo.get(f"/task/{decide['id']}/form-variables")["antal"]["value"] == 3
    bo.post(f"/task/{decide['id']}/complete", {})
    assert karin.get("/task/count") == {"count": 0}
    history = karin.get("/history/task", processInstanceId=number, sortBy="taskId", sortOrder="asc")
    told = [(each["taskDefinitionKey"], each["deleteReason"]) for each in history]
    assert told == [("check", "completed"), ("decide", "completed")]
    assert karin.get(f"/history/process-instance/{number}")["state"] == "COMPLETED"
    steps = karin.get("/history/activity-instance", processInstanceId=number, sortBy="activityInstanceId", sortOrder="asc")
    assert [each["activityId"] for each in steps] == ["begin", "check", "decide", "done"]
    assert all(each["endTime"] for each in steps)
    assert karin.get("/history/process-instance/count", finished="true") == {"count": 1}
    assert office.house.runtime.verify(replay=True).faults == ()


def test_a_form_is_checked_when_a_case_is_started(office: Office) -> None:
    anna = office.caller("anna.ek")
    assert anna.fault("POST", "/process-definition/key/asking/start", {})[1] == "FormFieldValidationException"
    extra = {"variables": {"titel": {"value": "x"}, "beslut": {"value": "ja"}}}
    assert anna.fault("POST", "/process-definition/key/asking/start", extra)[0] == 403
    assert office.caller().post("/process-definition/key/asking/start", extra)["definitionKey"] == "asking"


def test_jobs(office: Office) -> None:
    timed, karin = begin(office, "timed"), office.caller()
    (timer,) = karin.get("/job", timers="true")
    assert (timer["processInstanceId"], timer["dueDate"], timer["retries"]) == (timed, "2026-01-12T08:00:00.000+0000", 1)
    assert karin.fault("POST", f"/job/{timer['id']}/execute")[0] == 400
    office.clock.advance(timedelta(hours=1))
    karin.post(f"/job/{timer['id']}/execute")
    assert karin.get("/job", processInstanceId=timed) == []
    failing = begin(office, "failing")
    for _ in range(3):
        office.clock.advance(timedelta(hours=1))
        office.house.runtime.run_due()
    (job,) = karin.get("/job", withException="true", processInstanceId=failing, sortBy="jobDueDate", sortOrder="desc")
    assert (job["retries"], "input" in job["exceptionMessage"]) == (0, True)
    (incident,) = karin.get("/incident", processInstanceId=failing)
    assert (incident["incidentType"], incident["configuration"]) == ("failedJob", job["id"])
    karin.put(f"/job/{job['id']}/retries", {"retries": 2})
    assert karin.get(f"/job/{job['id']}")["retries"] == 1  # tried at once, and failed again
    assert office.caller("anna.ek").fault("PUT", f"/job/{job['id']}/retries", {"retries": 1})[0] == 403
    assert karin("DELETE", f"/incident/{incident['id']}").status_code in (204, 404)
    assert karin.get("/history/incident", processInstanceId=failing)[0]["open"] is True


def test_executions(office: Office) -> None:
    number = begin(office, "weighing", {"a": {"value": 1}})
    karin = office.caller()
    (task,) = karin.get("/external-task")
    assert karin.get(f"/execution/{task['executionId']}") == {
        "id": task["executionId"], "processInstanceId": number, "ended": False, "tenantId": None
    }  # fmt: skip
    assert karin.get(f"/execution/{task['executionId']}/localVariables")["a"]["value"] == 1
    assert karin.get(f"/execution/{number}/localVariables/a")["value"] == 1


def test_signals_reach_those_who_wait_and_conditions_begin_processes(office: Office) -> None:
    karin = office.caller("olle.berg")
    alarm, full = signal("Alarm"), condition("${beds > 100}")
    waits = process(start(), catch("alarm", alarm), user("woken"), end(), flows="start>alarm; alarm>woken; woken>end", key="waits")
    begins = process(node("startEvent", "full", full), user("look"), end(), flows="full>look; look>end", key="begins")
    karin("POST", "/deployment/create", **upload(waits__bpmn=waits, begins__bpmn=begins))
    number = begin(office, "waits")
    karin = office.caller()
    (waiting,) = karin.get("/event-subscription", eventType="signal")
    assert (waiting["eventName"], waiting["processInstanceId"]) == ("Alarm", number)
    karin.post("/signal", {"name": "Alarm", "variables": {"why": {"value": "smoke"}}})
    assert [each["name"] for each in karin.get("/task", processInstanceId=number)] == ["woken"]
    assert karin.post("/condition", {"variables": {"beds": {"value": 99}}}) == []
    (begun,) = karin.post("/condition", {"variables": {"beds": {"value": 101}}})
    assert begun["definitionKey"] == "begins"
    assert karin.fault("POST", "/signal", {})[0] == 400
    assert karin.fault("POST", "/condition", {"processDefinitionId": "begins:1:1"})[0] == 400
