"""Where an instance stands, as a tree: the process, the subprocesses inside it, and what waits in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from engine.bpmn import Instance, Live
from web.rest.queries import definition_id


def execution_id(instance_id: int, token: int | None) -> str:
    """An execution as clients name it: the instance's own number, or that of a token in it."""
    return str(instance_id) if token is None else f"{instance_id}-{token}"


def tree(row: Row[Any], kernel: Instance, incidents: Sequence[Row[Any]]) -> dict[str, Any]:
    """The instance's activity instances; `incidents`: those that stand, with their tokens."""
    root = _node(row, None, row.definition_key, row.definition_name, "processDefinition", None, None, incidents)
    nodes: dict[int, dict[str, Any]] = {}
    elements, live = kernel.model.elements, kernel.live()
    for each in live:
        element = elements[each.element_id]
        nodes[each.token] = _node(row, each.token, element.id, element.name, element.type, each, None, incidents)
    for each in live:
        scope = elements[each.element_id].scope
        around = next((other.token for other in live if other.element_id == scope), None)
        parent = root if around is None else nodes[around]
        nodes[each.token]["parentActivityInstanceId"] = parent["id"]
        parent["childActivityInstances"].append(nodes[each.token])
    return root


def _node(
    row: Row[Any], token: int | None, element_id: str, name: str, kind: str, live: Live | None, parent: str | None,
    incidents: Sequence[Row[Any]],
) -> dict[str, Any]:  # fmt: skip
    own = [found for found in incidents if found.token == token]
    number = str(row.id) if token is None else f"{element_id}:{execution_id(row.id, token)}"
    return {
        "id": number, "parentActivityInstanceId": parent, "activityId": element_id, "activityName": name or None,
        "name": name or None,
        "activityType": kind, "processInstanceId": str(row.id),
        "processDefinitionId": definition_id(row.definition_key, row.definition_version, row.definition_id),
        "childActivityInstances": [], "childTransitionInstances": [], "executionIds": [execution_id(row.id, token)],
        "incidentIds": [str(found.id) for found in own],
        "incidents": [{"id": str(found.id), "activityId": found.element_id} for found in own],
    }  # fmt: skip
