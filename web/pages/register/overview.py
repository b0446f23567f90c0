"""The register on a day, as its pages show it: read once, then asked without further statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Connection

from engine.register import Absence, Appointment, Body, Member, Party, Quota, Vacancy, queries, roles
from engine.register.day import Day
from engine.register.overview import members_of, vacancies_of
from web.wording import body_name, function_name, party_name

LEVELS = {"political": _l("Political"), "officials": _l("Officials"), "support": _l("Support")}
SEATS = {
    "chair": _l("Chair"),
    "vice-chair": _l("Vice chair"),
    "ordinary": _l("Member"),
    "substitute": _l("Substitute"),
    "co-opted": _l("Co-opted"),
    "secretary": _l("Secretary"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The register on `on`: everything that its pages ask."""

    on: date
    day: Day
    bodies: Mapping[str, Body]
    parties: Mapping[str, Party]
    quotas: tuple[Quota, ...]
    vacancies: tuple[Vacancy, ...]

    def members(self, body: str) -> list[Member]:
        return members_of(self.day, body, self.parties)

    def presidium(self, body: str) -> list[Member]:
        return [member for member in self.members(body) if member.seat in ("chair", "vice-chair")]

    def vacant(self, *, body: str | None = None, party: str | None = None) -> list[str]:
        """What is not filled in a body or in a party, in words."""
        return [
            vacancy_words(each, with_body=body is None, with_party=party is None)
            for each in self.vacancies
            if (body is None or each.body == body) and (party is None or each.party == party)
        ]


@dataclass(frozen=True, slots=True)
class Seats:
    """A party's seats in a body: how many it may have, and how many are held."""

    party: str
    name: str
    ordinary: int
    ordinary_held: int
    substitutes: int
    substitutes_held: int


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment in words. `place`: the body, or the party whose office it is; `now`: in force on the day."""

    appointment: Appointment
    function: str
    place: str
    body: str | None
    party: str
    now: bool


def read_standing(connection: Connection, on: date) -> Standing:
    """The register on a day. Seven statements."""
    day = queries.read_day(connection, on)
    parties, quotas = queries.read_parties(connection), list(queries.read_quotas(connection).values())
    return Standing(on, day, day.bodies, parties, tuple(quotas), tuple(vacancies_of(day, parties, quotas)))


def seats_of(standing: Standing, body: str) -> list[Seats]:
    """Each party's seats in the body, in the parties' order; empty where the agreement fixes none."""
    held: dict[tuple[str | None, str], set[int]] = {}
    for appointment in standing.day.appointments:
        if appointment.body == body:
            held.setdefault((appointment.party, appointment.function), set()).add(appointment.person_id)
    order = list(standing.parties)
    found = [
        Seats(
            party=quota.party,
            name=party_name(quota.party),
            ordinary=quota.ordinary,
            ordinary_held=len(held.get((quota.party, roles.MEMBER), ())),
            substitutes=quota.substitutes,
            substitutes_held=len(held.get((quota.party, roles.SUBSTITUTE), ())),
        )
        for quota in standing.quotas
        if quota.body == body
    ]
    return sorted(found, key=lambda seats: order.index(seats.party))


def posts(appointments: Iterable[Appointment], on: date) -> list[Post]:
    """Appointments in words, those in force first, then the latest first."""
    found = [
        Post(
            appointment=each,
            function=function_name(each.function),
            place=body_name(each.body) if each.body else party_name(each.party),
            body=each.body,
            party=party_name(each.party),
            now=each.covers(on),
        )
        for each in appointments
    ]
    return sorted(found, key=lambda post: (not post.now, -post.appointment.starts.toordinal()))


def seat_word(seat: str) -> str:
    """A seat in a body: "Chair", "Member"; a function that we know no word for as the register writes it."""
    return str(SEATS.get(seat) or function_name(seat).capitalize())


def vacancy_words(vacancy: Vacancy, *, with_body: bool = True, with_party: bool = True) -> str:
    """What is missing: "1 member from Umeå kommun in LSG"; without the body or the party that the page is about."""
    match vacancy.kind:
        case "seat":
            what = ngettext("%(num)d member is missing", "%(num)d members are missing", vacancy.missing)
        case "substitute":
            what = _("No substitute is appointed")
        case _:
            what = _("No %(function)s is appointed", function=function_name(vacancy.function))
    where = [party_name(vacancy.party) if with_party else "", body_name(vacancy.body) if with_body else ""]
    return " – ".join([", ".join(filter(None, where)), what]) if any(where) else what


def away_now(absences: Iterable[Absence], on: date) -> Absence | None:
    """The absence that covers the day."""
    return next((absence for absence in absences if absence.starts <= on <= absence.ends), None)
