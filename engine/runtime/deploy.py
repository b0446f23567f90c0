"""Deployment: files in, versions out, all of them or none; every problem of every file is told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from engine.bpmn import DeploymentRefused, Problem, ProcessModel, compile_diagram
from engine.bpmn.decisions import DecisionTable, load_decisions
from engine.bpmn.dialect import process_keys
from engine.runtime.beginnings import write_beginnings
from engine.runtime.definitions import Definitions
from engine.runtime.parts import Parts
from engine.runtime.registration import next_registration
from engine.runtime.turns import take_turn
from engine.runtime.work import Work
from engine.store.tables import definition, deployment
from forms import Form, FormRefused
from forms import load as load_form

# The series that deployments are registered in: every published version carries a number.
SERIES = "PV"


@dataclass(frozen=True, slots=True)
class Version:
    """A version that a deployment made."""

    kind: str
    key: str
    version: int
    definition_id: int


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of a deployment. `registration` is None when no file differed from the version in force."""

    registration: str | None
    new: tuple[Version, ...]


@dataclass(slots=True)
class _Parsed:
    """The files of a deployment, parsed: what each defines, with the file that it stands in. `drawn` are the forms that stand in
    diagrams, by the names that they get as files.
    """

    forms: dict[str, tuple[Form, str]]
    decisions: dict[str, tuple[DecisionTable, str]]
    processes: dict[str, tuple[ProcessModel, str]]
    drawn: dict[str, bytes] = field(default_factory=dict)


class _Catalog:
    """What diagrams may refer to: what comes with them, and what is deployed."""

    def __init__(self, definitions: Definitions, forms: set[str], decisions: set[str], processes: set[str]) -> None:
        self._definitions = definitions
        self._here = {"form": forms, "decision": decisions, "process": processes}

    def _has(self, kind: str, key: str) -> bool:
        return key in self._here[kind] or self._definitions.live(kind, key) is not None

    def has_form(self, key: str) -> bool:
        return self._has("form", key)

    def has_decision(self, key: str) -> bool:
        return self._has("decision", key)

    def has_process(self, key: str) -> bool:
        return self._has("process", key)

    def has_topic(self, topic: str) -> bool:
        """Every topic: what no service of ours answers waits for a worker."""
        return True


def parse(parts: Parts, files: Mapping[str, bytes]) -> _Parsed:
    """Read and check `files` (name → content).

    Raises:
        DeploymentRefused: with every problem of every file.
    """
    problems: list[Problem] = []
    parsed = _Parsed({}, {}, {})
    diagrams: dict[str, bytes] = {}
    for name, content in sorted(files.items()):
        suffix = name.rpartition(".")[2].lower()
        try:
            if suffix == "form":
                form = load_form(content, name, feel=parts.toolkit.feel)
                _add(parsed.forms, form.key, form, name, problems)
            elif suffix == "dmn":
                for table in load_decisions(content, name, toolkit=parts.toolkit):
                    _add(parsed.decisions, table.key, table, name, problems)
            elif suffix in ("bpmn", "xml"):
                diagrams[name] = content
            else:
                reason = "the file is neither a diagram (.bpmn), a decision (.dmn) nor a form (.form)"
                problems.append(Problem(name, None, None, reason))
        except FormRefused as refused:
            problems += [Problem(name, None, None, line) for line in refused.problems]
        except DeploymentRefused as refused:
            problems += refused.problems
    _diagrams(parts, parsed, diagrams, problems)
    if problems:
        raise DeploymentRefused(problems)
    return parsed


def _diagrams(parts: Parts, parsed: _Parsed, diagrams: Mapping[str, bytes], problems: list[Problem]) -> None:
    coming = {key for name, content in diagrams.items() for key in _process_keys(content, name)}
    catalog = _Catalog(parts.definitions, set(parsed.forms), set(parsed.decisions), coming)
    for name, content in diagrams.items():
        try:
            for model in compile_diagram(content, file_name=name, catalog=catalog, check_script=parts.toolkit.check_script):
                _add(parsed.processes, model.key, model, name, problems)
                _drawn_forms(parts, parsed, model, name, problems)
        except DeploymentRefused as refused:
            problems += refused.problems


