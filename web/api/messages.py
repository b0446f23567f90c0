"""Messages from other systems."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import validate

from engine.runtime.correlation import Message, correlate
from web.api.paging import no_null, text
from web.api.resource import resource
from web.auth.programs import caller, program
from web.context import house

bp = resource("messages", "Messages from other systems")


class Sent(ma.Schema):
    """`keys`: process variables that the receiver must hold with these values; `to_all`: to every instance that it fits."""

    name = ma.fields.String(required=True, validate=[validate.Length(1, 200), no_null])
    business_key = text(200, load_default=None, allow_none=True)
    keys = ma.fields.Dict(keys=text(200), load_default=dict)
    instance_id = ma.fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 2**63 - 1))
    variables = ma.fields.Dict(keys=text(200), load_default=dict)
    to_all = ma.fields.Boolean(load_default=False)


class Correlated(ma.Schema):
    """Where a message went; `token` is null where it started the instance."""

    instance_id = ma.fields.Integer(required=True)
    token = ma.fields.Integer(required=True, allow_none=True)


@bp.route("/messages", methods=["POST"])
@program("work")
@bp.arguments(Sent)
@bp.response(200, Correlated(many=True))
def send(given: dict[str, Any]) -> Any:
    """Deliver a message to the instance that waits for it, else start the process that begins with it; 400 when neither is."""
    message = Message(given["name"], given["business_key"] or None, given["keys"], given["instance_id"], given["variables"])
    return correlate(house().runtime, message, to_all=given["to_all"], actor=caller().actor)
