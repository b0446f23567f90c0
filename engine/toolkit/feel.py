"""FEEL for forms and decision tables, run by `feelin` in an embedded V8 that holds nothing of the host."""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from engine.clock import CIVIL, Clock, SystemClock
from engine.toolkit.realm import LimitHit, Realm
from engine.toolkit.scripts import ScriptError, ScriptResult, Scripts

BUNDLE: Final = Path(__file__).parent / "dist" / "toolkit.js"
SECONDS: Final = 1.0
MEMORY: Final = 128 * 1024 * 1024
LONGEST_EXPRESSION: Final = 10_000
LARGEST_CONTEXT: Final = 2_000_000
CACHED: Final = 2_048
LARGEST_CACHED: Final = 4_000

# Answers to these depend on the moment, which the key of the cache does not hold.
_OF_THE_MOMENT: Final = ("now", "today")


class FeelError(ValueError):
    """An expression that cannot be parsed, fails, or asks for more time or memory than it may have.

    `rule` and `column` are indexes from 0 when the expression stands in a decision table.
    """

    def __init__(self, message: str, *, rule: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.column = column


@dataclass(frozen=True, slots=True)
class _Standing:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


class Toolkit:
    """One V8 context with the toolkit's JavaScript, shared by all threads of the process.

    Calls take turns. After a limit was hit the context is thrown away and the next call makes a new one.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        cached: int = CACHED,
        bundle: Path = BUNDLE,
    ) -> None:
        """`seconds` and `memory` (bytes) bound one call; `cached` is the number of answers kept.

        Raises:
            FileNotFoundError: the bundle has not been built.
        """
        self._realm = Realm(bundle, seconds=seconds, memory=memory)
        self._scripts = Scripts()
        self._clock = clock or SystemClock()
        self._cached = cached
        self._cache: OrderedDict[str, str] = OrderedDict()

    def at(self, moment: datetime) -> Toolkit:
        """The same toolkit with its clock standing still at `moment`: what an expression sees as now and today."""
        view = copy.copy(self)  # the contexts and the answers are shared
        view._clock = _Standing(moment)
        return view

    def feel(self, expression: str, context: Mapping[str, Any]) -> Any:
        """The value of a FEEL expression as plain JSON; dates, times and durations as ISO text. An unknown name is null.

        A leading `=`, as form-js and the modeler write it, is accepted.

        Raises:
            FeelError: wrong syntax, an unknown function, a result that is no value, a limit that was hit,
                or a context that is not JSON.
        """
        return self._run("feel", (expression,), {"expression": expression.removeprefix("="), "context": context})

    def unary(self, test: str, value: Any, context: Mapping[str, Any], *, kind: str | None = None) -> bool:
        """Whether `value` passes a FEEL unary test (`"a","b"`, `[1..5]`, `not(null)`, `? > x`).

        `kind` (date, time, dateTime) says that the text `value` is to be read as such.

        Raises:
            FeelError: as for `feel`, or `value` is not of that kind.
        """
        return bool(self._run("unary", (test,), {"test": test, "value": value, "type": kind, "context": context}))

    def matching(
        self, rules: Sequence[Sequence[str | None]], values: Sequence[Any], kinds: Sequence[str | None], context: Mapping[str, Any]
    ) -> list[int]:
        """The indexes of the rules whose every test passes; `None` is a test that always does. All in one call into V8.

        Raises:
            FeelError: as for `unary`, with `rule` and `column` set.
        """
        tests = [test for rule in rules for test in rule if test is not None]
        arguments = {"rules": rules, "values": values, "types": kinds, "context": context}
        return [int(index) for index in self._run("rows", tests, arguments)]

    def check(self, expression: str, *, unary: bool = False) -> None:
        """Refuse an expression (or unary test) that could never be evaluated. Names are not checked: FEEL's unknown name is null.

        Raises:
            FeelError: wrong syntax.
        """
        self._run("check", (expression,), {"expression": expression if unary else expression.removeprefix("="), "unary": unary})

    def script(self, language: str, source: str, variables: Mapping[str, Any]) -> ScriptResult:
        """Runs a script of a diagram: "javascript", or "feel", which gives a value and writes nothing.

        Raises:
            ValueError: it fails (FeelError, ScriptError), or the language is another one.
        """
        if language == "javascript":
            return self._scripts.run(source, variables, self._clock.now())
        if language == "feel":
            return ScriptResult(self.feel(source, dict(variables)))
        raise ScriptError(f"scripts in {language} are not run")

    def check_script(self, language: str, source: str) -> None:
        """Refuse a script that could never be run. Raises as `script` does."""
        if language == "javascript":
            self._scripts.check(source)
        else:
            self.check(source)

    def close(self) -> None:
        """Give the memory of the contexts back. The next call makes a new one."""
        self._scripts.close()
        with self._realm.lock:
            self._realm.close()

    def _run(self, task: str, expressions: Sequence[str], arguments: Mapping[str, Any]) -> Any:
        for expression in expressions:
            if len(expression) > LONGEST_EXPRESSION:
                raise FeelError(f"the expression is longer than {LONGEST_EXPRESSION} characters")
        key = _to_json({"task": task, **arguments})
        if len(key) > LARGEST_CONTEXT:
            raise FeelError("the expression and its variables are too large to evaluate")
        lasting = not any(word in expression for expression in expressions for word in _OF_THE_MOMENT)
        with self._realm.lock:
            text = self._cache.get(key) if lasting else None
            if text is None:
                text = self._call(key)
                if lasting and len(key) + len(text) <= LARGEST_CACHED:
                    self._cache[key] = text
            if lasting and key in self._cache:
                self._cache.move_to_end(key)
                if len(self._cache) > self._cached:
                    self._cache.popitem(last=False)
        answer = json.loads(text)
        if "error" in answer:
            raise FeelError(str(answer["error"]), rule=answer.get("rule"), column=answer.get("column"))
        return answer["ok"]

    def _call(self, request: str) -> str:
        """Run `request` in the context; the lock is held."""
        header = _to_json({"now": self._clock.now().isoformat(), "zone": CIVIL.key})
        try:
            return self._realm.call(f"toolkit.run({json.dumps(header)}, {json.dumps(request)})")
        except LimitHit as error:
            raise FeelError(f"the expression {error}") from error


def _to_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise FeelError(f"the variables of an expression must be plain JSON: {error}") from None
