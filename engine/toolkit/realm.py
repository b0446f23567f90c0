"""An embedded V8 context with one bundle in it, shared by all threads of the process, bounded in time and memory."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from pathlib import Path
from time import monotonic
from typing import Final

from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

LONGEST_ANSWER: Final = 1_000_000
# Which part of its time a call has used at most that was stopped for memory which may be another's: what fills the memory itself
# takes longer, and is not given the time twice.
SOON: Final = 0.25


class LimitHit(Exception):
    """A call was ended: it took too long, needed too much memory, gave too much, or V8 could not run it. Says which, in words."""


class Realm:
    """Made at the first call. After a limit was hit the context is thrown away, and the next call makes a new one.

    Whoever calls holds `lock`: calls take turns.
    """

    def __init__(self, bundle: Path, *, seconds: float, memory: int, prepare: str = "") -> None:
        """`seconds` and `memory` (bytes) bound one call; `prepare` is JavaScript that is run once, after the bundle.

        Raises:
            FileNotFoundError: the bundle has not been built.
        """
        if not bundle.is_file():
            raise FileNotFoundError(f"{bundle.name} has not been built: run `make assets`")
        self._source = f"{bundle.read_text(encoding='utf-8')}\n{prepare}"
        self._seconds = seconds
        self._memory = memory
        self._held: list[MiniRacer] = []
        self._process = os.getpid()
        self.lock = threading.Lock()
        # At exit too: the interpreter freezes the context's thread before it collects objects; a later close would wait for ever.
        weakref.finalize(self, _close, self._held)

    def call(self, code: str) -> str:
        """The text that `code` gives. Nothing but that text may come of it: it may be run twice.

        Raises:
            LimitHit: it was ended, or gave no text.
        """
        used, began = bool(self._held), monotonic()
        try:
            answer = self._context().eval(code, timeout_sec=self._seconds)
        except JSTimeoutException:
            reason = f"took more than {self._seconds:g} seconds"
        except JSOOMException:
            if used and monotonic() - began < self._seconds * SOON:
                # The memory is the context's, so what ran before may have filled it: judge this call by a context of its own.
                self.close()
                return self.call(code)
            reason = f"needed more than {self._memory // 1024**2} MB of memory"
        except JSEvalException as error:
            reason = f"could not be evaluated: {str(error).splitlines()[0]}"
        else:
            if isinstance(answer, str) and len(answer) <= LONGEST_ANSWER:
                return answer
            reason = f"gave more than {LONGEST_ANSWER} characters" if isinstance(answer, str) else "gave no answer"
        self.close()
        raise LimitHit(reason)

    def close(self) -> None:
        """Give the memory of the context back."""
        _close(self._held)

    def _context(self) -> MiniRacer:
        if self._process != os.getpid():
            # A forked child has the object but not the thread that runs it, so it can neither be used nor closed.
            _ABANDONED.extend(self._held)
            self._held.clear()
            self._process = os.getpid()
        if not self._held:
            # On a thread of its own: made where an event loop runs, a context would tie itself to that loop, without a time limit.
            maker = threading.Thread(target=lambda: self._held.append(_make(self._source, self._memory)))
            maker.start()
            maker.join()
        return self._held[0]


# Kept so that the collector never closes a context whose thread stayed behind in the parent process.
_ABANDONED: Final[list[MiniRacer]] = []


def _make(source: str, memory: int) -> MiniRacer:
    racer = MiniRacer()
    racer.set_hard_memory_limit(memory)
    racer.eval(source)
    return racer


def _close(held: list[MiniRacer]) -> None:
    while held:
        racer = held.pop()
        # The answer of a call that was stopped still comes; it must find the context there.
        with contextlib.suppress(JSEvalException):
            racer.eval("0", timeout_sec=5)
        racer.close()
