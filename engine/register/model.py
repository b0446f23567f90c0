"""What the register answers with: plain frozen values, read from rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Party:
    """A party to an agreement (R2). `side` is municipal or regional."""

    slug: str
    name: str
    side: str
    agreement: str
    position: int


@dataclass(frozen=True, slots=True)
class Body:
    """A body that an agreement founds, in its `clause`. `level` is political, officials or support."""

    slug: str
    name: str
    name_en: str
    level: str
    under: str | None
    clause: str
    position: int

    @property
    def au_of(self) -> str | None:
        """The body whose chair and vice chair are, by derivation, this one's members (R5.1.5, R6.1.6)."""
        return self.under if self.under is not None and self.slug == working_committee(self.under) else None


def working_committee(body: str) -> str:
    """The slug that the working committee (arbetsutskott) of `body` has, if it has one."""
    return f"{body}-au"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many seats a party has in a body (R5.1.3, R6.1.3): at the most, and `required` ordinary ones at the least."""

    body: str
    party: str
    ordinary: int
    substitutes: int
    required: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be appointed. `invented` people are demo data."""

    id: int
    username: str
    name: str
    email: str
    party: str | None
    title: str
    invented: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person's seat or function in a body, or (`body` is None) an office in a party; both days included.

    `party` None in a body: a seat that counts in no party's quota, as the one of a beredning's chair in LSG (R6.2.1).
    """

    id: int
    person_id: int
    body: str | None
    party: str | None
    function: str
    starts: date
    ends: date | None

    def covers(self, day: date) -> bool:
        """Whether the appointment is in force on `day`."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def overlaps(self, starts: date, ends: date | None) -> bool:
        """Whether some day of the period lies within the appointment; `ends` None is open-ended."""
        return (self.ends is None or starts <= self.ends) and (ends is None or self.starts <= ends)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away, both included, and who then acts instead, if somebody is named."""

    id: int
    person_id: int
    starts: date
    ends: date
    substitute_id: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can act in a role on a day.

    Attributes:
        party: for whom they act: the seat's party, else the person's own.
        acting_for: the id of the absent person whose place they take; None in their own right.
        appointment: the appointment that gives the role (the absent person's, when acting); None for `person:12`.
    """

    person_id: int
    name: str
    party: str | None
    acting_for: int | None
    appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a body on a day, once, by their foremost seat.

    Attributes:
        seat: chair, vice-chair, ordinary, substitute, co-opted, secretary, or the function's own name.
        acting_for, acting_for_name: the absent member whose place they take.
        away_until: the last day of an absence that covers the day.
    """

    person_id: int
    name: str
    party: str | None
    party_name: str | None
    seat: str
    acting_for: int | None
    acting_for_name: str | None
    away_until: date | None
    appointment_id: int

    @property
    def takes_part(self) -> bool:
        """Whether they take part as a member on the day: present, with an ordinary seat or in the place of one (R5.1.3, R6.1.3)."""
        if self.away_until is not None:
            return False
        return self.acting_for is not None or self.seat not in ("substitute", "co-opted", "secretary")


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Something that should be filled and is not.

    Attributes:
        kind: seat (ordinary seats below what the quota requires), substitute (a party with seats for substitutes has none),
            function (a body without chair or vice chair) or office (a party without registrar or board).
        missing: how many.
    """

    kind: str
    body: str | None
    body_name: str | None
    party: str | None
    party_name: str | None
    function: str
    missing: int
    clause: str
