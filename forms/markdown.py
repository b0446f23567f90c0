"""The markdown of a form's texts as harmless HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from forms.components import TEMPLATE
from forms.model import Feel, ask

_TAGS: Final = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "hr"}
_HEADING = re.compile(r"<(/?)h[1-6]>")
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|&~])")


def markdown(text: str, context: Mapping[str, Any], feel: Feel) -> Markup:
    """`text` as HTML, with the values of its `{{ FEEL }}` put in as plain text. HTML written in it is shown, not obeyed.

    Raises:
        ValueError: an expression cannot be evaluated.
    """
    return _html(TEMPLATE.sub(lambda match: _plain(ask(feel, match[1].strip(), context)), text))


@lru_cache(maxsize=512)
def _html(text: str) -> Markup:
    made = MarkdownIt("commonmark", {"html": False}).render(text)
    # A heading's level would depend on the page around the form, so it is drawn as a paragraph of its own.
    made = _HEADING.sub(lambda match: "</strong></p>" if match[1] else '<p class="sv-text__heading"><strong>', made)
    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}},
        allowed_classes={"p": {"sv-text__heading"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 (just cleaned)


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_plain(item) for item in value)))
    return _ACTIVE.sub(r"\\\1", " ".join(str(value).split()))
