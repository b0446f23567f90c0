"""What desktop Camunda Modeler does, in its order; and definitions."""

from __future__ import annotations

import io

from sqlalchemy import func, select

from engine.store.tables import definition
from tests.web.rest.conftest import Office, upload
from tests.web.rest.material import BROKEN, WAITING, WEIGHING

DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://samverka/test">
<decision id="level" name="Level"><decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="ie" typeRef="number">
<text>n</text></inputExpression></input><output id="o" name="level" typeRef="string"/><rule id="r"><inputEntry id="e"><text>-</text>
</inputEntry><outputEntry id="oe"><text>"high"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def test_deploy_then_start(office: Office) -> None:
    olle = office.caller("olle.berg")
    changed = WEIGHING.replace(b'name="Weigh"', b'name="Weigh it"')
    done = olle("POST", "/deployment/create", **upload(weighing__bpmn=changed, level__dmn=DECISION)).json
    (made,) = done["deployedProcessDefinitions"].values()
    assert (made["key"], made["version"], made["deploymentId"], made["resource"]) == ("weighing", 2, done["id"], "weighing.bpmn")
    assert [each["key"] for each in done["deployedDecisionDefinitions"].values()] == ["level"]
    assert (done["name"], done["source"], done["tenantId"]) == ("Prov", "Camunda Modeler", None)
    assert done["deploymentTime"] == "2026-01-12T07:00:00.000+0000"
    started = office.caller().post(f"/process-definition/{made['id']}/start", {"businessKey": "default", "variables": {}})
    assert (started["businessKey"], started["definitionId"], started["ended"]) == ("default", made["id"], False)
    again = office.caller().post(f"/process-definition/{made['id']}/start", {"businessKey": "default"})
    assert again["id"] != started["id"]


def test_an_unchanged_deployment_returns_what_is_there(office: Office) -> None:
    olle = office.caller("olle.berg")
    before = office.rows(select(func.count(definition.c.id)))
    done = olle("POST", "/deployment/create", **upload(weighing__bpmn=WEIGHING)).json
    (found,) = done["deployedProcessDefinitions"].values()
    assert found == olle.get("/process-definition/key/weighing")
    assert done["id"] == found["deploymentId"]
    assert office.rows(select(func.count(definition.c.id))) == before


def test_files_are_known_by_their_own_names(office: Office) -> None:
    """Other clients call the fields `data` or `resource-0`."""
    changed = WEIGHING.replace(b'name="Weigh"', b'name="Weigh 2"')
    parts = {"deployment-name": "x", "data": (io.BytesIO(changed), "models/weighing.bpmn")}
    done = office.caller("olle.berg")("POST", "/deployment/create", data=parts, content_type="multipart/form-data")
    assert [each["resource"] for each in done.json["deployedProcessDefinitions"].values()] == ["weighing.bpmn"]
    olle = office.caller("olle.berg")
    number = done.json["id"]
    assert olle.get(f"/deployment/{number}/resources") == [
        {"id": "weighing.bpmn", "name": "weighing.bpmn", "deploymentId": number}
    ]
    assert olle("GET", f"/deployment/{number}/resources/weighing.bpmn/data").data == changed


def test_a_refused_diagram_names_every_fault(office: Office) -> None:
    answer = office.caller("olle.berg")("POST", "/deployment/create", **upload(broken__bpmn=BROKEN, notes__txt=b"hello"))
    assert answer.status_code == 400
    told = answer.json
    assert told["type"] == "ParseException"
    assert told["message"].startswith("ENGINE-09005 Could not parse BPMN process. Errors:")
    for words in ("decide “Decide”", "no-such-form", "s “Do it”", "notes.txt"):
        assert words in told["message"]
    errors = told["details"]["broken.bpmn"]["errors"]
    assert {"decide", "s"} <= {error["mainElementId"] for error in errors}
    assert all(error["line"] > 0 for error in errors)


def test_an_upload_without_files_or_for_a_tenant_is_refused(office: Office) -> None:
    olle = office.caller("olle.berg")
    assert olle.fault("POST", "/deployment/create", **upload())[0] == 400
    tenant = upload(weighing__bpmn=WEIGHING)
    tenant["data"]["tenant-id"] = "a"
    assert "tenants" in olle.fault("POST", "/deployment/create", **tenant)[2]


def test_lists_of_deployments_and_definitions(office: Office) -> None:
    anna = office.caller("anna.ek")
    assert anna.get("/deployment", maxResults=0) == []
    (deployment,) = anna.get("/deployment", name="prov")
    assert anna.get(f"/deployment/{deployment['id']}") == deployment
    assert anna.get("/deployment/count") == {"count": 1}
    keys = [each["key"] for each in anna.get("/process-definition", sortBy="key", sortOrder="asc", maxResults=3, firstResult=1)]
    assert keys == ["called", "failing", "timed"]
    assert anna.get("/process-definition/count", keyLike="wa%") == {"count": 1}
    office.house.runtime.deploy({"waiting.bpmn": WAITING.replace(b'id="read"', b'id="read" ')}, why="again")
    assert [each["version"] for each in anna.get("/process-definition", key="waiting", latestVersion="true")] == [2]
    found = anna.get("/process-definition", key="waiting", version=1)[0]
    assert anna.get(f"/process-definition/{found['id']}") == found
    assert anna.get("/process-definition/key/waiting/xml")["bpmn20Xml"].startswith("<?xml")
    status, _, message = anna.fault("GET", "/process-definition?colour=red")
    assert (status, "colour" in message) == (400, True)
    assert anna.fault("GET", "/process-definition?sortBy=colour")[0] == 400
    assert anna.fault("GET", "/process-definition?firstResult=-1")[0] == 400


def test_starting_is_for_those_whom_the_diagram_names(office: Office) -> None:
    assert office.caller("eva.ny").fault("POST", "/process-definition/key/weighing/start", {})[0] == 403
    assert office.caller("anna.ek").post("/process-definition/key/weighing/start", {})["definitionKey"] == "weighing"
    assert office.caller().fault("POST", "/process-definition/key/nothing/start", {})[0] == 404
    assert office.caller().fault("POST", "/process-definition/key/weighing/tenant-id/a/start", {})[0] == 404
    assert office.caller().fault("POST", "/process-definition/key/called/start", {})[0] == 404
    body = {"startInstructions": [{"type": "startBeforeActivity", "activityId": "look"}]}
    assert office.caller().fault("POST", "/process-definition/key/weighing/start", body)[0] == 400
