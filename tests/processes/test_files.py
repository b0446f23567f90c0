"""What process owners edit, as files: whole, in both languages, and referring only to what exists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import ProcessModel, compile_diagram
from engine.bpmn.juel import compile_template
from engine.services import SERVICES
from forms import Form, load
from tests.processes.drawing import CAMUNDA, DIAGRAMS, EVENTS, FORMS, NODES, PROCESSES, Drawing, kind, properties

drawn = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
FORM_FILES = {path.stem: path for path in sorted(FORMS.glob("*.form"))}
LOADED: dict[str, Form] = {key: load(path.read_bytes(), path.name) for key, path in FORM_FILES.items()}
COMPARED = re.compile(r"(\w+) (?:==|!=) '([^']*)'")


class Files:
    """Answers what a diagram may refer to from the files that lie beside it."""

    def has_form(self, key: str) -> bool:
        return key in FORM_FILES

    def has_decision(self, key: str) -> bool:
        return (PROCESSES / f"{key}.dmn").exists()

    def has_process(self, key: str) -> bool:
        return (PROCESSES / f"{key}.bpmn").exists()

    def has_topic(self, topic: str) -> bool:
        return topic in SERVICES


def read(path: Path) -> ProcessModel:
    [model] = compile_diagram(path.read_bytes(), file_name=path.name, catalog=Files())
    return model


def forms_of(model: ProcessModel) -> set[str]:
    """The keys of the forms of its tasks, its start and its actions."""
    return model.forms() | {e.properties["actionForm"] for e in model.elements.values() if "actionForm" in e.properties}


@drawn
def test_a_diagram_compiles_and_is_named_as_its_process(path: Path) -> None:
    assert read(path).key == path.stem


@drawn
def test_every_user_task_says_what_to_do_which_clause_and_what_follows(path: Path) -> None:
    wanted = {"clause", "next", "next:en", "late", "late:en", "name:en", "documentation:en"}
    lacking = {
        e.id: missing
        for e in read(path).elements.values()
        if e.type == "userTask"
        and (missing := (wanted - e.properties.keys()) | ({"documentation"} if not e.documentation else set()))
    }
    assert lacking == {}


@drawn
def test_every_user_task_has_a_form_somebody_to_do_it_and_a_last_day(path: Path) -> None:
    lacking = []
    for e in read(path).elements.values():
        if e.type == "userTask":
            assert e.assignment is not None
            if not e.form_key or not (e.assignment.groups or e.assignment.assignee) or not e.assignment.due or e.assignment.users:
                lacking.append(e.id)
    assert lacking == []


@drawn
def test_service_tasks_and_tables_say_why_they_are_there(path: Path) -> None:
    tasks = [
        e for e in read(path).elements.values() if e.type in ("serviceTask", "businessRuleTask", "receiveTask", "callActivity")
    ]
    assert [e.id for e in tasks if not e.documentation or "clause" not in e.properties] == []


@drawn
def test_everything_that_is_said_in_swedish_is_said_in_english(path: Path) -> None:
    drawing = Drawing(path)
    lacking = []
    for element in [*drawing.of_kind(*NODES, "lane", "sequenceFlow", "dataObjectReference"), *drawing.root.iter("{*}process")]:
        said = properties(element)
        if element.get("name") and not said.get("name:en"):
            lacking.append((element.get("id"), "name"))
        if element.find("{*}documentation") is not None and not said.get("documentation:en"):
            lacking.append((element.get("id"), "documentation"))
        lacking += [
            (element.get("id"), k) for k in ("next", "late", "action", "start", "columns") if k in said and f"{k}:en" not in said
        ]
    for note in drawing.of_kind("textAnnotation"):
        lacking += [(note.get("id"), "text")] if not properties(note).get("text:en") else []
    assert lacking == []


@drawn
def test_every_end_says_what_came_of_it(path: Path) -> None:
    ends = [e for e in read(path).elements.values() if e.type == "endEvent" and e.scope is None]
    assert [e.id for e in ends if e.name == e.id] == []


@drawn
def test_a_choice_is_asked_and_each_way_out_is_named(path: Path) -> None:
    model = read(path)
    unnamed: list[str] = []
    for e in model.elements.values():
        if e.type == "exclusiveGateway" and len(e.outgoing) > 1:
            unnamed += [e.id] if not e.name.endswith("?") else []
            unnamed += [i for i in e.outgoing if not model.flows[i].name]
            assert e.default in e.outgoing, f"{e.id} must have a way out when no condition holds"
            assert all(model.flows[i].condition for i in e.outgoing if i != e.default), e.id
    assert unnamed == []


@drawn
def test_what_a_condition_compares_is_asked_in_a_form_and_can_be_answered_so(path: Path) -> None:
    """`utfall == 'avgor'`: some form has the question `utfall`, and offers `avgor`; or a decision table gives it."""
    tables = "".join(p.read_text("utf-8") for p in PROCESSES.glob("*.dmn"))
    asked: dict[str, set[str]] = {}
    for form in LOADED.values():
        for question in form.fields:
            asked.setdefault(question.key, set()).update(option.value for option in question.options)
    wrong = []
    for flow in read(path).flows.values():
        names = compile_template(flow.condition).names() if flow.condition else set()
        wrong += [(flow.id, name) for name in names if name not in asked]
        for name, value in COMPARED.findall(flow.condition or ""):
            if value not in asked.get(name, ()) and f'"{value}"' not in tables:
                wrong.append((flow.id, f"{name} == {value}"))
    assert wrong == []


@drawn
def test_candidates_are_roles_and_never_people(path: Path) -> None:
    """Who does it, the register answers on the day: a role by name, or an expression that gives one."""
    wrong = []
    for e in read(path).elements.values():
        for group in e.assignment.groups if e.assignment else ():
            plain = re.sub(r"\$\{[^}]*\}", "x", group)
            if not re.fullmatch(r"(part:)?[a-z][a-z0-9-]*(:[a-z-]+){0,2}", plain):
                wrong.append((e.id, group))
    assert wrong == []


@drawn
def test_ids_can_be_read(path: Path) -> None:
    """Swedish without diacritics, as in `granska_underlag`; a modeler's own `Activity_0k2x9aq` is to be replaced."""
    assert [i for i in Drawing(path).elements if not re.fullmatch(r"[a-z_]+", i)] == []


