"""What the kernel is given of the world: one command's moment, decisions, scripts and data stores; a replay gets the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn import Environment
from engine.runtime.definitions import Definition, Definitions
from engine.runtime.errors import NotFound
from engine.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class FixedClock:
    """The moment of one command: every step of it sees the same time, and so does its replay."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def environment_of(
    owner: Definition, definitions: Definitions, toolkit: Toolkit, moment: datetime, stored: Callable[[str], Any]
) -> Environment:
    """The environment of a command at `moment` on an instance of `owner`; `stored` gives the value of a data store."""
    at = toolkit.at(moment)

    def decide(key: str, variables: Mapping[str, Any]) -> Any:
        return definitions.decision(definitions.bound(owner, "decision", key).id).evaluate(variables, at)

    def decide_by(key: str, binding: str, version: str | None, variables: Mapping[str, Any]) -> Any:
        return definitions.decision(_version(definitions, key, binding, version).id).evaluate(variables, at)

    return Environment(clock=FixedClock(moment), decide=decide, script=at.script, stored=stored, decide_by=decide_by)


def _version(definitions: Definitions, key: str, binding: str, version: str | None) -> Definition:
    try:
        if binding == "version":
            return definitions.version("decision", key, int(version or ""))
        if binding == "versionTag":
            return definitions.tagged("decision", key, version or "")
    except ValueError:
        raise NotFound(f"the version of decision {key} must be a number; it is {version!r}") from None
    found = definitions.live("decision", key)
    if found is None:
        raise NotFound(f"decision {key} is not deployed")
    return found
