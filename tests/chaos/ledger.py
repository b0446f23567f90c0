"""What the clients know for certain, to be held against the database when all is over."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Everything that was begun, and everything that was answered with a yes.

    Attributes:
        begun: process key → business keys of the instances that clients wanted, each once.
        submitted: submissions of starts on the page, each of which makes one instance.
        completed: task id → the submission with which its completion was answered, None for one that has none.
        served: external tasks whose answer was taken.
        told: what instances were told in messages that were taken: business key → the message's mark.
        answers: how many commands were answered with a yes; threads count, so it is nearly right.
    """

    begun: dict[str, set[str]] = field(default_factory=dict)
    submitted: set[str] = field(default_factory=set)
    completed: dict[int, str | None] = field(default_factory=dict)
    served: set[int] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)
    answers: int = 0

    def wants(self, process: str, key: str) -> None:
        self.begun.setdefault(process, set()).add(key)