def test_every_form_is_used() -> None:
    used = set[str]().union(*(forms_of(read(path)) for path in DIAGRAMS))
    assert used == FORM_FILES.keys()


@pytest.mark.parametrize("key", FORM_FILES)
def test_a_form_is_named_as_its_file_and_called_something(key: str) -> None:
    assert LOADED[key].key == key
    assert LOADED[key].name != key


@pytest.mark.parametrize("key", FORM_FILES)
def test_a_form_says_everything_in_both_languages(key: str) -> None:
    lacking: list[tuple[Any, str]] = []

    def look(component: dict[str, Any]) -> None:
        english = component.get("properties", {})
        for attribute in ("label", "dateLabel", "timeLabel", "description", "text"):
            translated = "label:en" if attribute.endswith("Label") else f"{attribute}:en"
            if component.get(attribute) and not english.get(translated):
                lacking.append((component.get("id"), attribute))
        lacking.extend(
            (component["id"], o["value"]) for o in component.get("values", ()) if not english.get(f"value:{o['value']}:en")
        )
        for inner in component.get("components", ()):
            look(inner)

    look(json.loads(FORM_FILES[key].read_text("utf-8")))
    assert lacking == []


@pytest.mark.parametrize("key", FORM_FILES)
def test_free_text_has_a_limit_and_what_is_optional_says_so(key: str) -> None:
    wrong = []
    for question in LOADED[key].fields:
        if question.type in ("textfield", "textarea") and not question.readonly and not question.limits.max_length:
            wrong.append((question.key, "has no longest length"))
        optional = not (question.required or question.readonly or question.many)
        if optional != ("(frivilligt)" in question.words.sv) or optional != ("(optional)" in question.words.en):
            wrong.append((question.key, "is optional and does not say so, or the other way round"))
    assert wrong == []


@pytest.mark.parametrize("key", FORM_FILES)
def test_what_hides_a_field_is_a_question_of_the_form_or_of_the_case(key: str) -> None:
    every = {question.key for form in LOADED.values() for question in form.fields}
    names = set()
    for question in LOADED[key].fields:
        for condition in question.conditions:
            names |= set(re.findall(r"\b[a-z]\w+\b", re.sub(r'"[^"]*"', "", condition.expression))) - {"and", "or", "not", "null"}
    assert names <= every


@drawn
def test_what_is_drawn_for_people_has_a_name(path: Path) -> None:
    """Gateways that only split and join side by side need none, nor do the plain ends within a subprocess."""
    drawing = Drawing(path)
    own = drawing.of_kind(
        "userTask", "serviceTask", "businessRuleTask", "receiveTask", "callActivity", "subProcess", "boundaryEvent"
    )
    top = [e for e in drawing.of_kind(*EVENTS) if kind(e.getparent()) == "process"]
    assert [e.get("id") for e in [*own, *top] if not e.get("name")] == []


@drawn
def test_calls_hand_over_what_the_called_process_reads(path: Path) -> None:
    drawing = Drawing(path)
    for call in drawing.of_kind("callActivity"):
        given = {p.get("target") for p in call.iter(f"{CAMUNDA}in")}
        called = read(PROCESSES / f"{call.get('calledElement')}.bpmn")
        asked = {q.key for key in forms_of(called) for q in LOADED[key].fields if not q.readonly}
        shown = {q.key for key in forms_of(called) for q in LOADED[key].fields if q.readonly}
        said = set[str]()
        for value in called.properties.values():
            said |= compile_template(value).names()
        assert (shown | said) - asked <= given
