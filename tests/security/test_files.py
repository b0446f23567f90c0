"""Files that people deploy and upload: XML, tables, forms, names, archives."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from engine.bpmn import DeploymentRefused
from engine.bpmn.decisions import load_decisions
from engine.bpmn.xml import parse_xml
from forms import FormErrors, FormRefused, load
from tests.security.guard import bounded
from web.pages.documents.names import harmless_name
from web.pages.documents.storage import Refused, Storage


def entities(count: int) -> bytes:
    lines = [b'<!ENTITY e0 "aaaaaaaaaa">'] + [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, count)]
    return b"<!DOCTYPE d [" + b"".join(lines) + b"]><d>&e%d;</d>" % (count - 1)


HIDDEN = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'
XML = {
    "a bomb of entities": entities(12),
    "one entity many times": b'<!DOCTYPE d [<!ENTITY e "' + b"x" * 50_000 + b'">]><d>' + b"&e;" * 20_000 + b"</d>",
    "an entity that reads a file": b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><d>&e;</d>',
    "an entity that asks the network": b'<!DOCTYPE d [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]><d>&e;</d>',
    "a parameter entity": b'<!DOCTYPE d [<!ENTITY % e SYSTEM "file:///etc/hostname"> %e;]><d/>',
    "a document type from elsewhere": b'<!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd"><d/>',
    "an entity that contains itself": b'<!DOCTYPE d [<!ENTITY a "&b;"><!ENTITY b "&a;">]><d>&a;</d>',
    "attributes by default": b'<!DOCTYPE d [<!ATTLIST d a CDATA "x">]><d/>',
    "deep elements": b"<d>" * 200_000 + b"</d>" * 200_000,
    "fifty megabytes": b"<d>" + b"x" * 50 * 1024**2 + b"</d>",
    "an encoding that hides a document type": HIDDEN.encode("utf-16"),
    "nothing at all": b"",
    "bytes that are no text": bytes(range(256)) * 100,
}  # fmt: skip

FIELD = {"type": "textfield", "key": "a", "label": "A", "id": "c1"}


def form(**field: object) -> bytes:
    """A form with one field, which has `field` besides."""
    return json.dumps({"schemaVersion": 16, "type": "default", "id": "f", "components": [FIELD | field]}).encode()


FORMS = {
    "deep lists": b'{"components":' + b"[" * 200_000,
    "a key twice": form().replace(b'"id": "f"', b'"id": "f", "id": "g"'),
    "a number without end": form(type="number", validate={"max": 1}).replace(b'"max": 1', b'"max": 1e999'),
    "fifty megabytes": form() + b" " * 50 * 1024**2,
    "a field named as an attribute": form(key="__class__"),
    "a field that is a list": form(key=["a"]),
    "a hundred thousand fields": json.dumps(
        {"schemaVersion": 16, "type": "default", "id": "f", "components": [FIELD] * 100_000}
    ).encode(),
}

NAMES = [
    "../../etc/passwd.pdf", "..\\..\\windows\\system32\\cmd.pdf", "/etc/shadow.pdf", "C:\\boot.pdf", "con.pdf", "a\x00b.pdf",
    "a\nSet-Cookie: x.pdf", "\u202egpj.pdf", "...pdf", " .pdf", "a" * 10_000 + ".pdf", "<script>alert(1)</script>.pdf",
    '";rm -rf /.pdf', "%2e%2e%2fetc.pdf", "a.pdf/../b.pdf",
]  # fmt: skip


@pytest.mark.parametrize("content", XML.values(), ids=XML)
def test_no_xml_reads_or_exhausts_the_host(content: bytes) -> None:
    with bounded(), pytest.raises(DeploymentRefused):
        parse_xml(content, "x.bpmn")
    with bounded(), pytest.raises(DeploymentRefused):
        load_decisions(content, "x.dmn")


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_no_form_exhausts_the_host(content: bytes) -> None:
    with bounded(), pytest.raises(FormRefused):
        load(content, "x.form")


ANSWERS = {
    "a megabyte of text": {"a": "x" * 1_000_000},
    "a list for a text": {"a": ["x"] * 100_000},
    "a map for a text": {"a": {"$ne": None}},
    "fields that were not asked for": {f"x{number}": "y" for number in range(50_000)},
    "a deep answer": {"a": json.loads("[" * 900 + "]" * 900)},
    "control characters": {"a": "\x00\x1b[31m"},
    "turned text": {"a": "\u202e" + "x"},
}


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_exhausts_the_host(answers: dict[str, object]) -> None:
    asked = load(form(), "f.form")
    with bounded(), pytest.raises(FormErrors):
        asked.validate(answers, context={}, feel=lambda expression, context: None)


@pytest.mark.parametrize("claimed", NAMES)
def test_no_name_leaves_its_folder(claimed: str, tmp_path: Path) -> None:
    name = harmless_name(claimed, "pdf")
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert name.endswith(".pdf") and len(name) <= 255
    assert not set(name) & set('<>:"/\\|?*\x00\r\n\u202e')
    with pytest.raises(ValueError, match="not the name"):
        Storage(tmp_path).path(claimed)


def archive(entry: str, content: bytes, times: int = 1) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<document/>")
        for number in range(times):
            file.writestr(f"{number}/{entry}", content)
    return packed.getvalue()


UPLOADS = {
    "a bomb of zeros": ("a.docx", archive("word/media", b"\0" * 64 * 1024**2, 4)),
    "entries without number": ("a.docx", archive("x", b"", 20_000)),
    "macros": ("a.docx", archive("vbaProject.bin", b"x")),
    "a page named as a text": ("a.txt", b"<!doctype html><script>alert(1)</script>"),
    "a picture that is a page": ("a.png", b"<svg onload=alert(1)>"),
    "a program named as a document": ("a.pdf", b"MZ" + b"\0" * 1000),
    "nothing": ("a.pdf", b""),
}


@pytest.mark.parametrize(("name", "content"), UPLOADS.values(), ids=UPLOADS)
def test_no_upload_is_what_it_does_not_say(name: str, content: bytes, tmp_path: Path) -> None:
    with bounded(), pytest.raises(Refused):
        Storage(tmp_path).keep(io.BytesIO(content), name)
    assert list(tmp_path.iterdir()) == []
