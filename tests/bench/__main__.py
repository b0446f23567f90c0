"""`make bench`: what an instance costs, beside the baselines, in one run on one machine; `BENCH_SCALE=0.1` is quick and rough."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from sqlalchemy import make_url

from engine.store import Database
from tests.bench import growth
from tests.bench.bare import Bare
from tests.bench.diagrams import BESIDE, SCRIPT
from tests.bench.node import bpmn_engine
from tests.bench.ours import Ours, counted, postgresql_in, sqlite_in
from tests.bench.pace import by_turns, turn
from tests.bench.site import served

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
# What a SpiffWorkflow product with tables does through HTTP, on a machine like ours.
ELSEWHERE = 9
BARE, MEMORY, NODE = "bare SpiffWorkflow, JSON, no database", "bare SpiffWorkflow in memory", "npm bpmn-engine, getState/recover"


def scaled(count: int, least: int = 1) -> int:
    return max(least, int(count * SCALE))


def line(what: str, figure: str, ratio: str = "", wanted: str = "") -> None:
    print(f"{what:62}{figure:>18}{ratio:>10}{wanted:>12}", flush=True)


def pace(databases: dict[str, Ours], folder: Path) -> None:
    """Instances a second, by turns with the baselines."""
    bare = Bare()
    with bpmn_engine(folder) as node:
        acts = {MEMORY: turn(bare.in_memory), BARE: turn(bare.with_json), NODE: node}
        acts |= {name: turn(ours.one) for name, ours in databases.items()}
        acts[BESIDE] = turn(databases["SQLite"].scripted(BESIDE).one)
        found = by_turns(acts, scaled(150, 20))
    for name in (MEMORY, BARE, NODE):
        line(name, f"{found[name]:.0f} instances/s", f"{found[name] / found[BARE]:.2f}")
    for name, wanted in (("SQLite", "≥ 1.00"), ("PostgreSQL", "≥ 0.50")):
        ratio = f"{found[name] / found[BARE]:.2f}"
        line(f"ours on {name}, over SpiffWorkflow with JSON", f"{found[name]:.0f} instances/s", ratio, wanted)
    line(f"ours on SQLite, the script in {BESIDE} (V8)", f"{found[BESIDE]:.0f} instances/s", f"{found[BESIDE] / found[BARE]:.2f}")
    for name in databases:
        line(f"ours on {name}, over bpmn-engine", "", f"{found[name] / found[NODE]:.1f}", "≥ 8")


def cost_of_one(name: str, ours: Ours) -> None:
    """Statements, a commit's share, bytes."""
    task_id = ours.start()
    with counted(ours.database) as statements:
        ours.complete(task_id)
    line(f"{name}: SQL statements of a completion, in one commit", str(len(statements)), "", "≤ 8")
    rounds = scaled(1_000, 200)
    line(f"{name}: bytes of a finished instance, history included", f"{ours.bytes_of_one(rounds):.0f}", "", "≤ 3000")


def through_http(url: str, name: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    with served(url, folder) as site:
        found = by_turns({"site": turn(site.one)}, scaled(40, 5), turns=3)["site"]
        submit = statistics.median(site.submits[len(site.submits) // 3 :]) * 1000
    line(f"{name}: start, list, form, submit through HTTP", f"{found:.0f} instances/s", f"{found / ELSEWHERE:.1f}", "≥ 10")
    line(f"{name}: a submit through HTTP", f"{submit:.1f} ms")


def growing(ours: Ours, folder: Path) -> None:
    late = scaled(5_000, 200)
    line(f"user-task loop: round {late} over round 10", "", f"{growth.late_round(ours, 'loop', 10, late):.2f}", "≤ 1.1")
    line("parallel split and join: round 150 over round 20", "", f"{growth.late_round(ours, 'splits', 20, 150):.2f}", "≤ 1.1")
    large = scaled(100_000, 1_000)
    lists, few, many = growth.small_and_large(folder, sqlite_in, large)
    for name, ratio in lists.items():
        line(f"{name}: {large} instances over 100", "", f"{ratio:.2f}", "≤ 1.5")
    line(f"a wake of the scheduler, {large} idle instances over 100", f"{many:.2f} ms", f"{many / few:.2f}", "1 (0 each)")


def many_timers(name: str, database: Database) -> None:
    count = scaled(10_000, 200)
    fired, completions = growth.timers_at_once(database, count)
    line(f"{name}: {count} timers due at once, all fired once", f"{fired:.0f} timers/s", f"{fired / completions:.2f}", "≥ 0.8")


def main() -> None:
    print(f"start → script ({SCRIPT}) → exclusive gateway → user task → end; one worker, one client; synchronous=FULL")
    print(f"load of the machine as it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    line("", "", "ratio", "to reach")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, postgresql_in(Path(name)) as postgresql:
        folder = Path(name)
        admin = Database(postgresql)

        def new(database: str) -> str:
            with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {database}")
            return make_url(postgresql).set(database=database).render_as_string(hide_password=False)

        databases = {"SQLite": Ours.open(sqlite_in(folder / "pace")), "PostgreSQL": Ours.open(Database(new("pace")))}
        pace(databases, folder)
        for kind, ours in databases.items():
            cost_of_one(kind, ours)
        growing(databases["SQLite"], folder)
        through_http(f"sqlite:///{folder}/http/samverka.db", "SQLite", folder / "http")
        through_http(new("http"), "PostgreSQL", folder / "http-postgresql")
        many_timers("SQLite", sqlite_in(folder / "timers"))
        with_timers = Database(new("timers"))
        many_timers("PostgreSQL", with_timers)
        for database in (with_timers, admin, *(ours.database for ours in databases.values())):
            database.close()


if __name__ == "__main__":
    sys.exit(main())
