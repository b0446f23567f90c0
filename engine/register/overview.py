"""What the register's pages show: a body's people on a day, and what is not filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.register import roles
from engine.register.day import Day
from engine.register.model import Appointment, Body, Holder, Member, Party, Quota, Vacancy

# The foremost seat decides how somebody is shown; functions not named here come between chair and ordinary.
_SEATS = {
    roles.CHAIR: "chair",
    roles.VICE_CHAIR: "vice-chair",
    roles.MEMBER: "ordinary",
    roles.SUBSTITUTE: "substitute",
    roles.CO_OPTED: "co-opted",
    roles.SECRETARY: "secretary",
}
_ORDER = (roles.CHAIR, roles.VICE_CHAIR, "", roles.MEMBER, roles.SUBSTITUTE, roles.CO_OPTED, roles.SECRETARY)
# An office is missing because cases go through each party's own line (R7).
_OFFICE_CLAUSE = "R7"


def members_of(day: Day, body: str, parties: Mapping[str, Party]) -> list[Member]:
    """Everybody in the body, each once: chair, vice chair, members by party, substitutes, co-opted, secretaries.

    Somebody from outside whom an absent member has named comes among the substitutes.
    """
    foremost: dict[int, Appointment] = {}
    for seat in sorted(day.seats_in(body), key=_rank):
        foremost.setdefault(seat.person_id, seat)
    acting = {h.person_id: h for h in day.holders(body) if h.acting_for is not None}
    order = {slug: party.position for slug, party in parties.items()}
    members = [_member(day, seat, acting.get(person_id), parties) for person_id, seat in foremost.items()]
    for person_id, holder in acting.items():
        if person_id not in foremost and holder.appointment is not None:
            name = day.people[holder.acting_for].name if holder.acting_for is not None else None
            of = parties[holder.party].name if holder.party is not None else None
            members.append(
                Member(person_id, holder.name, holder.party, of, "substitute", holder.acting_for, name, None, holder.appointment.id)
            )
    ranks = [_SEATS.get(function, function) for function in _ORDER]
    return sorted(members, key=lambda m: (_position(ranks, m.seat), order.get(m.party or "", 0), m.name))


def vacancies_of(day: Day, parties: Mapping[str, Party], quotas: Sequence[Quota]) -> list[Vacancy]:
    """What is not filled on the day, by body and then by party. Absence is no vacancy: somebody holds the seat."""
    found = [*_vacant_seats(day, parties, quotas), *_vacant_functions(day, {q.body for q in quotas})]
    found += _vacant_offices(day, parties)
    place = {slug: body.position for slug, body in day.bodies.items()}
    last = len(place) + 1
    return sorted(found, key=lambda v: (place.get(v.body or "", last), parties[v.party].position if v.party else 0, v.function))


def _member(day: Day, seat: Appointment, acting: Holder | None, parties: Mapping[str, Party]) -> Member:
    person = day.people[seat.person_id]
    party = parties.get(seat.party or person.party or "")
    absence = day.away.get(person.id)
    acting_for = acting.acting_for if acting is not None else None
    return Member(
        person_id=person.id,
        name=person.name,
        party=party.slug if party else None,
        party_name=party.name if party else None,
        seat=_SEATS.get(seat.function, seat.function),
        acting_for=acting_for,
        acting_for_name=day.people[acting_for].name if acting_for is not None else None,
        away_until=absence.ends if absence is not None else None,
        appointment_id=seat.id,
    )


def _rank(seat: Appointment) -> int:
    return _position(_ORDER, seat.function)


def _position(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else order.index("")


def _vacant_seats(day: Day, parties: Mapping[str, Party], quotas: Sequence[Quota]) -> Iterator[Vacancy]:
    taken: dict[tuple[str | None, str | None, str], set[int]] = {}
    for a in day.appointments:
        taken.setdefault((a.body, a.party, a.function), set()).add(a.person_id)
    for quota in quotas:
        body, party = day.bodies[quota.body], parties[quota.party]
        ordinary = len(taken.get((quota.body, quota.party, roles.MEMBER), ()))
        if ordinary < quota.required:
            yield _vacancy("seat", body, party, roles.MEMBER, quota.required - ordinary)
        # How many substitutes a party must have, no agreement says; having none where it may have some is worth saying.
        if quota.substitutes and not taken.get((quota.body, quota.party, roles.SUBSTITUTE)):
            yield _vacancy("substitute", body, party, roles.SUBSTITUTE, 1)


def _vacant_functions(day: Day, with_quota: set[str]) -> Iterator[Vacancy]:
    for slug in with_quota:
        held = {a.function for a in day.seats_in(slug)}
        for function in roles.PRESIDIUM:
            if function not in held:
                yield _vacancy("function", day.bodies[slug], None, function, 1)


def _vacant_offices(day: Day, parties: Mapping[str, Party]) -> Iterator[Vacancy]:
    held = {(a.party, a.function) for a in day.appointments if a.body is None}
    for party in parties.values():
        for office in roles.PARTY_OFFICES:
            if (party.slug, office) not in held:
                yield _vacancy("office", None, party, office, 1)


def _vacancy(kind: str, body: Body | None, party: Party | None, function: str, missing: int) -> Vacancy:
    return Vacancy(
        kind=kind,
        body=body.slug if body else None,
        body_name=body.name if body else None,
        party=party.slug if party else None,
        party_name=party.name if party else None,
        function=function,
        missing=missing,
        clause=body.clause if body else _OFFICE_CLAUSE,
    )
