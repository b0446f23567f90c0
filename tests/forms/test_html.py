"""The HTML of a form: labels, legends, descriptions and errors tied together, no markup from outside, nothing typed lost."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import html

from forms import WHOLE, Feel, Form, FormErrors, load
from tests.forms.conftest import ANSWERS, CONTEXT


def draw(
    form: Form, feel: Feel, values: dict[str, Any] | None = None, errors: Any = None, locale: str = "sv", **context: Any
) -> Any:
    return html.fromstring(form.html(values=values or {}, errors=errors, context={**CONTEXT, **context}, feel=feel, locale=locale))


def one(text: str, feel: Feel, **context: Any) -> str:
    component = {"type": "text", "id": "t", "text": text}
    content = json.dumps({"schemaVersion": 16, "id": "text", "components": [component]}).encode()
    return str(load(content, "text.form", feel=feel).html(values={}, context=context, feel=feel))


def failed(form: Form, feel: Feel, raw: dict[str, Any]) -> FormErrors:
    with pytest.raises(FormErrors) as caught:
        form.validate(raw, context=CONTEXT, feel=feel)
    return caught.value


@pytest.mark.parametrize("locale", ["sv", "en"])
def test_every_control_has_a_name_a_label_and_its_texts(every: Form, feel: Feel, locale: str) -> None:
    errors = {field.key: ["Fel."] for field in every.fields if not field.readonly}
    page = draw(every, feel, errors=errors, locale=locale)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    controls = page.xpath("//input | //select | //textarea")
    assert len(controls) > 30
    for control in controls:
        assert control.get("name").startswith("f-")
        assert len(page.xpath(f"//label[@for='{control.get('id')}']")) == 1
    for reference in " ".join(page.xpath("//@aria-describedby")).split():
        assert reference in ids
    for key in errors:
        assert page.xpath(f"//*[@id='f-{key}']"), "the error summary links to it"
        described = page.xpath(f"//*[contains(@aria-describedby, 'f-{key}-error')]")
        assert described
    for legend in page.xpath("//fieldset"):
        assert legend[0].tag == "legend"


def test_required_and_limits_are_said_in_words(every: Form, feel: Feel) -> None:
    page = draw(every, feel)
    assert page.xpath("string(//label[@for='f-rubrik'])").strip() == "Rubrik (obligatoriskt)"
    assert page.xpath("string(//label[@for='f-epost'])").strip() == "E-post"
    assert "Högst 4\N{NO-BREAK SPACE}000 tecken." in page.xpath("string(//*[@id='f-fraga-hint'])")
    assert page.xpath("//*[@id='f-fraga']/@aria-required") == ["true"]
    assert not page.xpath("//@maxlength"), "it would cut what is pasted without a word"


def test_inputs_fit_what_is_typed(every: Form, feel: Feel) -> None:
    page = draw(every, feel)
    kinds = {key: page.xpath(f"string(//*[@id='f-{key}']/@type)") for key in ("dag", "tid", "moment", "epost", "telefon", "belopp")}
    expected = {"dag": "date", "tid": "time", "moment": "datetime-local", "epost": "email", "telefon": "tel", "belopp": "text"}
    assert kinds == expected
    assert page.xpath("//*[@id='f-belopp']/@inputmode") == ["decimal"]
    assert page.xpath("//*[@id='f-antal']/@inputmode") == ["numeric"]
    assert page.xpath("//select[@id='f-ledamot']/option/text()") == ["Välj i listan", "Anna Ek"]


def test_strict_content_policy_finds_nothing_to_stop(every: Form, feel: Feel) -> None:
    text = str(every.html(values={}, context=CONTEXT, feel=feel))
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)


def test_nothing_typed_is_lost(every: Form, feel: Feel) -> None:
    typed = {
        "rubrik": '"><script>alert(1)</script>',
        "fraga": "\n\nförsta raden är tom </textarea><b>",
        "belopp": "tolv kronor",
        "antal": "1 000,5",
        "dag": "2026-02-30",
        "tid": "halv tio",
        "moment": "i morgon",
        "epost": "anna.ek",
        "parter": ["0", "region"],
        "omraden": [],
        "niva": "bilateral",
        "kommun": "umea",
        "varfor": "x" * 2_000,
        "last": "true",
    }
    refused = failed(every, feel, typed)
    page = draw(every, feel, refused.values, refused.errors)
    for key in ("rubrik", "belopp", "antal", "dag", "tid", "moment", "epost", "varfor"):
        control = page.xpath(f"//input[@id='f-{key}']")[0]
        assert control.get("value") == typed[key]
        assert control.get("type") in ("text", "email", "tel")
    assert page.xpath("string(//textarea[@id='f-fraga'])").lstrip("\n") == typed["fraga"].lstrip("\n")
    assert page.xpath("//input[@name='f-parter' and @checked]/@value") == typed["parter"]
    assert page.xpath("//input[@name='f-niva' and @checked]/@value") == ["bilateral"]
    assert page.xpath("//select[@id='f-kommun']/option[@selected]/@value") == ["umea"]
    assert page.xpath("//input[@name='f-last' and @checked]")
    assert not page.xpath("//script")


def test_a_leading_line_break_survives(every: Form, feel: Feel) -> None:
    # Browsers drop one line break right after <textarea>, so there is one more than was typed.
    assert ">\n\nabc</textarea>" in every.html(values={"fraga": "\nabc"}, context=CONTEXT, feel=feel)


def test_errors_are_tied_to_their_fields(every: Form, feel: Feel) -> None:
    page = draw(every, feel, {}, {"niva": ["Välj en nivå."], "rubrik": ["Fyll i rubriken."], WHOLE: ["Ladda om sidan."]})
    group = page.xpath("//fieldset[.//input[@name='f-niva']]")[-1]
    assert (group.get("role"), group.get("aria-invalid"), group.get("aria-required")) == ("radiogroup", "true", "true")
    assert "f-niva-error" in group.get("aria-describedby")
    assert page.xpath("//*[@id='f-rubrik']/@aria-invalid") == ["true"]
    assert page.xpath("string(//*[@id='f-rubrik-error'])") == "Fel: Fyll i rubriken."
    assert "Ladda om sidan." in page.xpath(f"string(//*[@id='f-{WHOLE}'])")
    assert not page.xpath("//*[@id='f-epost']/@aria-invalid")


def test_fields_that_answers_can_bring_back_stand_with_their_condition_in_words(every: Form, feel: Feel) -> None:
    page = draw(every, feel, {**ANSWERS, "niva": "lokal"})
    part = page.xpath("//*[@data-hide][.//select[@id='f-kommun']]")[0]
    assert json.loads(part.get("data-hide")) == ['niva != "bilateral"']
    assert part.get("data-hidden") == "true"
    words = part.xpath("string(*[@class='sv-condition'])")
    assert words.startswith("Gäller bara om du har svarat ”Bilateral: en kommun")
    shown = draw(every, feel, {**ANSWERS, "niva": "bilateral"}).xpath("//*[@data-hide][.//select[@id='f-kommun']]")[0]
    assert shown.get("data-hidden") is None


def test_what_no_answer_can_bring_back_is_not_drawn(every: Form, feel: Feel) -> None:
    text = "Syns bara för den som redan har en föredragande."
    assert text not in draw(every, feel).text_content()
    assert text in draw(every, feel, foredragande="Anna").text_content()


def test_values_come_from_the_case_and_answers_win(every: Form, feel: Feel) -> None:
    assert draw(every, feel, rubrik="Från ärendet").xpath("//*[@id='f-rubrik']/@value") == ["Från ärendet"]
    assert draw(every, feel, {"rubrik": None}, rubrik="Från ärendet").xpath("//*[@id='f-rubrik']/@value") == [""]
    page = draw(every, feel)
    assert "Tretton huvudmän svarar ja." in page.xpath("string(//*[@id='f-utlatande'])")
    assert not page.xpath("//*[@name='f-utlatande']")


def test_english_texts_and_the_language_of_what_is_not_translated(every: Form, feel: Feel) -> None:
    page = draw(every, feel, locale="en")
    assert page.xpath("string(//label[@for='f-rubrik'])").strip() == "Title (required)"
    assert page.xpath("string(//label[@for='f-epost']/*[@lang])") == "E-post"
    assert page.xpath("//label[@for='f-epost']/*/@lang") == ["sv"]
    assert "The question Hjälpmedel *över* gränsen is taken up." in page.text_content()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klicka](javascript:alert(1))",
        "[klicka](data:text/html;base64,PHNjcmlwdD4=)",
        "![bild](https://example.org/spion.png)",
        '<a href="https://example.org" onclick="x()">a</a>',
        "<style>body{display:none}</style>",
        '<p style="position:fixed">x</p>',
    ],
)
def test_malicious_markdown_is_harmless(text: str, feel: Feel) -> None:
    page = html.fromstring(one(text, feel))
    assert not page.xpath("//script | //img | //style | //@style | //@onclick | //@onerror")
    assert all(address.startswith("https://") for address in page.xpath("//a/@href"))


def test_values_in_texts_are_text(feel: Feel) -> None:
    drawn = one(
        "Hej {{namn}}! {{antal + 1}} {{saknas}} {{lista}}",
        feel,
        namn="**fet** <b>x</b> [l](https://e.se)",
        antal=1,
        lista=["a", "b"],
    )
    page = html.fromstring(drawn)
    assert page.text_content().strip() == "Hej **fet** <b>x</b> [l](https://e.se)! 2  a, b"
    assert not page.xpath("//strong | //b | //a")


def test_headings_do_not_disturb_the_page(feel: Feel) -> None:
    page = html.fromstring(one("# Rubrik\n\n## Under\n\ntext", feel))
    assert not page.xpath("//h1 | //h2")
    assert page.xpath("//p[@class='sv-text__heading']/strong/text()") == ["Rubrik", "Under"]


def test_a_completed_answer_is_told_in_words(every: Form, feel: Feel) -> None:
    answers = {**ANSWERS, "belopp": 1234.5, "moment": "2026-03-29T10:30", "tid": "09:30", "ledamot": "12", "fraga": "a\nb"}
    told = dict(every.show(answers, "sv", context=CONTEXT))
    assert told["Svar senast"] == "torsdag 12 februari 2026"
    assert told["Mötet börjar"] == "söndag 29 mars 2026 kl. 10.30"
    assert told["Klockan"] == "kl. 09.30"
    assert told["Belopp"] == "1\N{NO-BREAK SPACE}234,5 kronor"
    assert told["Vilken nivå hör frågan till?"] == "Regional"
    assert told["Vilka huvudmän ska svara?"] == "Bjurholms kommun, Region Västerbotten"
    assert told["Jag har läst underlaget och tagit del av svaren"] == "Ja"
    assert "E-post" not in told
    english = dict(every.show(answers, "en", context=CONTEXT))
    assert english["Which level does the question belong to?"] == "Regional"
    assert english["Mötet börjar"] == "Sunday 29 March 2026 10:30"
