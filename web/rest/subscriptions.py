"""Event subscriptions: the messages and signals that instances wait for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select
from werkzeug.exceptions import BadRequest

from engine.store.tables import instance, subscription
from web.rest.lists import list_routes
from web.rest.queries import TENANTS, Listing, equal, equal_id, number_of
from web.rest.tree import execution_id
from web.rest.values import moment


def _of_kind(value: Any) -> Any:
    if value not in ("message", "signal", "compensate", "conditional"):
        raise BadRequest("“eventType” is message, signal, compensate or conditional.")
    return subscription.c.kind == value


def _of_execution(value: Any) -> Any:
    number, _dash, token = str(value).partition("-")
    mine = subscription.c.instance_id == number_of(number)
    return mine & (subscription.c.token == number_of(token)) if token else mine


LISTING = Listing(
    {
        "eventSubscriptionId": equal_id(subscription.c.id), "eventType": _of_kind, "eventName": equal(subscription.c.message),
        "executionId": _of_execution, "processInstanceId": equal_id(subscription.c.instance_id),
        "activityId": equal(subscription.c.element_id), **TENANTS,
    },
    subscription.c.id,
    {"created": subscription.c.created_at},
)  # fmt: skip


def _query() -> Select[Any]:
    return select(subscription).join(instance, instance.c.id == subscription.c.instance_id)


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id), "eventType": row.kind, "eventName": row.message,
        "executionId": execution_id(row.instance_id, row.token),
        "processInstanceId": str(row.instance_id), "activityId": row.element_id, "createdDate": moment(row.created_at),
        "tenantId": None,
    }  # fmt: skip


list_routes("/event-subscription", LISTING, _query, _shown, by_body=False)
