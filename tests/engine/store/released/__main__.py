"""Makes a dump of the schema as it stands now, with a case under way: `python -m tests.engine.store.released`.

To be run once for every release; the dump is never changed afterwards.
"""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert

from engine.clock import SimulatedClock
from engine.register import Register
from engine.runtime import Actor, Runtime
from engine.store import Database
from engine.store.migrate import newest_revision
from engine.store.tables import appointment, body, party, person
from engine.toolkit import Toolkit
from tests.engine.runtime.diagrams import diagram, end, line, start, user

HERE = Path(__file__).parent
BEGAN = datetime(2026, 1, 12, 7, tzinfo=UTC)
CALLED = diagram("asked", start() + user("answer", "radet") + end() + line("begin", "answer", "done"), series="SV", kind="decision")
CALLING = diagram(
    "case",
    start()
    + '<bpmn:callActivity id="ask" calledElement="asked"/>'
    + user("decide", "radet:ordforande")
    + '<bpmn:boundaryEvent id="late" attachedToRef="decide" cancelActivity="false"><bpmn:timerEventDefinition id="t">'
    "<bpmn:timeDuration>P14D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + user("remind", "koordinator")
    + '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" messageRef="news"/></bpmn:intermediateCatchEvent>'
    + end()
    + end("reminded")
    + line("begin", "ask", "decide", "wait", "done")
    + line("late", "remind", "reminded"),
    head='<bpmn:message id="news" name="news"/>',
    series="ET",
    kind="case",
)


def begin(database: Database) -> None:
    """One case that waits for what it called, one that waits for a task and a timer, one that waits for a message."""
    with database.write() as connection:
        connection.execute(insert(party).values(slug="norr", name="Norr", side="municipal", position=1))
        council = {"slug": "radet", "name": "Rådet", "name_en": "Council", "level": "officials", "clause": "R6.1", "position": 1}
        connection.execute(insert(body).values(council))
        for number, name in ((1, "anna"), (3, "karin")):
            known = {"id": number, "username": name, "name": name.title(), "email": f"{name}@example.se", "party": "norr"}
            connection.execute(insert(person).values(known))
        for number, where, function in ((1, "radet", "ordforande"), (3, None, "koordinator")):
            seat = {"person_id": number, "body": where, "party": "norr", "function": function, "starts": date(2020, 1, 1)}
            connection.execute(insert(appointment).values(seat))
    runtime = Runtime(database, SimulatedClock(BEGAN), Register(database), Toolkit())
    runtime.deploy({"case.bpmn": CALLING, "asked.bpmn": CALLED}, why="release")
    anna, karin = Actor(1, "Anna"), Actor(3, "Karin")
    first, second, _ = (runtime.start("case", {}, actor=karin) for _ in range(3))
    for done in (first, second):
        (decide,) = runtime.complete(done.tasks[0], {}, actor=anna).tasks
        if done is first:
            runtime.complete(decide, {}, actor=anna)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "samverka.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        begin(database)
        database.close()
        connection = sqlite3.connect(file)
        (HERE / f"{newest_revision()}.sql").write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")
        connection.close()


if __name__ == "__main__":
    main()
