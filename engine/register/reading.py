"""Register files (parties, bodies, quotas, people, appointments, absences) as checked values. No database.

Every problem of a file is found at once, each with its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.register import roles
from engine.register.dates import read_date
from engine.register.errors import LoadRefused, RoleError
from engine.register.model import Party, Quota, working_committee

SIDES = ("municipal", "regional")
LEVELS = ("political", "officials", "support")


@dataclass(frozen=True, slots=True)
class BodyEntry:
    slug: str
    name: str
    name_en: str
    level: str
    under: str | None
    clause: str


@dataclass(frozen=True, slots=True)
class PersonEntry:
    username: str
    name: str
    email: str
    party: str
    title: str


@dataclass(frozen=True, slots=True)
class SeatEntry:
    """An appointment of `username`. `own_party`: it is for the person's own party, whichever that is."""

    username: str
    body: str | None
    function: str
    own_party: bool
    party: str | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class AbsenceEntry:
    username: str
    substitute: str | None
    starts: date
    ends: date
    note: str


@dataclass(slots=True)
class Entries:
    """What a file holds, in its order."""

    parties: list[Party] = field(default_factory=list)
    bodies: list[BodyEntry] = field(default_factory=list)
    quotas: list[tuple[str, str, Mapping[str, int]]] = field(default_factory=list)  # body, party or side, seats
    people: list[PersonEntry] = field(default_factory=list)
    seats: list[SeatEntry] = field(default_factory=list)
    absences: list[AbsenceEntry] = field(default_factory=list)


def read_entries(file: Mapping[str, Any], today: date) -> Entries:
    """Read a file's sections; each may be missing.

    Raises:
        LoadRefused: with every problem.
    """
    reader = _Reader(today)
    entries = reader.read(file)
    if reader.problems:
        raise LoadRefused(reader.problems)
    return entries


def expand_quotas(entries: Entries, parties: Sequence[Party]) -> list[Quota]:
    """One quota for each party: its own, else its side's."""
    expanded: dict[tuple[str, str], Quota] = {}
    # A party named by itself goes before its side, wherever it stands in the file.
    for body, of, seats in sorted(entries.quotas, key=lambda entry: entry[1] not in SIDES):
        for party in parties:
            if of in (party.side, party.slug):
                ordinary = seats["ordinary"]
                required = seats.get("required", ordinary)
                expanded[body, party.slug] = Quota(body, party.slug, ordinary, seats["substitutes"], required)
    return list(expanded.values())


