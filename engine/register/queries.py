"""Every SELECT of the register: rows in, values of `model` and `Day` out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from engine.register import roles
from engine.register.day import Day, Seated
from engine.register.model import Absence, Appointment, Body, Party, Person, Quota
from engine.store.tables import absence, appointment, body, party, person, quota


def read_bodies(connection: Connection) -> dict[str, Body]:
    """Every body by slug, in the order of lists."""
    columns = (body.c.slug, body.c.name, body.c.name_en, body.c.level, body.c.under, body.c.clause, body.c.position)
    rows = connection.execute(select(*columns).order_by(body.c.position, body.c.slug))
    return {row.slug: Body(*row) for row in rows}


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


def in_force(on: date) -> ColumnElement[bool]:
    """Appointments that cover the day."""
    return and_(appointment.c.starts <= on, or_(appointment.c.ends.is_(None), appointment.c.ends >= on))


def read_day(connection: Connection, on: date) -> Day:
    """The whole register on a day: three statements, whatever its size."""
    return _day(connection, on, read_bodies(connection), None, ())


def read_day_for_roles(connection: Connection, on: date, wanted: Iterable[roles.Role]) -> Day:
    """As much of a day as it takes to say who holds `wanted`: at most four statements.

    The absences of a day are few and read whole; appointments only of the bodies, offices and functions asked about.
    """
    bodies = read_bodies(connection)
    conditions: list[ColumnElement[bool]] = []
    people: set[int] = set()
    for role in wanted:
        match role:
            case roles.PersonRole(person_id):
                people.add(person_id)
            case roles.Within(place, _) | roles.Named(place) if place in bodies:
                conditions.append(appointment.c.body.in_({place, bodies[place].au_of or place}))
            case roles.PartyOffice(of, function):
                conditions.append(and_(appointment.c.body.is_(None), appointment.c.party == of, appointment.c.function == function))
            case roles.Named(name):
                # Somebody with the function may be absent from a body: its substitutes are needed too.
                named = select(appointment.c.body).where(appointment.c.function == name, in_force(on))
                conditions.append(or_(appointment.c.function == name, appointment.c.body.in_(named)))
    return _day(connection, on, bodies, or_(false(), *conditions), people)


def read_day_for_person(connection: Connection, on: date, person_id: int) -> Day:
    """As much of a day as it takes to say what one person can do and see: four statements.

    That is the bodies in which they have a seat, their own appointments, and those of everybody away.
    """
    mine = select(appointment.c.body).where(appointment.c.person_id == person_id, in_force(on))
    away = select(absence.c.person_id).where(absence.c.starts <= on, absence.c.ends >= on)
    condition = or_(appointment.c.person_id == person_id, appointment.c.body.in_(mine), appointment.c.person_id.in_(away))
    return _day(connection, on, read_bodies(connection), condition, {person_id})




_APPOINTMENT = (
    appointment.c.id, appointment.c.person_id, appointment.c.body, appointment.c.party,
    appointment.c.function, appointment.c.starts, appointment.c.ends,
)  # fmt: skip
_ABSENCE = (absence.c.id, absence.c.person_id, absence.c.starts, absence.c.ends, absence.c.substitute_id, absence.c.note)


def _day(
    connection: Connection, on: date, bodies: Mapping[str, Body], condition: ColumnElement[bool] | None, also: Collection[int]
) -> Day:
    absences = read_absences(connection, absence.c.starts <= on, absence.c.ends >= on)
    statement = (
        select(*_APPOINTMENT, person.c.name.label("person_name"), person.c.party.label("person_party"))
        .join(person, person.c.id == appointment.c.person_id)
        .where(in_force(on))
        .order_by(appointment.c.id)
    )
    rows = connection.execute(statement if condition is None else statement.where(condition)).all()
    people = {row.person_id: Seated(row.person_id, row.person_name, row.person_party) for row in rows}
    # Who is named as substitute, and who is asked about by number, need no appointment of their own.
    unknown = {*also, *(a.substitute_id for a in absences if a.substitute_id), *(a.person_id for a in absences)} - people.keys()
    if unknown:
        columns = (person.c.id, person.c.name, person.c.party)
        people |= {row.id: Seated(*row) for row in connection.execute(select(*columns).where(person.c.id.in_(unknown)))}
    return Day(bodies, [Appointment(*row[: len(_APPOINTMENT)]) for row in rows], absences, people)
