"""What scenarios are refused for, and how they fail."""

from __future__ import annotations

from collections.abc import Iterable


class ScenarioInvalid(Exception):
    """Scenario files that cannot be played.

    Attributes:
        problems: one readable line each: file, line, scenario, step, reason.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class ScenarioFailed(Exception):
    """A step that did not go as its scenario says.

    Attributes:
        where: file, line, scenario and step.
        reasons: what differs or what refused it, one line each.
    """

    def __init__(self, where: str, reasons: Iterable[str]) -> None:
        self.where = where
        self.reasons = tuple(reasons)
        super().__init__(f"{where}: " + "\n  ".join(self.reasons))
