"""What is wrong with a diagram (or a form, or a decision): everything at once, each with the element and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a file cannot be deployed. `reason` is a plain English sentence that says what to do; `line` counts from 1."""

    file: str
    element_id: str | None
    element_name: str | None
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        if self.element_id and self.element_name and self.element_name != self.element_id:
            return f"{place}: {self.element_id} “{self.element_name}”: {self.reason}"
        if self.element_id or self.element_name:
            return f"{place}: {self.element_id or self.element_name}: {self.reason}"
        return f"{place}: {self.reason}"


class DeploymentRefused(Exception):
    """Nothing of the deployment was taken in; `problems` holds every reason that was found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
