"""Brings a register file into the database: what is new is added, what differs is changed, nothing is removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, update

from engine.clock import start_of_day
from engine.register import queries, rules
from engine.register.errors import LoadRefused, RegisterError
from engine.register.model import Absence, Appointment, Person
from engine.register.reading import AbsenceEntry, Entries, SeatEntry, expand_quotas, read_entries
from engine.store.tables import absence, appointment, body, party, person, quota


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load added and changed; both 0 when the file was already there."""

    added: int
    changed: int


def load_file(connection: Connection, file: Mapping[str, Any], *, today: date, invented: bool) -> Loaded:
    """Load within the caller's transaction.

    Raises:
        LoadRefused: the file contradicts itself, the register or the agreement's quotas; every problem is named.
    """
    entries = read_entries(file, today)
    loader = _Loader(connection, today, invented)
    loader.load(entries)
    if loader.problems:
        raise LoadRefused(loader.problems)
    return Loaded(loader.added, loader.changed)


class _Loader:
    def __init__(self, connection: Connection, today: date, invented: bool) -> None:
        self.connection = connection
        self.today = today
        self.invented = invented
        self.problems: list[str] = []
        self.added = 0
        self.changed = 0

    def load(self, entries: Entries) -> None:
        self._parties(entries)
        self._bodies(entries)
        if self.problems:
            return
        self.bodies = queries.read_bodies(self.connection)
        self.parties = queries.read_parties(self.connection)
        self._quotas(entries)
        self._people(entries)
        if self.problems:
            return
        self.people = {known.username: known for known in queries.read_people(self.connection)}
        self._appointments(entries.seats)
        self._absences(entries.absences)

    # --- The fixed part ---------------------------------------------------------------------------------------------------

    def _parties(self, entries: Entries) -> None:
        known = {p.slug: self._row(p) for p in queries.read_parties(self.connection).values()}
        self._upsert(party, "slug", [self._row(p) for p in entries.parties], known)

    def _bodies(self, entries: Entries) -> None:
        known = {b.slug: self._row(b) for b in queries.read_bodies(self.connection).values()}
        named = known.keys() | {entry.slug for entry in entries.bodies}
        for entry in entries.bodies:
            if entry.under is not None and entry.under not in named:
                self.problems.append(f"body {entry.slug}: there is no body {entry.under}")
        if not self.problems:
            rows = [{**self._row(entry), "position": number} for number, entry in enumerate(entries.bodies, 1)]
            # A body comes after the one that it is under, whatever the file's order, for the foreign key's sake.
            rows.sort(key=lambda row: row["under"] is not None)
            self._upsert(body, "slug", rows, known)

    def _quotas(self, entries: Entries) -> None:
        for of_body, of, _ in entries.quotas:
            if of_body not in self.bodies:
                self.problems.append(f"quotas: there is no body {of_body}")
            if of not in ("municipal", "regional") and of not in self.parties:
                self.problems.append(f"quotas of {of_body}: there is no party {of}")
        if self.problems:
            return
        known = queries.read_quotas(self.connection)
        for new in expand_quotas(entries, list(self.parties.values())):
            old = known.get((new.body, new.party))
            if old is None:
                self._insert(quota, [self._row(new)])
            elif old != new:
                where = (quota.c.body == new.body, quota.c.party == new.party)
                self.connection.execute(update(quota).where(*where).values(**self._row(new)))
                self.changed += 1

    # --- People -----------------------------------------------------------------------------------------------------------

    def _people(self, entries: Entries) -> None:
        known = {p.username: self._row(p) for p in queries.read_people(self.connection)}
        rows: dict[str, dict[str, Any]] = {}
        for entry in entries.people:
            if entry.party not in self.parties:
                self.problems.append(f"people: there is no party {entry.party}")
            if entry.username in rows:
                self.problems.append(f"people: {entry.username} is there twice")
            rows[entry.username] = {**self._row(entry), "invented": self.invented}
        if not self.problems:
            self._upsert(person, "username", list(rows.values()), known)

    def _appointments(self, seats: list[SeatEntry]) -> None:
        existing = queries.read_appointments(self.connection)
        groups: dict[tuple[str | None, str | None], list[Appointment]] = {}
        for known in existing:
            groups.setdefault(_group(known), []).append(known)
        quotas = queries.read_quotas(self.connection)
        fresh: list[Appointment] = []
        for entry in seats:
            new = self._appointment(entry, -len(fresh) - 1)
            if new is None:
                continue
            group = groups.setdefault(_group(new), [])
            same = [known for known in group if _same_seat(known, new) and known.overlaps(new.starts, new.ends)]
            if same:
                # Loaded before, perhaps on another day. An end that the file has moved is moved; a later history stays.
                self._move_end(same, new)
                continue
            try:
                rules.refuse_wrong(new, rules.Seating(self.bodies, self.parties, quotas, group))
            except RegisterError as error:
                self.problems.append(f"{entry.username}, {entry.body or entry.party or 'office'} {entry.function}: {error}")
                continue
            group.append(new)
            fresh.append(new)
        if not self.problems:
            self._insert(appointment, [self._row(new) for new in fresh])

    def _appointment(self, entry: SeatEntry, number: int) -> Appointment | None:
        who = self._person(entry.username)
        if who is None:
            return None
        of = who.party if entry.own_party else entry.party
        for kind, slug, known in (("body", entry.body, self.bodies), ("party", of, self.parties)):
            if slug is not None and slug not in known:
                self.problems.append(f"{entry.username}: there is no {kind} {slug}")
                return None
        return Appointment(number, who.id, entry.body, of, entry.function, entry.starts, entry.ends)

    def _move_end(self, same: list[Appointment], new: Appointment) -> None:
        for known in same:
            if known.id > 0 and known.starts == new.starts and known.ends != new.ends:
                self.connection.execute(update(appointment).where(appointment.c.id == known.id).values(ends=new.ends))
                self.changed += 1

    def _absences(self, entries: list[AbsenceEntry]) -> None:
        known = queries.read_absences(self.connection)
        for number, entry in enumerate(entries, 1):
            who = self._person(entry.username)
            instead = self._person(entry.substitute) if entry.substitute is not None else None
            if who is None or (entry.substitute is not None and instead is None):
                continue
            new = Absence(-number, who.id, entry.starts, entry.ends, instead.id if instead else None, entry.note)
            if any(a.person_id == who.id and a.starts <= new.ends and new.starts <= a.ends for a in known if a.id > 0):
                continue  # loaded before, perhaps on another day
            try:
                rules.refuse_absence(new, known)
            except RegisterError as error:
                self.problems.append(f"{entry.username}, absence from {entry.starts}: {error}")
                continue
            known.append(new)
            self._insert(absence, [{**self._row(new), "registered_at": start_of_day(self.today)}])

    # --- Rows -------------------------------------------------------------------------------------------------------------

    def _person(self, username: str) -> Person | None:
        if username not in self.people:
            self.problems.append(f"there is nobody called {username}")
        return self.people.get(username)

    def _upsert(self, table: Table, key: str, rows: list[dict[str, Any]], known: Mapping[str, Mapping[str, Any]]) -> None:
        self._insert(table, [row for row in rows if row[key] not in known])
        for row in rows:
            old = known.get(row[key])
            if old is not None and any(old[name] != value for name, value in row.items()):
                self.connection.execute(update(table).where(table.c[key] == row[key]).values(**row))
                self.changed += 1

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(insert(table), rows)
            self.added += len(rows)

    @staticmethod
    def _row(value: Any) -> dict[str, Any]:
        """A value's fields as columns; the id is the database's to give."""
        return {name: getattr(value, name) for name in value.__dataclass_fields__ if name != "id"}


def _group(a: Appointment) -> tuple[str | None, str | None]:
    return (a.body, None) if a.body is not None else (None, a.party)


def _same_seat(a: Appointment, b: Appointment) -> bool:
    return replace(a, id=b.id, starts=b.starts, ends=b.ends) == b
