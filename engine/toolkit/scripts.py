"""Scripts of diagrams in JavaScript, run in an embedded V8 of their own that none of them can change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from engine.toolkit.realm import LimitHit, Realm

BUNDLE: Final = Path(__file__).parent / "dist" / "sandbox.js"
SECONDS: Final = 1.0
MEMORY: Final = 128 * 1024 * 1024
LONGEST_SCRIPT: Final = 20_000
LARGEST_VARIABLES: Final = 2_000_000

# A variable asked for by a name that the script makes up: then all of them have to be there.
_BY_ANY_NAME: Final = re.compile(r"Variable\s*\(\s*(?!['\"][^'\"]*['\"]\s*[,)])|\b(?:execution)\s*\[")


class ScriptError(ValueError):
    """A script that cannot be read, fails, or asks for more time or memory than it may have."""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """What a script did: its value, the variables that it set, or the BPMN error (code, message) that it threw instead."""

    value: Any = None
    written: Mapping[str, Any] = field(default_factory=dict)
    error: tuple[str, str] | None = None


class Scripts:
    """Runs JavaScript. A script sees the variables by their names, `execution` and `BpmnError`, the clock that it is given, and the
    language itself without anything that would outlive it; what it changes but by `execution.setVariable` is gone when it ends.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY, bundle: Path = BUNDLE) -> None:
        """`seconds` and `memory` (bytes) bound one script.

        Raises:
            FileNotFoundError: the bundle has not been built.
        """
        self._realm = Realm(bundle, seconds=seconds, memory=memory, prepare="sandbox.seal()")

    def run(self, source: str, variables: Mapping[str, Any], moment: datetime, *, wanted: bool = True) -> ScriptResult:
        """Runs `source` over `variables` (plain JSON) at `moment`. Its value is that of its last expression, if it is `wanted`.

        Raises:
            ScriptError: it failed; the message says how, in JavaScript's words.
        """
        if len(source) > LONGEST_SCRIPT:
            raise ScriptError(f"the script is longer than {LONGEST_SCRIPT} characters")
        everything = _BY_ANY_NAME.search(source) is not None
        seen = _to_json({name: value for name, value in variables.items() if everything or name in source})
        if len(seen) > LARGEST_VARIABLES:
            raise ScriptError("the variables of the script are too large to run it")
        now = round(moment.timestamp() * 1000)
        arguments = f"{json.dumps(source)},{json.dumps(seen)},{now},{'true' if wanted else 'false'}"
        answer = self._call(f"sandbox.run({arguments})")
        if "failed" in answer:
            raise ScriptError(f"the script failed: {answer['failed']}")
        if "error" in answer:
            return ScriptResult(error=(str(answer["error"][0]), str(answer["error"][1])))
        return ScriptResult(answer["value"], answer["written"])

    def check(self, source: str) -> None:
        """Refuse a text that is no script, without running it.

        Raises:
            ScriptError: with what is wrong, in JavaScript's words.
        """
        if len(source) > LONGEST_SCRIPT:
            raise ScriptError(f"the script is longer than {LONGEST_SCRIPT} characters")
        fault = self._call(f"sandbox.check({json.dumps(source)})")
        if fault is not None:
            raise ScriptError(str(fault))

    def close(self) -> None:
        """Give the memory of the context back. The next call makes a new one."""
        with self._realm.lock:
            self._realm.close()

    def _call(self, code: str) -> Any:
        try:
            with self._realm.lock:
                return json.loads(self._realm.call(code))
        except LimitHit as error:
            raise ScriptError(f"the script {error}") from error


def _to_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise ScriptError(f"the variables of a script must be plain JSON: {error}") from None
