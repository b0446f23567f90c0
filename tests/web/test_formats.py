"""Dates, deadlines and numbers in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale

from engine.clock import end_of_day
from web import formats


@pytest.fixture
def page(site):
    with site.app.test_request_context("/help/?page=2&q=a b"):
        yield site


def test_days_in_words(page):
    assert formats.day_words(date(2026, 1, 16)) == "fredag 16 januari"
    assert formats.day_words(date(2027, 1, 1)) == "fredag 1 januari 2027"
    with force_locale("en"):
        assert formats.day_words(date(2026, 1, 16)) == "Friday 16 January"


def test_the_full_date_is_at_hand(page):
    assert formats.day("2026-01-16") == '<time datetime="2026-01-16" title="fredag 16 januari 2026">fredag 16 januari</time>'
    assert formats.day(None) == ""
    assert formats.day("") == ""


def test_moments_are_on_the_wall_in_vasterbotten(page):
    assert "måndag 12 januari kl. 08:00" in formats.moment(datetime(2026, 1, 12, 7, tzinfo=UTC))
    assert "kl. 09:00" in formats.moment(datetime(2026, 7, 12, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "words", "nearness"),
    [
        (date(2026, 1, 9), "3 dagar försenad", "late"),
        (date(2026, 1, 11), "1 dag försenad", "late"),
        (date(2026, 1, 12), "i dag", "soon"),
        (date(2026, 1, 13), "i morgon", "soon"),
        (date(2026, 1, 17), "om 5 dagar", "later"),
    ],
)
def test_deadlines_on_a_day(page, day, words, nearness):
    """What is due on a day is due by its end, which is stored as the first moment of the next one."""
    due = end_of_day(day)
    assert formats.due_day(due) == day
    assert formats.due_words(due) == words
    assert formats.nearness(due) == nearness


def test_deadlines_at_a_moment(page):
    now = page.clock.now()
    assert formats.due_words(now + timedelta(hours=2)) == "i dag kl. 10:00"
    assert formats.due_words(now - timedelta(hours=1)) == "försenad sedan kl. 07:00"
    assert formats.nearness(now) == "late"


def test_a_deadline_over_the_change_to_summer_time(page):
    due = end_of_day(date(2026, 3, 29))
    assert formats.due_day(due) == date(2026, 3, 29)


def test_numbers(page):
    assert formats.number(1234.5) == "1\xa0234,5"
    assert formats.size(3_200_000) == "3,2 MB"
    assert formats.size(999) == "999 byte"
    with force_locale("en"):
        assert formats.number(1234.5) == "1,234.5"


def test_addresses_keep_the_rest_of_the_query(page):
    assert formats.url_with(page=3) == "/help/?page=3&q=a+b"
    assert formats.url_with(page=None, q=None) == "/help/"
