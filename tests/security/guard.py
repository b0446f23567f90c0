"""Holds an attempt to what it may cost."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 2.0
BYTES = 256 * 1024 * 1024

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def _peak() -> int:
    """The most memory that the process has held, in bytes."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


@contextmanager
def bounded() -> Iterator[None]:
    """Fails when what is within takes more processor time than SECONDS, or more memory than BYTES beside what was there.

    Processor time of all threads: a machine that is busy with other things makes nothing slower that way.
    """
    if _CLEAR.exists():
        _CLEAR.write_text("5", "ascii")  # the peak begins anew
    before, began = _peak(), time.process_time()
    yield
    spent, grown = time.process_time() - began, _peak() - before
    assert spent <= SECONDS, f"it took {spent:.1f} seconds"
    assert grown <= BYTES, f"it took {grown / 1024**2:.0f} MB"
