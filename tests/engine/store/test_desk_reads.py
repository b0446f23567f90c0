"""The reads behind an official's pages, on rows that the tests write themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from engine.store import Database, comments, documents, notices, tables, tasks
from engine.store.tasks import Pile, Viewer

NOW = datetime(2026, 1, 12, 8, tzinfo=UTC)
ANNA, KARIN = 1, 2


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as found:
        _register(found)
        yield found


def _register(connection: Connection) -> None:
    connection.execute(insert(tables.party).values(slug="vilhelmina", name="Vilhelmina kommun", side="municipal", position=1))
    for id_, name in ((ANNA, "Anna Ek"), (KARIN, "Karin Lind")):
        connection.execute(insert(tables.person).values(id=id_, username=name.lower(), name=name, email="x@example.org"))
    connection.execute(insert(tables.deployment).values(id=1, registration="PV-1", why="första", deployed_at=NOW))
    connection.execute(
        insert(tables.definition).values(
            id=1,
            kind="process",
            key="arende",
            version=1,
            name="Ärende",
            file_name="a.bpmn",
            content=b"",
            digest="",
            bindings={},
            properties={},
            deployment_id=1,
        )
    )


def _case(connection: Connection, id_: int, title: str = "Hemsjukvård", **more: Any) -> int:
    values: dict[str, Any] = {
        "id": id_,
        "definition_id": 1,
        "business_key": f"ÄR-2026-{id_:04}",
        "status": "running",
        "revision": 1,
        "state": b"",
        "title": title,
        "started_at": NOW,
        "changed_at": NOW,
        "root_id": id_,
    }
    connection.execute(insert(tables.instance).values(values | more))
    return id_


def _task(connection: Connection, root_id: int, *roles: str, **more: Any) -> int:
    values = {
        "instance_id": root_id,
        "root_id": root_id,
        "token": 1,
        "element_id": "granska",
        "name": "Granska",
        "status": "open",
        "created_at": NOW,
    }
    id_ = int(connection.execute(insert(tables.task).values(values | more)).inserted_primary_key[0])
    for role in roles:
        connection.execute(insert(tables.task_role).values(task_id=id_, role=role))
    return id_


def _ids(found: tasks.Inbox) -> list[int]:
    return [row.id for row in found.rows]


def test_mine_first_then_the_latest_of_the_late(connection: Connection) -> None:
    case = _case(connection, 1)
    day = timedelta(days=1)
    free_late = _task(connection, case, "lsg", due_at=NOW - 9 * day)
    mine_later = _task(connection, case, "lsg", assignee_id=ANNA, due_at=NOW + day)
    mine_never = _task(connection, case, "lsg", assignee_id=ANNA)
    mine_late = _task(connection, case, "lsg", assignee_id=ANNA, due_at=NOW - day)
    free_soon = _task(connection, case, "lsg", "koordinator", due_at=NOW + day)
    _task(connection, case, "lsg", assignee_id=KARIN)
    _task(connection, case, "samradet")
    _task(connection, case, "lsg", status="completed")

    found = tasks.inbox(connection, Viewer(ANNA, frozenset({"lsg", "koordinator"})), now=NOW)

    assert _ids(found) == [mine_late, mine_later, mine_never, free_late, free_soon]
    assert (found.counts.mine, found.counts.roles, found.counts.late, found.counts.all, found.total) == (3, 2, 2, 5, 5)
    assert found.rows[-1].roles == ("koordinator", "lsg")


def test_what_nobody_can_do_falls_to_the_coordinator(connection: Connection) -> None:
    case = _case(connection, 1)
    half_vacant = _task(connection, case, "lsg", "tom:ordforande")
    vacant = _task(connection, case, "tom:ordforande")
    nameless = _task(connection, case)
    mine = _task(connection, case, "koordinator", "lsg")
    _task(connection, case, "tom:ordforande", assignee_id=KARIN)
    roles = frozenset({"koordinator", "person:1"})
    vacancies = frozenset({"tom:ordforande"})

    assert tasks.roles_in_use(connection) == {"koordinator", "lsg", "tom:ordforande"}
    assert _ids(tasks.inbox(connection, Viewer(ANNA, roles), now=NOW)) == [mine]
    found = tasks.inbox(connection, Viewer(ANNA, roles, vacancies), now=NOW)
    assert _ids(found) == [vacant, nameless, mine]
    assert half_vacant not in _ids(found)
    assert _ids(tasks.inbox(connection, Viewer(ANNA, roles, frozenset()), now=NOW)) == [nameless, mine]


@pytest.mark.parametrize(("pile", "expected"), [(Pile.MINE, [1]), (Pile.ROLES, [2, 3]), (Pile.LATE, [2]), (Pile.ALL, [1, 2, 3])])
def test_piles(connection: Connection, pile: Pile, expected: list[int]) -> None:
    case = _case(connection, 1)
    _task(connection, case, "lsg", assignee_id=ANNA)
    _task(connection, case, "lsg", due_at=NOW)
    _task(connection, case, "lsg", due_at=NOW + timedelta(seconds=1))

    found = tasks.inbox(connection, Viewer(ANNA, frozenset({"lsg"})), now=NOW, pile=pile)

    assert _ids(found) == expected
    assert found.total == len(expected)
    assert found.counts.all == 3


@pytest.mark.parametrize(
    ("search", "hits"),
    [
        ("ÅSELE", 1),
        ("åsele", 1),
        ("är-2026-0001", 1),
        ("granska tandvård", 1),
        ("granska bjurholm", 0),
        ("%", 0),
        ("  ", 2),
        ("0002", 1),
    ],
)
def test_search_knows_swedish_letters_and_takes_wildcards_literally(connection: Connection, search: str, hits: int) -> None:
    _task(connection, _case(connection, 1, "Tandvård i Åsele"), "lsg")
    _task(connection, _case(connection, 2, "Avgifter"), "lsg", assignee_id=ANNA)

    found = tasks.inbox(connection, Viewer(ANNA, frozenset({"lsg"})), now=NOW, search=search)

    assert (len(found.rows), found.total) == (hits, hits)


def test_pages_are_cut_in_the_database(connection: Connection) -> None:
    case = _case(connection, 1)
    all_ids = [_task(connection, case, "lsg") for _ in range(7)]
    viewer = Viewer(ANNA, frozenset({"lsg"}))

    pages = [_ids(tasks.inbox(connection, viewer, now=NOW, limit=3, offset=offset)) for offset in (0, 3, 6)]

    assert [id_ for page in pages for id_ in page] == all_ids
    assert len(pages[2]) == 1


def test_an_inbox_takes_as_many_statements_for_many_tasks_as_for_one(connection: Connection) -> None:
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    viewer = Viewer(ANNA, frozenset({"lsg"}))
    case = _case(connection, 1)
    _task(connection, case, "lsg")
    statements.clear()
    tasks.inbox(connection, viewer, now=NOW)
    few = len(statements)
    for _ in range(20):
        _task(connection, case, "lsg", "koordinator")
    statements.clear()
    tasks.inbox(connection, viewer, now=NOW)
    assert len(statements) == few <= 4


def test_a_part_of_a_case_tells_whose_part_it_is(connection: Connection) -> None:
    _case(connection, 1, "Gemensam hemsjukvård", party="vilhelmina")
    _case(connection, 2, "Linjebeslut", root_id=1, parent_id=1, party="vilhelmina", business_key="LB-1")
    whole, part = _task(connection, 1), _task(connection, 1, instance_id=2, sender_id=KARIN)

    found = tasks.one_task(connection, part)
    assert found is not None
    assert (found.title, found.case_key, found.business_key) == ("Gemensam hemsjukvård", "ÄR-2026-0001", "LB-1")
    assert (found.party_name, found.sender_name) == ("Vilhelmina kommun", "Karin Lind")
    top = tasks.one_task(connection, whole)
    assert top is not None and top.party_name is None
    assert tasks.one_task(connection, 999) is None


def test_what_is_open_and_what_is_done_in_a_case(connection: Connection) -> None:
    _case(connection, 1)
    first = _task(connection, 1, status="completed", closed_at=NOW, closed_by=ANNA, acted_for=KARIN, submission="s1")
    second = _task(connection, 1, status="completed", closed_at=NOW + timedelta(hours=1), closed_by=KARIN)
    waits = _task(connection, 1, "lsg")

    done = tasks.done_in_case(connection, 1)
    assert [row.id for row in done] == [second, first]
    assert (done[1].closed_by_name, done[1].acted_for_name) == ("Anna Ek", "Karin Lind")
    assert [row.id for row in tasks.open_in_case(connection, 1)] == [waits]
    assert tasks.closed_by_submission(connection, first, "s1")
    assert not tasks.closed_by_submission(connection, first, "s2")


def test_notices_reach_my_roles_and_are_read_once(connection: Connection) -> None:
    _case(connection, 1)
    for number, recipient in enumerate(("lsg", "person:1", "samradet")):
        connection.execute(
            insert(tables.notice).values(
                instance_id=1, recipient=recipient, subject=f"Rad {number}", body="", created_at=NOW + timedelta(hours=number)
            )
        )
    roles = frozenset({"lsg", "person:1"})

    unread = notices.notices(connection, ANNA, roles, unread_only=True)
    assert [line.subject for line in unread] == ["Rad 1", "Rad 0"]
    assert unread[0].case_key == "ÄR-2026-0001"
    everyone = [1, 2, 3]
    assert notices.mark_read(connection, ANNA, roles, everyone, now=NOW) == 2
    assert notices.mark_read(connection, ANNA, roles, everyone, now=NOW) == 0
    assert notices.count_notices(connection, ANNA, roles, unread_only=True) == 0
    assert notices.count_notices(connection, ANNA, roles, unread_only=False) == 2
    assert notices.count_notices(connection, KARIN, roles, unread_only=True) == 2


def test_comments_are_kept_in_order_and_a_double_click_is_one(connection: Connection) -> None:
    _case(connection, 1)
    first = comments.add_comment(connection, 1, " Hej\r\ndär ", by=ANNA, now=NOW)
    assert comments.add_comment(connection, 1, "Hej\ndär", by=ANNA, now=NOW + timedelta(seconds=1)) == first
    comments.add_comment(connection, 1, "Hej\ndär", by=KARIN, now=NOW + timedelta(seconds=2))
    assert [(line.name, line.text) for line in comments.comments(connection, 1)] == [
        ("Anna Ek", "Hej\ndär"),
        ("Karin Lind", "Hej\ndär"),
    ]
    assert comments.count_comments(connection, 1) == 2
    for wrong in ("  ", "x" * (comments.LONGEST + 1)):
        with pytest.raises(ValueError, match="characters"):
            comments.add_comment(connection, 1, wrong, by=ANNA, now=NOW)


def test_only_the_one_who_attached_a_document_removes_it(connection: Connection) -> None:
    _case(connection, 1)
    new = documents.NewDocument(
        root_id=1, task_id=None, name="a.pdf", media_type="application/pdf", size=3, digest="d", stored_as="x1"
    )
    id_ = documents.add_document(connection, new, by=ANNA, now=NOW)
    same = documents.same_document(connection, new, ANNA)
    assert same is not None and same.id == id_
    assert documents.same_document(connection, new, KARIN) is None

    assert not documents.remove_document(connection, id_, by=KARIN, now=NOW)
    assert documents.count_documents(connection, 1) == 1
    assert documents.remove_document(connection, id_, by=ANNA, now=NOW)
    assert not documents.remove_document(connection, id_, by=ANNA, now=NOW)
    assert documents.documents(connection, 1) == []
    kept = documents.one_document(connection, id_)
    assert kept is not None and kept.removed_at == NOW


def test_a_case_without_tasks_has_no_roles_in_use(connection: Connection) -> None:
    assert tasks.roles_in_use(connection) == frozenset()
