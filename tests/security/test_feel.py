"""FEEL of forms and decision tables: nothing of the host or of JavaScript, no endless or bottomless work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.toolkit import FeelError, Toolkit
from tests.security.guard import bounded

CONTEXT: dict[str, Any] = {"text": "åäö", "list": [1, 2, 3], "map": {"a": 1}, "__proto__": {"polluted": True}}

ESCAPES = [
    "constructor",
    "text.constructor",
    "text.constructor.constructor(\"return globalThis\")()",
    "map.__proto__",
    "map.constructor.prototype",
    "list.constructor",
    "globalThis",
    "toolkit",
    "process.env",
    "require(\"fs\")",
    "this",
    "Function(\"return 1\")()",
    "(function() 1).constructor",
    "polluted",
    "map.polluted",
    "{}.polluted",
    "now.constructor",
    "`${process}`",
]

TWENTYFOLD = 'replace({}, "x", "xxxxxxxxxxxxxxxxxxxx")'
EXHAUSTING = {
    "endless": "for i in 1..1000000000 return i",
    "endless twice": "some i in 1..100000, j in 1..100000 satisfies i = -j",
    "a long list": "count(for i in 1..30000000 return [i])",
    "text doubled": TWENTYFOLD.format(TWENTYFOLD.format(TWENTYFOLD.format(TWENTYFOLD.format('"xxxxxxxxxxxxxxxxxxxx"')))),
    "a pattern that never ends": "matches(\"" + "x" * 40 + "\", \"(x+x+)+y\")",
    "deep brackets": "(" * 4_900 + "1" + ")" * 4_900,
    "deep lists": "[" * 4_900 + "]" * 4_900,
    "a function that calls itself": "{f: function(x) f(x), r: f(1)}.r",
    "a power of powers": "9**9**9**9**9",
}  # fmt: skip


@pytest.fixture(scope="module")
def toolkit() -> Iterator[Toolkit]:
    toolkit = Toolkit()
    yield toolkit
    toolkit.close()


@pytest.mark.parametrize("expression", ESCAPES)
def test_nothing_of_the_host_is_reached(toolkit: Toolkit, expression: str) -> None:
    with bounded():
        try:
            value = toolkit.feel(expression, CONTEXT)
        except FeelError:
            return
    assert value in (None, [None] * len(CONTEXT["list"]))


@pytest.mark.parametrize("expression", EXHAUSTING.values(), ids=EXHAUSTING)
def test_the_host_is_not_exhausted(toolkit: Toolkit, expression: str) -> None:
    with bounded():
        try:
            value = toolkit.feel(expression, CONTEXT)
        except FeelError:
            value = None
    assert len(repr(value)) < 1_000_000
    assert toolkit.feel("1 + 1", {}) == 2
