"""What the whole code base keeps to: imports go one way, every package says what lives in it, no process is named in Python."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree  # our own files, which every deployment checks again

import pytest
import yaml
from sqlalchemy.sql.selectable import AliasedReturnsRows

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "forms", "web")
# What each part may import, besides itself and the clock. A part that is not listed is a new one: say here what it stands on.
ARROWS: dict[str, set[str]] = {
    "forms": set(),
    "engine.clock": set(),
    "engine.toolkit": set(),
    "engine.bpmn": {"engine.toolkit"},
    "engine.store": set(),
    "engine.register": {"engine.store"},
    "engine.services": {"engine.store", "engine.register"},
    "engine.runtime": {"engine.store", "engine.register", "engine.services", "engine.bpmn", "engine.toolkit", "forms"},
    "engine.jobs": {"engine.runtime", "engine.store"},
    "engine.simulate": {
        "engine.runtime", "engine.store", "engine.register", "engine.services", "engine.bpmn", "engine.toolkit", "forms",
    },
    "web": {
        "engine.bpmn", "engine.jobs", "engine.register", "engine.runtime", "engine.services", "engine.simulate", "engine.store",
        "engine.toolkit", "forms",
    },
}  # fmt: skip
# Flask is the web's; the engine and the forms know no request.
WEB_ONLY = ("flask", "flask_babel", "flask_login", "flask_wtf", "flask_limiter", "werkzeug")


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def part_of(module: str) -> str:
    """The part of the house that a dotted module belongs to."""
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "engine" and len(names) > 1 else names[0]


def imports(file: Path) -> Iterator[str]:
    """Every module that `file` imports, as a dotted name; `from engine import x` gives engine.x."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            if node.module == "engine":
                yield from (f"engine.{alias.name}" for alias in node.names)
            elif node.module:
                yield node.module


@pytest.mark.parametrize("file", list(modules()), ids=shown)
def test_imports_go_one_way(file: Path) -> None:
    own = part_of(".".join(file.relative_to(ROOT).with_suffix("").parts))
    if own == "engine.__init__":
        own = "engine.clock"  # the engine's own docstring imports nothing
    allowed = ARROWS[own] | {own, "engine.clock"}
    for module in imports(file):
        if module.split(".")[0] in PACKAGES:
            assert part_of(module) in allowed, f"{own} must not import {module}"
        if own != "web":
            assert module.split(".")[0] not in WEB_ONLY, f"{own} must not import {module}"


@pytest.mark.parametrize("file", [file for file in modules() if file.name == "__init__.py"], ids=shown)
def test_every_package_says_what_lives_there(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text("utf-8"))), f"{file} has no docstring"


def names_in_diagrams() -> set[str]:
    """Ids of processes and of what stands in them, read from the diagrams; generated ones (Flow_1x2y) cannot collide."""
    found: set[str] = set()
    for diagram in sorted((ROOT / "processes").rglob("*.bpmn")):
        for element in ElementTree.parse(diagram).getroot().iter():  # noqa: S314 – our own files
            if "/DI" not in element.tag and "/DC" not in element.tag and "id" in element.attrib:
                found.add(element.attrib["id"])
    return found


def bodies() -> set[str]:
    """The register's bodies, by their short names."""
    register = yaml.safe_load((ROOT / "processes/register/register.yaml").read_text("utf-8"))
    return {entry["slug"] for entry in register["bodies"]}


# Ids that are ordinary words of the code too, each with its reason.
ALSO_WORDS: set[str] = set()


def test_no_module_names_a_process_an_element_or_a_body() -> None:
    names = (names_in_diagrams() | bodies()) - ALSO_WORDS
    hits = []
    for file in modules():
        tree = ast.parse(file.read_text("utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body and isinstance(node.body[0], ast.Expr)
        }  # fmt: skip
        hits += [
            f"{file.relative_to(ROOT)}:{node.lineno} names “{node.value}”"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names and id(node) not in docstrings
        ]
    assert not hits, "what a process does is in its diagram:\n" + "\n".join(hits)


def test_no_template_names_a_process_or_an_element() -> None:
    names = {name for name in names_in_diagrams() - ALSO_WORDS if len(name) > 3}
    hits = [
        f"{file.relative_to(ROOT)} names “{name}”"
        for file in sorted((ROOT / "web/templates").rglob("*.html"))
        for name in names
        if f'"{name}"' in file.read_text("utf-8") or f"'{name}'" in file.read_text("utf-8")
    ]
    assert not hits, "\n".join(hits)


def test_what_threads_share_of_statements_is_whole_when_they_come() -> None:
    """A named table or subquery makes its columns when it is first asked, and two threads that ask at once get two sets of them."""
    for statements in (*(ROOT / "engine/store").glob("*.py"), *(ROOT / "web/rest").glob("*.py")):
        import_module(".".join(statements.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    shared = {
        f"{name}.{key}": value
        for name, module in sorted(sys.modules.items())
        if name.split(".")[0] in ("engine", "web")
        for key, value in vars(module).items()
        if isinstance(value, AliasedReturnsRows)
    }
    assert len(shared) > 5, "the modules with statements are there"
    assert not [name for name, value in shared.items() if "c" not in vars(value) and not vars(value).get("_columns")]
