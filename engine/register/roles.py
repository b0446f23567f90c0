"""The grammar of roles: the one place where a role string is read or written.

| role                           | who may act                                                                     |
|--------------------------------|---------------------------------------------------------------------------------|
| `lsg`                          | the members of a body                                                           |
| `lsg:ordforande`               | who has a function in a body                                                    |
| `part:vilhelmina:registrator`  | who has an office in a party                                                    |
| `koordinator`                  | whoever has an office or function of that name, wherever                        |
| `person:12`                    | one person                                                                      |

Whether a bare name is a body's or an office's, the register's rows decide, not the grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.register.errors import RoleError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = frozenset({"part", "person"})

# Functions within a body that the rules of substitution and of chairs ask for.
MEMBER = "ledamot"
SUBSTITUTE = "ersattare"
CHAIR = "ordforande"
VICE_CHAIR = "vice-ordforande"
SECRETARY = "sekreterare"
CO_OPTED = "adjungerad"
PRESIDIUM = (CHAIR, VICE_CHAIR)
# Every other function makes its holder a member of the body: they take part in what the body recommends.
NOT_MEMBERS = frozenset({SUBSTITUTE, SECRETARY, CO_OPTED})
# Offices that every party must have filled, for its line decisions to be received and taken (R1, R7).
PARTY_OFFICES = ("registrator", "namnd")
# Sees every case, and gets what nobody else holds (R8).
COORDINATOR = "koordinator"
PROCESS_OWNER = "processagare"


@dataclass(frozen=True, slots=True)
class PersonRole:
    """`person:12`."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PartyOffice:
    """`part:vilhelmina:registrator`."""

    party: str
    function: str


@dataclass(frozen=True, slots=True)
class Within:
    """`lsg:ordforande`: a function within a body."""

    body: str
    function: str


@dataclass(frozen=True, slots=True)
class Named:
    """`lsg` or `koordinator`: a body if there is one of that slug, else the name of an office or function."""

    name: str


Role = PersonRole | PartyOffice | Within | Named


def parse(text: str) -> Role:
    """Read a role.

    Raises:
        RoleError: `text` is none; the message says what is wrong with it and how roles look.
    """
    parts = text.split(":")
    if parts[0] == "person":
        # isdecimal() takes digits of every script, and int() them too: 12 has one spelling here.
        if len(parts) == 2 and parts[1].isascii() and parts[1].isdecimal():
            return PersonRole(int(parts[1]))
        raise _malformed(text, "after “person:” comes a person's number, and nothing else")
    if wrong := [part for part in parts if not _SLUG.fullmatch(part)]:
        raise _malformed(text, f"“{wrong[0]}” is no name: small letters a–z, digits and single hyphens between them")
    if parts[0] == "part":
        if len(parts) == 3:
            return PartyOffice(parts[1], parts[2])
        raise _malformed(text, "after “part:” come a party and an office, as in part:vilhelmina:registrator")
    if len(parts) == 2:
        return Within(parts[0], parts[1])
    if len(parts) == 1:
        return Named(parts[0])
    raise _malformed(text, "it has too many parts")


def subject_of(text: str) -> str | None:
    """Whose cases a task for this role belongs to: `body:lsg`, `party:vilhelmina` or `person:12`; None for an office by name alone.

    Raises:
        RoleError: `text` is no role.
    """
    match parse(text):
        case PersonRole(person_id):
            return f"person:{person_id}"
        case PartyOffice(party, _):
            return f"party:{party}"
        case Within(body, _):
            return f"body:{body}"
        case Named(name):
            return None if name in (*PARTY_OFFICES, COORDINATOR, PROCESS_OWNER) else f"body:{name}"


def is_slug(text: object) -> bool:
    """Whether `text` can stand in a role as the name of a party, a body, a function or an office."""
    return isinstance(text, str) and _SLUG.fullmatch(text) is not None and text not in _RESERVED


def _malformed(text: str, reason: str) -> RoleError:
    return RoleError(
        f"“{text}” is not a role: {reason}. "
        "Roles look like lsg, lsg:ordforande, part:vilhelmina:registrator, koordinator or person:12."
    )
