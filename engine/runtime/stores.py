"""Data stores (BPMN 2.0.2, 10.4.1): values that outlive an instance and are seen by all, one a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.bpmn import events as ev
from engine.store.codec import pack, unpack
from engine.store.prepared import Prepared
from engine.store.tables import data_store

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.runtime.work import Work

READ = Prepared(select(data_store.c.value).where(data_store.c.name == bindparam("store")))


class Stores:
    """What one command reads. Each value is read once and kept, so that the history can tell what the command saw."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.seen: dict[str, Any] = {}

    def read(self, name: str) -> Any:
        """The value of the store `name`.

        Raises:
            ValueError: nobody has written to it yet.
        """
        if name not in self.seen:
            found = READ.value(self._connection, store=name)
            if found is None:
                raise ValueError(f"the data store {name} is empty")
            self.seen[name] = unpack(found)["value"]
        return self.seen[name]


def write_stores(work: Work, instance_id: int, happened: list[ev.Event]) -> None:
    """The last value that a command wrote to each store."""
    last = {event.store: event.value for event in happened if isinstance(event, ev.StoreWritten)}
    insert = sqlite_insert if work.connection.dialect.name == "sqlite" else postgresql_insert
    if last:
        work.settle()
    for name, value in sorted(last.items()):
        values = {"value": pack({"value": value}), "changed_at": work.now, "changed_by": instance_id}
        written = insert(data_store).values(name=name, **values)
        work.connection.execute(written.on_conflict_do_update(index_elements=[data_store.c.name], set_=values))
