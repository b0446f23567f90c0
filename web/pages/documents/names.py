"""File names made harmless: no path, no control or direction characters, nothing that a system reads in a way of its own."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Names that Windows takes for devices, whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def harmless_name(claimed: str, ending: str) -> str:
    """A name to show and to download by: the last part of `claimed`, cleaned, with `ending` as its only ending of meaning.

    >>> harmless_name("../../etc/passwd.pdf", "pdf")
    'passwd.pdf'
    """
    last = re.split(r"[/\\]", claimed)[-1]
    plain = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem = plain.rsplit(".", 1)[0]
    stem = _FORBIDDEN.sub("-", " ".join(stem.split())).strip(" .-")
    if not stem or _DEVICES.fullmatch(stem):
        stem = f"dokument {stem}".strip()
    return f"{stem[: LONGEST - len(ending) - 1].rstrip()}.{ending}"
