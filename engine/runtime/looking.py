"""Looking at an instance without touching it: its variables, and what somebody may send it by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.bpmn import Instance
from engine.runtime.actor import SYSTEM
from engine.runtime.ledger import Chain
from engine.runtime.runtime import Runtime
from engine.runtime.work import Loaded, Work
from engine.store.codec import unpack
from engine.store.dossier import InstanceRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Action:
    """A message that a person may send by hand, as a button says it (`label:en` of the diagram in English)."""

    subscription_id: int
    element_id: str
    properties: Mapping[str, str]


def look(runtime: Runtime, connection: Connection, row: InstanceRow) -> Loaded:
    """The instance as its last command left it, running or ended, for reading: nothing is locked, nothing may be saved."""
    parts = runtime.parts
    owner = parts.definitions.row(row.definition_id)
    environment = Work(connection, parts.definitions, parts.toolkit, SYSTEM, parts.now()).environment(owner)
    state = unpack(row.state)
    kernel = Instance.restore(parts.definitions.process(owner.id), environment, state["kernel"])
    return Loaded(owner, kernel, Chain.resume(tuple(state["chain"])), row.business_key)


def variables_of(runtime: Runtime, connection: Connection, row: InstanceRow) -> dict[str, Any]:
    """The instance's own variables (those of inner scopes are not seen)."""
    return look(runtime, connection, row).kernel.variables()


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
