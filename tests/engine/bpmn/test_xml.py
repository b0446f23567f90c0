"""What an XML file could do to a parser, and that it does not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.bpmn.problems import DeploymentRefused, Problem
from engine.bpmn.xml import DEEPEST, LARGEST, parse_xml


def refused(content: bytes) -> Problem:
    with pytest.raises(DeploymentRefused) as caught:
        parse_xml(content, "prov.bpmn")
    assert len(caught.value.problems) == 1
    problem = caught.value.problems[0]
    assert problem.file == "prov.bpmn"
    return problem


def test_a_plain_file_is_read_with_its_lines() -> None:
    root = parse_xml("<?xml version='1.0'?>\n<!-- x --><a>\n  <b n='å'/></a>".encode(), "prov.bpmn")
    assert [child.tag for child in root] == ["b"]
    assert root[0].sourceline == 3
    assert root[0].get("n") == "å"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_declared_encodings_are_read(encoding: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    root = parse_xml(f"<?xml version='1.0' encoding='{name}'?><a n='Åsele'/>".encode(encoding), "prov.bpmn")
    assert root.get("n") == "Åsele"


def test_an_entity_bomb_is_refused_before_it_grows() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY e0 "{"x" * 100}">{entities}]><d a="&e11;">&e11;</d>'
    started = time.monotonic()
    problem = refused(content.encode())
    assert "document type" in problem.reason
    assert problem.line == 2
    assert time.monotonic() - started < 0.5


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hemligt")
    problem = refused(f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><d>&x;</d>'.encode())
    assert "document type" in problem.reason
    assert "hemligt" not in str(problem)


def test_a_parameter_entity_is_not_read(tmp_path: Path) -> None:
    dtd = tmp_path / "evil.dtd"
    dtd.write_text('<!ENTITY x "hemligt">')
    problem = refused(f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{dtd.as_uri()}"> %p;]><d>&x;</d>'.encode())
    assert "document type" in problem.reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_does_not_hide_behind_an_encoding(encoding: str) -> None:
    refused('<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>'.encode(encoding))


def test_a_document_type_after_a_long_prolog_is_refused() -> None:
    assert "document type" in refused(b"<!--" + b" " * 50_000 + b"-->\n<!DOCTYPE d><d/>").reason


def test_an_undeclared_entity_is_an_error() -> None:
    assert "well-formed" in refused(b"<d>&x;</d>").reason


def test_fifty_megabytes_are_refused_at_once() -> None:
    content = b"<d>" + b"<a/>" * 12_500_000 + b"</d>"
    started = time.monotonic()
    problem = refused(content)
    assert "50.0 MB" in problem.reason
    assert time.monotonic() - started < 0.05


def test_the_largest_file_is_read() -> None:
    head, tail = b"<d>", b"</d>"
    parse_xml(head + b" " * (LARGEST - len(head) - len(tail)) + tail, "prov.bpmn")


@pytest.mark.parametrize("depth", [DEEPEST + 1, 300, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    problem = refused(b"\n<a>" * depth + b"</a>" * depth)
    assert f"More than {DEEPEST}" in problem.reason
    assert problem.line is not None


def test_nesting_up_to_the_cap_is_read() -> None:
    parse_xml(b"<a>" * DEEPEST + b"</a>" * DEEPEST, "prov.bpmn")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", None, "empty"),
        (b" \n ", None, "empty"),
        (b"hej", 1, "well-formed"),
        (b'{"bpmn": 1}', 1, "well-formed"),
        (b"PK\x03\x04", 1, "XML"),
        (b"<a>\n<b>\n</a>", 3, "well-formed"),
        (b"<a>\n<b x='1' x='2'/></a>", 2, "well-formed"),
        (b"<a>\n<p:b/></a>", 2, "well-formed"),
        (b"<a>\n<b>\xe5</b></a>", 2, "UTF-8"),
        (b"<?xml version='1.0' encoding='nosuch'?><a/>", 1, "UTF-8"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", 1, "UTF-8"),
        (b"<!-- no root -->", 1, "well-formed"),
        (b"<a/><b/>", 1, "well-formed"),
        (b"<a>\x00</a>", 1, "well-formed"),
    ],
)
def test_what_is_not_readable_is_said_with_its_line(content: bytes, line: int | None, words: str) -> None:
    problem = refused(content)
    assert words in problem.reason
    assert problem.line == line


def test_an_inclusion_stays_an_element() -> None:
    root = parse_xml(
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>', "prov.bpmn"
    )
    assert len(root) == 1
    assert not root.xpath("string()")
