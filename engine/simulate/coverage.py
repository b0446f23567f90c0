"""Which sequence flows of a process scenarios have taken, by the history that they left."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.runtime import Runtime
from engine.store.tables import history


@dataclass(frozen=True, slots=True)
class Covered:
    """A process version: how many sequence flows it has, and those that no instance has taken, as readable lines."""

    process: str
    version: int
    flows: int
    untaken: tuple[str, ...]

    def __str__(self) -> str:
        share = f"{self.process} v{self.version}: {self.flows - len(self.untaken)} of {self.flows} flows taken"
        return "\n".join([share, *(f"  not taken: {line}" for line in self.untaken)])


def coverage(runtime: Runtime) -> list[Covered]:
    """Every process in force, and earlier versions that instances have run on, by key and version."""
    taken: dict[int, set[str]] = {row.id: set() for row in runtime.definitions.all_live("process")}
    with runtime.parts.database.read() as connection:
        for data in connection.execute(select(history.c.data).where(history.c.data.is_not(None))).scalars():
            if data and "definition" in data:
                taken.setdefault(data["definition"], set()).update(data.get("flows", ()))
    covered = []
    for definition_id, flows in taken.items():
        row, model = runtime.definitions.row(definition_id), runtime.definitions.process(definition_id)
        names = {element.id: element.name for element in model.elements.values()}
        untaken = tuple(
            f"{flow.id}: {names[flow.source]} → {names[flow.target]}" + (f" ({flow.name})" if flow.name else "")
            for flow in model.flows.values()
            if flow.id not in flows
        )
        covered.append(Covered(row.key, row.version, len(model.flows), untaken))
    return sorted(covered, key=lambda one: (one.process, one.version))
