"""The same house as behind the REST contract, spoken to through /api/v1."""

from __future__ import annotations

from tests.web.rest.conftest import office, secret, toolkit

__all__ = ["office", "secret", "toolkit"]
