"""The values of expressions: plain JSON and nothing else, and what operators and functions do with them.

Where EL would turn one kind of value into another behind the reader's back (a text into a number, any text into false)
this refuses and says what to write instead; where both give a value, it is the same value.
"""

from __future__ import annotations

import math
import operator as operators
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.bpmn.calendar import parse_moment, parse_offset
from engine.clock import Clock, civil_date, utc

LONGEST_TEXT = 100_000
LONGEST_LIST = 100_000
LARGEST_NUMBER = 2**63 - 1
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}(?P<decimals>\.[0-9]{1,40})?(?P<exponent>[eE][+-]?[0-9]{1,3})?", re.ASCII)
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("<", "lt"), operators.lt),
    **dict.fromkeys((">", "gt"), operators.gt),
    **dict.fromkeys(("<=", "le"), operators.le),
    **dict.fromkeys((">=", "ge"), operators.ge),
}
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "a map"),
)


class Unusable(Exception):
    """A value or an operation that cannot be; the node that meets it adds the position."""


@dataclass(frozen=True, slots=True)
class Host:
    """What `execution` and `task` stand for where something is done, in a listener or a task's expression.

    `facts` are what `execution.x` answers, `task` what `task.x` does (None: there is no task here); `write` sets a variable.
    """

    write: Callable[[str, Any], None]
    facts: Mapping[str, Any]
    task: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What one evaluation may see: variables, the clock, the business key, and the host of something that is done."""

    variables: Mapping[str, Any]
    clock: Clock
    business_key: str | None
    host: Host | None = None


def kind(value: Any) -> str:
    """The kind of `value` in words."""
    if value is None:
        return "null"
    return next((words for of, words in _KINDS if isinstance(value, of)), "a value that expressions cannot read")


def plain(value: Any) -> Any:
    """`value` if it is of a kind that expressions know; an object of any other class never gets further."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    raise Unusable(f"the value is of the class {type(value).__name__}, which expressions cannot read")


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def checked_number(value: Any) -> int | float:
    """`value` as a number of bearable size."""
    if not is_number(value):
        hint = "; write number(…) around a text that holds a number" if isinstance(value, str) else ""
        raise Unusable(f"a number is needed here, and not {kind(value)}{hint}")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Unusable("the number is too large")
        return value
    if abs(value) > LARGEST_NUMBER:
        raise Unusable("the number is too large")
    return int(value)


def truth(value: Any) -> bool:
    """`value` as true or false; null is false, as in EL."""
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    raise Unusable(f"true or false is needed here, and not {kind(value)}; compare it with something, or use empty")


