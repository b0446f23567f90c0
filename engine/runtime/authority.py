"""May this person do this task today? Asked of the register each time, never remembered."""

from __future__ import annotations

from dataclasses import dataclass

from engine.register import COORDINATOR, Day
from engine.runtime.actor import Actor
from engine.runtime.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Authority:
    """By which role a person acts. `acting_for` is the absent person whose place they take; `vacant`: nobody holds the
    task's roles and it fell to the coordinators."""

    role: str | None
    acting_for: int | None = None
    vacant: bool = False


def authority(day: Day, actor: Actor, roles: tuple[str, ...], assignee_id: int | None) -> Authority:
    """By what right `actor` acts on the day.

    Raises:
        NotAllowed: by none; the error names the roles that may.
    """
    if actor.person_id is None:
        return Authority(None)
    holders = {role: day.holders(role) for role in roles}
    for role in roles:
        for holder in holders[role]:
            if holder.person_id == actor.person_id:
                return Authority(role, holder.acting_for)
    if assignee_id == actor.person_id:
        return Authority(None)
    vacant = assignee_id is None and not any(holders.values())
    if vacant and COORDINATOR in day.roles_of(actor.person_id):
        return Authority(COORDINATOR, vacant=True)
    raise NotAllowed(f"{actor.name} holds none of the roles that may do this: {', '.join(roles) or 'a named person'}", roles)
