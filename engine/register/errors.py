"""What the register refuses, and why."""

from __future__ import annotations

from collections.abc import Iterable


class RegisterError(Exception):
    """A change or a question that the register refuses; `str()` is a sentence that says what to do."""


class RoleError(RegisterError, ValueError):
    """A string that is no role."""


class QuotaExceeded(RegisterError):
    """The party's seats in the body are all taken in some part of the period."""


class Conflict(RegisterError):
    """The change contradicts something that the register already holds."""


class NotFound(RegisterError, LookupError):
    """No person, body, party, appointment or absence of that name."""


class LoadRefused(RegisterError):
    """A file for the register does not hold together. Nothing of it was loaded.

    Attributes:
        problems: one readable line each, in the order of the file.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
