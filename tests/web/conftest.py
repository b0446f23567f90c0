"""What the tests of the site share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import PASSWORD, Site, open_site
from web.auth import passwords


@pytest.fixture(scope="session")
def hashed_password() -> str:
    """One hash for all: hashing is slow by design."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def site(tmp_path: Path, hashed_password: str) -> Iterator[Site]:
    """A site whose forms need no token; test_csrf.py asks for them again."""
    with open_site(tmp_path, hashed_password, WTF_CSRF_ENABLED=False) as opened:
        yield opened
