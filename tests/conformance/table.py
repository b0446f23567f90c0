"""The README's table of elements, made from the suite: `python -m tests.conformance.table` writes it anew.

An element stands in it with the rules that its cases show, and with what is refused; a case that fails makes `make conformance`
fail, so what the table says holds.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from pathlib import Path

from tests.conformance import cases
from tests.conformance.case import CASES, REFUSALS

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- conformance: made by `python -m tests.conformance.table` -->", "<!-- /conformance -->"


def load_cases() -> None:
    """Import every module of cases."""
    for module in pkgutil.iter_modules(cases.__path__):
        importlib.import_module(f"tests.conformance.cases.{module.name}")


def table() -> str:
    """Markdown: an element a line, with how many rules are shown to hold and how many misuses to be refused."""
    executed, refused = Counter(case.element for case in CASES), Counter(refusal.element for refusal in REFUSALS)
    lines = ["| element | rules executed | misuses refused |", "|---|---:|---:|"]
    names = sorted({*executed, *refused})
    lines += [f"| {name} | {executed[name] or '–'} | {refused[name] or '–'} |" for name in names]
    return "\n".join([*lines, f"| **all** | **{executed.total()}** | **{refused.total()}** |"])


def written(text: str) -> str:
    """`text` of the README with the table of today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    load_cases()
    README.write_text(written(README.read_text("utf-8")), "utf-8")
