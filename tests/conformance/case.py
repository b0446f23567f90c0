"""The language of the cases: a rule, a diagram, and a story that says after each step where the tokens are.

    case(
        "parallelGateway", "BPMN 13.4.1", "waits for a token on every incoming flow",
        process(start(), parallel("split"), user("a"), user("b"), parallel("join"), end(), flows="…"),
        '''
        start           -> a b
        complete a      -> b join
        complete b      -> done
        ''',
        trail="start split a b join end",
    )

A line is `command [element] [name=JSON …] -> what is open then`, in the order of age; `done` says that the instance is over,
`failed` that an error which nothing caught has ended it; JSON is written without spaces.
Commands: `start [element]`, `complete`, `serve`, `returned`, `receive` (a message or signal, by the element that waits for it),
`begin ad-hoc element` (an activity of an open ad-hoc subprocess once more),
`error element code` and `escalate element code` (as a worker or a called process raises them), `carry_on element` (a job's turn),
`at 2026-01-12T10:00`, `later PT5M` (each timer at its own moment), `jump PT5M` (nobody looks at the clock) and `fire`, `set
name=JSON` (variables by a coordinator), `cancel`. `!words` instead of what is open says that the command fails, with a message
that holds the words.

After the story: `trail` is what was passed or left, in order; `cancelled` what was interrupted; `variables` some of the instance's;
`thrown` the names of messages, signals, errors and escalations that went out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES: list[Case] = []
REFUSALS: list[Refusal] = []


@dataclass(frozen=True, slots=True)
class Case:
    """One rule of one element, the diagram that shows it, and what has to happen."""

    element: str
    source: str
    says: str
    diagram: bytes
    story: str
    trail: str | None = None
    cancelled: str | None = None
    thrown: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    decide: Callable[[str, Mapping[str, Any]], Any] | None = None
    family: str = ""

    def __str__(self) -> str:
        return f"{self.element}: {self.says}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A diagram that must not be deployed: which element is at fault, and words of the reason."""

    element: str
    source: str
    says: str
    diagram: bytes
    at: str | None
    words: str
    family: str = ""

    def __str__(self) -> str:
        return f"{self.element}: {self.says}"


def case(element: str, source: str, says: str, diagram: bytes, story: str, **expected: Any) -> None:
    """Adds a case. `element`: its BPMN tag, with the event's kind after a dot (`boundaryEvent.timer`)."""
    CASES.append(Case(element, source, says, diagram, story, family=_family(), **expected))


def refused(element: str, source: str, says: str, diagram: bytes, *, at: str | None, words: str) -> None:
    """Adds a diagram that is refused, with one problem at the element `at` (None: at the file or the process)."""
    REFUSALS.append(Refusal(element, source, says, diagram, at, words, family=_family()))


def _family() -> str:
    caller = inspect.stack()[2]
    return Path(caller.filename).stem
