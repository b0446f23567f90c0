"""Every SELECT of the register: rows in, values of `model` and `Day` out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Connection, Date, Select, Text, and_, bindparam, or_, select

from engine.register import roles
from engine.register.day import Day, Seated
from engine.register.model import Absence, Appointment, Body, Party, Person, Quota
from engine.store.tables import absence, appointment, body, party, person, quota


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


def read_day(connection: Connection, on: date) -> Day:
    """The whole register on a day: four statements, whatever its size."""
    return _day(connection, on, read_bodies(connection), _WHOLE, {}, ())


def read_day_for_roles(connection: Connection, on: date, wanted: Iterable[roles.Role]) -> Day:
    """As much of a day as it takes to say who holds `wanted`: at most four statements, for any number of roles.

    The absences of a day are few and read whole; appointments only of the bodies, offices and functions asked about.
    """
    bodies = read_bodies(connection)
    asked: dict[str, set[str]] = {"bodies": set(), "parties": set(), "offices": set(), "names": set()}
    people: set[int] = set()
    for role in wanted:
        match role:
            case roles.PersonRole(person_id):
                people.add(person_id)
            case roles.Within(place, _) | roles.Named(place) if place in bodies:
                asked["bodies"] |= {place, bodies[place].au_of or place}
            case roles.PartyOffice(of, function):
                asked["parties"].add(of)
                asked["offices"].add(function)
            case roles.Named(name):
                asked["names"].add(name)
    return _day(connection, on, bodies, _FOR_ROLES, {name: sorted(values) for name, values in asked.items()}, people)


def read_day_for_person(connection: Connection, on: date, person_id: int) -> Day:
    """As much of a day as it takes to say what one person can do and see: at most four statements.

    That is the bodies in which they have a seat, their own appointments, and those of everybody away.
    """
    return _day(connection, on, read_bodies(connection), _FOR_PERSON, {"person": person_id}, {person_id})


# Statements are built once: building one costs more than running it.
_DAY: BindParameter[date] = bindparam("day", type_=Date)
_APPOINTMENT = (
    appointment.c.id, appointment.c.person_id, appointment.c.body, appointment.c.party,
    appointment.c.function, appointment.c.starts, appointment.c.ends,
)  # fmt: skip
_ABSENCE = (absence.c.id, absence.c.person_id, absence.c.starts, absence.c.ends, absence.c.substitute_id, absence.c.note)
_BODIES = select(body.c.slug, body.c.name, body.c.name_en, body.c.level, body.c.under, body.c.clause, body.c.position).order_by(
    body.c.position, body.c.slug
)
_IN_FORCE = and_(appointment.c.starts <= _DAY, or_(appointment.c.ends.is_(None), appointment.c.ends >= _DAY))
_AWAY = and_(absence.c.starts <= _DAY, absence.c.ends >= _DAY)
_AWAY_ROWS = select(*_ABSENCE).where(_AWAY).order_by(absence.c.id)
_WHOLE = (
    select(*_APPOINTMENT, person.c.name.label("person_name"), person.c.party.label("person_party"))
    .join(person, person.c.id == appointment.c.person_id)
    .where(_IN_FORCE)
    .order_by(appointment.c.id)
)


def _one_of(column: Column[str], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True, type_=Text))


_FOR_ROLES = _WHOLE.where(
    or_(
        _one_of(appointment.c.body, "bodies"),
        and_(appointment.c.body.is_(None), _one_of(appointment.c.party, "parties"), _one_of(appointment.c.function, "offices")),
        _one_of(appointment.c.function, "names"),
        # Somebody with a function by name may be absent from a body: its substitutes are needed too.
        appointment.c.body.in_(select(appointment.c.body).where(_one_of(appointment.c.function, "names"), _IN_FORCE)),
    )
)
_FOR_PERSON = _WHOLE.where(
    or_(
        appointment.c.person_id == bindparam("person"),
        appointment.c.body.in_(select(appointment.c.body).where(appointment.c.person_id == bindparam("person"), _IN_FORCE)),
        appointment.c.person_id.in_(select(absence.c.person_id).where(_AWAY)),
    )
)
_PEOPLE = select(person.c.id, person.c.name, person.c.party).where(person.c.id.in_(bindparam("people", expanding=True)))


def _day(
    connection: Connection,
    on: date,
    bodies: Mapping[str, Body],
    statement: Select[Any],
    asked: Mapping[str, Any],
    also: Collection[int],
) -> Day:
    absences = [Absence(*row) for row in connection.execute(_AWAY_ROWS, {"day": on})]
    rows = connection.execute(statement, {"day": on, **asked}).all()
    people = {row.person_id: Seated(row.person_id, row.person_name, row.person_party) for row in rows}
    # Who is named as substitute, and who is asked about by number, need no appointment of their own.
    unknown = {*also, *(a.substitute_id for a in absences if a.substitute_id), *(a.person_id for a in absences)} - people.keys()
    if unknown:
        people |= {row.id: Seated(*row) for row in connection.execute(_PEOPLE, {"people": sorted(unknown)})}
    return Day(bodies, [Appointment(*row[: len(_APPOINTMENT)]) for row in rows], absences, people)
