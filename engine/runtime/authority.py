"""May this person do this task today? Asked of the register each time, never remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.register import COORDINATOR, Register
from engine.runtime.actor import Actor
from engine.runtime.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Authority:
    """By which role a person acts. `acting_for` is the absent person whose place they take; `vacant`: nobody holds the
    task's roles and it fell to the coordinators."""

    role: str | None
    acting_for: int | None = None
    vacant: bool = False


def authority(register: Register, actor: Actor, roles: tuple[str, ...], assignee_id: int | None, today: date) -> Authority:
    """By what right `actor` acts.

    Raises:
        NotAllowed: by none; the error names the roles that may.
    """
    if actor.person_id is None:
        return Authority(None)
    if assignee_id == actor.person_id:
        held = _held(register, actor.person_id, roles, today)
        return Authority(held, register.acting_for(actor.person_id, held, today) if held else None)
    role = _held(register, actor.person_id, roles, today)
    if role is not None:
        return Authority(role, register.acting_for(actor.person_id, role, today))
    if is_vacant(register, roles, assignee_id, today) and COORDINATOR in register.roles_of(actor.person_id, today):
        return Authority(COORDINATOR, vacant=True)
    raise NotAllowed(f"{actor.name} holds none of the roles that may do this: {', '.join(roles) or 'a named person'}", roles)


def is_vacant(register: Register, roles: tuple[str, ...], assignee_id: int | None, today: date) -> bool:
    """Whether nobody can do a task with these roles, so that it falls to the coordinators."""
    return assignee_id is None and register.vacant(roles, today) >= set(roles)


def _held(register: Register, person_id: int, roles: tuple[str, ...], today: date) -> str | None:
    held = register.roles_of(person_id, today)
    return next((role for role in roles if role in held), None)
