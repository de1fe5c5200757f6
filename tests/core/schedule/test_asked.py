"""What publishers ask for is honoured, within bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Rest
from bot.core.schedule import GONE, allowed, asked_pause, retry_after

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)  # a Tuesday
DATE = "Tue, 10 Jun 2025 12:00:00 GMT"
NEVER = Rest(hours=frozenset(range(24)))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "public, max-age=900"}, 900),
        ({"cache-control": 'max-age="900"'}, 900),
        ({"cache-control": "no-cache, max-age=900"}, 0),
        ({"cache-control": "max-age=900, no-store"}, 0),
        ({"cache-control": "s-maxage=900"}, 0),
        ({"cache-control": "x-max-age=900"}, 0),
        ({"cache-control": "max-age=x"}, 0),
        ({"cache-control": "max-age=0", "expires": "Tue, 10 Jun 2025 13:00:00 GMT"}, 0),
        ({"expires": "Tue, 10 Jun 2025 13:00:00 GMT"}, 3600),
        ({"expires": "Tue, 10 Jun 2025 13:00:00 GMT", "date": "Tue, 10 Jun 2025 12:30:00 GMT"}, 1800),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 09 Jun 2025 13:00:00 GMT"}, 0),
    ],
)
def test_the_publisher_says_how_long_nothing_changes(headers: dict[str, str], seconds: float) -> None:
    assert asked_pause(headers, Rest(), NOW) == seconds


def test_of_headers_and_feed_the_longer_pause_counts() -> None:
    assert asked_pause({"cache-control": "max-age=60"}, Rest(900), NOW) == 900
    assert asked_pause({"cache-control": "max-age=900"}, Rest(60), NOW) == 900


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("120", DATE, 120),
        ("1", DATE, 60),
        ("999999999999", DATE, GONE),
        ("-5", DATE, 60),
        ("Tue, 10 Jun 2025 12:10:00 GMT", DATE, 600),
        ("Tue, 10 Jun 2025 12:10:00 GMT", "", 60),
        ("Mon, 09 Jun 2025 12:10:00 GMT", DATE, 60),
        ("Tue, 10 Jun 2035 12:10:00 GMT", DATE, GONE),
        ("tomorrow", DATE, 60),
        ("", DATE, None),
    ],
)
def test_retry_after_is_honoured_between_a_minute_and_a_day(header: str, date: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": header, "date": date}) == seconds


@pytest.mark.parametrize(
    ("rest", "hours"),
    [
        (Rest(), 0.5),
        (Rest(hours=frozenset({11})), 0.5),
        (Rest(hours=frozenset({12})), 1),
        (Rest(hours=frozenset(range(12, 24)) | {0, 1}), 14),
        (Rest(days=frozenset({1})), 12),
        (Rest(days=frozenset({1, 2}), hours=frozenset(range(6))), 42),
        (NEVER, 0.5),
        (Rest(days=frozenset(range(7))), 0.5),
    ],
)
def test_a_feed_rests_in_the_hours_and_on_the_days_that_it_names_unless_these_are_all(rest: Rest, hours: float) -> None:
    assert allowed(rest, NOW + timedelta(minutes=30)) == NOW + timedelta(hours=hours)


@given(st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)), st.integers(0, 7 * 24 * 60))
def test_what_is_allowed_is_never_earlier_and_is_no_time_of_rest(
    hours: frozenset[int], days: frozenset[int], minutes: int
) -> None:
    time = NOW + timedelta(minutes=minutes)
    found = allowed(Rest(hours=hours, days=days), time)
    assert found >= time
    if len(hours) < 24 and len(days) < 7:
        assert found.hour not in hours
        assert found.weekday() not in days


HEADER = st.text(max_size=40) | st.datetimes().map(format_datetime) | st.integers().map("max-age={}".format)


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "retry-after"]), HEADER))
def test_any_header_is_a_pause_or_none(headers: dict[str, str]) -> None:
    assert asked_pause(headers, Rest(), NOW) >= 0
    pause = retry_after(headers)
    assert pause is None or 60 <= pause <= GONE
