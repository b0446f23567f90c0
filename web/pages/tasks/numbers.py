"""Whole numbers in addresses and forms."""

from __future__ import annotations


def number_in(text: str | None) -> int | None:
    """The number that `text` is; None for anything else, also for one longer than any id or page of ours."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None
