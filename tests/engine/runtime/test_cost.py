"""What one completion costs, held against growth: SQL statements, commits and bytes. Times are compared by `make bench`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, text

from engine.register import Register
from engine.store import Database
from engine.store.codec import unpack
from engine.store.tables import appointment, instance, person
from tests.bench.diagrams import loop_of_tasks
from tests.bench.growth import fill
from tests.bench.ours import Ours, counted

STATEMENTS = 8
# The targets of the first version's successor; PostgreSQL keeps a header of 24 bytes a row and an index entry of 16 for each of
# the history's rows, and aligns every column.
BYTES = {"sqlite": 3_000, "postgresql": 3_400}


def test_a_completion_takes_few_statements_and_one_commit(database: Database) -> None:
    ours = Ours.open(database)
    ours.one()
    task_id = ours.start()
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    with counted(database) as statements:
        ours.complete(task_id)
    assert 0 < len(statements) <= STATEMENTS
    assert len(commits) == 1


def test_the_database_is_given_no_more_statements_than_are_counted(tmp_path: Path, migrated_sqlite: Path) -> None:
    """What SQLite itself says that it runs, BEGIN and COMMIT included."""
    database = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'samverka.db')}")
    ours = Ours.open(database)
    ours.one()
    task_id = ours.start()
    run: list[str] = []

    @event.listens_for(database.engine, "checkout")
    def _trace(connection: Any, *_: object) -> None:
        connection.set_trace_callback(run.append)

    with counted(database) as statements:
        ours.complete(task_id)
    assert [run[0], run[-1]] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert len(run) == len(statements) + 2
    database.close()


def test_a_completion_that_opens_the_next_task_takes_few_statements(database: Database) -> None:
    ours = Ours.open(database)
    ours.runtime.deploy({"loop.bpmn": loop_of_tasks()}, why="cost")
    (task_id,) = ours.runtime.start("loop", {}, actor=ours.actor).tasks
    (task_id,) = ours.runtime.complete(task_id, {}, actor=ours.actor).tasks
    with counted(database) as statements:
        ours.runtime.complete(task_id, {}, actor=ours.actor)
    assert len(statements) <= STATEMENTS


def test_a_finished_instance_takes_few_bytes(database: Database) -> None:
    ours = Ours.open(database)
    assert ours.bytes_of_one(300) <= BYTES[database.dialect]
    with database.read() as connection:
        state = connection.execute(instance.select().order_by(instance.c.id.desc()).limit(1)).one().state
    assert len(state) <= 300
    assert set(unpack(state)) == {"kernel", "chain"}


def test_idle_instances_are_not_looked_at(database: Database) -> None:
    """A wake of the scheduler asks as many questions over many idle instances as over none, each of an index of what is timed."""
    ours = Ours.open(database)
    with counted(database) as few:
        ours.runtime.run_due()
        ours.runtime.next_due()
    fill(ours, 500)
    with counted(database) as many:
        ours.runtime.run_due()
        ours.runtime.next_due()
    assert many == few
    if database.dialect == "sqlite":
        with database.read() as connection:
            for statement in many:
                if "instance" in statement:
                    plan = connection.execute(text(f"EXPLAIN QUERY PLAN {statement.replace('?', '1')}")).all()
                    assert all("ix_instance_next_due" in row.detail for row in plan if "instance" in row.detail)


def test_a_change_of_the_register_counts_at_once_whoever_makes_it(database: Database) -> None:
    ours = Ours.open(database)
    register, other = ours.runtime.parts.register, Register(database)
    today = ours.runtime.parts.today()
    assert register.roles_of(1, today) == other.roles_of(1, today) >= {"radet:ordforande"}
    with database.write() as connection:
        connection.execute(appointment.update().where(appointment.c.body == "radet").values(function="ledamot"))
        assert "radet:ledamot" in register.roles_of(1, today, connection=connection)
    assert "radet:ledamot" in register.roles_of(1, today)
    assert other.roles_of(1, today) == register.roles_of(1, today)
    with database.write() as connection:
        connection.execute(person.update().values(name="Anna Ek"))
    assert register.holders("radet:ledamot", today)[0].name == "Anna Ek"


def test_a_change_that_is_taken_back_leaves_nothing_behind(database: Database) -> None:
    ours = Ours.open(database)
    register, today = ours.runtime.parts.register, ours.runtime.parts.today()
    with database.engine.connect() as connection:
        connection.execute(appointment.delete())
        assert register.holders("radet", today, connection=connection) == []
        connection.rollback()
    assert len(register.holders("radet", today)) == 1


def test_every_table_of_the_register_renews_its_stamp(database: Database) -> None:
    query = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.read() as connection:
        assert set(connection.execute(text(query)).scalars()) == {"party", "body", "quota", "person", "appointment", "absence"}
        assert connection.execute(select(text("count(*)")).select_from(text("register_stamp"))).scalar_one() == 1
