"""Looking at an instance without touching it: its variables, and the acts that are open to a person.

Nothing is locked, and nothing that is read here may be saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, select

from engine.bpmn import Element, Instance
from engine.runtime.actor import SYSTEM, Actor
from engine.runtime.errors import InstanceEnded, NotAllowed, NotFound
from engine.runtime.ledger import Chain
from engine.runtime.runtime import Runtime
from engine.runtime.stores import Stores
from engine.runtime.work import Loaded, Work
from engine.store.codec import unpack
from engine.store.dossier import SubscriptionRow
from engine.store.prepared import Prepared
from engine.store.tables import instance, subscription


class Stored(Protocol):
    """What is needed of an instance's row to look at it."""

    @property
    def definition_id(self) -> int: ...
    @property
    def state(self) -> bytes: ...
    @property
    def business_key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Action:
    """A message that a person may send by hand, as a button says it (the diagram's `action`, `action:en`)."""

    subscription_id: int
    element_id: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One such act about to be done.

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


def look(runtime: Runtime, connection: Connection, row: Stored) -> Loaded:
    """The instance as its last command left it, running or ended."""
    parts = runtime.parts
    owner = parts.definitions.row(row.definition_id)
    environment = Work(connection, parts.definitions, parts.toolkit, SYSTEM, parts.now()).environment(owner)
    state = unpack(row.state)
    kernel = Instance.restore(parts.definitions.process(owner.id), environment, state["kernel"])
    return Loaded(owner, kernel, Chain.resume(tuple(state["chain"])), row.business_key, Stores(connection))


def variables_of(runtime: Runtime, connection: Connection, row: Stored) -> dict[str, Any]:
    """The instance's own variables (those of inner scopes are not seen)."""
    return look(runtime, connection, row).kernel.variables()


STORED = Prepared(select(*(instance.c[name] for name in ("definition_id", "state", "business_key", "status"))).where(
    instance.c.id == bindparam("instance_id")))  # fmt: skip


def variables_at(runtime: Runtime, instance_id: int, token: int, connection: Connection | None = None) -> dict[str, Any]:
    """The variables as a token of a running instance sees them; read on `connection` where the caller has one.

    Raises:
        NotFound: there is no such instance.
        InstanceEnded: it has no tokens any more.
    """
    with runtime.parts.database.read() if connection is None else nullcontext(connection) as reading:
        row = STORED.one_or_none(reading, instance_id=instance_id)
        if row is None:
            raise NotFound(f"there is no instance {instance_id}")
        if row.status != "running":
            raise InstanceEnded(f"{row.business_key} is {row.status}")
        return look(runtime, reading, row).kernel.variables_at(token)


def actions_for(
    runtime: Runtime, loaded: Loaded, subscriptions: Iterable[SubscriptionRow], roles: frozenset[str]
) -> list[Action]:
    """What somebody with `roles` may send to the instance now, in the order of its diagram."""
    elements = loaded.kernel.model.elements
    found = [
        Action(waiting.id, waiting.element_id, elements[waiting.element_id].properties)
        for waiting in subscriptions
        if "action" in elements[waiting.element_id].properties
        and roles & set(runtime.action_roles(loaded, elements[waiting.element_id], waiting.token))
    ]
    order = list(elements)
    return sorted(found, key=lambda action: order.index(action.element_id))


def act(runtime: Runtime, subscription_id: int, *, actor: Actor) -> Act:
    """One act that is open to the person.

    Raises:
        NotFound: nothing waits for it any more, or it is not for people to do.
        NotAllowed: the person holds none of the roles that may.
    """
    parts = runtime.parts
    query = (
        select(instance, subscription.c.element_id, subscription.c.token)
        .join(subscription, subscription.c.instance_id == instance.c.id)
        .where(subscription.c.id == subscription_id)
    )
    with parts.database.read() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("nothing waits for this any more")
        loaded = look(runtime, connection, row)
    element = loaded.kernel.model.elements[row.element_id]
    if "action" not in element.properties:
        raise NotFound("this is not for people to send")
    roles = runtime.action_roles(loaded, element, row.token)
    if actor.person_id is not None and not set(roles) & parts.register.roles_of(actor.person_id, parts.today()):
        raise NotAllowed(f"{actor.name} holds none of the roles that may do this: {', '.join(roles)}", roles)
    key = element.properties.get("actionForm")
    form_id = runtime.definitions.bound(loaded.definition, "form", key).id if key else None
    context = loaded.kernel.variables_at(row.token)
    return Act(subscription_id, row.id, row.root_id or row.id, row.definition_id, element, roles, form_id, context)
