"""What bodies, parties and people are called, for pages that show the slugs and roles that rows carry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from engine.store.prepared import Prepared
from engine.store.tables import body, party, person


@dataclass(frozen=True, slots=True)
class Names:
    """Slug → name, in the register's own order. A body has a Swedish and an English one."""

    bodies: Mapping[str, tuple[str, str]]
    parties: Mapping[str, str]

    def body(self, slug: str, locale: str) -> str:
        """The body's name; the slug where the register has no such body."""
        swedish, english = self.bodies.get(slug, (slug, slug))
        return english if locale == "en" else swedish

    def party(self, slug: str) -> str:
        return self.parties.get(slug, slug)


def read_names(connection: Connection) -> Names:
    """The names of all bodies and parties. Two statements."""
    bodies, parties = _BODIES.rows(connection), _PARTIES.rows(connection)
    return Names({row.slug: (row.name, row.name_en) for row in bodies}, {row.slug: row.name for row in parties})


_BODIES = Prepared(select(body.c.slug, body.c.name, body.c.name_en).order_by(body.c.position))
_PARTIES = Prepared(select(party.c.slug, party.c.name).order_by(party.c.position))


def people_named(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Person id → name, for those that exist. One statement, none without ids."""
    if not ids:
        return {}
    query = select(person.c.id, person.c.name).where(person.c.id.in_(sorted(ids)))
    return dict(connection.execute(query).all())
