"""The register as the rest of the engine and the pages ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from engine.register import changes, loading, overview, queries
from engine.register.changes import Appointed
from engine.register.day import Day
from engine.register.errors import NotFound
from engine.register.loading import Loaded
from engine.register.model import Absence, Appointment, Body, Holder, Member, Party, Person, Quota, Vacancy
from engine.store import Database
from engine.store.tables import absence, appointment, person

T = TypeVar("T")

# Days kept at once: today and what pages look ahead to; a simulation goes through more, one after the other.
MOST_DAYS = 32


class Register:
    """Who may act, on the day it is asked. A change counts at once, whoever made it: each question asks first for the register's
    stamp, which the database renews with every change, and only what still bears the same stamp is answered from memory.

    Days are civil dates (`engine.clock.civil_date`). Lookups take the `connection` of a running transaction, to see what it
    has written and to save a connection; without one they open their own.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts: tuple[str, queries.Facts] | None = None
        self._days: dict[date, tuple[str, Day]] = {}

    # --- Who acts ---------------------------------------------------------------------------------------------------------

    def day(self, on: date, *, connection: Connection | None = None, stamp: str | None = None) -> Day:
        """The register as it stands that day: one statement, and none when the caller has just read its `stamp`."""
        with self._reading(connection) as reading:
            stamp = stamp or queries.read_stamp(reading)
            known = self._days.get(on)
            if known is not None and known[0] == stamp:
                return known[1]
            facts = self._facts
            if facts is None or facts[0] != stamp:
                facts = self._facts = (stamp, queries.read_facts(reading))
        day = facts[1].on(on)
        if len(self._days) >= MOST_DAYS:
            self._days = {}
        self._days[on] = (stamp, day)
        return day

    def holders(self, role: str, on: date, *, connection: Connection | None = None) -> list[Holder]:
        """Everybody who can act in `role` that day, those away replaced as `day.py` says; empty when it is vacant.

        Raises:
            RoleError: `role` is no role.
        """
        return list(self.day(on, connection=connection).holders(role))

    def roles_of(self, person_id: int, on: date, *, connection: Connection | None = None) -> frozenset[str]:
        """Every role in which the person can act that day, also in somebody's place, and always `person:<id>`.

        Somebody who is away acts in nothing but what is addressed to them by name.
        """
        return self.day(on, connection=connection).roles_of(person_id)

    def acting_for(self, person_id: int, role: str, on: date, *, connection: Connection | None = None) -> int | None:
        """For whom the person would act in `role`; None in their own right, and None too when they cannot act in it."""
        holders = self.holders(role, on, connection=connection)
        return next((holder.acting_for for holder in holders if holder.person_id == person_id), None)

    def vacant(self, wanted: Iterable[str], on: date, *, connection: Connection | None = None) -> frozenset[str]:
        """Those of the roles in which nobody can act that day."""
        day = self.day(on, connection=connection)
        return frozenset(role for role in wanted if not day.holders(role))

    def subjects_of(self, person_id: int, on: date, *, connection: Connection | None = None) -> frozenset[str]:
        """Whose cases the person sees: `party:…`, `body:…` and `person:…`, those of an absent person who named them included."""
        return self.day(on, connection=connection).subjects_of(person_id)

    # --- What there is ----------------------------------------------------------------------------------------------------

    def parties(self) -> list[Party]:
        """Every party, in the order of lists."""
        return self._read(lambda c: list(queries.read_parties(c).values()))

    def bodies(self) -> list[Body]:
        """Every body, in the order of lists."""
        return self._read(lambda c: list(queries.read_bodies(c).values()))

    def body(self, slug: str) -> Body:
        """One body.

        Raises:
            NotFound: there is none of that slug.
        """
        found = self._read(queries.read_bodies).get(slug)
        if found is None:
            raise NotFound(f"There is no body {slug}.")
        return found

    def quotas(self, body: str) -> list[Quota]:
        """The seats of each party in a body; empty for a body whose seats its mandate names."""
        return self._read(lambda c: [q for q in queries.read_quotas(c).values() if q.body == body])

    def people(self, *, party: str | None = None) -> list[Person]:
        """Everybody, or a party's people, by name."""
        where = () if party is None else (person.c.party == party,)
        return self._read(lambda c: queries.read_people(c, *where))

    def person(self, who: int | str) -> Person:
        """One person by id or username.

        Raises:
            NotFound: there is nobody of that id or username.
        """
        column = person.c.id if isinstance(who, int) else person.c.username
        found = self._read(lambda c: queries.read_people(c, column == who))
        if not found:
            raise NotFound(f"There is no person {who}.")
        return found[0]

    def members(self, body: str, on: date, *, connection: Connection | None = None) -> list[Member]:
        """A body's people that day, chair first; `Member.takes_part` tells those who take part as members."""
        with self._reading(connection) as reading:
            return overview.members_of(self.day(on, connection=reading), body, queries.read_parties(reading))

    def vacancies(self, on: date) -> list[Vacancy]:
        """What should be filled and is not, that day."""
        with self._database.read() as reading:
            day = self.day(on, connection=reading)
            return overview.vacancies_of(day, queries.read_parties(reading), list(queries.read_quotas(reading).values()))

    def appointments(self, *, body: str | None = None, person_id: int | None = None) -> list[Appointment]:
        """Appointments of all times, of a body or of a person, in the order in which they were made."""
        where = [] if body is None else [appointment.c.body == body]
        where += [] if person_id is None else [appointment.c.person_id == person_id]
        return self._read(lambda c: queries.read_appointments(c, *where))

    def absences(self, on: date) -> list[Absence]:
        """Who is away that day."""
        return self._read(lambda c: queries.read_absences(c, absence.c.starts <= on, absence.c.ends >= on))

    # --- Changes ----------------------------------------------------------------------------------------------------------

    def load(self, file: Mapping[str, Any], *, today: date, invented: bool = False) -> Loaded:
        """Bring a register file in, all or nothing; loading it again changes nothing.

        Args:
            today: from which the file's relative dates count.
            invented: its people are demo people.

        Raises:
            LoadRefused: with every problem of the file.
        """
        with self._changing() as writing:
            return loading.load_file(writing, file, today=today, invented=invented)

    def appoint(
        self, person_id: int, function: str, *, starts: date, ends: date | None = None, body: str | None = None, party: str | None
    ) -> Appointed:
        """Appoint somebody to a body, or to an office of a party.

        Raises:
            NotFound: there is no such person, body or party.
            QuotaExceeded: the party's seats are taken (R5.1.3, R6.1.3).
            Conflict: it contradicts another appointment or itself.
        """
        with self._changing() as writing:
            return changes.appoint(writing, Appointment(0, person_id, body, party, function, starts, ends))

    def end_appointment(self, appointment_id: int, *, last_day: date) -> None:
        """Let an appointment end.

        Raises:
            NotFound, Conflict: as `changes.end_appointment` says.
        """
        with self._changing() as writing:
            changes.end_appointment(writing, appointment_id, last_day)

    def register_absence(
        self, person_id: int, *, starts: date, ends: date, at: datetime, substitute_id: int | None = None, note: str = ""
    ) -> int:
        """Note that somebody is away, and who acts instead; the absence's id.

        Raises:
            NotFound: there is no such person or substitute.
            Conflict: it overlaps another absence of the person, or the substitute is away too.
        """
        with self._changing() as writing:
            return changes.register_absence(writing, Absence(0, person_id, starts, ends, substitute_id, note), at)

    def end_absence(self, absence_id: int, *, last_day: date) -> None:
        """Let somebody come back earlier.

        Raises:
            NotFound, Conflict: as `changes.end_absence` says.
        """
        with self._changing() as writing:
            changes.end_absence(writing, absence_id, last_day)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with self._database.write() as writing:
            queries.lock_stamp(writing)
            yield writing

    def _read(self, question: Callable[[Connection], T]) -> T:
        with self._database.read() as reading:
            return question(reading)

    def _reading(self, connection: Connection | None) -> AbstractContextManager[Connection]:
        return self._database.read() if connection is None else nullcontext(connection)
