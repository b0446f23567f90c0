"""Variables on the wire: `{"type", "value", "valueInfo"}`. Inside they are plain JSON; a file is a map marked as one.

Types arrive in any letter case or not at all. `Json`, `File` and dates are texts on the wire. A moment written exactly as the
contract writes dates is a `Date` on its way out, so that what a worker sets as a date comes back as one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson
from werkzeug.exceptions import BadRequest

MARK = "samverka:kind"
"""The key that marks a map as a file or as bytes."""
LARGEST_FILE = 2 * 1024 * 1024
"""Bytes in a file variable: it is part of the instance's state, which every command reads and writes."""
SMALLEST, LARGEST = -(2**63), 2**63 - 1
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def moment(value: datetime | None) -> str | None:
    """`2026-01-01T00:00:00.000+0000`."""
    if value is None:
        return None
    value = value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}+0000"


def written(value: Any) -> dict[str, Any]:
    """A variable as clients read it."""
    kind, shown, info = _written(value)
    return {"type": kind, "value": shown, "valueInfo": info}


def _written(value: Any) -> tuple[str, Any, dict[str, Any]]:
    match value:
        case None:
            return "Null", None, {}
        case bool():
            return "Boolean", value, {}
        case int():
            return ("Integer" if -(2**31) <= value < 2**31 else "Long"), value, {}
        case float():
            return "Double", value, {}
        case str():
            return ("Date" if DATE.fullmatch(value) else "String"), value, {}
        case {"samverka:kind": "File"}:
            return "File", None, {name: value[name] for name in ("filename", "mimeType", "encoding") if value.get(name)}
        case {"samverka:kind": "Bytes"}:
            return "Bytes", value["data"], {}
        case _:
            return "Json", orjson.dumps(value).decode(), {}


def all_written(variables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: written(value) for name, value in variables.items()}


def content_of(value: Any) -> tuple[bytes, str, str | None]:
    """The bytes behind `…/data`, their media type and the file's name."""
    if isinstance(value, dict) and value.get(MARK) in ("File", "Bytes"):
        return base64.b64decode(value["data"]), value.get("mimeType") or "application/octet-stream", value.get("filename")
    raise BadRequest("Only files and bytes have data of their own; read the variable itself.")


def read_all(given: Any, what: str = "variables") -> dict[str, Any]:
    """The variables of a request, as they are kept; None and {} are none.

    Raises:
        BadRequest: one of them is not what its type says.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadRequest(f"“{what}” must be an object of variables.")
    return {name: read(name, value) for name, value in given.items()}


def read(name: str, given: Any) -> Any:
    """One variable: `{"value": …, "type": …, "valueInfo": …}`."""
    if not isinstance(given, dict):
        raise BadRequest(f"The variable “{name}” must be an object with a value.")
    value, kind, info = given.get("value"), given.get("type"), given.get("valueInfo") or {}
    if not isinstance(kind, str | None) or not isinstance(info, dict):
        raise BadRequest(f"The type of the variable “{name}” must be a text, its valueInfo an object.")
    if value is None or kind is None or not kind:
        return value
    reader = READERS.get(kind.lower())
    if reader is None:
        raise BadRequest(f"The variable “{name}” has the type “{kind}”; known are {', '.join(sorted(READERS))}.")
    try:
        return reader(value, info)
    except (ValueError, TypeError) as error:
        raise BadRequest(f"The variable “{name}” is no {kind}: {error}") from error


def _whole(value: Any, info: Mapping[str, Any]) -> int:
    number = int(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number != int(number):
        raise ValueError(f"{value!r} is no whole number")
    if not SMALLEST <= int(number) <= LARGEST:
        raise ValueError(f"{value} does not fit into 64 bits")
    return int(number)


def _number(value: Any, info: Mapping[str, Any]) -> float:
    number = float(value)
    if isinstance(value, bool) or number != number or number in (float("inf"), float("-inf")):
        raise ValueError(f"{value!r} is no number")
    return number


def _truth(value: Any, info: Mapping[str, Any]) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError(f"{value!r} is neither true nor false")


def _text(value: Any, info: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _day(value: Any, info: Mapping[str, Any]) -> str:
    """A moment; it is kept as clients write it, a day alone too (expressions read either)."""
    text = _text(value, info)
    if len(text) == 10:
        date.fromisoformat(text)
    else:
        datetime.fromisoformat(text)
    return text


def _json(value: Any, info: Mapping[str, Any]) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _object(value: Any, info: Mapping[str, Any]) -> Any:
    form = info.get("serializationDataFormat") or "application/json"
    if form != "application/json":
        raise ValueError(f"it is serialized as {form}; only application/json is read")
    return _json(value, info)


def _nothing(value: Any, info: Mapping[str, Any]) -> None:
    raise ValueError("it has a value")


def _file(value: Any, info: Mapping[str, Any]) -> dict[str, Any]:
    name = info.get("filename")
    if not isinstance(name, str) or not name:
        raise ValueError("valueInfo must hold its filename")
    kept = {key: info[key] for key in ("mimeType", "encoding") if isinstance(info.get(key), str)}
    return {MARK: "File", "filename": name, **kept, "data": _base64(value)}


def _bytes(value: Any, info: Mapping[str, Any]) -> dict[str, Any]:
    return {MARK: "Bytes", "data": _base64(value)}


def _base64(value: Any) -> str:
    try:
        content = base64.b64decode(_text(value, {}), validate=True)
    except binascii.Error as error:
        raise ValueError(f"its value is not base64: {error}") from error
    if len(content) > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE} bytes; attach it to the case as a document")
    return base64.b64encode(content).decode()


READERS: dict[str, Callable[[Any, Mapping[str, Any]], Any]] = {
    "string": _text, "boolean": _truth, "short": _whole, "integer": _whole, "long": _whole, "double": _number, "number": _number,
    "float": _number, "date": _day, "json": _json, "object": _object, "xml": _text, "file": _file, "bytes": _bytes,
    "null": _nothing,
}  # fmt: skip
