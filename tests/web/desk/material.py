"""A small process with its forms: a question is raised, checked by the chair, decided by the council, and may be withdrawn."""

from __future__ import annotations

import json
from typing import Any

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://samverka/test" id="d">
<bpmn:message id="m_back" name="aterkallas"/>
<bpmn:process id="fragan" name="Fråga till rådet" isExecutable="true" camunda:candidateStarterGroups="radet">
<bpmn:documentation>En ledamot lyfter en fråga till rådet.</bpmn:documentation>
<bpmn:extensionElements><camunda:properties>
  <camunda:property name="kind" value="case"/><camunda:property name="series" value="ÄR"/>
  <camunda:property name="title" value="${titel}"/><camunda:property name="name:en" value="Question to the council"/>
  <camunda:property name="start" value="Lyft en fråga"/><camunda:property name="start:en" value="Raise a question"/>
</camunda:properties></bpmn:extensionElements>
<bpmn:startEvent id="lyft" name="Fråga lyft" camunda:formRef="fraga" camunda:initiator="vem">
  <bpmn:extensionElements><camunda:properties><camunda:property name="next" value="Rådets ordförande granskar frågan."/>
  </camunda:properties>
  </bpmn:extensionElements></bpmn:startEvent>
<bpmn:subProcess id="arbetet" name="Arbetet">
  <bpmn:startEvent id="inne"/>
  <bpmn:userTask id="granska" name="Granska frågan" camunda:candidateGroups="radet:ordforande" camunda:formRef="granskning"
      camunda:dueDate="${addDuration(today(), 'P4D')}">
    <bpmn:documentation>Läs frågan och avgör om den är klar.</bpmn:documentation>
    <bpmn:extensionElements><camunda:properties>
      <camunda:property name="clause" value="R7"/><camunda:property name="next" value="Rådet beslutar."/>
      <camunda:property name="late" value="Koordinatorn påminner dig."/>
      <camunda:property name="name:en" value="Check the question"/>
      <camunda:property name="documentation:en" value="Read the question and say whether it is complete."/>
      <camunda:property name="next:en" value="The council decides."/>
    </camunda:properties></bpmn:extensionElements></bpmn:userTask>
  <bpmn:userTask id="besluta" name="Besluta" camunda:candidateGroups="radet"/>
  <bpmn:userTask id="arkivera" name="Arkivera" camunda:candidateGroups="radet:sekreterare"/>
  <bpmn:endEvent id="ute"/>
  <bpmn:sequenceFlow id="a" sourceRef="inne" targetRef="granska"/>
  <bpmn:sequenceFlow id="b" sourceRef="granska" targetRef="besluta"/>
  <bpmn:sequenceFlow id="c" sourceRef="besluta" targetRef="arkivera"/>
  <bpmn:sequenceFlow id="d2" sourceRef="arkivera" targetRef="ute"/>
</bpmn:subProcess>
<bpmn:boundaryEvent id="aterkalla" name="Återkallas" attachedToRef="arbetet">
  <bpmn:documentation>Den som frågade kan ta tillbaka frågan.</bpmn:documentation>
  <bpmn:extensionElements><camunda:properties><camunda:property name="action" value="Återkalla frågan"/>
    <camunda:property name="action:en" value="Withdraw the question"/><camunda:property name="actionRoles" value="${vem}"/>
    <camunda:property name="actionForm" value="aterkallande"/></camunda:properties></bpmn:extensionElements>
  <bpmn:messageEventDefinition id="md" messageRef="m_back"/></bpmn:boundaryEvent>
<bpmn:endEvent id="avgjord" name="Frågan är avgjord"/><bpmn:endEvent id="tillbaka" name="Frågan är återkallad"/>
<bpmn:sequenceFlow id="f1" sourceRef="lyft" targetRef="arbetet"/>
<bpmn:sequenceFlow id="f2" sourceRef="arbetet" targetRef="avgjord"/>
<bpmn:sequenceFlow id="f3" sourceRef="aterkalla" targetRef="tillbaka"/>
</bpmn:process></bpmn:definitions>""".encode()


def form(key: str, *components: dict[str, Any]) -> bytes:
    return json.dumps(
        {"schemaVersion": 16, "type": "default", "id": key, "name": key.title(), "components": list(components)}
    ).encode()


def text(key: str, label: str, *, kind: str = "textfield", **validate: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "id": f"id_{key}", "label": label, "validate": {"required": True, **validate}}


FILES = {
    "fragan.bpmn": DIAGRAM,
    "fraga.form": form(
        "fraga", text("titel", "Rubrik", maxLength=80), text("fraga", "Vad frågas?", kind="textarea", maxLength=500),
        {"type": "number", "key": "antal", "id": "id_antal", "label": "Antal berörda"},
    ),
    "granskning.form": form(
        "granskning",
        {"type": "radio", "key": "utfall", "id": "id_utfall", "label": "Är frågan klar?", "validate": {"required": True},
         "values": [{"value": "ja", "label": "Ja, den är klar"}, {"value": "nej", "label": "Nej"}]},
        text("motivering", "Motivering", kind="textarea", maxLength=500),
    ),
    "aterkallande.form": form("aterkallande", text("skal", "Varför återkallas frågan?", kind="textarea")),
}  # fmt: skip
