"""SQL statements of what people open all day, held against growth: a page reads each thing once."""

from __future__ import annotations

import pytest

from tests.bench.ours import counted
from tests.web.desk.conftest import KEY, Desk
from tests.web.desk.test_task import GOOD

INBOX, START, TASK, SUBMIT = 8, 4, 11, 12


@pytest.mark.parametrize("cases", [1, 20])
def test_the_inbox_reads_as_much_for_one_task_as_for_many(desk: Desk, cases: int) -> None:
    for _ in range(cases):
        desk.raise_question()
    client = desk.sign_in()
    client.get("/tasks/")
    with counted(desk.database) as statements:
        assert client.get("/tasks/").text.count("dk-sentence__what") == cases
    assert len(statements) <= INBOX, statements


def test_the_start_page_reads_little(desk: Desk) -> None:
    client = desk.sign_in()
    client.get("/start/fragan")
    with counted(desk.database) as statements:
        assert client.get("/start/fragan").status_code == 200
    assert len(statements) <= START, statements


def test_a_task_and_its_case_are_read_in_few_statements(desk: Desk) -> None:
    path = f"/tasks/{desk.open_task(desk.raise_question())}"
    client = desk.sign_in()
    client.get(path)
    with counted(desk.database) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= TASK, statements


def test_a_submit_takes_few_statements(desk: Desk) -> None:
    path = f"/tasks/{desk.open_task(desk.raise_question())}"
    client = desk.sign_in()
    found = KEY.search(client.get(path).text)
    assert found is not None
    with counted(desk.database) as statements:
        answer = client.post(path, data={"desk-submission": found[1], "desk-do": "complete", **GOOD})
    assert answer.status_code == 303
    assert len(statements) <= SUBMIT, statements


def test_a_page_never_tells_of_a_register_that_has_changed(desk: Desk) -> None:
    """What is kept from one request to the next is given up with the register that it was read from."""
    client = desk.sign_in()
    assert "Rådet" in client.get("/tasks/").text
    with desk.database.write() as connection:
        connection.exec_driver_sql("UPDATE body SET name = 'Det nya rådet' WHERE slug = 'radet'")
    assert "Det nya rådet" in client.get("/tasks/").text
