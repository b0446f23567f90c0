"""Setting an instance's variables from outside, as coordinators and other systems do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.actor import Actor
from engine.runtime.ledger import Entry
from engine.runtime.runtime import Done, Runtime


def set_variables(runtime: Runtime, instance_id: int, variables: Mapping[str, Any], *, actor: Actor) -> Done:
    """Set variables of the instance's own scope; the history holds who did, and what.

    Raises:
        NotFound, InstanceEnded: there is nothing to set them in.
        StepFailed: what follows from them cannot be taken; nothing was saved.
    """
    with runtime.parts.work(actor) as work:
        loaded = work.load(instance_id)
        loaded.kernel.set_variables(variables)
        facts = {"names": sorted(variables)}
        command = Entry("set", actor_id=actor.person_id, data=facts, content={"variables": dict(variables)})
        outcome = work.save(loaded, command)
    return runtime.follow(outcome)
