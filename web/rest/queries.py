"""Lists: filters, sorting and paging as query parameters or as a JSON body, answered by the database.

A parameter that a list does not know is refused: a filter that is silently dropped would answer another question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, false, func, select, true
from werkzeug.exceptions import BadRequest

from engine.store.tables import definition
from web.answers import body
from web.context import reading
from web.routing import LARGEST

MOST = 1_000
"""Rows in one answer, however many are asked for."""
Filter = Callable[[Any], ColumnElement[bool]]
PAGING = {"firstResult", "maxResults", "sortBy", "sortOrder", "sorting"}


def number_of(text: Any) -> int:
    """An id that we gave out; one that we cannot have given is that of nothing (0)."""
    text = str(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST else 0


def definition_id(key: str, version: int, number: int) -> str:
    """`key:version:number`, as clients know the ids of definitions."""
    return f"{key}:{version}:{number}"


def definition_number(text: Any) -> int:
    return number_of(str(text).rpartition(":")[2])


def equal(column: ColumnElement[Any]) -> Filter:
    return lambda value: column == text(value)


def equal_id(column: ColumnElement[Any]) -> Filter:
    return lambda value: column == number_of(value)


def one_of(column: ColumnElement[Any]) -> Filter:
    return lambda value: column.in_(texts(value))


def one_of_ids(column: ColumnElement[Any]) -> Filter:
    return lambda value: column.in_([number_of(each) for each in texts(value)])


def like(column: ColumnElement[Any]) -> Filter:
    """`%` stands for any characters."""
    return lambda value: func.lower(column).like(text(value).lower())


def when(condition: ColumnElement[bool]) -> Filter:
    """A flag: only those for which it holds; `false` is no filter."""
    return lambda value: condition if truth(value) else true()


def unless(condition: ColumnElement[bool]) -> Filter:
    """A flag that has two sides."""
    return lambda value: condition if truth(value) else ~condition


def before(column: ColumnElement[Any]) -> Filter:
    return lambda value: column <= moment_in(value)


def after(column: ColumnElement[Any]) -> Filter:
    return lambda value: column >= moment_in(value)


def definition_is(column: ColumnElement[Any]) -> Filter:
    return lambda value: column == definition_number(value)


def definition_key_in(column: ColumnElement[Any]) -> Filter:
    """Rows whose definition has one of these keys."""
    return lambda value: column.in_(select(definition.c.id).where(definition.c.key.in_(texts(value))))


def no_tenant(value: Any) -> ColumnElement[bool]:
    """There are no tenants: asking for one finds nothing, asking for none finds all."""
    return false()


TENANTS: dict[str, Filter] = {
    "tenantIdIn": no_tenant, "tenantId": no_tenant, "withoutTenantId": lambda value: true(),
    "includeProcessDefinitionsWithoutTenantId": lambda value: true(),
    "includeEventSubscriptionsWithoutTenantId": lambda value: true(),
}  # fmt: skip


def text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or "\0" in str(value):
        raise BadRequest(f"“{value}” must be a text.")
    return str(value)


def texts(value: Any) -> list[str]:
    """A JSON list, or values with commas between."""
    return [text(each) for each in (value if isinstance(value, list) else text(value).split(","))]


def truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise BadRequest(f"“{value}” must be true or false.")


def whole(value: Any, name: str, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number, also as text.

    Raises:
        BadRequest: it is none, or out of bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadRequest(f"“{name}” must be a whole number.")
    try:
        found = int(value)
    except ValueError:
        raise BadRequest(f"“{name}” must be a whole number.") from None
    if not least <= found <= most:
        raise BadRequest(f"“{name}” must be from {least} to {most}.")
    return found


def moment_in(value: Any) -> datetime:
    """A date as clients send it."""
    try:
        found = datetime.fromisoformat(text(value).replace(" ", "+"))  # a plus that was not escaped arrives as a blank
    except ValueError:
        raise BadRequest(f"“{value}” is no date such as 2026-01-01T00:00:00.000+0000.") from None
    if found.tzinfo is None:
        raise BadRequest(f"“{value}” needs a time zone, as +0000.")
    return found


def asked(names: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a request, from its address and, for POST, its body; nulls are none.

    Raises:
        BadRequest: there is one that is not in `names`.
    """
    found: dict[str, Any] = dict(request.args.items())
    if request.method == "POST":
        found |= {name: value for name, value in body().items() if value is not None}
    unknown = sorted(found.keys() - names.keys() - PAGING)
    if unknown:
        raise BadRequest(f"This list is not filtered by {', '.join(unknown)}; known are {', '.join(sorted(names))}.")
    return found


def paged(rows: list[Any]) -> list[Any]:
    """The page of `rows` that the request asks for."""
    given = dict(request.args.items()) | (body() if request.method == "POST" else {})
    first = whole(given.get("firstResult", 0), "firstResult")
    return rows[first : first + min(MOST, whole(given.get("maxResults", MOST), "maxResults"))]


@dataclass(frozen=True)
class Listing:
    """What a resource's list can be asked for. `order` is the last word between rows that sort alike."""

    filters: Mapping[str, Filter]
    order: ColumnElement[Any]
    sorts: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)

    def rows(self, query: Select[Any], *where: ColumnElement[bool], paged: bool = True) -> list[Any]:
        """The rows that this request asks for; not `paged`: the first `MOST` of all."""
        given = asked(self.filters)
        query = self._filtered(query, given).where(*where)
        query = query.order_by(*self._sorting(given), self.order)
        if not paged:
            return list(reading().execute(query.limit(MOST)).all())
        first = whole(given.get("firstResult", 0), "firstResult")
        most = min(MOST, whole(given.get("maxResults", MOST), "maxResults"))
        return list(reading().execute(query.limit(most).offset(first)).all()) if most else []

    def count(self, query: Select[Any], *where: ColumnElement[bool]) -> int:
        """How many rows this request asks for."""
        found = self._filtered(query, asked(self.filters)).where(*where).subquery()
        return int(reading().execute(select(func.count()).select_from(found)).scalar_one())

    def _filtered(self, query: Select[Any], given: Mapping[str, Any]) -> Select[Any]:
        return query.where(*(self.filters[name](value) for name, value in given.items() if name in self.filters))

    def _sorting(self, given: Mapping[str, Any]) -> list[ColumnElement[Any]]:
        single = [{"sortBy": given["sortBy"], "sortOrder": given.get("sortOrder")}] if "sortBy" in given else []
        wanted = given.get("sorting") or single
        if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
            raise BadRequest("“sorting” must be a list of objects.")
        return [self._sorted(each.get("sortBy"), each.get("sortOrder") or "asc") for each in wanted]

    def _sorted(self, name: Any, order: Any) -> ColumnElement[Any]:
        column = self.sorts.get(name) if isinstance(name, str) else None
        if column is None or order not in ("asc", "desc"):
            raise BadRequest(f"This list is sorted by {', '.join(sorted(self.sorts)) or 'nothing'}, sortOrder asc or desc.")
        return column.desc() if order == "desc" else column

