"""What the interface says in each language, and which of a page's texts are of the wrong one.

A text counts when it is the whole of a piece of text on the page. What people typed is of no language of ours: a piece of text is
held against the catalogues, the diagrams, the forms and the register, never against a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page
from sqlalchemy import select

from engine.bpmn.model import ProcessModel
from engine.store.tables import body, definition, person
from forms import Form
from tests.browser.demo import Demo
from web.i18n import CATALOGUES
from web.wording import FUNCTIONS

Pair = tuple[str, str]
"""The same in Swedish and in English."""

_HOLE = re.compile(r"%\(\w+\)[sd]")
_MARKDOWN = re.compile(r"[*_`#>]+|\[([^\]]*)\]\([^)]*\)|^\s*[-\d]+[.)]?\s+", re.MULTILINE)
# A sentence with holes is recognised by what stands around them: this many letters at the least.
_LETTERS = 6
# Every piece of text that is shown or read aloud; not what says itself to be in another language, nor what people type in fields.
_COLLECT = """
() => {
  const found = new Set();
  const say = text => {
    for (const part of (text ?? '').replace(/\\s+/g, ' ').split(' · ')) if (part.trim().length > 1) found.add(part.trim());
  };
  const page = document.documentElement.lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    if (around.closest('script, style, svg, textarea, noscript') || around.closest('[translate=no]')
      || around.closest('[lang]').lang !== page) continue;
    say(node.data);
  }
  for (const each of document.querySelectorAll('main :is(label, legend, p, dt, dd, a, h1, h2, h3, summary, li)')) {
    const ours = each.closest('[lang]').lang === page && !each.closest('[translate=no]');
    if (ours && !each.querySelector('[lang], ul, ol, p, div, textarea')) say(each.textContent);
  }
  for (const each of document.querySelectorAll('[aria-label], [title], [placeholder], [data-label], [data-all], [data-none]')) {
    if (each.closest('[lang]').lang !== page) continue;
    for (const name of ['aria-label', 'title', 'placeholder', 'data-label', 'data-all', 'data-none']) say(each.getAttribute(name));
  }
  say(document.title);
  return [...found];
}
"""


@dataclass(frozen=True, slots=True)
class Language:
    """What the interface says in one language: whole texts, and sentences with holes as patterns."""

    texts: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        tidy = " ".join(text.replace("%%", "%").split())
        if not _HOLE.search(tidy):
            self.texts.add(tidy.rstrip(":").lower())
        elif sum(map(str.isalpha, _HOLE.sub("", tidy))) >= _LETTERS:
            self.patterns.append(re.compile(".+".join(map(re.escape, _HOLE.split(tidy))), re.IGNORECASE))

    def says(self, text: str) -> bool:
        return text.rstrip(":").lower() in self.texts or any(pattern.fullmatch(text) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Wording:
    """Both languages of one site."""

    languages: dict[str, Language]
    typed: frozenset[str]

    def strays(self, page: Page, language: str) -> list[str]:
        """The page's texts that are of the other language, and not of its own as well."""
        own, other = self.languages[language], self.languages["en" if language == "sv" else "sv"]
        return [text for text in page.evaluate(_COLLECT) if other.says(text) and not own.says(text) and text not in self.typed]


def wording_of(demo: Demo) -> Wording:
    """All that the catalogues, the diagrams and forms in force, and the register say."""
    languages = {"sv": Language(), "en": Language()}
    for swedish, english in (*_catalogues(), *_definitions(demo), *_register(demo)):
        if swedish and english and swedish != english:
            languages["sv"].add(swedish)
            languages["en"].add(english)
    titles = demo.rows(select(person.c.title).distinct())  # what people are called at work is typed, and of no language of ours
    return Wording(languages, frozenset(title for (title,) in titles))


@cache
def _catalogues() -> tuple[Pair, ...]:
    found: list[Pair] = []
    for file in sorted(Path(CATALOGUES).glob("sv/LC_MESSAGES/*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream):
                ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
                strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
                found += [(swedish, english) for english, swedish in zip(ids, strings, strict=False) if english]
    return tuple(found)


def _definitions(demo: Demo) -> Iterator[Pair]:
    definitions = demo.house.runtime.definitions
    for number, kind in demo.rows(select(definition.c.id, definition.c.kind).where(definition.c.kind.in_(("process", "form")))):
        yield from _diagram(definitions.process(number)) if kind == "process" else _form(definitions.form(number))


def _diagram(process: ProcessModel) -> Iterator[Pair]:
    """What a diagram says of itself and of its elements. What lacks an English text is a stray wherever it shows."""
    for said, name, documentation in (
        (process.properties, process.name, process.documentation),
        *((element.properties, element.name, element.documentation) for element in process.elements.values()),
    ):
        yield name, said.get("name:en", "–")
        yield documentation, said.get("documentation:en", "–")
        for key in ("next", "late", "action", "start"):
            yield said.get(key, ""), said.get(f"{key}:en", "–")
    for flow in process.flows.values():
        yield flow.name, flow.properties.get("name:en", "–")
    for lane, said in process.lanes.items():
        yield lane, said.get("name:en", "–")
    columns = [[pair.partition("=")[2] for pair in process.properties.get(key, "").split(";")] for key in ("columns", "columns:en")]
    yield from zip(*columns, strict=False)


def _form(form: Form) -> Iterator[Pair]:
    for one in form.fields:
        for words in (one.words, one.hint, *(option.label for option in one.options)):
            yield words.sv, words.en
    for swedish, english in _texts(form):
        yield from zip(_paragraphs(swedish), _paragraphs(english), strict=False)


def _texts(form: Form) -> Iterator[Pair]:
    """Texts between the fields, and the legends of groups."""
    waiting = list(form.components)
    while waiting:
        each = waiting.pop()
        waiting += getattr(each, "components", ())
        if hasattr(each, "words") and not hasattr(each, "key"):
            yield each.words.sv, each.words.en


def _paragraphs(text: str) -> list[str]:
    plain = (_MARKDOWN.sub(r"\1", part) for part in re.split(r"\n\s*\n|\n(?=\s*[-*\d])", text))
    return [" ".join(part.split()) for part in plain if part.strip() and "{{" not in part]


def _register(demo: Demo) -> Iterator[Pair]:
    """Bodies and functions; a party's name is a name and stays as it is."""
    for swedish, english in demo.rows(select(body.c.name, body.c.name_en)):
        yield swedish, english
    for function, english in FUNCTIONS.items():
        yield function.replace("-", " "), str(english)
