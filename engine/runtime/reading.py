"""What a page may ask of a live instance without changing it: what a form sees, and an act that is open to a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.bpmn import Element
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.errors import NotAllowed, NotFound
from engine.runtime.runtime import Runtime
from engine.runtime.work import Loaded, Work
from engine.store.tables import instance, subscription


@dataclass(frozen=True, slots=True)
class Act:
    """Something that people may do to an instance by hand: a message that it waits for.

    `form_id` is the form to fill in, None when there is none; `context` the variables that the form sees; `roles` those that may.
    """

    subscription_id: int
    instance_id: int
    root_id: int
    definition_id: int
    element: Element
    roles: tuple[str, ...]
    form_id: int | None
    context: Mapping[str, Any]


def variables_at(runtime: Runtime, instance_id: int, token: int) -> dict[str, Any]:
    """The variables as a token sees them.

    Raises:
        NotFound: there is no such instance.
        InstanceEnded: it has no tokens any more.
    """
    with _looking(runtime) as work:
        return dict(_restored(work, instance_id).kernel.variables_at(token))


def act(runtime: Runtime, subscription_id: int, *, actor: Actor) -> Act:
    """One act that is open to the person.

    Raises:
        NotFound: nothing waits for it any more, or it is not for people to do.
        NotAllowed: the person holds none of the roles that may.
    """
    with _looking(runtime) as work:
        waiting = work.connection.execute(select(subscription).where(subscription.c.id == subscription_id)).one_or_none()
        if waiting is None:
            raise NotFound("nothing waits for this any more")
        found = _act(runtime, _restored(work, waiting.instance_id), waiting)
    if found is None:
        raise NotFound("this is not for people to send")
    if not _may(runtime, found, actor):
        raise NotAllowed(f"{actor.name} holds none of the roles that may do this: {', '.join(found.roles)}", found.roles)
    return found


@contextmanager
def _looking(runtime: Runtime) -> Iterator[Work]:
    parts = runtime.parts
    with parts.database.read() as connection:
        yield Work(connection, parts.definitions, parts.toolkit, SYSTEM, parts.now())


def _restored(work: Work, instance_id: int) -> Loaded:
    row = work.connection.execute(select(instance).where(instance.c.id == instance_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no instance {instance_id}")
    return work.restore(row)


def _act(runtime: Runtime, loaded: Loaded, waiting: Any) -> Act | None:
    element = loaded.kernel.model.elements[waiting.element_id]
    if "action" not in element.properties:
        return None
    key = element.properties.get("actionForm")
    return Act(
        subscription_id=waiting.id,
        instance_id=waiting.instance_id,
        root_id=loaded.root_id or waiting.instance_id,
        definition_id=loaded.definition.id,
        element=element,
        roles=runtime.action_roles(loaded, element, waiting.token),
        form_id=runtime.definitions.bound(loaded.definition, "form", key).id if key else None,
        context=dict(loaded.kernel.variables_at(waiting.token)),
    )


def _may(runtime: Runtime, found: Act, actor: Actor) -> bool:
    if actor.person_id is None:
        return True
    return bool(set(found.roles) & runtime.parts.register.roles_of(actor.person_id, runtime.parts.today()))


__all__ = ["Act", "act", "variables_at"]
