"""Who gives a command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the register, or the system itself (`person_id` None), which may do everything."""

    person_id: int | None
    name: str

    @property
    def is_system(self) -> bool:
        return self.person_id is None

    @property
    def reference(self) -> str | None:
        """How variables and task roles name the person: `person:12`."""
        return None if self.person_id is None else person_reference(self.person_id)


SYSTEM = Actor(None, "Samverka")


def person_reference(person_id: int) -> str:
    """`person:12`."""
    return f"person:{person_id}"


def referred_person(reference: str) -> int | None:
    """The id in `person:12`; None for a role or a username."""
    prefix, _, number = reference.partition(":")
    return int(number) if prefix == "person" and number.isdecimal() else None
