"""The first requests of a process come at once: what they work out together for the first time, they all work out rightly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Forks, since only the first time in a process is in question; threads change as often as they can.
FIRST_TIMES = """
import os, sys, threading
from importlib import import_module
from sqlalchemy.dialects import sqlite

module, name = sys.argv[1].split(":")
query = getattr(import_module(module), name)
sys.setswitchinterval(1e-6)

def first_time():
    together, failed = threading.Barrier(6), []
    def compile():
        together.wait()
        try:
            query().compile(dialect=sqlite.dialect())
        except Exception as error:
            failed.append(error)
    threads = [threading.Thread(target=compile) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(len(failed))

failed = 0
for _ in range(60):
    child = os.fork()
    if child == 0:
        first_time()
    failed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
print(failed)
"""
QUERIES = ("engine.store.processes:_versions", "web.rest.tasks:_query", "web.rest.history:_tasks", "web.rest.seeing:instances")


@pytest.mark.parametrize("query", QUERIES)
def test_the_first_requests_may_come_at_once(query: str) -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_TIMES, query], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("0\n", "")
