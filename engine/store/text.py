"""Searching in text as Swedish readers expect: å is Å's small letter, also on SQLite, which folds ASCII alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_

_FOLDS = (("Å", "å"), ("Ä", "ä"), ("Ö", "ö"), ("É", "é"), ("Ü", "ü"))
_MOST_WORDS = 8


def folded(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The column in small letters."""
    small: ColumnElement[str] = func.lower(column)
    for large, little in _FOLDS:
        small = func.replace(small, large, little)
    return small


def contains_words(columns: Sequence[ColumnElement[Any]], search: str) -> ColumnElement[bool]:
    """Every word of `search` (the first eight) occurs in one of the columns; case is ignored, `%` and `_` mean themselves."""
    words = search.lower().split()[:_MOST_WORDS]
    return and_(True, *(or_(*(folded(column).contains(word, autoescape=True) for column in columns)) for word in words))