def text_of(value: Any) -> str:
    """`value` as it stands within a text; null is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return str(checked_number(value))
    if isinstance(value, str):
        return bounded(value)
    raise Unusable(f"{kind(value)} cannot stand within a text; name one of its parts, or use join(list, ', ')")


def bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unusable(f"the text is longer than {LONGEST_TEXT} characters")
    return text


def _bounded_list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unusable(f"{what} needs a list, and not {kind(value)}")
    if len(value) > LONGEST_LIST:
        raise Unusable(f"the list has more than {LONGEST_LIST} items")
    return value


def arithmetic(operator: str, left: Any, right: Any) -> int | float:
    """`left operator right` as EL has it: a division gives a fraction, a remainder has the sign of `left`."""
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        raise Unusable("+ adds numbers; write texts beside each other instead: ${a}${b}")
    a, b = checked_number(left), checked_number(right)
    try:
        if operator == "+":
            return checked_number(a + b)
        if operator == "-":
            return checked_number(a - b)
        if operator == "*":
            return checked_number(a * b)
        if operator in ("/", "div"):
            return checked_number(a / b)
        rest = abs(a) % abs(b)
        return checked_number(-rest if a < 0 else rest)
    except (ZeroDivisionError, ValueError) as error:
        raise Unusable("a division by zero") from error
    except OverflowError as error:
        raise Unusable("the number is too large") from error


def equal(left: Any, right: Any) -> bool:
    """`left == right`. Texts that hold a number equal that number, as in EL; true and false equal only themselves."""
    if left is None or right is None:
        return left is right
    if isinstance(left, bool) or isinstance(right, bool):
        if type(left) is not type(right):
            raise Unusable(f"{kind(left)} is compared with {kind(right)}; compare values of one kind")
        return bool(left == right)
    left, right = _alike(left, right)
    return bool(left == right)


def in_order(operator: str, left: Any, right: Any) -> bool:
    """`left operator right` for numbers and for texts (so for ISO dates too); with a null nothing lies before anything."""
    if left is None or right is None:
        return left is right and operator in ("<=", ">=", "le", "ge")
    left, right = _alike(left, right)
    if not (is_number(left) and is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        raise Unusable(f"{kind(left)} and {kind(right)} have no order")
    if isinstance(left, str):
        left, right = _times(left, right)
    return bool(_ORDERS[operator](left, right))


def _times(left: str, right: str) -> tuple[Any, Any]:
    """Two texts as the moments they hold, if both hold one: as texts `…T09:00+02:00` and `…T08:00Z` would be in the wrong order."""
    if not (left[:1].isdigit() and right[:1].isdigit()):
        return left, right
    try:
        first, second = parse_moment(left), parse_moment(right)
    except ValueError:
        return left, right
    if isinstance(first, datetime) is not isinstance(second, datetime):
        raise Unusable("a date is compared with a moment; write date(…) around the moment")
    return first, second


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    if is_number(left) and isinstance(right, str):
        return left, number(right)
    if isinstance(left, str) and is_number(right):
        return number(left), right
    if is_number(left) and is_number(right):
        return left, right
    if type(left) is not type(right):
        raise Unusable(f"{kind(left)} is compared with {kind(right)}; compare values of one kind")
    return left, right


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def member(base: Any, key: Any) -> Any:
    """The part `key` of a map, or of a list by its number from 0; a part that is not there is null, as in EL."""
    if isinstance(base, dict):
        if not isinstance(key, str):
            raise Unusable(f"the parts of a map are named by texts, and not by {kind(key)}")
        return plain(base.get(key))
    if isinstance(base, list):
        if isinstance(key, bool) or not isinstance(key, int):
            raise Unusable(f"the items of a list are named by whole numbers from 0, and not by {kind(key)}")
        return plain(base[key]) if 0 <= key < len(base) else None
    raise Unusable(f"{kind(base)} has no parts; only maps and lists have")


def number(value: Any) -> int | float:
    """`number(x)`: the number that a text holds."""
    if is_number(value):
        return checked_number(value)
    if not isinstance(value, str):
        raise Unusable(f"number() needs a text or a number, and not {kind(value)}")
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        raise Unusable(f"“{value[:40]}” is no number")
    return checked_number(float(found[0]) if found["decimals"] or found["exponent"] else int(found[0]))


def _iso(moment: datetime) -> str:
    return utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(value: Any, what: str) -> date | datetime:
    if not isinstance(value, str):
        raise Unusable(f"{what} needs a date or a moment as a text, and not {kind(value)}")
    try:
        return parse_moment(value)
    except ValueError as error:
        raise Unusable(str(error)) from error


def _now(run: Run) -> str:
    return _iso(run.clock.now())


def _today(run: Run) -> str:
    return civil_date(run.clock.now()).isoformat()


def _date(run: Run, value: Any) -> str:
    moment = _moment(value, "date()")
    return (civil_date(moment) if isinstance(moment, datetime) else moment).isoformat()


def _add_duration(run: Run, value: Any, duration: Any) -> str:
    moment = _moment(value, "addDuration()")
    if not isinstance(duration, str):
        raise Unusable(f"addDuration() needs a duration such as 'P14D', and not {kind(duration)}")
    try:
        amount = parse_offset(duration)
        if isinstance(moment, datetime):
            return _iso(amount.after(moment))
        if not amount.is_civil:
            raise Unusable("hours can be added to a moment, and not to a date alone; write for example addDuration(now(), 'PT4H')")
        return amount.after_date(moment).isoformat()
    except ValueError as error:
        raise Unusable(str(error)) from error


def _size(run: Run, value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, str | list | dict):
        return len(value)
    raise Unusable(f"size() needs a list, a map or a text, and not {kind(value)}")


def _contains(run: Run, whole: Any, part: Any) -> bool:
    if whole is None:
        return False
    if isinstance(whole, str):
        if not isinstance(part, str):
            raise Unusable(f"a text contains texts, and not {kind(part)}")
        return part in whole
    items = _bounded_list(whole, "contains()")
    if is_number(part):
        return any(is_number(item) and item == part for item in items)
    return any(type(item) is type(part) and item == part for item in items)


def _join(run: Run, items: Any, separator: Any) -> str:
    if not isinstance(separator, str):
        raise Unusable(f"join() needs a text to put between the items, and not {kind(separator)}")
    texts: list[str] = []
    length = 0
    for item in _bounded_list(items, "join()"):
        texts.append(text_of(item))
        length += len(texts[-1]) + len(separator)
        if length > LONGEST_TEXT + len(separator):
            raise Unusable(f"the text is longer than {LONGEST_TEXT} characters")
    return bounded(separator.join(texts))


def _lower(run: Run, value: Any) -> str:
    return bounded(text_of(value)).lower()


def _upper(run: Run, value: Any) -> str:
    return bounded(text_of(value).upper())


def _string(run: Run, value: Any) -> str:
    return text_of(value)


def _number(run: Run, value: Any) -> int | float:
    return number(value)


@dataclass(frozen=True, slots=True)
class Function:
    """A function on the list: how many arguments it takes, how it is written, and what it does."""

    arity: int
    usage: str
    call: Callable[..., Any]


FUNCTIONS: Mapping[str, Function] = {
    "now": Function(0, "now()", _now),
    "today": Function(0, "today()", _today),
    "date": Function(1, "date(x)", _date),
    "addDuration": Function(2, "addDuration(x, 'P14D')", _add_duration),
    "size": Function(1, "size(x)", _size),
    "contains": Function(2, "contains(list, x)", _contains),
    "join": Function(2, "join(list, separator)", _join),
    "lower": Function(1, "lower(x)", _lower),
    "upper": Function(1, "upper(x)", _upper),
    "number": Function(1, "number(x)", _number),
    "string": Function(1, "string(x)", _string),
}
