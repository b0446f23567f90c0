"""Civil and exact time in timers: what stays on the wall, what passes, and the grid of a repetition."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.calendar import moment_of
from engine.bpmn.timers import Timer


def due(kind, text, now):
    timer = Timer.of(kind, text, moment_of(now))
    assert timer is not None
    return timer.due


@pytest.mark.parametrize(
    ("kind", "text", "now", "expected"),
    [
        ("duration", "P1D", "2026-03-28T10:00", "2026-03-29T10:00"),  # the night to summer time is an hour shorter
        ("duration", "PT24H", "2026-03-28T10:00", "2026-03-29T11:00"),
        ("duration", "P1D", "2026-10-24T10:00", "2026-10-25T10:00"),
        ("duration", "PT24H", "2026-10-24T10:00", "2026-10-25T09:00"),
        ("duration", "P1D", "2026-03-28T02:30", "2026-03-29T03:30"),  # 02:30 does not exist that night
        ("duration", "P2Y", "2024-02-29T08:00", "2026-02-28T08:00"),
        ("date", "2026-02-01", "2026-01-12T08:00", "2026-02-01T00:00"),
        ("date", "2026-07-01T09:00", "2026-01-12T08:00", "2026-07-01T09:00"),
        ("date", "2026-07-01T09:00:00Z", "2026-01-12T08:00", "2026-07-01T11:00"),
        ("cycle", "R/P1D", "2026-03-28T10:00", "2026-03-29T10:00"),
        ("cycle", "R/2026-02-01T09:00/P1M", "2026-01-12T08:00", "2026-02-01T09:00"),
        ("cycle", "R/2020-01-01T09:00/P1D", "2026-01-12T10:00", "2026-01-13T09:00"),
        ("cycle", "R3/2020-01-01T09:00/P1D", "2026-01-12T10:00", "2020-01-03T09:00"),  # over: its last round, at once
    ],
)
def test_when_a_timer_is_due(kind, text, now, expected):
    assert due(kind, text, now) == moment_of(expected)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("duration", "-PT5M"),
        ("duration", "5M"),
        ("cycle", "R/-P1D"),
        ("cycle", "R/PT0S"),
        ("cycle", "P1D"),
        ("date", "P1D"),
        ("date", "2026-02-30"),
    ],
)
def test_what_is_no_time_is_refused(kind, text):
    with pytest.raises(ValueError, match="“"):
        Timer.of(kind, text, datetime(2026, 1, 12, tzinfo=UTC))


def rounds(text, now, count):
    """The moments of the first rounds, each looked at on time."""
    timer = Timer.of("cycle", text, moment_of(now))
    found = []
    while timer is not None and len(found) < count:
        found.append(timer.due)
        timer = Timer.restore(timer.state()).following(timer.due)
    return found


def test_monthly_from_the_31st_comes_back_to_the_31st():
    assert rounds("R/P1M", "2026-01-31T09:00", 3) == [moment_of(f"2026-{day}T09:00") for day in ("02-28", "03-31", "04-30")]


def test_a_repetition_ends_by_count_or_end():
    assert len(rounds("R3/PT1H", "2026-01-12T08:00", 10)) == 3
    assert len(rounds("R3/2026-01-12T09:00/PT1H", "2026-01-12T08:00", 10)) == 3
    assert len(rounds("R/P1D/2026-01-20", "2026-01-12T08:00", 100)) == 7
    assert rounds("R0/PT1H", "2026-01-12T08:00", 10) == []


def test_missed_rounds_count_as_one():
    timer = Timer.of("cycle", "R5/PT1H", moment_of("2026-01-12T08:00"))
    following = timer.following(moment_of("2026-01-12T11:30"))
    assert following.due == moment_of("2026-01-12T12:00")
    assert following.following(moment_of("2026-01-12T12:00")).due == moment_of("2026-01-12T13:00")
    assert timer.following(moment_of("2026-01-13T00:00")) is None


def test_years_of_missed_minutes_cost_nothing():
    timer = Timer.of("cycle", "R/PT1S", moment_of("2000-01-01T00:00"))
    assert timer.following(moment_of("2026-01-12T11:30")).due == moment_of("2026-01-12T11:30:01")


@given(
    text=st.sampled_from(["R/P1D", "R/PT1H", "R/P1M", "R/P1W", "R/P1DT30M"]),
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - given a zone below
    wait=st.timedeltas(min_value=datetime.resolution, max_value=datetime(2, 1, 1) - datetime(1, 1, 1)),  # noqa: DTZ001
)
def test_the_round_after_an_outage_lies_ahead_and_the_one_before_it_does_not(text, start, wait):
    now = start.replace(tzinfo=UTC)
    timer = Timer.of("cycle", text, now)
    late = max(timer.due, now + wait)
    following = timer.following(late)
    assert following.due > late
    assert following.round > timer.round
    if following.round > timer.round + 1:
        before = following.following(following.due)
        assert before.round == following.round + 1
