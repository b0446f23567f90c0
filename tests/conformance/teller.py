"""Tells a case's story to an instance and sees that after each step the tokens are where the story says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.bpmn.calendar import parse_duration
from engine.bpmn.events import Thrown
from engine.bpmn.failures import NotWaiting, StepFailed
from tests.conformance.case import Case
from tests.engine.bpmn.play import Play


class Story(Play):
    """A play that understands the lines of a case."""

    def say(self, line: str) -> None:
        command, _, expected = (part.strip() for part in line.partition("->"))
        verb, *words = command.split()
        do: Callable[..., Any] = getattr(self, f"_{verb}")
        places = [word for word in words if "=" not in word]
        variables = {name: json.loads(value) for name, _, value in (word.partition("=") for word in words if "=" in word)}
        if expected.startswith("!"):
            with pytest.raises((StepFailed, NotWaiting)) as failed:
                do(*places, **variables)
            assert expected[1:] in str(failed.value), f"{line.strip()}: {failed.value}"
            return
        do(*places, **variables)
        now = "failed" if self.instance.failure else "done" if self.over else " ".join(self.open())
        assert now == expected, f"{line.strip()}: open are {now or 'none'}"

    def _start(self, element_id: str | None = None, /, **variables: Any) -> None:
        self.start(variables, element_id=element_id)

    def _complete(self, element_id: str, index: str = "0", /, **variables: Any) -> None:
        self.complete(element_id, variables, index=int(index))

    def _serve(self, element_id: str, index: str = "0", /, **variables: Any) -> None:
        self.serve(element_id, variables, index=int(index))

    def _returned(self, element_id: str, index: str = "0", /, **variables: Any) -> None:
        self.returned(element_id, variables, index=int(index))

    def _receive(self, element_id: str, index: str = "0", /, **variables: Any) -> None:
        self.receive(element_id, variables, index=int(index))

    def _carry_on(self, element_id: str, index: str = "0", /) -> None:
        self.instance.carry_on(self.token(element_id, int(index)))
        self._after()

    def _begin(self, ad_hoc: str, element_id: str, /) -> None:
        self.instance.start_activity(self.token(ad_hoc), element_id)
        self._after()

    def _error(self, element_id: str, code: str, index: str = "0", /, **variables: Any) -> None:
        self.error(element_id, code, f"{code} happened", index=int(index), **variables)

    def _escalate(self, element_id: str, code: str, index: str = "0", /, **variables: Any) -> None:
        self.escalate(element_id, code, index=int(index), **variables)

    def _set(self, /, **variables: Any) -> None:
        self.instance.set_variables(variables)
        self._after()

    def _at(self, moment: str) -> None:
        self.at(moment)

    def _later(self, duration: str) -> None:
        self._until(parse_duration(duration).after(self.clock.now()))

    def _jump(self, duration: str) -> None:
        self.clock.move_to(parse_duration(duration).after(self.clock.now()))

    def _fire(self) -> None:
        self.fire()

    def _cancel(self) -> None:
        self.instance.cancel()
        self._after()

    def thrown(self) -> list[str]:
        """What went out, in order."""
        return [event.name for event in self.of(Thrown)]


def tell(case: Case, *, restoring: bool) -> Story:
    """Plays the story to its end; fails at the first line that does not come true."""
    options = {} if case.decide is None else {"decide": case.decide}
    story = Story(case.diagram, restoring=restoring, **options)  # type: ignore[arg-type]
    for line in case.story.strip().splitlines():
        if line.strip():
            story.say(line)
    return story
