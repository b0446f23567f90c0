"""Expressions of diagrams: no name of the host, no attribute, no endless or bottomless work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.bpmn.juel import JuelError, compile_template
from engine.clock import SimulatedClock
from tests.security.guard import bounded

VARIABLES: dict[str, Any] = {"text": "åäö", "number": 7, "list": [1, 2, 3], "map": {"a": 1}, "long": "x" * 10_000}

ESCAPES = [
    "${__import__('os').system('id')}",
    "${text.__class__}",
    "${text.__class__.__mro__}",
    "${text['__class__']}",
    "${map.__init__.__globals__}",
    "${list.__class__.__base__.__subclasses__()}",
    "${''.getClass().forName('java.lang.Runtime')}",
    "${execution.getEngineServices()}",
    "${execution.getClass()}",
    "${globals()}",
    "${open('/etc/passwd')}",
    "${eval('1')}",
    "${exec('1')}",
    "${map.clear()}",
    "${list.append(4)}",
    "${list.sort()}",
    "${map['a'].__class__}",
    "${text.format(text)}",
    "${text.encode('utf-8').decode}",
    "${lambda: 1}",
    "${[x for x in list]}",
    "${map.get.__self__}",
    "${now().__reduce__()}",
    "${text.replaceAll('x', 'y').intern()}",
    "${T(java.lang.Runtime).getRuntime()}",
    "#{1 + 1}${text.concat}",
    "${1; 2}",
    "${text = 'other'}",
]

EXHAUSTING = {
    "deep brackets": "${" + "(" * 5_000 + "1" + ")" * 5_000 + "}",
    "deep negation": "${" + "!" * 9_000 + "true}",
    "deep choice": "${" + "true ? " * 2_000 + "1" + " : 0" * 2_000 + "}",
    "a long sum": "${" + "+".join(["1"] * 60_000) + "}",
    "many templates": "${long}" * 20_000,
    "a huge number": "${" + "9" * 100_000 + "}",
    "a growing product": "${" + "*".join(["999999999999"] * 2_000) + "}",
    "text doubled": "${long" + " += long" * 3_000 + "}",
    "an open string": "${'" + "a" * 200_000,
    "backslashes": "${'" + "\\\\" * 50_000 + "'}",
    "nested marks": "${" * 20_000,
    "a pattern that never ends": "${long.matches('(x+x+)+y')}",
    "replacing with itself": "${long.replace('x', long).replace('x', long)}",
}


def evaluated(text: str) -> Any:
    return compile_template(text).evaluate(VARIABLES, clock=SimulatedClock(datetime(2026, 1, 12, tzinfo=UTC)))


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_of_the_host_is_reached(text: str) -> None:
    before = repr(VARIABLES)
    with bounded(), pytest.raises(JuelError):
        evaluated(text)
    assert repr(VARIABLES) == before


@pytest.mark.parametrize("text", EXHAUSTING.values(), ids=EXHAUSTING)
def test_the_host_is_not_exhausted(text: str) -> None:
    with bounded():
        try:
            value = evaluated(text)
        except JuelError:
            return
    assert len(repr(value)) < 1_000_000
