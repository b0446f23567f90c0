"""Where to go after signing in: a page of this site, whatever the address asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for

from web.navigation import first_page


def safe_target(wanted: str | None) -> str:
    """`wanted` when it is a path of this site, else the first page."""
    return wanted if wanted and is_local(wanted) else url_for(first_page())


def is_local(address: str) -> bool:
    """Whether a browser that follows `address` stays on this site.

    Browsers read a backslash as a slash, drop control characters, and take `//host` for another site.
    """
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    if any(ord(character) < 32 or ord(character) == 127 for character in address):
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc
