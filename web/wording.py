"""Words for what rows hold as slugs, roles and element ids: the same on every page that shows a case, a meeting or the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.bpmn.model import Element, ProcessModel
from engine.register import Day
from engine.store.names import Names, people_named, read_names
from web.context import house, reading, register_today
from web.i18n import locale

# Functions of people in bodies and parties, as the register's rows call them.
FUNCTIONS = {
    "ledamot": _l("member"),
    "ersattare": _l("substitute"),
    "ordforande": _l("chair"),
    "vice-ordforande": _l("vice chair"),
    "sekreterare": _l("secretary"),
    "adjungerad": _l("co-opted"),
    "registrator": _l("registrar"),
    "namnd": _l("board"),
    "koordinator": _l("coordinator"),
    "processagare": _l("process owner"),
}


# Kept with the register as it stood when they were read; both are given up together.
_names: WeakKeyDictionary[Day, Names] = WeakKeyDictionary()


def names() -> Names:
    """The names of bodies and parties, read anew when the register has changed."""
    day = register_today()
    found = _names.get(day)
    if found is None:
        found = _names[day] = read_names(reading())
    return found


def body_name(slug: str | None) -> str:
    """What a body is called; nothing for None, or for a lane that names its body by an expression."""
    return names().body(slug, locale()) if slug and "${" not in slug else ""


def party_name(slug: str | None) -> str:
    """What a party is called; nothing for None."""
    return names().party(slug) if slug else ""


def function_name(function: str) -> str:
    """A function or office in words; one that we know no word for is written as the register writes it."""
    return str(FUNCTIONS.get(function, function.replace("-", " ")))


def role_words(role: str) -> str:
    """A role in words: "LSG", "chair of LSG", "registrar in Umeå", "coordinator", or a person's name."""
    head, _colon, rest = role.partition(":")
    if head == "person" and rest.isdecimal():
        return _person(int(rest))
    if head == "part":
        head, _colon, rest = rest.partition(":")
    if rest:
        if head in names().bodies:
            return _("%(function)s of %(body)s", function=function_name(rest), body=body_name(head))
        return _("%(function)s in %(party)s", function=function_name(rest), party=party_name(head))
    return body_name(head) if head in names().bodies else function_name(head)


def roles_words(roles: Iterable[str]) -> str:
    """Several roles: "LSG or coordinator"; "LSG or its secretary"; "chair or secretary of LSG"."""
    words = list(dict.fromkeys(_beside_their_body(list(roles))))
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s", first=", ".join(words[:-1]), last=words[-1])


def _beside_their_body(roles: list[str]) -> Iterator[str]:
    """Each role in words, where a body's name is said once however many of its functions are among them."""
    functions: dict[str, list[str]] = {}
    for role in roles:
        head, _colon, rest = role.partition(":")
        if rest and head in names().bodies:
            functions.setdefault(head, []).append(rest)
    for role in roles:
        head, _colon, rest = role.partition(":")
        if not rest or head not in functions:
            yield role_words(role)
        elif head in roles:
            yield _("its %(function)s", function=function_name(rest)) if len(functions) == 1 else role_words(role)
        elif rest == functions[head][-1]:
            yield role_words(role)
        else:
            yield function_name(rest)


def awaited_words(definition_id: int, element_id: str) -> str:
    """What a case waits for. A task of waiting says so itself; an event is named by what has to happen."""
    name, element = element_name(definition_id, element_id), model(definition_id).elements.get(element_id)
    return name if element is not None and element.type.endswith("Task") else _("Waits for: %(what)s", what=name)


def model(definition_id: int) -> ProcessModel:
    """The process of a version (parsed once per version and worker)."""
    found: ProcessModel = house().runtime.definitions.process(definition_id)
    return found


def element_name(definition_id: int, element_id: str | None, stored: str = "") -> str:
    """What the diagram calls an element, in the language of the page; `stored`: the Swedish name that a row already holds."""
    if stored and locale() != "en":
        return stored
    element = model(definition_id).elements.get(element_id or "")
    if element is None:
        return stored or element_id or ""
    return translated(element.properties, "name", stored or element.name)


def end_mark(definition_id: int, outcome_id: str | None) -> str:
    """The shape of what came to the end event: what its property `mark` says ("stopped"), else that something was done."""
    element = model(definition_id).elements.get(outcome_id or "")
    return "done" if element is None else element.properties.get("mark", "done")


def in_words(element: Element) -> str:
    """An element's name in the language of the page; Swedish where the diagram has no English one."""
    return translated(element.properties, "name", element.name)


def translated(properties: Any, key: str, swedish: str) -> str:
    """What a diagram says in the language of the page: property `key:en` in English, where it is given."""
    return str(properties.get(f"{key}:en") or swedish) if locale() == "en" else swedish


def process_name(definition_id: int) -> str:
    """What the process is called, in the language of the page."""
    found = model(definition_id)
    return translated(found.properties, "name", found.name)


def _person(person_id: int) -> str:
    known: dict[int, str] = g.setdefault("people_named", {})
    if person_id not in known:
        known.update(people_named(reading(), {person_id}))
    return known.get(person_id, _("a person who is no longer registered"))


def remember_people(roles: Iterable[str]) -> None:
    """Read the names of all people that `roles` name at once, so that each role needs no statement of its own."""
    parts = (role.split(":") for role in roles)
    numbers = {int(rest[0]) for head, *rest in parts if head == "person" and len(rest) == 1 and rest[0].isdecimal()}
    known: dict[int, str] = g.setdefault("people_named", {})
    known.update(people_named(reading(), numbers - known.keys()))
