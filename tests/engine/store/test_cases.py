"""The list of cases: who sees what, filters, order, pages, and that it costs the same however much there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, create_engine, insert, select

from engine.store import Database
from engine.store import tables as t
from engine.store.cases import PAGE_SIZE, CaseFilter, Sort, State, list_cases
from engine.store.codec import pack
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


def keys(connection: Connection, wanted: CaseFilter, viewer: frozenset[str] | None = None) -> list[str]:
    return [row.business_key for row in list_cases(connection, wanted, viewer=viewer, now=NOW).rows]


def test_a_viewer_sees_the_cases_that_involve_one_of_their_subjects(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    first, second = rows.instance(flow, "C-1"), rows.instance(flow, "C-2")
    rows.sees(first, "party:umea", "body:lsg")
    rows.sees(second, "party:asele")
    assert keys(connection, CaseFilter(), frozenset({"party:umea", "body:lsg"})) == ["C-1"]
    assert keys(connection, CaseFilter(), frozenset({"person:7"})) == []
    assert keys(connection, CaseFilter(), frozenset()) == []
    assert sorted(keys(connection, CaseFilter())) == ["C-1", "C-2"]


def test_counts_and_choices_never_tell_of_cases_that_the_viewer_may_not_see(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    rows.sees(rows.instance(flow, "C-1", party="umea", body="lsg"), "party:umea")
    rows.sees(rows.instance(flow, "C-2", party="asele", body="samradet"), "party:asele")
    page = list_cases(connection, CaseFilter(), viewer=frozenset({"party:umea"}), now=NOW)
    assert (page.counts.all, page.total) == (1, 1)
    assert (page.choices.bodies, page.choices.parties) == (("lsg",), ("umea",))


def test_states(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    late, calm = rows.instance(flow, "late"), rows.instance(flow, "calm")
    child = rows.instance(flow, "late/1", kind="decision", parent_id=late, root_id=late)
    rows.task(child, late, due_at=NOW)
    rows.task(calm, calm, due_at=NOW + timedelta(seconds=1))
    rows.task(calm, calm, due_at=NOW - timedelta(days=9), status="completed")
    rows.instance(flow, "done", status="completed")
    rows.instance(flow, "gone", status="cancelled")
    rows.meeting(flow, "meeting", None)
    assert sorted(keys(connection, CaseFilter(state=State.OPEN))) == ["calm", "late"]
    assert keys(connection, CaseFilter(state=State.OVERDUE)) == ["late"]
    assert sorted(keys(connection, CaseFilter(state=State.CLOSED))) == ["done", "gone"]
    assert len(keys(connection, CaseFilter(state=State.ALL))) == 4
    counts = list_cases(connection, CaseFilter(), viewer=None, now=NOW).counts
    assert (counts.open, counts.overdue, counts.closed, counts.all) == (2, 1, 2, 4)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("åter", ["C-1"]), ("ÅTER ordning", ["C-1"]), ("återgång ÄR", []), ("c-2", ["C-2"]),
        ("100%", ["C-2"]), ("%", ["C-2"]), ("_", []),
    ],
)
def test_text_is_found_without_case_also_in_swedish(connection: Connection, rows: Rows, text: str, found: list[str]) -> None:
    flow = rows.definition()
    rows.instance(flow, "C-1", title="Ordning för Återgång")
    rows.instance(flow, "C-2", title="Kostnad 100% delad")
    assert keys(connection, CaseFilter(text=text)) == found


def test_body_and_party(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    rows.instance(flow, "C-1", body="lsg", party="umea")
    rows.instance(flow, "C-2", body="samradet", party="umea")
    assert keys(connection, CaseFilter(body="lsg")) == ["C-1"]
    assert sorted(keys(connection, CaseFilter(party="umea"))) == ["C-1", "C-2"]
    assert keys(connection, CaseFilter(body="lsg", party="asele")) == []


def test_order(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    for number, (changed, due) in enumerate(((3, None), (1, 5), (2, 4)), start=1):
        case = rows.instance(flow, f"C-{number}", changed_at=NOW + timedelta(days=changed), started_at=NOW - timedelta(days=number))
        rows.task(case, case, due_at=NOW + timedelta(days=due) if due else None)
    assert keys(connection, CaseFilter()) == ["C-1", "C-3", "C-2"]
    assert keys(connection, CaseFilter(descending=False)) == ["C-2", "C-3", "C-1"]
    assert keys(connection, CaseFilter(sort=Sort.NUMBER, descending=False)) == ["C-1", "C-2", "C-3"]
    assert keys(connection, CaseFilter(sort=Sort.STARTED, descending=False)) == ["C-3", "C-2", "C-1"]
    assert keys(connection, CaseFilter(sort=Sort.DUE, descending=False)) == ["C-3", "C-2", "C-1"]
    assert keys(connection, CaseFilter(sort=Sort.DUE)) == ["C-2", "C-3", "C-1"], "what has no date stays last"


def test_pages(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    for number in range(PAGE_SIZE * 2 + 1):
        rows.instance(flow, f"C-{number:03}")
    wanted = [list_cases(connection, CaseFilter(page=page), viewer=None, now=NOW) for page in (1, 2, 3, 99, -4)]
    assert [(page.page, len(page.rows)) for page in wanted] == [(1, 25), (2, 25), (3, 1), (3, 1), (1, 25)]
    assert len({row.id for page in wanted[:3] for row in page.rows}) == PAGE_SIZE * 2 + 1
    assert wanted[0].pages == 3


def test_a_row_says_who_has_it_and_what_it_waits_for(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    person = rows.person("eva")
    case = rows.instance(flow, "C-1")
    child = rows.instance(flow, "C-1/umea", parent_id=case, root_id=case, party="umea")
    rows.task(case, case, "lsg", "lsg-au", name="Second", due_at=NOW + timedelta(days=2))
    rows.task(child, case, name="First", assignee_id=person, due_at=NOW + timedelta(days=1))
    connection.execute(insert(t.timer).values(instance_id=case, token=3, element_id="deadline", due_at=NOW))
    subscribed = {"instance_id": case, "token": 4, "element_id": "answer", "message": "m", "correlation": "C-1", "created_at": NOW}
    connection.execute(insert(t.subscription).values(**subscribed))
    (row,) = list_cases(connection, CaseFilter(), viewer=None, now=NOW).rows
    assert [(task.name, task.assignee, task.roles, task.party) for task in row.tasks] == [
        ("First", "eva", (), "umea"), ("Second", None, ("lsg", "lsg-au"), None)
    ]  # fmt: skip
    assert row.due_at == NOW + timedelta(days=1)
    assert {(wait.element_id, wait.due_at) for wait in row.awaited} == {("deadline", NOW), ("answer", None)}


def test_statements_do_not_grow_with_the_rows(connection: Connection, rows: Rows) -> None:
    flow = rows.definition()
    for number in range(40):
        case = rows.instance(flow, f"C-{number}")
        for role in ("lsg", "lsg-au"):
            rows.task(case, case, role)
    with counted(connection.engine) as statements:
        assert len(list_cases(connection, CaseFilter(), viewer=None, now=NOW).rows) == PAGE_SIZE
    assert len(statements) == 7


def test_a_hundred_thousand_cases_answer_at_once(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/many.db")
    t.metadata.create_all(database.engine)
    with database.write() as connection:
        rows = Rows(connection)
        rows.register()
        _fill(connection, rows.definition(), 100_000)
    searched = CaseFilter(state=State.ALL, text="fråga 99")
    wanted = (CaseFilter(), CaseFilter(state=State.OVERDUE), searched, CaseFilter(sort=Sort.DUE))
    with database.read() as connection:
        assert connection.execute(select(t.instance.c.id).limit(1)).first()
        for each in wanted:
            for viewer in (None, frozenset({"party:umea"})):
                started = time.perf_counter()
                page = list_cases(connection, each, viewer=viewer, now=NOW)
                # Wide, for slow machines: a plan that reads every task for each case takes minutes.
                assert time.perf_counter() - started < 5, each
                assert page.rows
    database.close()


def _fill(connection: Connection, flow: int, number: int) -> None:
    state = pack({})
    cases, involved, tasks = [], [], []
    for n in range(1, number + 1):
        party = "umea" if n % 10 == 0 else "asele"
        cases.append({
            "id": n, "definition_id": flow, "business_key": f"C-{n:06}", "kind": "case", "revision": 1, "state": state,
            "status": "running" if n % 2 == 0 else "completed", "title": f"Fråga {n}", "party": party,
            "started_at": NOW, "changed_at": NOW - timedelta(minutes=n),
        })  # fmt: skip
        involved += [{"root_id": n, "subject": f"party:{party}"}, {"root_id": n, "subject": "body:lsg"}]
        tasks.append({
            "instance_id": n, "root_id": n, "token": 1, "element_id": "review", "name": "Review", "created_at": NOW,
            "status": "open" if n % 2 == 0 else "completed", "due_at": NOW + timedelta(minutes=n - 1000),
        })  # fmt: skip
    connection.execute(insert(t.instance), cases)
    connection.execute(insert(t.involvement), involved)
    connection.execute(insert(t.task), tasks)
