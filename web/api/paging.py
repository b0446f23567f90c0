"""Pages of lists."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement, Select, func, select

from web.context import reading

LARGEST = 200


def no_null(value: str) -> None:
    """U+0000 is no character that a database takes."""
    if "\0" in value:
        raise ma.ValidationError("The character U+0000 cannot be stored.")


def text(longest: int = 500, **kwargs: Any) -> ma.fields.String:
    """A text field."""
    return ma.fields.String(validate=[validate.Length(max=longest), no_null], **kwargs)


class PageQuery(ma.Schema):
    """Which page of a list. Numbers count from 1."""

    page = ma.fields.Integer(load_default=1, validate=validate.Range(1, 100_000))
    size = ma.fields.Integer(load_default=25, validate=validate.Range(1, LARGEST))


def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of `item`s."""
    fields: dict[str, Any] = {
        "items": ma.fields.List(ma.fields.Nested(item), required=True),
        "total": ma.fields.Integer(required=True, metadata={"description": "all pages together"}),
        "page": ma.fields.Integer(required=True),
        "size": ma.fields.Integer(required=True),
    }
    return type(f"{item.__name__}Page", (ma.Schema,), fields)


def cut(query: Select[Any], order: list[ColumnElement[Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """The page of `query` that is asked for: two statements."""
    total = reading().execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    page, size = asked["page"], asked["size"]
    rows = reading().execute(query.order_by(*order).limit(size).offset((page - 1) * size)).all()
    return {"items": rows, "total": total, "page": page, "size": size}
