"""Changes to the register, each checked against what it already holds, each within the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from engine.register import queries, rules
from engine.register.errors import Conflict, NotFound
from engine.register.model import Absence, Appointment
from engine.store.tables import absence, appointment, body, person


@dataclass(frozen=True, slots=True)
class Appointed:
    """A new appointment, and where it departs from a rule that the body may itself set aside (the chair rule)."""

    appointment_id: int
    warnings: tuple[str, ...]


def appoint(connection: Connection, new: Appointment) -> Appointed:
    """Write an appointment (its `id` is ignored).

    Raises:
        NotFound: there is no such person, body or party.
        Conflict, QuotaExceeded: as `rules.refuse_wrong` says.
    """
    if new.body is not None:
        # Two people may be about to take the last seat: the second waits here, and then counts the first.
        connection.execute(select(body.c.slug).where(body.c.slug == new.body).with_for_update())
    _lock_person(connection, new.person_id)
    bodies, parties = queries.read_bodies(connection), queries.read_parties(connection)
    if new.body is not None and new.body not in bodies:
        raise NotFound(f"There is no body {new.body}.")
    if new.party is not None and new.party not in parties:
        raise NotFound(f"There is no party {new.party}.")
    place = appointment.c.body == new.body if new.body is not None else appointment.c.party == new.party
    seating = rules.Seating(bodies, parties, queries.read_quotas(connection), queries.read_appointments(connection, place))
    rules.refuse_wrong(new, seating)
    written = connection.execute(
        insert(appointment)
        .values(person_id=new.person_id, body=new.body, party=new.party, function=new.function, starts=new.starts, ends=new.ends)
        .returning(appointment.c.id)
    ).scalar_one()
    return Appointed(written, rules.warnings_of(new, seating))


def end_appointment(connection: Connection, appointment_id: int, last_day: date) -> None:
    """Let an appointment end with `last_day`; it stays in the register as what it was until then.

    Raises:
        NotFound: there is no such appointment.
        Conflict: it starts after that day, or has ended before it.
    """
    found = queries.read_appointments(connection, appointment.c.id == appointment_id)
    if not found:
        raise NotFound(f"There is no appointment {appointment_id}.")
    known = found[0]
    if last_day < known.starts:
        raise Conflict(f"The appointment starts on {known.starts} and cannot end before that.")
    if known.ends is not None and last_day > known.ends:
        raise Conflict(f"The appointment ends on {known.ends} already; a longer term is a new appointment.")
    connection.execute(update(appointment).where(appointment.c.id == appointment_id).values(ends=last_day))


def register_absence(connection: Connection, new: Absence, at: datetime) -> int:
    """Write an absence (its `id` is ignored) and return its id.

    Raises:
        NotFound: there is no such person or substitute.
        Conflict: as `rules.refuse_absence` says.
    """
    for someone in sorted({new.person_id} | ({new.substitute_id} if new.substitute_id is not None else set())):
        _lock_person(connection, someone)
    rules.refuse_absence(new, queries.read_absences(connection, absence.c.ends >= new.starts, absence.c.starts <= new.ends))
    values = {
        "person_id": new.person_id, "starts": new.starts, "ends": new.ends,
        "substitute_id": new.substitute_id, "note": new.note, "registered_at": at,
    }  # fmt: skip
    written: int = connection.execute(insert(absence).values(**values).returning(absence.c.id)).scalar_one()
    return written


def end_absence(connection: Connection, absence_id: int, last_day: date) -> None:
    """Let somebody come back earlier: `last_day` is the last one away.

    Raises:
        NotFound: there is no such absence.
        Conflict: the day lies outside it.
    """
    found = queries.read_absences(connection, absence.c.id == absence_id)
    if not found:
        raise NotFound(f"There is no absence {absence_id}.")
    if not found[0].starts <= last_day <= found[0].ends:
        raise Conflict(f"The absence lasts {found[0].starts} – {found[0].ends}; choose one of these days.")
    connection.execute(update(absence).where(absence.c.id == absence_id).values(ends=last_day))


def _lock_person(connection: Connection, person_id: int) -> None:
    if connection.execute(select(person.c.id).where(person.c.id == person_id).with_for_update()).first() is None:
        raise NotFound(f"There is no person {person_id}.")