class _Reader:
    def __init__(self, today: date) -> None:
        self.today = today
        self.problems: list[str] = []

    def read(self, file: Mapping[str, Any]) -> Entries:
        entries = Entries()
        known = {"parties", "bodies", "quotas", "email", "seats_from", "people", "appointments", "absences"}
        self._only(file, known, "the file")
        for place, row in self._rows(file, "parties", {"slug", "name", "side"}, {"agreement"}):
            if self._slug(row, place) and self._one_of(row, "side", SIDES, place):
                position = len(entries.parties) + 1
                entries.parties.append(Party(row["slug"], row["name"], row["side"], row.get("agreement", "R"), position))
        for place, row in self._rows(file, "bodies", {"slug", "name", "name_en", "level", "clause"}, {"under", "au_of"}):
            self._body(entries, place, row)
        for place, row in self._rows(file, "quotas", {"body", "seats"}, {"clause"}):
            self._quota(entries, place, row)
        self._people(entries, file)
        for place, row in self._rows(file, "appointments", {"person", "role", "from"}, {"to", "party"}):
            self._seat(entries, place, row["person"], row, row["from"])
        for place, row in self._rows(file, "absences", {"person", "from", "to"}, {"substitute", "note"}):
            starts, ends = self._date(row["from"], place), self._date(row["to"], place, last=True)
            if starts and ends:
                note = str(row.get("note", ""))
                entries.absences.append(AbsenceEntry(row["person"], row.get("substitute"), starts, ends, note))
        return entries

    def _body(self, entries: Entries, place: str, row: Mapping[str, Any]) -> None:
        au_of = row.get("au_of")
        if au_of is not None and row["slug"] != working_committee(au_of):
            self._say(place, f"the working committee of {au_of} must have the slug {working_committee(au_of)}")
        elif self._slug(row, place) and self._one_of(row, "level", LEVELS, place):
            under = au_of or row.get("under")
            entries.bodies.append(BodyEntry(row["slug"], row["name"], row["name_en"], row["level"], under, row["clause"]))

    def _quota(self, entries: Entries, place: str, row: Mapping[str, Any]) -> None:
        if not isinstance(row["seats"], Mapping):
            self._say(place, "seats must say how many for municipal, regional or a party")
            return
        for of, seats in row["seats"].items():
            here = f"{place}, {of}"
            if not isinstance(seats, Mapping) or any(type(n) is not int or n < 0 for n in seats.values()):
                self._say(here, "must hold whole numbers: ordinary, substitutes and perhaps required")
            elif self._fields(seats, {"ordinary", "substitutes"}, {"required"}, here):
                entries.quotas.append((row["body"], of, seats))

    def _people(self, entries: Entries, file: Mapping[str, Any]) -> None:
        by_party = file.get("people") or {}
        if not isinstance(by_party, Mapping):
            self._say("people", "must be grouped by party")
            return
        for party, people in by_party.items():
            section = {f"people, {party}": people}
            for place, row in self._rows(section, f"people, {party}", {"username", "name"}, {"title", "seats", "email"}):
                email = row.get("email") or str(file.get("email", "")).format(username=row["username"], party=party)
                if "@" not in email:
                    self._say(place, "has no e-mail address, and the file no pattern for one")
                entries.people.append(PersonEntry(row["username"], row["name"], email, party, row.get("title", "")))
                for seat in row.get("seats", ()):
                    entry = {"role": seat} if isinstance(seat, str) else seat
                    if isinstance(entry, Mapping) and self._fields(entry, {"role"}, {"party", "from", "to"}, place):
                        self._seat(entries, place, row["username"], entry, entry.get("from", file.get("seats_from")))
                    elif not isinstance(entry, Mapping):
                        self._say(place, f"“{seat}” is no seat")

    def _seat(self, entries: Entries, place: str, username: str, row: Mapping[str, Any], start: object) -> None:
        body: str | None = None
        party: str | None = row.get("party")
        own = "party" not in row
        try:
            role = roles.parse(row["role"]) if isinstance(row["role"], str) else None
        except RoleError as error:
            self._say(place, str(error))
            return
        match role:
            case roles.Within(body=within, function=function):
                body = within
            case roles.Named(name=function):
                pass
            case roles.PartyOffice(party=of, function=function):
                party, own = of, False
            case _:
                self._say(place, f"{row['role']!r} says no seat: write body:function, or the name of an office")
                return
        starts = self._date(start, place)
        ends = self._date(row["to"], place, last=True) if row.get("to") is not None else None
        if starts:
            entries.seats.append(SeatEntry(username, body, function, own, party, starts, ends))

    # --- Small checks -----------------------------------------------------------------------------------------------------

    def _rows(
        self, file: Mapping[str, Any], section: str, required: set[str], optional: set[str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = file.get(section) or ()
        if not isinstance(rows, Sequence) or isinstance(rows, str):
            self._say(section, "must be a list")
            return
        for number, row in enumerate(rows, 1):
            place = f"{section} {number}"
            if not isinstance(row, Mapping):
                self._say(place, "must have named fields")
                continue
            named = next((row[key] for key in ("slug", "username", "person", "body") if row.get(key)), None)
            place += f" ({named})" if named is not None else ""
            if self._fields(row, required, optional, place):
                yield place, row

    def _fields(self, row: Mapping[str, Any], required: set[str], optional: set[str], place: str) -> bool:
        missing = sorted(name for name in required if row.get(name) in (None, ""))
        if missing:
            self._say(place, f"lacks {', '.join(missing)}")
        return self._only(row, required | optional, place) and not missing

    def _only(self, row: Mapping[str, Any], known: set[str], place: str) -> bool:
        unknown = sorted(str(name) for name in row if name not in known)
        if unknown:
            self._say(place, f"has {', '.join(unknown)}, which the register does not know; it knows {', '.join(sorted(known))}")
        return not unknown

    def _slug(self, row: Mapping[str, Any], place: str) -> bool:
        if roles.is_slug(row["slug"]):
            return True
        self._say(place, f"“{row['slug']}” is no slug: small letters a–z, digits and single hyphens")
        return False

    def _one_of(self, row: Mapping[str, Any], name: str, values: tuple[str, ...], place: str) -> bool:
        if row[name] in values:
            return True
        self._say(place, f"{name} “{row[name]}” is not one of {', '.join(values)}")
        return False

    def _date(self, value: object, place: str, *, last: bool = False) -> date | None:
        try:
            return read_date(value, self.today, last=last)
        except ValueError as error:
            self._say(place, str(error))
            return None

    def _say(self, place: str, reason: str) -> None:
        self.problems.append(f"{place}: {reason}")