def _drawn_forms(parts: Parts, parsed: _Parsed, model: ProcessModel, name: str, problems: list[Problem]) -> None:
    """Adds the forms that stand in the diagram, as if each were a file beside it."""
    for key, text in model.drawn_forms().items():
        file_name, content = f"{name}#{key}.form", text.encode()
        try:
            form = load_form(content, file_name, feel=parts.toolkit.feel)
        except FormRefused as refused:
            problems += [Problem(name, key.rpartition(".")[2], None, line) for line in refused.problems]
            continue
        parsed.drawn[file_name] = content
        _add(parsed.forms, form.key, form, file_name, problems)


def _process_keys(content: bytes, name: str) -> set[str]:
    """The processes that a diagram defines, so that two diagrams of one deployment may call each other."""
    try:
        return set(process_keys(content, name))
    except DeploymentRefused:
        return set()  # compile_diagram tells what is wrong with it


def _add(known: dict[str, tuple[Any, str]], key: str, thing: Any, name: str, problems: list[Problem]) -> None:
    if key in known:
        problems.append(Problem(name, key, None, f"“{key}” is defined in {known[key][1]} as well; each key may stand in one file"))
    else:
        known[key] = (thing, name)


class Deployer:
    """Writes a parsed deployment as new versions of what differs from the version in force."""

    def __init__(self, parts: Parts, work: Work, files: Mapping[str, bytes]) -> None:
        self._parts = parts
        self._work = work
        self._files = files
        self._deployment_id: int | None = None
        self.registration: str | None = None
        self.new: list[Version] = []
        self._current: dict[tuple[str, str], int] = {}

    def write(self, parsed: _Parsed, *, why: str, source: str) -> Deployed:
        self._why, self._source = why, source
        take_turn(self._work.connection, "deployment")  # two at once would both make version 2
        self._files = {**self._files, **parsed.drawn}
        for key, (form, name) in parsed.forms.items():
            self._version("form", key, form.name, name, {}, {}, None)
        for key, (table, name) in parsed.decisions.items():
            self._version("decision", key, table.name, name, {}, {}, None)
        for key, (model, name) in parsed.processes.items():
            made = self._version("process", key, model.name, name, self._bindings(model), dict(model.properties), model.version_tag)
            if made is not None:
                write_beginnings(self._work, made.definition_id, key, model)
        return Deployed(self.registration, tuple(self.new))

    def _bindings(self, model: ProcessModel) -> dict[str, int]:
        wanted = [("form", key) for key in sorted(model.forms())] + [("decision", key) for key in sorted(model.decisions())]
        actions = (element.properties.get("actionForm") for element in model.elements.values())
        wanted += [("form", key) for key in actions if key]
        bindings = {}
        for kind, key in wanted:
            found = self._current.get((kind, key)) or self._newest(kind, key)
            if found is not None:
                bindings[f"{kind}:{key}"] = found
        return bindings

    def _newest(self, kind: str, key: str) -> int | None:
        live = self._parts.definitions.live(kind, key)
        return live.id if live else None

    def _version(
        self, kind: str, key: str, name: str, file_name: str, bindings: dict[str, int], properties: dict[str, str], tag: str | None
    ) -> Version | None:
        content = self._files[file_name]
        digest = hashlib.sha256(content).hexdigest()
        query = select(definition).where(definition.c.kind == kind, definition.c.key == key)
        last = self._work.connection.execute(query.order_by(definition.c.version.desc()).limit(1)).one_or_none()
        if last is not None and last.digest == digest and last.bindings == bindings:
            self._current[kind, key] = last.id
            return None
        number: int = last.version + 1 if last else 1
        values: dict[str, Any] = {
            "kind": kind, "key": key, "version": number, "version_tag": tag or "", "name": name,
            "file_name": file_name, "content": content, "digest": digest, "bindings": bindings, "properties": properties,
            "live": True, "deployment_id": self._deployment(),
        }  # fmt: skip
        made = self._work.connection.execute(insert(definition).values(values).returning(definition.c.id)).scalar_one()
        self._current[kind, key] = made
        version = Version(kind, key, number, made)
        self.new.append(version)
        return version

    def _deployment(self) -> int:
        if self._deployment_id is None:
            self.registration = next_registration(self._work.connection, SERIES, self._work.now)
            values = {
                "registration": self.registration, "why": self._why, "source": self._source,
                "deployed_by": self._work.actor.person_id, "deployed_at": self._work.now,
            }  # fmt: skip
            written = insert(deployment).values(values).returning(deployment.c.id)
            self._deployment_id = self._work.connection.execute(written).scalar_one()
        return self._deployment_id
