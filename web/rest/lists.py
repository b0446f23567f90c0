"""What every list of the contract answers: the rows that are asked for, the same question in a body, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, Select

from web.answers import json
from web.auth.programs import program
from web.rest import bp
from web.rest.queries import Listing
from web.rest.seeing import visible


def _what_one_sees() -> Sequence[ColumnElement[bool]]:
    return (visible(),)


def list_routes(
    path: str,
    listing: Listing,
    query: Callable[[], Select[Any]],
    shown: Callable[[Any], dict[str, Any]],
    *,
    where: Callable[[], Sequence[ColumnElement[bool]]] = _what_one_sees,
    by_body: bool = True,
) -> None:
    """`GET path`, `POST path` (unless not `by_body`) and `GET path/count`, for whoever may read; of what `where` lets through."""

    def rows() -> Response:
        return json([shown(row) for row in listing.rows(query(), *where())])

    def count() -> Response:
        return json({"count": listing.count(query(), *where())})

    name = path.strip("/").replace("/", "_").replace("-", "_")
    bp.add_url_rule(path, f"{name}_list", program("read")(rows), methods=["GET", "POST"] if by_body else ["GET"])
    bp.add_url_rule(f"{path}/count", f"{name}_count", program("read")(count), methods=["GET"])
