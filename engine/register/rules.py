"""What the agreements allow of an appointment: quotas and the chair rule, as plain functions over values. No database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.register import roles
from engine.register.errors import Conflict, QuotaExceeded
from engine.register.model import Absence, Appointment, Body, Party, Quota


@dataclass(frozen=True, slots=True)
class Seating:
    """What a new appointment is held against.

    Args:
        appointments: at least all of the same body, or of the same person and party when it is an office.

    """

    bodies: Mapping[str, Body]
    parties: Mapping[str, Party]
    quotas: Mapping[tuple[str, str], Quota]
    appointments: Sequence[Appointment]


def refuse_wrong(new: Appointment, seating: Seating) -> None:
    """Say no to an appointment that cannot stand.

    Raises:
        Conflict: the same seat twice, a member who is their own body's substitute, a period that ends before it starts,
            or a place that does not take appointments.
        QuotaExceeded: the party's seats are taken on some day of the period (R5.1.3, R6.1.3).
    """
    _refuse_malformed(new, seating)
    _refuse_double(new, seating)
    _refuse_over_quota(new, seating)


def warnings_of(new: Appointment, seating: Seating) -> tuple[str, ...]:
    """Where a chair or vice chair departs from the chair rule (R5.1.3, R6.1.4).

    A departure is no fault in itself: the body may by decision extend a term, with a reason. So it is said, not refused.
    """
    if new.body is None or new.function not in roles.PRESIDIUM:
        return ()
    return tuple(_chair_warnings(new, new.body, seating))


def most_at_once(appointments: Iterable[Appointment], starts: date, ends: date | None) -> int:
    """How many different people hold one of `appointments` on the fullest day of the period."""
    within = [a for a in appointments if a.overlaps(starts, ends)]
    # The number only rises on a day when somebody starts: those days are all that need a look.
    days = {starts} | {a.starts for a in within if a.starts > starts}
    return max((len({a.person_id for a in within if a.covers(day)}) for day in days), default=0)


def refuse_absence(new: Absence, known: Iterable[Absence]) -> None:
    """Say no to an absence that cannot stand.

    Raises:
        Conflict: it ends before it starts, overlaps another of the same person, or names a substitute who is the person
            or is away themselves in those days.
    """
    if new.ends < new.starts:
        raise Conflict(f"The absence ends ({new.ends}) before it starts ({new.starts}).")
    if new.substitute_id == new.person_id:
        raise Conflict("Somebody who is away cannot be their own substitute.")
    for other in known:
        if other.id == new.id or other.starts > new.ends or new.starts > other.ends:
            continue
        if other.person_id == new.person_id:
            raise Conflict(f"The person is already registered as away {other.starts} – {other.ends}; change that absence instead.")
        if other.person_id == new.substitute_id:
            raise Conflict(f"The substitute is away {other.starts} – {other.ends}; name somebody else.")


# --- Refusals -------------------------------------------------------------------------------------------------------------


def _refuse_malformed(new: Appointment, seating: Seating) -> None:
    if new.ends is not None and new.ends < new.starts:
        raise Conflict(f"The appointment ends ({new.ends}) before it starts ({new.starts}).")
    if not roles.is_slug(new.function):
        raise Conflict(f"“{new.function}” is no name of a function or office: small letters a–z, digits and single hyphens.")
    if new.body is None:
        if new.party is None:
            raise Conflict(f"The office {new.function} must be in a party.")
        return
    au_of = seating.bodies[new.body].au_of
    if au_of is not None and new.function in (roles.MEMBER, roles.SUBSTITUTE, *roles.PRESIDIUM):
        raise Conflict(
            f"Nobody is appointed to {seating.bodies[new.body].name}: its members are the chair and the vice chair of "
            f"{seating.bodies[au_of].name}. Appoint them there."
        )


def _refuse_double(new: Appointment, seating: Seating) -> None:
    own = [
        a
        for a in seating.appointments
        if a.id != new.id and a.person_id == new.person_id and a.body == new.body and a.overlaps(new.starts, new.ends)
    ]
    for other in own:
        if other.function == new.function and (new.body is not None or other.party == new.party):
            raise Conflict(f"The person already is {new.function} there from {other.starts} to {other.ends or 'further notice'}.")
        if new.body is not None and {new.function, other.function} == {roles.MEMBER, roles.SUBSTITUTE}:
            raise Conflict(f"The person is {other.function} in the same body then, and cannot be {new.function} as well.")


def _refuse_over_quota(new: Appointment, seating: Seating) -> None:
    if new.body is None or new.party is None or new.function not in (roles.MEMBER, roles.SUBSTITUTE):
        return
    body, party = seating.bodies[new.body], seating.parties[new.party]
    quota = seating.quotas.get((new.body, new.party))
    if quota is None:
        if any(of == new.body for of, _ in seating.quotas):
            raise QuotaExceeded(f"{party.name} has no seats in {body.name} ({body.clause}).")
        return
    seats = quota.ordinary if new.function == roles.MEMBER else quota.substitutes
    same = [a for a in seating.appointments if a.id != new.id and _same_seats(a, new)]
    if most_at_once([*same, new], new.starts, new.ends) > seats:
        kind = "ordinary" if new.function == roles.MEMBER else "substitute"
        raise QuotaExceeded(
            f"{party.name} has {seats} {kind} {'seat' if seats == 1 else 'seats'} in {body.name} ({body.clause}), "
            f"and they are taken in some part of the period from {new.starts}. End an appointment first."
        )


def _same_seats(a: Appointment, b: Appointment) -> bool:
    return (a.body, a.party, a.function) == (b.body, b.party, b.function)


# --- The chair rule -------------------------------------------------------------------------------------------------------


def _chair_warnings(new: Appointment, body: str, seating: Seating) -> Iterator[str]:
    side = _side(new, seating)
    other_function = roles.VICE_CHAIR if new.function == roles.CHAIR else roles.CHAIR
    others = [a for a in seating.appointments if a.id != new.id and a.body == body]
    if new.starts.replace(month=12, day=31) != new.ends or (new.starts.month, new.starts.day) != (1, 1):
        yield "The term is not one calendar year: a longer one needs a decision of the body, with a reason."
    if any(a.function == other_function and a.overlaps(new.starts, new.ends) and _side(a, seating) == side for a in others):
        yield "The chair and the vice chair come from the same side; one should be municipal and one regional."
    if any(a.function == new.function and a.overlaps(new.starts, new.ends) for a in others):
        yield f"Somebody else is {new.function} in a part of the period."
    before = new.starts - timedelta(days=1)
    if any(a.function == new.function and a.covers(before) and _side(a, seating) == side for a in others):
        yield "The same side had the post the year before; the sides swap every year."
    if any(of == body for of, _ in seating.quotas) and not any(
        a.person_id == new.person_id and a.covers(new.starts) and a.function not in (*roles.NOT_MEMBERS, *roles.PRESIDIUM)
        for a in others
    ):
        yield "The person has no ordinary seat in the body; its chair and vice chair are elected among its members."


def _side(appointment: Appointment, seating: Seating) -> str | None:
    return seating.parties[appointment.party].side if appointment.party is not None else None


