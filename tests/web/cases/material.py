"""Three small processes: a case with a hostile name that parties answer, one party's answer, and a meeting that treats cases."""

from __future__ import annotations

import json
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" targetNamespace="http://samverka/test" id="d">
<bpmn:message id="m_treated" name="treated"/><bpmn:message id="m_back" name="back"/>"""
HOSTILE = "&lt;script&gt;alert('namn')&lt;/script&gt;"


def said(**properties: str) -> str:
    inner = "".join(f'<camunda:property name="{name.replace("__", ":")}" value="{value}"/>' for name, value in properties.items())
    return f"<camunda:properties>{inner}</camunda:properties>"


def extended(*parts: str) -> str:
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"


def drawn(process: str, **places: tuple[int, int]) -> str:
    """The picture of some elements: events are 36 wide, the rest 100 by 80."""
    shapes = ""
    for element, (x, y) in places.items():
        wide, high = (36, 36) if element in ("lyft", "klar") else (100, 80)
        bounds = f'<dc:Bounds x="{x}" y="{y}" width="{wide}" height="{high}"/>'
        shapes += f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">{bounds}</bpmndi:BPMNShape>'
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{process}">{shapes}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="picture">{plane}</bpmndi:BPMNDiagram>'


CASE = f"""{HEAD}
<bpmn:process id="fraga" name="Fråga" isExecutable="true" camunda:candidateStarterGroups="radet">
{extended(said(kind="case", series="ÄR", title="${titel}", party="norr", name__en="Question"))}
<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Rådets bana">{extended(said(body="radet"))}
  <bpmn:flowNodeRef>lyft</bpmn:flowNodeRef><bpmn:flowNodeRef>granska</bpmn:flowNodeRef><bpmn:flowNodeRef>vanta</bpmn:flowNodeRef>
  <bpmn:flowNodeRef>svar</bpmn:flowNodeRef><bpmn:flowNodeRef>klar</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="lyft" name="Fråga lyft" camunda:formRef="fraga"/>
<bpmn:userTask id="granska" name="Granska {HOSTILE}" camunda:candidateGroups="radet:ordforande" camunda:formRef="granskning"
  camunda:dueDate="${{addDuration(today(), 'P4D')}}">{extended(said(clause="R7", next="Rådet möts.", name__en="Check it"))}
</bpmn:userTask>
<bpmn:receiveTask id="vanta" name="Invänta mötet" messageRef="m_treated">{extended(
    said(action="Hoppa över mötet", actionRoles="radet:ordforande"))}</bpmn:receiveTask>
<bpmn:callActivity id="svar" name="Svar från parterna" calledElement="partssvar">
  {extended('<camunda:in source="part" target="part"/>')}
  <bpmn:multiInstanceLoopCharacteristics camunda:collection="parter" camunda:elementVariable="part"/></bpmn:callActivity>
<bpmn:endEvent id="klar" name="Frågan är besvarad"/>
<bpmn:sequenceFlow id="f1" sourceRef="lyft" targetRef="granska"/><bpmn:sequenceFlow id="f2" sourceRef="granska" targetRef="vanta"/>
<bpmn:sequenceFlow id="f3" sourceRef="vanta" targetRef="svar"/><bpmn:sequenceFlow id="f4" sourceRef="svar" targetRef="klar"/>
</bpmn:process>{drawn("fraga", lyft=(80, 60), granska=(200, 40), vanta=(360, 40), svar=(520, 40), klar=(700, 60))}
</bpmn:definitions>""".encode()

ANSWER = f"""{HEAD}
<bpmn:process id="partssvar" name="Partens svar" isExecutable="true">
{extended(said(kind="decision", series="SV", title="Svar", party="${part}", columns="svar=Svar;datum=Datum"))}
<bpmn:startEvent id="s"/>
<bpmn:userTask id="svara" name="Svara" camunda:candidateGroups="part:${{part}}:registrator" camunda:formRef="svar"/>
<bpmn:endEvent id="e" name="Svar lämnat"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="svara"/><bpmn:sequenceFlow id="f2" sourceRef="svara" targetRef="e"/>
</bpmn:process></bpmn:definitions>""".encode()

MEETING = f"""{HEAD}
<bpmn:process id="traff" name="Träff" isExecutable="true" camunda:candidateStarterGroups="koordinator">
{extended(said(kind="meeting", series="MÖ", title="Rådets möte", date="${dag}", start="Planera en träff", columns="plats=Plats"))}
<bpmn:startEvent id="planerad" name="Planerad" camunda:formRef="traff"/>
<bpmn:userTask id="behandla" name="Behandla" camunda:candidateGroups="radet" camunda:formRef="utfall"/>
<bpmn:sendTask id="meddela" name="Meddela" messageRef="m_treated">{extended(
    '<camunda:inputOutput><camunda:inputParameter name="businessKey">${punkt}</camunda:inputParameter>'
    '<camunda:inputParameter name="utfall">${utfall}</camunda:inputParameter></camunda:inputOutput>')}</bpmn:sendTask>
<bpmn:endEvent id="hallen" name="Mötet är hållet"/>
<bpmn:exclusiveGateway id="holls" default="f2"/>
<bpmn:endEvent id="uteblev" name="Mötet uteblev">{extended(said(mark="stopped"))}</bpmn:endEvent>
<bpmn:sequenceFlow id="f1" sourceRef="planerad" targetRef="behandla"/>
<bpmn:sequenceFlow id="f1b" sourceRef="behandla" targetRef="holls"/>
<bpmn:sequenceFlow id="f1c" sourceRef="holls" targetRef="uteblev">
  <bpmn:conditionExpression>${{utfall == 'uteblev'}}</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f2" sourceRef="holls" targetRef="meddela"/>
<bpmn:sequenceFlow id="f3" sourceRef="meddela" targetRef="hallen"/>
</bpmn:process></bpmn:definitions>""".encode()


def form(key: str, *components: dict[str, Any]) -> bytes:
    return json.dumps({"schemaVersion": 16, "type": "default", "id": key, "components": list(components)}).encode()


def text(key: str, label: str) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "id": f"id_{key}", "label": label}


def choice(key: str, label: str, **options: str) -> dict[str, Any]:
    values = [{"value": value, "label": words} for value, words in options.items()]
    return {"type": "radio", "key": key, "id": f"id_{key}", "label": label, "values": values}


def day(key: str, label: str) -> dict[str, Any]:
    return {"type": "datetime", "subtype": "date", "key": key, "id": f"id_{key}", "dateLabel": label}


PARTIES = {"type": "checklist", "key": "parter", "id": "id_parter", "label": "Vilka ska svara?",
           "values": [{"value": slug, "label": slug.title()} for slug in ("norr", "soder")]}  # fmt: skip
FILES = {
    "fraga.bpmn": CASE,
    "partssvar.bpmn": ANSWER,
    "traff.bpmn": MEETING,
    "fraga.form": form("fraga", text("titel", "Rubrik"), PARTIES),
    "granskning.form": form("granskning", choice("bedomning", "Räcker underlaget?", ja="Ja, det räcker", nej="Nej")),
    "svar.form": form("svar", choice("svar", "Ert svar", ja="Ja", nej="Nej"), day("datum", "Beslutat")),
    "traff.form": form("traff", day("dag", "Mötesdag"), text("plats", "Plats"), text("punkt", "Ärende")),
    "utfall.form": form(
        "utfall", choice("utfall", "Vad blev utfallet?", avgjort="Avgjort i rådet", vantar="Väntar", uteblev="Uteblev")
    ),
}
