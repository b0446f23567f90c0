"""form-js JSON in, a form out; everything that this package would draw or check otherwise than form-js means it is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from forms.components import Reader
from forms.errors import FormRefused
from forms.model import Feel, Layout

LARGEST: Final = 1_000_000
OLDEST_SCHEMA: Final = 9
_FORM_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_EDITOR: Final = {"$schema", "exporter", "executionPlatform", "executionPlatformVersion", "properties", "versionTag"}
_ROOT: Final = _EDITOR | {"components", "id", "name", "schemaVersion", "type"}


def read_form(content: bytes, file_name: str, feel: Feel | None = None) -> Layout:
    """The form in `content`. With `feel`, expressions and patterns are checked too.

    Raises:
        FormRefused: with every problem found.
    """
    root = _parsed(content, file_name)
    reader = Reader(file_name, feel)
    for name in sorted(set(root) - _ROOT):
        reader.problems.append(f"{file_name}: the form's attribute {name!r} is not known here. Remove it.")
    if root.get("type", "default") != "default":
        reader.problems.append(f'{file_name}: a form has the type "default", not {root.get("type")!r}.')
    version = root.get("schemaVersion")
    if not isinstance(version, int) or isinstance(version, bool) or version < OLDEST_SCHEMA:
        reader.problems.append(
            f"{file_name}: schemaVersion {version!r} is not read; open and save the form in a current form editor."
        )
    key = root.get("id")
    if not isinstance(key, str) or not _FORM_KEY.fullmatch(key):
        reader.problems.append(f"{file_name}: the form needs an id of letters, digits, - and _, by which diagrams refer to it.")
        key = ""
    components = root.get("components")
    if not isinstance(components, list):
        reader.problems.append(f"{file_name}: the form has no list of components.")
        components = []
    read = reader.components(components)
    if reader.problems:
        raise FormRefused(reader.problems)
    return Layout(key=key, name=str(root.get("name") or key), file_name=file_name, components=read)


def _parsed(content: bytes, file_name: str) -> Mapping[str, Any]:
    if len(content) > LARGEST:
        raise FormRefused([f"{file_name}: the file is larger than {LARGEST // 1000} kB. Split the form."])
    try:
        root = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise FormRefused([f"{file_name}: the file is not UTF-8 text. Save it from the form editor again."]) from None
    except json.JSONDecodeError as error:
        raise FormRefused([f"{file_name}, line {error.lineno}: the file is not valid JSON ({error.msg})."]) from None
    except (ValueError, RecursionError) as error:
        raise FormRefused([f"{file_name}: the file is not valid JSON ({error})."]) from None
    if not isinstance(root, dict):
        raise FormRefused([f"{file_name}: the file holds no form."])
    return root


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one object")
    return found


def _finite(text: str) -> float:
    """1e999 is no number either: it would read as infinity."""
    number = float(text)
    return number if math.isfinite(number) else _constant(text)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
