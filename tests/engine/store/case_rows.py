"""Rows for tests of the read queries: what the runtime would have written, without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event, insert

from engine.store import tables as t
from engine.store.codec import pack

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Rows:
    """Writes rows on one connection; every method answers the id of what it wrote."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._numbers: dict[int, int] = {}

    def _insert(self, table: Any, **values: Any) -> int:
        key = self.connection.execute(insert(table).values(**values)).inserted_primary_key
        assert key is not None
        return int(key[0]) if isinstance(key[0], int) else 0

    def register(self) -> None:
        """Two municipalities, the region and two bodies."""
        names = (("umea", "Umeå", "municipal"), ("asele", "Åsele", "municipal"), ("region", "Region Västerbotten", "regional"))
        for position, (slug, name, side) in enumerate(names):
            self._insert(t.party, slug=slug, name=name, side=side, position=position)
        for position, (slug, name, english) in enumerate((("samradet", "Samrådet", "The Council"), ("lsg", "LSG", "LSG"))):
            self._insert(t.body, slug=slug, name=name, name_en=english, level="officials", clause="R6.1", position=position)

    def person(self, username: str, name: str = "", party: str | None = None) -> int:
        return self._insert(t.person, username=username, name=name or username, email=f"{username}@example.org", party=party)

    def definition(self, key: str = "flow", **values: Any) -> int:
        deployed = self._insert(t.deployment, registration=f"DR-{key}", why="test", deployed_at=NOW)
        base = {
            "kind": "process", "key": key, "version": 1, "name": key.title(), "file_name": f"{key}.bpmn", "content": b"",
            "digest": "", "bindings": {}, "properties": {}, "deployment_id": deployed,
        }  # fmt: skip
        return self._insert(t.definition, **(base | values))

    def instance(self, definition: int, key: str, **values: Any) -> int:
        base = {
            "kind": "case", "status": "running", "revision": 1, "state": pack({}), "started_at": NOW, "changed_at": NOW,
        }  # fmt: skip
        return self._insert(t.instance, definition_id=definition, business_key=key, **(base | values))

    def sees(self, root: int, *subjects: str) -> None:
        for subject in subjects:
            self._insert(t.involvement, root_id=root, subject=subject)

    def task(self, instance: int, root: int, *roles: str, **values: Any) -> int:
        base = {"token": 1, "element_id": "review", "name": "Review", "status": "open", "created_at": NOW}
        task = self._insert(t.task, instance_id=instance, root_id=root, **(base | values))
        for role in roles:
            self._insert(t.task_role, task_id=task, role=role)
        return task

    def happened(self, instance: int, kind: str, content: Any = None, **values: Any) -> int:
        number = self._numbers[instance] = self._numbers.get(instance, 0) + 1
        row = self._insert(t.history, instance_id=instance, number=number, kind=kind, hash=b"", **({"at": NOW} | values))
        if content is not None:
            self._insert(t.history_content, instance_id=instance, number=number, salt=b"", content=pack(content))
        return row

    def meeting(self, definition: int, key: str, day: date | None, **values: Any) -> int:
        return self.instance(definition, key, kind="meeting", event_date=day, **values)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the block sends to the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
