"""What every resource's blueprint has: signed calls, problems for errors, a place under /api/v1."""

from __future__ import annotations

from flask_smorest import Blueprint

from web.api.problems import init_problems
from web.auth.programs import protect


def resource(name: str, description: str) -> Blueprint:
    """The blueprint of one resource."""
    bp = Blueprint(f"api_{name}", __name__, url_prefix="/api/v1", description=description)
    protect(bp)
    init_problems(bp)
    return bp
