"""Deployments that are wrong in every way: each is refused with its reason, all at once, and nothing of them is taken in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from engine.bpmn import DeploymentRefused
from engine.store.tables import definition, deployment
from tests.engine.runtime.conftest import House
from tests.engine.runtime.diagrams import ONE_STEP, diagram, end, flow, line, start, user
from web.cli import main

BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghi"
) + b"]><definitions>&i;</definitions>"  # fmt: skip
READS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><definitions>&a;</definitions>'
ASKS = b'<?xml version="1.0"?><!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd"><definitions/>'
FIELD = {"type": "textfield", "key": "a", "label": "A", "id": "c1"}
FORM = {"schemaVersion": 16, "type": "default", "id": "f", "components": [FIELD]}


def condition(text: str) -> bytes:
    gateway = '<bpmn:exclusiveGateway id="which" default="which_done"/>' + user("other") + end() + end("e2")
    flows = line("begin", "which", "done") + flow("which", "other", text) + line("other", "e2")
    return diagram("one", start() + gateway + flows)


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.bpmn", ONE_STEP)
    return packed.getvalue()


REFUSED: dict[str, tuple[dict[str, bytes], tuple[str, ...]]] = {
    "an entity bomb": ({"x.bpmn": BOMB}, ("x.bpmn",)),
    "an entity that reads a file": ({"x.bpmn": READS}, ("x.bpmn",)),
    "a document type from elsewhere": ({"x.bpmn": ASKS}, ("x.bpmn",)),
    "an entity bomb as a table": ({"x.dmn": BOMB}, ("x.dmn",)),
    "fifty megabytes": ({"x.bpmn": ONE_STEP + b"<!--" + b"x" * 50 * 1024 * 1024 + b"-->"}, ("x.bpmn", "MB")),
    "fifty megabytes of table": ({"x.dmn": b" " * 50 * 1024 * 1024}, ("x.dmn",)),
    "fifty megabytes of form": ({"x.form": b" " * 50 * 1024 * 1024}, ("x.form",)),
    "an element that is not carried out": (
        {"x.bpmn": diagram("one", start() + "<bpmn:scriptTask id='s' name='Räkna'/>" + end() + line("begin", "s", "done"))},
        ("x.bpmn", "s", "Räkna"),
    ),
    "a function that does not exist": ({"x.bpmn": condition("${nosuch(1)}")}, ("x.bpmn", "nosuch")),
    "an expression that cannot be read": ({"x.bpmn": condition("${a ===}")}, ("x.bpmn",)),
    "a form that does not exist": (
        {"x.bpmn": diagram("one", start() + user("decide", formRef="no-such-form") + end() + line("begin", "decide", "done"))},
        ("x.bpmn", "decide", "no-such-form"),
    ),
    "a form that is no JSON": ({"x.form": b"{"}, ("x.form",)),
    "a form that is another JSON": ({"x.form": b"[1, 2]"}, ("x.form",)),
    "a form nested beyond reason": ({"x.form": b'{"components":' + b"[" * 100_000}, ("x.form",)),
    "a form that is no text": ({"x.form": b"\xff\xfe\x00"}, ("x.form",)),
    "a table that is cut off": ({"x.dmn": b"<definitions"}, ("x.dmn",)),
    "a table that is a diagram": ({"x.dmn": ONE_STEP}, ("x.dmn",)),
    "one key in two files": ({"x.bpmn": ONE_STEP, "y.bpmn": ONE_STEP}, ("y.bpmn", "x.bpmn", "one")),
    "another encoding than it says": ({"x.bpmn": ONE_STEP.replace(b"Decide", "Avgör".encode("latin-1"))}, ("x.bpmn",)),
    "an archive with another name": ({"x.bpmn": zipped()}, ("x.bpmn",)),
    "nothing": ({"x.bpmn": b"", "y.dmn": b"", "z.form": b""}, ("x.bpmn", "y.dmn", "z.form")),
}


@pytest.mark.parametrize(("files", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_its_reason(house: House, files: Mapping[str, bytes], told: tuple[str, ...]) -> None:
    good = {"good.form": json.dumps(FORM).encode(), "good.bpmn": ONE_STEP.replace(b'"one"', b'"good"')}
    with pytest.raises(DeploymentRefused) as refused:
        house.runtime.deploy({**good, **files}, why="test")
    lines = [str(problem) for problem in refused.value.problems]
    assert all("\n" not in each and len(each) < 1_000 for each in lines)
    assert all(word in "\n".join(lines) for word in told), lines
    with house.database.read() as connection:
        for table in (definition, deployment):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_the_command_line_tells_every_problem_on_its_own_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": f"sqlite:///{tmp_path / 's.db'}", "DATA": str(tmp_path)}.items():
        monkeypatch.setenv(f"SAMVERKA_{name}", value)
    folder = tmp_path / "files"
    folder.mkdir()
    for number, name in enumerate(("an element that is not carried out", "a form that is no JSON", "an entity bomb")):
        for file, content in REFUSED[name][0].items():
            (folder / f"{number}{file}").write_bytes(content)
    from engine.store import Database

    database = Database(f"sqlite:///{tmp_path / 's.db'}")
    database.migrate()
    answer: Any = CliRunner().invoke(main, ["deploy", str(folder)])
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    assert [sum(each.startswith(name) for each in lines) for name in ("0x.bpmn", "1x.form", "2x.bpmn")] == [1, 1, 1]
    assert lines[-1] == "Error: refused: 3 problems, nothing was deployed"
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(definition)).scalar_one() == 0
    database.close()
