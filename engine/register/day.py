"""Who acts on one day: the rules of membership and of substitutes, over rows already read. No database.

- A body's members are those with an ordinary seat or a function of members; a working committee's are the chair and the vice chair
  of its body (R5.1.5, R6.1.6), whoever they are that day.
- Who is away is replaced by the substitute that the absence names, in everything. Nobody named, or that one away too:
  a member by the first present substitute of the same party in the same body, each substitute for one member (R5.1.3, R6.1.3);
  a chair by the vice chair; any other function or office by nobody, and then it is vacant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.register import roles
from engine.register.model import Absence, Appointment, Body, Holder, working_committee

# Roles whose holders a day keeps: far above what a house has, and a bound on what strange questions may leave behind.
MOST_ROLES = 4_096


@dataclass(frozen=True, slots=True)
class Seated:
    """A person as a day needs them."""

    id: int
    name: str
    party: str | None


class Day:
    """The register as it stands on one day.

    Args:
        bodies: all of them, by slug.
        appointments: those in force on the day, in the order in which substitutes are called.
        absences: those that cover the day.
        people: everybody, by id.
    """

    def __init__(
        self,
        bodies: Mapping[str, Body],
        appointments: Iterable[Appointment],
        absences: Iterable[Absence],
        people: Mapping[int, Seated],
    ) -> None:
        self.bodies = bodies
        self.appointments = tuple(appointments)
        self.away = {absence.person_id: absence for absence in absences}
        self.people = people
        self._in_body: dict[str | None, list[Appointment]] = {}
        for appointment in self.appointments:
            self._in_body.setdefault(appointment.body, []).append(appointment)
        # What has been worked out is kept: a day does not change, and its rules are asked at every command and page.
        self._stand_ins: dict[str, dict[int, int]] = {}
        self._holders: dict[str, tuple[Holder, ...]] = {}
        self._roles: dict[int, frozenset[str]] = {}

    def holders(self, role: str) -> tuple[Holder, ...]:
        """Everybody who can act in `role`, each once, in their own right rather than for somebody else.

        Raises:
            RoleError: `role` is no role.
        """
        known = self._holders.get(role)
        if known is None:
            if len(self._holders) >= MOST_ROLES:
                self._holders.clear()
            known = self._holders[role] = self._work_out(role)
        return known

    def _work_out(self, role: str) -> tuple[Holder, ...]:
        found: dict[int, Holder] = {}
        for holder in self._acting(roles.parse(role)):
            known = found.get(holder.person_id)
            if known is None or (known.acting_for is not None and holder.acting_for is None):
                found[holder.person_id] = holder
        return tuple(found.values())

    def roles_of(self, person_id: int) -> frozenset[str]:
        """Every role string in which the person can act, by `holders` and nothing else, so that the two never disagree."""
        known = self._roles.get(person_id)
        if known is None:
            known = self._roles[person_id] = self._roles_by_holders(person_id)
        return known

    def _roles_by_holders(self, person_id: int) -> frozenset[str]:
        own = f"person:{person_id}"
        candidates = {own} | {f"person:{away}" for away in self.away}
        for appointment in self.appointments:
            # Nobody takes the place of somebody who is here.
            if appointment.person_id == person_id or appointment.person_id in self.away:
                candidates.update(self._strings(appointment))
        return frozenset(
            role for role in candidates if role == own or any(holder.person_id == person_id for holder in self.holders(role))
        )

    def subjects_of(self, person_id: int) -> frozenset[str]:
        """What the person's appointments let them see: their own, away or not, and those of the people who named them."""
        subjects = {f"person:{person_id}"}
        person = self.people.get(person_id)
        if person is not None and person.party is not None:
            subjects.add(f"party:{person.party}")
        for appointment in self.appointments:
            if person_id not in (appointment.person_id, self.named(appointment.person_id)):
                continue
            if appointment.party is not None:
                subjects.add(f"party:{appointment.party}")
            subjects.update(f"body:{body}" for body in self._bodies_of(appointment))
        return frozenset(subjects)

    def named(self, person_id: int) -> int | None:
        """The substitute whom an absent person has named, if that one is here; None too for somebody who is here themselves."""
        absence = self.away.get(person_id)
        if absence is None or absence.substitute_id is None or absence.substitute_id in self.away:
            return None
        return absence.substitute_id

    def seats_in(self, body: str) -> list[Appointment]:
        """Every appointment to the body, the derived ones of a working committee first."""
        return [*self._derived(body), *self._in_body.get(body, ())]

    def stand_ins(self, body: str) -> Mapping[int, int]:
        """Who takes the place of each absent member of the body: {absent person: who acts}."""
        if body not in self._stand_ins:
            self._stand_ins[body] = self._call_substitutes(body)
        return self._stand_ins[body]

    # --- Acting ---------------------------------------------------------------------------------------------------------

    def _acting(self, role: roles.Role) -> Iterator[Holder]:
        match role:
            case roles.PersonRole(person_id):
                yield from self._one_person(person_id)
            case roles.PartyOffice(party, function):
                yield from self._office(party, function)
            case roles.Within(body, function):
                yield from self._function(body, function)
            case roles.Named(name) if name in self.bodies:
                yield from self._members(name)
            case roles.Named(name):
                yield from self._anywhere(name)

    def _one_person(self, person_id: int) -> Iterator[Holder]:
        # What is addressed to a person stays theirs while they are away: the one they named may act as well.
        for someone in (person_id, self.named(person_id)):
            if someone is not None and (person := self.people.get(someone)) is not None:
                yield Holder(person.id, person.name, person.party, None if someone == person_id else person_id, None)

    def _office(self, party: str, function: str) -> Iterator[Holder]:
        for appointment in self._in_body.get(None, ()):
            if appointment.party == party and appointment.function == function:
                yield from self._filled(appointment, self.named(appointment.person_id))

    def _anywhere(self, function: str) -> Iterator[Holder]:
        for appointment in self.appointments:
            if appointment.function == function:
                if appointment.body is None:
                    yield from self._filled(appointment, self.named(appointment.person_id))
                else:
                    yield from self._in_function(appointment, appointment.body)

    def _function(self, body: str, function: str) -> Iterator[Holder]:
        for appointment in self.seats_in(body):
            if appointment.function == function:
                yield from self._in_function(appointment, body)

    def _in_function(self, appointment: Appointment, body: str) -> Iterator[Holder]:
        if appointment.function in roles.PRESIDIUM or appointment.function in roles.NOT_MEMBERS:
            instead = self.named(appointment.person_id)
            if instead is None and appointment.function == roles.CHAIR:
                instead = self._vice_chair(appointment)
        else:
            instead = self.stand_ins(body).get(appointment.person_id)
        yield from self._filled(appointment, instead)

    def _members(self, body: str) -> Iterator[Holder]:
        for appointment in self._derived(body):
            yield from self._in_function(appointment, body)
        stand_ins = self.stand_ins(body)
        for appointment in self._ordinary(body):
            yield from self._filled(appointment, stand_ins.get(appointment.person_id))

    def _filled(self, appointment: Appointment, instead: int | None) -> Iterator[Holder]:
        """Who acts by the appointment: its holder, or when away the one who acts `instead`, or nobody."""
        absent = appointment.person_id in self.away
        acting = self.people[appointment.person_id] if not absent else self.people.get(instead) if instead is not None else None
        if acting is not None:
            party = appointment.party if appointment.party is not None else acting.party
            yield Holder(acting.id, acting.name, party, appointment.person_id if absent else None, appointment)

    # --- Seats ----------------------------------------------------------------------------------------------------------

    def _derived(self, body: str) -> list[Appointment]:
        known = self.bodies.get(body)
        if known is None or known.au_of is None:
            return []
        return [a for function in roles.PRESIDIUM for a in self._in_body.get(known.au_of, ()) if a.function == function]

    def _ordinary(self, body: str) -> list[Appointment]:
        """One seat for each member: a chair is elected among the members, and their ordinary seat is the one that counts."""
        seats: dict[int, Appointment] = {}
        for appointment in self._in_body.get(body, ()):
            known = seats.get(appointment.person_id)
            if appointment.function not in roles.NOT_MEMBERS and (known is None or appointment.function == roles.MEMBER):
                seats[appointment.person_id] = appointment
        return list(seats.values())

    def _vice_chair(self, chair: Appointment) -> int | None:
        present = (
            a.person_id
            for a in self._in_body.get(chair.body, ())
            if a.function == roles.VICE_CHAIR and a.person_id not in self.away
        )
        return next(present, None)

    def _call_substitutes(self, body: str) -> dict[int, int]:
        ordinary = self._ordinary(body)
        absent = [seat for seat in ordinary if seat.person_id in self.away]
        called = {seat.person_id: named for seat in absent if (named := self.named(seat.person_id)) is not None}
        busy = {seat.person_id for seat in ordinary} | set(called.values()) | set(self.away)
        waiting = [a for a in self._in_body.get(body, ()) if a.function == roles.SUBSTITUTE]
        for seat in absent:
            if seat.person_id in called or seat.party is None:
                continue
            for substitute in waiting:
                if substitute.party == seat.party and substitute.person_id not in busy:
                    called[seat.person_id] = substitute.person_id
                    busy.add(substitute.person_id)
                    break
        return called

    # --- What an appointment gives ----------------------------------------------------------------------------------------

    def _bodies_of(self, appointment: Appointment) -> Iterator[str]:
        if appointment.body is not None:
            yield appointment.body
            committee = self.bodies.get(working_committee(appointment.body))
            if committee is not None and committee.au_of == appointment.body and appointment.function in roles.PRESIDIUM:
                yield committee.slug

    def _strings(self, appointment: Appointment) -> Iterator[str]:
        """Every role in which somebody may act by this appointment."""
        function = appointment.function
        if function not in self.bodies:
            yield function
        for body in self._bodies_of(appointment):
            yield body
            yield f"{body}:{function}"
        if appointment.body is None and appointment.party is not None:
            yield f"part:{appointment.party}:{function}"
