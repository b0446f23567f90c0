"""`make chaos`: kills, restarts and the reckoning, on both databases at once. Ends with 1 when anything did not hold."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.chaos.nursery import ANY_MOMENT, POINTS
from tests.chaos.run import Result, run_on, say

DATABASES = ("sqlite", "postgresql")
KILLS, RESTARTS = 1_000, 5
MOST_FAULTS = 40  # that are told of each database


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="over all databases together (%(default)s)")
    parser.add_argument("--restarts", type=int, default=RESTARTS, help="of PostgreSQL, under load (%(default)s)")
    parser.add_argument("--seed", type=int, help="where the lives end and what the clients do; drawn when left out")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    return parser.parse_args()


def tell(results: list[Result]) -> None:
    """A short table."""
    say("")
    say(f"{'':32}" + "".join(f"{result.database:>14}" for result in results))
    rows: dict[str, list[object]] = {
        "lives of the server": [result.lives for result in results],
        "kills": [result.kills.total() for result in results],
        **{f"  {point}": [result.kills[point] for result in results] for point in (*POINTS, ANY_MOMENT)},
        "restarts of the database": [result.restarts or "" for result in results],
        "  seconds to the next answer": [f"{max(result.recovered):.1f}" if result.recovered else "" for result in results],
        **{name: [result.figures[name] for result in results] for name in results[0].figures},
        "verified after kills": [result.verified for result in results],
        "faults": [len(result.faults) for result in results],
        "seconds": [f"{result.seconds:.0f}" for result in results],
    }
    for name, values in rows.items():
        say(f"{name:32}" + "".join(f"{value!s:>14}" for value in values))


def main() -> int:
    given = asked()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    databases = DATABASES if given.database == "both" else (given.database,)
    kept = Path(tempfile.mkdtemp(prefix="samverka-chaos-"))
    kept.chmod(0o755)
    again = f"python -m tests.chaos --kills {given.kills} --restarts {given.restarts} --seed {seed} --database {given.database}"
    say(f"seed {seed}; the same again: {again}")
    kills = given.kills // len(databases)
    with ProcessPoolExecutor(len(databases), mp_context=multiprocessing.get_context("spawn")) as pool:
        begun = [pool.submit(run_on, name, kills, given.restarts, str(seed), kept / name) for name in databases]
        results = [each.result() for each in begun]
    tell(results)
    faults = [(result.database, fault) for result in results for fault in result.faults[:MOST_FAULTS]]
    for database, fault in faults:
        say(f"FAULT {database}: {fault}")
    if faults:
        say(f"The databases and the servers' logs are kept in {kept}. The seed was {seed}: {again}")
        return 1
    shutil.rmtree(kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
