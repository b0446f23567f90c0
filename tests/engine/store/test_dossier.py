"""One case as a whole, its timeline, where it has been, and meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, create_engine, insert

from engine.store import tables as t
from engine.store.codec import pack
from engine.store.dossier import find_by_business_key, find_instance, open_dossier
from engine.store.meetings import bodies_that_meet, coming_meetings, meetings_between, past_meetings
from engine.store.timeline import read_reached, read_timeline
from tests.engine.store.case_rows import NOW, Rows, counted


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    t.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def rows(connection: Connection) -> Rows:
    rows = Rows(connection)
    rows.register()
    return rows


def test_a_dossier_holds_what_hangs_below_the_case_and_nothing_else(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    case, other = rows.instance(flow, "C-1", started_by=rows.person("eva")), rows.instance(flow, "C-2")
    second = rows.instance(flow, "C-1/b", parent_id=case, root_id=case, party="asele", kind="decision", summary={"answer": "ja"})
    first = rows.instance(flow, "C-1/a", parent_id=case, root_id=case, party="umea", kind="decision")
    deep = rows.instance(flow, "C-1/a/1", parent_id=first, root_id=case)
    rows.task(deep, case, "lsg", name="Deep", due_at=NOW)
    rows.task(second, case, name="Closed", status="completed", closed_by=rows.person("bo"), acted_for=rows.person("ann"))
    rows.task(other, other, name="Other")
    connection.execute(insert(t.timer).values(instance_id=first, token=3, element_id="deadline", due_at=NOW))
    connection.execute(insert(t.incident).values(instance_id=deep, message="no", cause="x", created_at=NOW))
    connection.execute(insert(t.incident).values(instance_id=deep, message="solved", cause="x", created_at=NOW, resolved_at=NOW))
    held = {"kind": "message", "message": "m", "payload": pack({}), "status": "held", "due_at": NOW, "created_at": NOW}
    connection.execute(insert(t.errand), [held | {"correlation": "C-1"}, held | {"correlation": "C-2"}])
    row = find_instance(connection, case)
    assert row and row.started_by == "eva" and row.root_id == case
    with counted(connection.engine) as statements:
        dossier = open_dossier(connection, row)
    assert len(statements) == 8
    assert [(child.id, child.party_name) for child in dossier.children] == [(first, "Umeå"), (second, "Åsele")]
    assert dossier.children[1].summary == {"answer": "ja"}
    assert [(task.name, task.roles) for task in dossier.open_tasks()] == [("Deep", ("lsg",))]
    (closed,) = [task for task in dossier.tasks if task.status != "open"]
    assert (closed.name, closed.closed_by, closed.acted_for) == ("Closed", "bo", "ann")
    assert [timer.element_id for timer in dossier.timers] == ["deadline"]
    assert [incident.message for incident in dossier.incidents] == ["no"]
    assert [message.message for message in dossier.held] == ["m"]
    below = find_instance(connection, first)
    assert below and below.root_id == case
    assert [task.name for task in open_dossier(connection, below).tasks] == ["Deep"]
    assert find_instance(connection, 4711) is None


def test_registration_numbers_lead_to_cases(connection: Connection, rows: Rows) -> None:
    case = rows.instance(rows.definition(), "C-1")
    assert {key: row.id for key, row in find_by_business_key(connection, {"C-1", "C-9"}).items()} == {"C-1": case}
    assert find_by_business_key(connection, set()) == {}


def test_the_timeline_comes_newest_first_in_pages(connection: Connection, rows: Rows) -> None:
    case = rows.instance(rows.definition(), "C-1")
    eva = rows.person("eva")
    for number in range(5):
        rows.happened(case, "completed", {"answer": number}, actor_id=eva, element_id="review", at=NOW + timedelta(hours=number))
        rows.happened(case, "passed", element_id="gate")
    page = read_timeline(connection, [case], kinds={"completed"}, size=3)
    assert [(row.number, row.actor, row.content) for row in page.rows] == [(n * 2 + 1, "eva", {"answer": n}) for n in (4, 3, 2)]
    rest = read_timeline(connection, [case], kinds={"completed"}, size=3, before=page.older)
    assert [row.content["answer"] for row in rest.rows] == [1, 0]
    assert rest.older is None


def test_where_an_instance_has_been(connection: Connection, rows: Rows) -> None:
    case = rows.instance(rows.definition(), "C-1")
    rows.happened(case, "started", element_id="start", data={"flows": ["f1"]})
    steps = "passed start, entered a, left a, entered a, left a, entered b, interrupted b, entered c, entered c, ended end"
    for step in steps.split(", "):
        kind, element = step.split()
        rows.happened(case, kind, element_id=element)
    reached = read_reached(connection, case)
    assert reached.live == {"c": 2}
    assert reached.done == {"start": 1, "a": 2, "end": 1}
    assert (reached.broken_off, reached.flows) == ({"b": 1}, frozenset({"f1"}))


def test_meetings_by_day_and_body(connection: Connection, rows: Rows) -> None:
    flow = rows.definition("meet")
    day = date(2026, 3, 2)
    ids = {
        name: rows.meeting(flow, name, when)
        for name, when in {"past": day - timedelta(days=1), "today": day, "later": date(2026, 3, 31), "undated": None}.items()
    }
    rows.sees(ids["today"], "body:lsg", "body:samradet")
    rows.sees(ids["past"], "body:lsg")
    rows.instance(flow, "no meeting", event_date=day)

    def keys(found: list[object]) -> list[str]:
        return [row.business_key for row in found]  # type: ignore[attr-defined]

    assert keys([*meetings_between(connection, day, date(2026, 3, 31), viewer=None)]) == ["today", "later"]
    assert keys([*coming_meetings(connection, day, viewer=None)]) == ["today", "later", "undated"]
    assert keys([*past_meetings(connection, day, viewer=None)]) == ["past"]
    assert keys([*coming_meetings(connection, day, viewer=frozenset({"body:lsg"}))]) == ["today"]
    assert keys([*coming_meetings(connection, day, viewer=None, body_slug="samradet")]) == ["today"]
    assert coming_meetings(connection, day, viewer=None)[0].bodies == ("samradet", "lsg"), "in the register's order"
    assert bodies_that_meet(connection, viewer=None) == ["samradet", "lsg"]
    assert bodies_that_meet(connection, viewer=frozenset({"party:umea"})) == []
    assert bodies_that_meet(connection, viewer=frozenset({"body:lsg"})) == ["samradet", "lsg"]
