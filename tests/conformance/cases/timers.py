"""Timers of every kind, at every place; dates of the civil calendar, summer time included."""

from tests.conformance.case import case, refused
from tests.engine.bpmn.diagrams import (
    Node,
    boundary,
    catch,
    end,
    event_sub,
    in_line,
    process,
    race,
    start,
    timer,
    user,
)

CATCH, BORDER, SOURCE = "intermediateCatchEvent.timer", "boundaryEvent.timer", "BPMN 10.5.5"


def reminded(definition: Node, *, interrupting: bool) -> bytes:
    return process(
        start(), user("a"), boundary("b", "a", definition, interrupting=interrupting), user("r"), end(), flows="start>a; a>end; b>r"
    )


for says, definition, story in (
    ("a duration in hours", timer(duration="PT36H"), "later PT35H -> c\nlater PT1H -> done"),
    ("a duration in months keeps to the calendar", timer(duration="P1M"), "later P30D -> c\nlater P1D -> done"),
    ("a duration in days keeps the time of day over summer time", timer(duration="P90D"), "later P89D -> c\nlater P1D -> done"),
    ("a duration of nothing happens at once when the clock is asked", timer(duration="PT0S"), "fire -> done"),
    ("a duration from a variable", timer(duration="${d}"), "later PT59M -> c\nlater PT1M -> done"),
    ("a moment", timer(date="2026-01-12T10:00:00Z"), "at 2026-01-12T09:59:00Z -> c\nat 2026-01-12T10:00:00Z -> done"),
    (
        "a moment with an offset",
        timer(date="2026-01-12T12:00:00+02:00"),
        "at 2026-01-12T09:59:00Z -> c\nat 2026-01-12T10:00:00Z -> done",
    ),
    ("a moment that has passed", timer(date="2020-01-01T00:00:00Z"), "fire -> done"),
    (
        "a moment in summer time",
        timer(date="2026-07-01T10:00:00+02:00"),
        "at 2026-07-01T07:59:00Z -> c\nat 2026-07-01T08:00:00Z -> done",
    ),
):
    case(CATCH, SOURCE, says, in_line(catch("c", definition)), f'start d="PT1H" -> c\n{story}')  # fmt: skip
case(
    BORDER, SOURCE, "a cycle on a border happens as often as it says",
    reminded(timer(cycle="R2/PT1H"), interrupting=False),
    """
    start      -> a
    later PT1H -> a r
    later PT1H -> a r r
    later PT9H -> a r r
    """,
)  # fmt: skip
case(
    BORDER, SOURCE, "a cycle without number goes on until its task is done",
    reminded(timer(cycle="R/PT1H"), interrupting=False),
    """
    start      -> a
    later PT3H -> a r r r
    complete a -> r r r
    later PT3H -> r r r
    """,
)  # fmt: skip
refused(
    BORDER,
    "Camunda 7",
    "a cycle on a border that interrupts",
    reminded(timer(cycle="R3/PT1H"), interrupting=True),
    at="b",
    words="interrupts nothing can repeat",
)
case(
    BORDER, SOURCE, "a timer is given up when its task is done in time",
    reminded(timer(duration="PT1H"), interrupting=True),
    """
    start      -> a
    later PT59M -> a
    complete a -> done
    """,
    trail="start a end",
)  # fmt: skip
case(
    "eventBasedGateway", SOURCE, "of two timers the earlier one wins",
    process(
        start(), race("g"), catch("c1", timer(duration="PT2H")), catch("c2", timer(duration="PT1H")), user("x"), user("y"),
        flows="start>g; g>c1; g>c2; c1>x; c2>y",
    ),
    """
    start      -> g
    later PT1H -> y
    later PT2H -> y
    """,
)  # fmt: skip
case(
    "startEvent.timer", SOURCE, "an event subprocess may begin by the clock, beside what goes on",
    process(
        start(), user("a"), end(), event_sub("h", start("hs", timer(duration="PT1H")), user("u"), flows="hs>u", interrupting=False),
        flows="start>a; a>end",
    ),
    """
    start      -> a
    later PT1H -> a h u
    complete a -> h u
    complete u -> done
    """,
)  # fmt: skip
case(
    "startEvent.timer", SOURCE, "an event subprocess that interrupts ends what goes on",
    process(
        start(), user("a"), end(), event_sub("h", start("hs", timer(date="2026-01-12T10:00:00Z")), user("u"), flows="hs>u"),
        flows="start>a; a>end",
    ),
    """
    start                   -> a
    at 2026-01-12T10:00:00Z -> h u
    """,
    cancelled="a",
)  # fmt: skip
for says, given in (("no duration", '"soon"'), ("nothing", "null"), ("a number", "5")):
    case(
        CATCH,
        SOURCE,
        f"fails when its variable holds {says}",
        in_line(catch("c", timer(duration="${d}"))),
        f"start d={given} -> !the timer",
    )
for says, definition, words in (
    ("no timer at all", timer(), "timer"),
    ("two kinds at once", timer(date="2026-01-12", duration="PT1H"), "timer"),
    ("a duration that is none", timer(duration="1 hour"), "1 hour"),
    ("a date that is none", timer(date="2026-02-30T10:00:00Z"), "2026-02-30"),
    ("a cycle that is none", timer(cycle="every day"), "every day"),
):
    refused(CATCH, SOURCE, says, in_line(catch("c", definition)), at="c", words=words)
