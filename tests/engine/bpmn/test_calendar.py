"""Civil and exact time: over both changes of the clock, a leap day, short months and the edges of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.calendar import Duration, due_of, moment_of, on_the_wall, parse_cycle, parse_duration, parse_moment
from engine.clock import CIVIL


def wall(text: str) -> datetime:
    return on_the_wall(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-28T08:30", "P1D", "2026-03-29T08:30"),
        ("2026-03-28T08:30", "PT24H", "2026-03-29T09:30"),
        ("2026-10-24T08:30", "P1D", "2026-10-25T08:30"),
        ("2026-10-24T08:30", "PT24H", "2026-10-25T07:30"),
        ("2026-03-28T02:30", "P1D", "2026-03-29T03:30"),  # 02:30 does not exist on that day
        ("2026-01-31T09:00", "P1M", "2026-02-28T09:00"),
        ("2024-02-29T09:00", "P1Y", "2025-02-28T09:00"),
        ("2024-02-29T09:00", "P2Y", "2026-02-28T09:00"),
        ("2026-02-28T09:00", "P2Y", "2028-02-28T09:00"),
        ("2026-01-12T09:00", "P2W", "2026-01-26T09:00"),
        ("2026-01-12T09:00", "P1DT2H", "2026-01-13T11:00"),
        ("2026-01-12T09:00", "P0D", "2026-01-12T09:00"),
    ],
)
def test_adding_keeps_the_wall_for_civil_parts_and_passes_time_for_exact_ones(start: str, duration: str, end: str) -> None:
    assert parse_duration(duration).after(wall(start)) == wall(end)


def test_an_ambiguous_hour_is_its_first_and_an_exact_step_reaches_the_second() -> None:
    first = parse_duration("P1D").after(wall("2026-10-24T02:30"))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert parse_duration("PT1H").after(first) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_second_of_two_equal_hours_is_kept_when_nothing_civil_is_added() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert parse_duration("PT0S").after(second) == second


@pytest.mark.parametrize(
    ("text", "months", "days", "exact"),
    [
        ("P1Y2M3W4DT5H6M7.5S", 14, 25, timedelta(hours=5, minutes=6, seconds=7.5)),
        ("PT0,25S", 0, 0, timedelta(milliseconds=250)),
        (" P14D ", 0, 14, timedelta()),
        ("+P1D", 0, 1, timedelta()),
    ],
)
def test_durations(text: str, months: int, days: int, exact: timedelta) -> None:
    assert parse_duration(text) == Duration(months, days, exact)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "14D", "P1.5D", "P-1D", "P1D1M", "PT1D", "P٣D", "P1D\nP2D", "P" + "9" * 400 + "D", "P999999999Y"],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"no ISO 8601 duration|longer than any date"):
        parse_duration(text)


def test_negative_durations_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        parse_duration("-PT5M")


def test_beyond_the_calendar_is_an_error_and_no_overflow() -> None:
    for text in ("P9000Y", "P3600000D", "PT86400000H"):
        with pytest.raises(ValueError, match=r"outside the years"):
            parse_duration(text).after(wall("2026-01-12T09:00"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-12", date(2026, 1, 12)),
        ("2026-01-12T09:00", datetime(2026, 1, 12, 8, tzinfo=UTC)),
        ("2026-07-12T09:00:30", datetime(2026, 7, 12, 7, 0, 30, tzinfo=UTC)),
        ("2026-07-12T09:00Z", datetime(2026, 7, 12, 9, tzinfo=UTC)),
        ("2026-07-12T09:00:00.5+02:00", datetime(2026, 7, 12, 7, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_dates_and_moments(text: str, expected: date) -> None:
    assert parse_moment(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "12/1 2026", "2026-02-30", "2026-W01", "20260112", "2026-01-12T25:00", "0001-01-01", "9999-12-31T23:59Z", "x" * 500],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"no ISO 8601 date|does not exist") as caught:
        parse_moment(text)
    assert len(str(caught.value)) < 200


def test_a_date_alone_starts_a_timer_in_the_morning_and_makes_a_task_late_at_night() -> None:
    assert moment_of("2026-01-12") == datetime(2026, 1, 11, 23, tzinfo=UTC)
    assert due_of("2026-01-12") == datetime(2026, 1, 12, 23, tzinfo=UTC)
    assert due_of(date(2026, 1, 12)) == datetime(2026, 1, 12, 23, tzinfo=UTC)
    assert due_of("2026-01-12T09:00") == moment_of("2026-01-12T09:00") == datetime(2026, 1, 12, 8, tzinfo=UTC)


def test_a_monthly_cycle_counts_from_its_anchor() -> None:
    cycle = parse_cycle("R3/2026-01-31T09:00/P1M")
    assert cycle.start is not None and cycle.count == 3
    assert [cycle.round(cycle.start, number) for number in range(4)] == [
        wall("2026-01-31T09:00"),
        wall("2026-02-28T09:00"),
        wall("2026-03-31T09:00"),
        wall("2026-04-30T09:00"),
    ]


def test_a_cycle_without_count_or_start_and_with_an_end() -> None:
    cycle = parse_cycle("R/PT1H/2026-02-01")
    assert (cycle.count, cycle.start, cycle.end) == (None, None, wall("2026-02-01T00:00"))


@pytest.mark.parametrize("text", ["", "R", "PT1H", "R/PT0S", "R/-PT1H", "R-1/PT1H", "R/x/PT1H", "R/PT1H/x", "R3/"])
def test_what_is_no_cycle(text: str) -> None:
    with pytest.raises(ValueError, match=r"“"):
        parse_cycle(text)


moments = st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(moments, st.integers(0, 4000))
def test_civil_days_keep_the_wall_or_move_forward_by_the_gap(moment: datetime, days: int) -> None:
    before, after = moment.astimezone(CIVIL), Duration(days=days).after(moment).astimezone(CIVIL)
    assert after.date() == before.date() + timedelta(days=days)
    assert after.replace(tzinfo=None) - before.replace(tzinfo=None) - timedelta(days=days) in (timedelta(), timedelta(hours=1))


@given(moments, st.integers(0, 400), st.integers(0, 4000), st.timedeltas(timedelta(), timedelta(days=400)))
def test_time_never_runs_backwards(moment: datetime, months: int, days: int, exact: timedelta) -> None:
    later = Duration(months, days, exact).after(moment)
    # Within the hour that exists twice a civil step ends on its first occurrence.
    assert later >= moment - timedelta(hours=1)
