"""Every SELECT of the register: rows in, values of `model` and `Day` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from engine.register.day import Day, Seated
from engine.register.model import Absence, Appointment, Body, Party, Person, Quota
from engine.store.prepared import Prepared
from engine.store.tables import absence, appointment, body, party, person, quota, register_stamp


def read_bodies(connection: Connection) -> dict[str, Body]:
    """Every body by slug, in the order of lists."""
    return {row.slug: Body(*row) for row in connection.execute(_BODIES)}


def read_parties(connection: Connection) -> dict[str, Party]:
    """Every party by slug, in the order of lists."""
    columns = (party.c.slug, party.c.name, party.c.side, party.c.agreement, party.c.position)
    rows = connection.execute(select(*columns).order_by(party.c.position, party.c.slug))
    return {row.slug: Party(*row) for row in rows}


def read_quotas(connection: Connection) -> dict[tuple[str, str], Quota]:
    """Every quota by (body, party)."""
    columns = (quota.c.body, quota.c.party, quota.c.ordinary, quota.c.substitutes, quota.c.required)
    return {(row.body, row.party): Quota(*row) for row in connection.execute(select(*columns))}


def read_people(connection: Connection, *where: ColumnElement[bool]) -> list[Person]:
    """People by name."""
    columns = (person.c.id, person.c.username, person.c.name, person.c.email, person.c.party, person.c.title, person.c.invented)
    return [Person(*row) for row in connection.execute(select(*columns).where(*where).order_by(person.c.name, person.c.id))]


def read_appointments(connection: Connection, *where: ColumnElement[bool]) -> list[Appointment]:
    """Appointments in the order in which they were made: the order in which substitutes are called."""
    rows = connection.execute(select(*_APPOINTMENT).where(*where).order_by(appointment.c.id))
    return [Appointment(*row) for row in rows]


def read_absences(connection: Connection, *where: ColumnElement[bool]) -> list[Absence]:
    """Absences by first day."""
    rows = connection.execute(select(*_ABSENCE).where(*where).order_by(absence.c.starts, absence.c.id))
    return [Absence(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says of who may act, of all days."""

    bodies: Mapping[str, Body]
    appointments: Sequence[Appointment]
    absences: Sequence[Absence]
    people: Mapping[int, Seated]

    def on(self, day: date) -> Day:
        """The register as it stands on a day."""
        in_force = [each for each in self.appointments if each.covers(day)]
        return Day(self.bodies, in_force, [each for each in self.absences if each.starts <= day <= each.ends], self.people)


def read_facts(connection: Connection) -> Facts:
    """The whole register: four statements, whatever its size."""
    people = connection.execute(select(person.c.id, person.c.name, person.c.party))
    return Facts(
        bodies=read_bodies(connection),
        appointments=read_appointments(connection),
        absences=[Absence(*row) for row in connection.execute(select(*_ABSENCE).order_by(absence.c.id))],
        people={row.id: Seated(*row) for row in people},
    )


def read_day(connection: Connection, on: date) -> Day:
    """The whole register on a day."""
    return read_facts(connection).on(on)


def read_stamp(connection: Connection) -> str:
    """What stands for the register as it is now: the same as before if nothing in it has been changed since, by whomever."""
    stamp: str = _STAMP.value(connection)
    return stamp


def lock_stamp(connection: Connection) -> None:
    """Wait until nobody else is changing the register. A change does it first: it goes on to lock people and bodies."""
    connection.execute(select(register_stamp.c.stamp).with_for_update())


STAMP = select(register_stamp.c.stamp).scalar_subquery()
_STAMP = Prepared(select(register_stamp.c.stamp))
_APPOINTMENT = (
    appointment.c.id, appointment.c.person_id, appointment.c.body, appointment.c.party,
    appointment.c.function, appointment.c.starts, appointment.c.ends,
)  # fmt: skip
_ABSENCE = (absence.c.id, absence.c.person_id, absence.c.starts, absence.c.ends, absence.c.substitute_id, absence.c.note)
_BODIES = select(body.c.slug, body.c.name, body.c.name_en, body.c.level, body.c.under, body.c.clause, body.c.position).order_by(
    body.c.position, body.c.slug
)
