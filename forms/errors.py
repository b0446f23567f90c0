"""What the package raises: a form that cannot be used, and answers that cannot be accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

WHOLE: Final = "_form"
"""The key in `FormErrors.errors` for what concerns no single field."""


class FormRefused(Exception):
    """A form file that cannot be deployed. `problems` are English lines, each naming the file, the component and what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class FormErrors(Exception):
    """Answers that cannot be accepted: `errors` by field key (or `WHOLE`), in the reader's language; `values` as they were given."""

    def __init__(self, errors: Mapping[str, list[str]], values: Mapping[str, Any]) -> None:
        self.errors = dict(errors)
        self.values = dict(values)
        super().__init__("; ".join(f"{key}: {' '.join(lines)}" for key, lines in self.errors.items()))
