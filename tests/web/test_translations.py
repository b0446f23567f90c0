"""Every text of the site is in Swedish, and the same blanks stand in both languages."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
METHODS = [("assets/**", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
BLANK = re.compile(r"%\((\w+)\)|\{(\w+)\}")


def texts() -> dict[str | tuple[str, ...], str]:
    """Every text in the sources, with the file it stands in."""
    return {found[2]: found[0] for found in extract_from_dir(WEB, METHODS, keywords=KEYWORDS)}


def swedish() -> dict[str | tuple[str, ...], Message]:
    catalogues = sorted((WEB / "translations/sv/LC_MESSAGES").glob("*.po"))
    read = [read_po(io.BytesIO(file.read_bytes()), locale="sv") for file in catalogues]
    return {message.id: message for catalogue in read for message in catalogue if message.id}


def test_every_text_is_translated():
    known = swedish()
    missing = [
        f"{file}: {text}" for text, file in texts().items()
        if text not in known or not all([known[text].string] if isinstance(known[text].string, str) else known[text].string)
    ]  # fmt: skip
    assert not missing, "without Swedish:\n" + "\n".join(missing)


def test_no_translation_is_doubtful():
    assert not [message.id for message in swedish().values() if message.fuzzy]


def test_blanks_agree():
    def blanks(text: str | tuple[str, ...] | list[str]) -> set[str]:
        return {a or b for part in ([text] if isinstance(text, str) else text) for a, b in BLANK.findall(part)}

    wrong = [message.id for message in swedish().values() if message.string and blanks(message.id) != blanks(message.string)]
    assert not wrong
