"""What an address may hold."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1  # of an id in either database


class Id(IntegerConverter):
    """`<int:…>` as far as a database counts: a larger number is the address of nothing, rather than a fault of the query."""

    regex = r"\d{1,19}"

    def __init__(self, map: object, *args: object, **kwargs: object) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Id
