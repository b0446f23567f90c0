"""What a form file may hold: everything else is refused with lines that name the component."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forms import Feel, Form, FormRefused, load

FIELD: dict[str, Any] = {"type": "textfield", "id": "c1", "key": "titel", "label": "Rubrik"}
RADIO: dict[str, Any] = {"type": "radio", "id": "c2", "key": "val", "label": "Val", "values": [{"label": "Ja", "value": "ja"}]}


def form(*components: Any, **root: Any) -> bytes:
    return json.dumps({"schemaVersion": 16, "type": "default", "id": "prov", "components": list(components), **root}).encode()


def refused(content: bytes, feel: Feel | None = None) -> str:
    with pytest.raises(FormRefused) as caught:
        load(content, "prov.form", feel=feel)
    assert all(line.startswith("prov.form") for line in caught.value.problems)
    return str(caught.value)


def test_a_form_tells_its_fields_in_order(every: Form) -> None:
    assert every.key == "alla"
    assert every.name == "Alla slags fält"
    assert [field.key for field in every.fields][:4] == ["rubrik", "fraga", "epost", "telefon"]
    assert every.labels("sv")["rubrik"] == "Rubrik"
    assert every.labels("en-GB")["rubrik"] == "Title"
    niva = every.field("niva")
    assert (niva.type, niva.label, niva.required) == ("radio", "Vilken nivå hör frågan till?", True)
    assert [option.value for option in niva.options] == ["lokal", "bilateral", "regional"]
    assert every.field("dag").label == "Svar senast"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", "line 1: the file is not valid JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[]", "holds no form"),
        (b'{"a": NaN}', "NaN"),
        (b'{"id": "a", "id": "b"}', "'id' stands twice"),
        (b"[" * 100_000, "not valid JSON"),
        (b" " * 1_000_001, "larger than"),
        (form(id=None), "needs an id"),
        (form(id="å/b"), "needs an id"),
        (form(schemaVersion=3), "schemaVersion 3"),
        (form(schemaVersion=None), "schemaVersion None"),
        (form(scripts=["x"]), "attribute 'scripts'"),
        (form(type="wizard"), "'wizard'"),
        (form(components="x"), "no list of components"),
        (form("x"), "a component is 'x'"),
    ],
)
def test_broken_files(content: bytes, expected: str) -> None:
    assert expected in refused(content)


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ([{"type": "html", "id": "h", "content": "<b>"}], "component 'h': components of type 'html' are not drawn here"),
        ([{"type": "button", "id": "b", "label": "Skicka"}], "“Skicka”: components of type 'button'"),
        ([{"type": ["x"]}], "components of type ['x']"),
        ([FIELD, {**FIELD, "id": "c9"}], "component 'c9', key 'titel', “Rubrik”: the key stands twice"),
        ([FIELD, {**FIELD, "key": "annan"}], "the id stands twice"),
        ([{**FIELD, "key": None}], "the key must be one name"),
        ([{**FIELD, "key": "a.b"}], "the key must be one name"),
        ([{**FIELD, "key": "_form"}], "the key must be one name"),
        ([{**FIELD, "label": ""}], "a label is missing"),
        ([{**FIELD, "label": "=namn"}], "label must be plain text"),
        ([{**FIELD, "onclick": "x"}], "the attribute 'onclick' is not honoured"),
        ([{**FIELD, "readonly": "=x"}], "readonly must be true or false"),
        ([{**FIELD, "validate": {"required": "=x"}}], "required must be true or false"),
        ([{**FIELD, "validate": {"min": 3}}], "the check 'min' is not made for a textfield"),
        ([{**FIELD, "validate": {"minLength": 9, "maxLength": 3}}], "the least is more than the most"),
        ([{**FIELD, "validate": {"maxLength": "nio"}}], "maxLength must be a number"),
        ([{**FIELD, "validate": {"maxLength": -1}}], "maxLength must be a whole number"),
        ([{**FIELD, "validate": {"maxLength": 5000}}], "maxLength is at most 1000"),
        ([{**FIELD, "validate": {"validationType": "iban"}}], "validationType 'iban'"),
        ([{**FIELD, "conditional": {"show": "=x"}}], "a condition is"),
        ([{**FIELD, "conditional": {"hide": "x"}}], "a condition is"),
        ([{**FIELD, "defaultValue": 3}], "the default 3 could not be given"),
        ([{**FIELD, "properties": {"label:en": 3}}], "properties must be an object"),
        ([{**FIELD, "properties": {"value:x:en": "X"}}], "translates nothing"),
        ([{**RADIO, "values": []}], "exactly one of values"),
        ([{**RADIO, "valuesKey": "lista"}], "exactly one of values"),
        ([{**RADIO, "values": [{"label": "Ja", "value": "ja"}] * 2}], "needs a value of its own"),
        ([{**RADIO, "values": [{"label": "Ja", "value": 1}]}], "needs a value of its own"),
        ([{**RADIO, "defaultValue": "nej"}], "the default 'nej'"),
        ([{**RADIO, "type": "checklist", "defaultValue": ["nej"]}], "the default ['nej']"),
        ([{"type": "number", "key": "n", "label": "N", "serializeToString": True}], "numbers are kept as numbers"),
        ([{"type": "datetime", "key": "d", "dateLabel": "D", "subtype": "vecka"}], "the subtype 'vecka'"),
        ([{"type": "datetime", "key": "d", "dateLabel": "D", "timeSerializingFormat": "utc_offset"}], "civil times"),
        ([{"type": "group", "id": "g", "path": "djup", "components": []}], "the attribute 'path'"),
        ([{"type": "group", "id": "g", "components": [{"type": "table", "id": "t"}]}], "'table'"),
        ([{"type": "text", "id": "t", "text": "=x"}], "text must be text"),
        ([{"type": "text", "id": "t", "text": "{{#loop x}}y{{/loop}}"}], "is not read"),
    ],
)
def test_components_that_would_mean_something_else(components: list[Any], expected: str) -> None:
    assert expected in refused(form(*components))


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ({**FIELD, "conditional": {"hide": "=a ="}}, "the FEEL expression 'a =' is wrong"),
        ({**FIELD, "conditional": {"hide": "=saknas(a)"}}, "the FEEL expression 'saknas(a)' is wrong"),
        ({**FIELD, "validate": {"pattern": "("}}, "the pattern '(' is no regular expression"),
        ({"type": "text", "id": "t", "text": "Hej {{namn +}}"}, "the FEEL expression 'namn +' is wrong"),
        ({"type": "radio", "key": "v", "label": "V", "valuesExpression": "=lista["}, "the FEEL expression 'lista[' is wrong"),
    ],
)
def test_wrong_expressions_and_patterns(component: dict[str, Any], expected: str, feel: Feel) -> None:
    assert expected in refused(form(component), feel)


def test_all_problems_come_at_once() -> None:
    told = refused(form({**FIELD, "key": None, "onclick": "x"}, {"type": "html", "id": "h"}, schemaVersion=1))
    assert len(told.splitlines()) == 4


def test_deep_groups_are_refused() -> None:
    component: dict[str, Any] = FIELD
    for number in range(20):
        component = {"type": "group", "id": f"g{number}", "components": [component]}
    assert "groups within each other" in refused(form(component))
