"""The embedded FEEL: values, the clock, limits that hold, and nothing of the host within reach."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.clock import SimulatedClock
from engine.toolkit import FeelError, Toolkit

NOON = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture(scope="module")
def toolkit(clock: SimulatedClock) -> Iterator[Toolkit]:
    toolkit = Toolkit(clock, seconds=0.5, memory=64 * 1024 * 1024)
    yield toolkit
    toolkit.close()


@pytest.mark.parametrize(
    ("expression", "context", "value"),
    [
        ("1 + x", {"x": 2}, 3),
        ("=x.namn", {"x": {"namn": "Åsele"}}, "Åsele"),
        ('date("2026-01-12") + duration("P14D")', {}, "2026-01-26"),
        ('date and time("2026-03-29T12:00:00@Europe/Stockholm")', {}, "2026-03-29T12:00:00+02:00"),
        ('duration("P1Y2M")', {}, "P1Y2M"),
        ("saknas", {}, None),
        ("saknas.djupare", {}, None),
        ("for i in 1..3 return i * i", {}, [1, 4, 9]),
        ('{a: 1, "b": date("2026-01-01")}', {}, {"a": 1, "b": "2026-01-01"}),
        ('count(svar[item = "ja"])', {"svar": ["ja", "nej", "ja"]}, 2),
        ('if utfall = "nej" then "ja" else "nej"', {"utfall": "nej"}, "ja"),
    ],
)
def test_values_are_plain_json(toolkit: Toolkit, expression: str, context: dict[str, Any], value: Any) -> None:
    assert toolkit.feel(expression, context) == value


def test_today_follows_the_clock_and_the_civil_zone(toolkit: Toolkit, clock: SimulatedClock) -> None:
    assert toolkit.feel("today()", {}) == "2026-03-28"
    clock.advance(timedelta(hours=1))
    assert toolkit.feel("today()", {}) == "2026-03-29"
    assert toolkit.feel("now()", {}) == "2026-03-29T00:30:00+01:00"


@pytest.mark.parametrize(
    ("test", "value", "context", "passes"),
    [
        ('"a","b"', "b", {}, True),
        ('not("a")', "b", {}, True),
        ("[1..5]", 5, {}, True),
        ("]1..5[", 5, {}, False),
        ("> gräns", 7, {"gräns": 6}, True),
        ("? = x", "v", {"x": "v"}, True),
        ("null", None, {}, True),
        ("> 3", None, {}, False),
        ("-", "vad som helst", {}, True),
        ("false", False, {}, True),
        ('list contains(?, "umea")', ["umea", "mala"], {}, True),
    ],
)
def test_unary_tests(toolkit: Toolkit, test: str, value: Any, context: dict[str, Any], passes: bool) -> None:
    assert toolkit.unary(test, value, context) is passes


def test_dates_are_compared_as_dates(toolkit: Toolkit) -> None:
    assert toolkit.unary('< date("2026-02-01")', "2026-01-12", {}, kind="date")
    with pytest.raises(FeelError, match="not a date"):
        toolkit.unary('< date("2026-02-01")', "i går", {}, kind="date")


def test_rules_are_matched_in_one_call_and_faults_are_placed(toolkit: Toolkit) -> None:
    rules = [['"a"', "> 3"], [None, "[1..2]"], ['not("b")', None]]
    assert toolkit.matching(rules, ["a", 2], [None, None], {}) == [1, 2]
    with pytest.raises(FeelError) as caught:
        toolkit.matching([['"a"', "> 3"], ['"a"', "finns inte(?)"]], ["a", 4], [None, None], {})
    assert (caught.value.rule, caught.value.column) == (1, 1)


@pytest.mark.parametrize("expression", ["", "1 +", "x = ", ")", '"a', "if x then", "x > 3 and"])
def test_wrong_syntax_is_an_error(toolkit: Toolkit, expression: str) -> None:
    with pytest.raises(FeelError):
        toolkit.feel(expression, {})
    with pytest.raises(FeelError):
        toolkit.check(expression)


def test_check_accepts_names_that_are_not_there_yet(toolkit: Toolkit) -> None:
    toolkit.check("=svar.utfall = null and count(parter) > 2")
    toolkit.check('"a", not(null)', unary=True)


@pytest.mark.parametrize("expression", ["finns inte(1)", "10 ** 400", "[1..3]", "function(a) a"])
def test_what_is_no_value_is_an_error(toolkit: Toolkit, expression: str) -> None:
    with pytest.raises(FeelError):
        toolkit.feel(expression, {})


LONG = "a" * 5_000
BOMBS = [
    "for i in 1..1000000000 return i",
    "for i in 1..100000, j in 1..100000 return 1",
    "some i in 1..1000000000 satisfies i < 0",
    f'matches("{"a" * 40}!", "(a+)+$")',
    f'string join(for i in 1..100000 return "{LONG}")',
    f'split(string join(for i in 1..50000 return "{LONG}"), "")',
    f'replace(string join(for i in 1..700 return "{LONG}"), "a", "{LONG}")',
    '(function(f, s, n) f(f, s, n))((function(f, s, n) if n = 0 then upper case(s) else f(f, s + s, n - 1)), "ab", 27)',
    '(function(f, s, n) f(f, s, n))((function(f, s, n) if n = 0 then [s, s] else f(f, s + s, n - 1)), "ab", 27)',
    "(function(f) f(f))(function(f) f(f))",
    "(" * 4_000 + "1" + ")" * 4_000,
    "1" + " + 1" * 5_000,
]


@pytest.mark.parametrize("expression", BOMBS, ids=range(len(BOMBS)))
def test_bombs_are_stopped_and_the_next_call_works(toolkit: Toolkit, expression: str) -> None:
    with pytest.raises(FeelError):
        toolkit.feel(expression, {})
    assert toolkit.feel("1 + 1", {}) == 2


def test_too_much_input_is_refused(toolkit: Toolkit) -> None:
    with pytest.raises(FeelError, match="too large"):
        toolkit.feel("x", {"x": "å" * 2_000_001})


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}, datetime(2026, 1, 1, tzinfo=UTC)])
def test_only_json_goes_in(toolkit: Toolkit, value: Any) -> None:
    with pytest.raises(FeelError, match="plain JSON"):
        toolkit.feel("x", {"x": value})


NAMES = [
    "globalThis",
    "constructor",
    "__proto__",
    "toString",
    "process",
    "require",
    "Function",
    "eval",
    "setTimeout",
    "toolkit",
    "this",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_the_host_or_of_javascript_is_reachable(toolkit: Toolkit, name: str) -> None:
    context = {"x": {"a": 1}, "text": "t", "lista": [1]}
    assert toolkit.feel(name, context) is None
    assert toolkit.feel(f"x.{name}", context) is None
    assert toolkit.feel(f"text.{name}", context) is None
    assert toolkit.feel(f'get value(x, "{name}")', context) is None
    for call in (f"{name}()", f"x.{name}()", f'x.{name}.constructor("return 1")()', f"date(text).{name}()"):
        with pytest.raises(FeelError):
            toolkit.feel(call, context)


def test_one_expression_leaves_nothing_for_the_next(toolkit: Toolkit) -> None:
    with suppress(FeelError):
        toolkit.feel('context put({}, "__proto__", {smittad: true})', {})
    toolkit.feel("x", {"x": {"__proto__": {"smittad": True}}, "__proto__": {"smittad": True}})
    assert toolkit.feel("smittad", {}) is None
    assert toolkit.feel("y.smittad", {"y": {}}) is None
    assert toolkit.feel("x", {}) is None


def test_answers_are_kept_within_bounds_and_never_shared() -> None:
    toolkit = Toolkit(cached=4)
    first = toolkit.feel("x", {"x": [1]})
    first.append(2)
    assert toolkit.feel("x", {"x": [1]}) == [1]
    for number in range(20):
        toolkit.feel("x", {"x": number})
    assert len(toolkit._cache) == 4
    toolkit.close()


def test_threads_take_turns(toolkit: Toolkit) -> None:
    def work(number: int) -> bool:
        if number % 10 == 0:
            with pytest.raises(FeelError):
                toolkit.feel(f"for i in 1..100000, j in 1..100000 return {number}", {})
        return all(toolkit.feel("x * y", {"x": number, "y": step}) == number * step for step in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(1, 21)))


def test_it_keeps_its_time_limit_inside_an_event_loop() -> None:
    async def inside() -> None:
        toolkit = Toolkit(seconds=0.3)
        assert toolkit.feel("1 + 1", {}) == 2
        with pytest.raises(FeelError, match="seconds"):
            toolkit.feel("for i in 1..100000, j in 1..100000 return 1", {})
        toolkit.close()

    asyncio.run(inside())


def test_closing_gives_the_thread_back() -> None:
    before = threading.active_count()
    toolkit = Toolkit()
    toolkit.feel("1", {})
    toolkit.close()
    assert threading.active_count() == before


def test_a_process_that_never_closed_its_toolkit_ends() -> None:
    script = "from engine.toolkit import Toolkit\nkept = Toolkit()\nprint(kept.feel('1 + 1', {}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.strip(), done.stderr) == ("2", "")
