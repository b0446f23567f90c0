"""Answers: read from a browser, checked, and refused in words that say what to do; nothing typed is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms import WHOLE, Feel, Form, FormErrors, load
from tests.forms.conftest import ANSWERS, CONTEXT


def check(form: Form, feel: Feel, locale: str = "sv", **changed: Any) -> dict[str, Any]:
    return form.validate({**ANSWERS, **changed}, context=CONTEXT, feel=feel, locale=locale)


def errors(form: Form, feel: Feel, locale: str = "sv", **changed: Any) -> dict[str, list[str]]:
    with pytest.raises(FormErrors) as caught:
        check(form, feel, locale, **changed)
    return caught.value.errors


def test_a_good_answer_becomes_plain_json(every: Form, feel: Feel) -> None:
    clean = check(
        every,
        feel,
        rubrik="  Hjälp \t medel ",
        fraga="Rad 1\r\nRad 2",
        belopp="1 234,50",
        antal="2",
        tid="9.30",
        moment="2026-02-01 10:00",
    )
    assert clean["rubrik"] == "Hjälp medel"
    assert clean["fraga"] == "Rad 1\nRad 2"
    assert (clean["belopp"], clean["antal"]) == (1234.5, 2)
    assert (clean["dag"], clean["tid"], clean["moment"]) == ("2026-02-12", "09:30", "2026-02-01T10:00")
    assert (clean["parter"], clean["omraden"], clean["last"], clean["epost"]) == (["0", "region"], [], True, None)
    assert "kommun" not in clean
    assert "utlatande" not in clean
    json.dumps(clean, allow_nan=False)


def test_what_a_browser_posts_is_read_by_prefix(every: Form, feel: Feel) -> None:
    posted = MultiDict(
        [("csrf_token", "x"), ("f-rubrik", "Hjälp"), ("f-parter", "0"), ("f-parter", "1"), ("f-last", "true"), ("f-ny", "1")]
    )
    raw = every.read(posted)
    assert (raw["rubrik"], raw["parter"], raw["last"], raw["niva"], raw["omraden"]) == ("Hjälp", ["0", "1"], "true", None, [])
    assert "csrf_token" not in raw
    assert "utlatande" not in raw
    with pytest.raises(FormErrors) as caught:
        every.validate(raw, context=CONTEXT, feel=feel)
    assert WHOLE in caught.value.errors
    assert caught.value.values == raw


REQUIRED = {
    "rubrik": "Fyll i ”Rubrik”.",
    "fraga": "Fyll i ”Vad frågar du om, eller vad föreslår du?”.",
    "antal": "Fyll i ”Antal kommuner som berörs”.",
    "niva": "Välj ett alternativ under ”Vilken nivå hör frågan till?”.",
    "parter": "Välj minst ett alternativ under ”Vilka huvudmän ska svara?”.",
    "dag": "Ange ett datum under ”Svar senast”.",
    "last": "Kryssa i ”Jag har läst underlaget och tagit del av svaren” för att gå vidare.",
}


@pytest.mark.parametrize("raw", [{}, dict.fromkeys(REQUIRED), dict.fromkeys(REQUIRED, "")], ids=["absent", "null", "empty"])
def test_missing_answers_are_told_in_the_order_of_the_form(every: Form, feel: Feel, raw: dict[str, Any]) -> None:
    with pytest.raises(FormErrors) as caught:
        every.validate(raw, context=CONTEXT, feel=feel)
    assert caught.value.errors == {key: [text] for key, text in REQUIRED.items()}
    assert list(caught.value.errors) == [field.key for field in every.fields if field.key in REQUIRED]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("rubrik", "x" * 61, "högst 60 tecken. Korta texten med minst 1 tecken"),
        ("rubrik", "ab", "minst 3 tecken"),
        ("epost", "x" * 1_001, "högst 1\N{NO-BREAK SPACE}000 tecken"),
        ("fraga", "x" * 4_001, "högst 4\N{NO-BREAK SPACE}000 tecken"),
        ("rubrik", 7, "ska vara text"),
        ("rubrik", ["a", "b"], "tar bara ett svar"),
        ("rubrik", {"a": 1}, "ska vara text"),
        ("rubrik", "Hjälp\x00medel", "osynligt tecken som inte kan sparas efter ”Hjälp”"),
        ("fraga", "\x1b[31m", "osynligt tecken som inte kan sparas."),
        ("fraga", "abc \u202e cba", "efter ”abc”"),
        ("fraga", "a\ud800b", "efter ”a”"),
        ("epost", "anna.ek", "e-postadress"),
        ("epost", "a@b@c.se", "e-postadress"),
        ("telefon", "ring mig", "telefonnummer"),
        ("diarie", "är 12", "inte skrivet på rätt sätt"),
        ("belopp", "tolv", "ett tal med siffror"),
        ("belopp", "1e5", "ett tal med siffror"),
        ("belopp", "NaN", "ett tal med siffror"),
        ("belopp", float("inf"), "ett tal med siffror"),
        ("belopp", True, "ett tal med siffror"),
        ("belopp", "1.234,5", "ett tal med siffror"),
        ("belopp", "9" * 400, "ett tal med siffror"),
        ("belopp", "1,234", "högst 2 decimaler"),
        ("belopp", "-1", "minst 0"),
        ("belopp", "1000000,01", "högst 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000"),
        ("antal", "1,5", "heltal"),
        ("antal", "tre", "heltal med siffror"),
        ("antal", "16", "högst 15"),
        ("niva", "nationell", "finns inte bland alternativen"),
        ("niva", ["lokal", "regional"], "tar bara ett svar"),
        ("parter", ["0", "99"], "finns inte bland alternativen"),
        ("parter", [{"value": "0"}], "finns inte bland alternativen"),
        ("parter", ["0"] * 5_000, "finns inte bland alternativen"),
        ("ledamot", "13", "finns inte bland alternativen"),
        ("dag", "2026-02-30", "ett datum som finns"),
        ("dag", "0026-01-12", "ett datum som finns"),
        ("dag", "12 januari", "ett datum som finns"),
        ("dag", "２０２６-01-12", "ett datum som finns"),
        ("dag", ["2026-02-12"], "tar bara ett svar"),
        ("dag", "2026-01-11", "en dag som har passerat"),
        ("tid", "25:00", "ett klockslag"),
        ("moment", "2026-02-12", "ett datum och ett klockslag"),
        ("last", "kanske", "ikryssad eller inte"),
        ("last", ["true"], "ikryssad eller inte"),
    ],
)
def test_bad_values(every: Form, feel: Feel, key: str, value: Any, expected: str) -> None:
    told = errors(every, feel, **{key: value})
    assert set(told) == {key}
    assert expected in told[key][0]
    assert every.field(key).label in told[key][0]


def test_errors_in_english(every: Form, feel: Feel) -> None:
    assert errors(every, feel, "en", rubrik="")["rubrik"] == ["Fill in “Title”."]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3,5", 3.5),
        ("3.5", 3.5),
        ("1 000", 1000),
        ("1\u00a0000,25", 1000.25),
        (" 7 ", 7),
        ("+2", 2),
        ("12,00", 12),
        (12.0, 12),
        (0, 0),
    ],
)
def test_numbers_as_swedes_write_them(every: Form, feel: Feel, typed: Any, number: float) -> None:
    clean = check(every, feel, belopp=typed)["belopp"]
    assert (clean, type(clean)) == (number, type(number))


def test_unexpected_fields_are_refused(every: Form, feel: Feel) -> None:
    assert list(errors(every, feel, nagot="x")) == [WHOLE]
    assert list(errors(every, feel, utlatande="ändrat")) == [WHOLE]


def test_too_much_altogether_is_refused(every: Form, feel: Feel) -> None:
    assert list(errors(every, feel, rubrik="x" * 200_001)) == [WHOLE]
    assert list(errors(every, feel, parter=["y" * 100] * 3_000)) == [WHOLE]


def test_hidden_fields_are_neither_checked_nor_kept(every: Form, feel: Feel) -> None:
    assert "kommun" not in check(every, feel, niva="lokal", kommun="påhittad", varfor="x" * 5_000)
    assert list(errors(every, feel, niva="bilateral")) == ["kommun"]
    assert check(every, feel, niva="bilateral", kommun="umea", varfor="Störst")["varfor"] == "Störst"
    # hidden by the answer of a field that is itself hidden
    assert "varfor" not in check(every, feel, niva="regional", kommun="umea", varfor="Störst")


def test_nothing_to_choose_from_is_said(every: Form, feel: Feel) -> None:
    with pytest.raises(FormErrors) as caught:
        every.validate({**ANSWERS, "parter": []}, context={**CONTEXT, "parties": "trasigt"}, feel=feel)
    assert "inget att välja på" in caught.value.errors["parter"][0]


def test_keys_may_be_words_of_the_schema_library(feel: Feel) -> None:
    keys = ["load", "dump", "fields", "Meta", "context", "validate", "get_attribute"]
    components = [{"type": "textfield", "key": key, "label": key} for key in keys]
    content = json.dumps({"schemaVersion": 16, "id": "ord", "components": components}).encode()
    answers = {key: f"svar {key}" for key in keys}
    assert load(content, "ord.form").validate(answers, context={}, feel=feel) == answers


def test_conditions_in_a_ring_come_to_rest(feel: Feel) -> None:
    pair = [("a", "b"), ("b", "a")]
    components = [{"type": "textfield", "key": k, "label": k, "conditional": {"hide": f"={o} = null"}} for k, o in pair]
    form = load(json.dumps({"schemaVersion": 16, "id": "ring", "components": components}).encode(), "ring.form", feel=feel)
    assert form.validate({"a": "1", "b": "2"}, context={}, feel=feel) == {"a": "1", "b": "2"}
    assert form.validate({"a": "1"}, context={}, feel=feel) == {}


RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=80),
    st.lists(st.one_of(st.text(max_size=8), st.integers()), max_size=4),
    st.sampled_from(
        ["lokal", "bilateral", "umea", "0", "region", "true", "12", "3,5", "2026-02-28", "2028-02-29", "10:30", "2026-03-29T02:30"]
    ),
)
KEYS = [*ANSWERS, "epost", "telefon", "belopp", "kommun", "varfor", "omraden", "ledamot", "tid", "moment"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=st.dictionaries(st.sampled_from(KEYS), RAW, max_size=8), extra=st.dictionaries(st.text(max_size=6), RAW, max_size=1))
def test_any_answer_is_stable_or_told_by_field(every: Form, feel: Feel, changed: dict[str, Any], extra: dict[str, Any]) -> None:
    raw = {**ANSWERS, **extra, **changed}
    keys = {field.key for field in every.fields}
    for locale in ("sv", "en"):
        try:
            clean = every.validate(raw, context=CONTEXT, feel=feel, locale=locale)
        except FormErrors as refused:
            assert set(refused.errors) <= keys | {WHOLE}
            assert all(refused.errors.values())
            assert every.html(values=refused.values, errors=refused.errors, context=CONTEXT, feel=feel, locale=locale)
        else:
            assert every.validate(clean, context=CONTEXT, feel=feel) == clean
            assert set(clean) <= keys
            json.dumps(clean, allow_nan=False)
            assert every.show(clean, locale, context=CONTEXT)
