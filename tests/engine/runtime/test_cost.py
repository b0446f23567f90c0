"""What one completion costs, held against growth: SQL statements, commits and bytes."""

from __future__ import annotations

from sqlalchemy import event

from engine.store import Database
from engine.store.codec import unpack
from engine.store.tables import instance
from tests.bench.__main__ import DIAGRAM, KEY
from tests.bench.ours import open_runtime, size_of, statements_of_one

# As measured when the first version was made; a change that needs more has to say why here.
STATEMENTS = 9
BYTES = {"sqlite": 2_500, "postgresql": 4_500}  # PostgreSQL's with the dead rows of updates, before it has vacuumed


def test_a_completion_takes_few_statements_and_one_commit(database: Database) -> None:
    runtime, actor = open_runtime(database)
    runtime.deploy({"one.bpmn": DIAGRAM}, why="cost")
    assert statements_of_one(runtime, actor, KEY) <= STATEMENTS
    (task_id,) = runtime.start(KEY, {}, actor=actor).tasks
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    runtime.complete(task_id, {}, actor=actor)
    assert len(commits) == 1


def test_a_finished_instance_takes_few_bytes(database: Database) -> None:
    runtime, actor = open_runtime(database)
    runtime.deploy({"one.bpmn": DIAGRAM}, why="cost")

    def run(rounds: int) -> None:
        for _ in range(rounds):
            (task_id,) = runtime.start(KEY, {}, actor=actor).tasks
            runtime.complete(task_id, {}, actor=actor)

    run(20)
    before, rounds = size_of(database), 200
    run(rounds)
    assert (size_of(database) - before) / rounds <= BYTES[database.dialect]
    with database.read() as connection:
        state = connection.execute(instance.select().order_by(instance.c.id.desc()).limit(1)).one().state
    assert len(state) <= 300
    assert set(unpack(state)) == {"kernel", "chain"}
