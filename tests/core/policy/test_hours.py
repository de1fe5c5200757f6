"""Quiet hours and digests by the clock on a reader's wall, all year round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import EVERY_DAY, Quiet, Subscription, Timetable
from bot.core.policy import is_quiet, next_digest, zone_of

CHAT = Subscription(chat_id=-100)
ZONES = ("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe")
"""Lord Howe moves its clock by half an hour, and the other way round the year."""
YEAR = datetime(2025, 1, 1, tzinfo=UTC)
MINUTES = 24 * 60

times = st.integers(0, 365 * MINUTES).map(lambda minute: YEAR + timedelta(minutes=minute))
days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda each: tuple(sorted(each)))
chats = st.builds(
    lambda zone, minute, weekdays: replace(CHAT, zone=zone, digest=Timetable(minute, weekdays)),
    st.sampled_from(ZONES),
    st.integers(0, MINUTES - 1),
    days,
)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_chat_without_a_digest_gets_none():
    assert next_digest(CHAT, YEAR) is None


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2025-06-09 08:59", "2025-06-09 09:00"),
        ("2025-06-09 09:00", "2025-06-10 09:00"),
        ("2025-06-09 23:59", "2025-06-10 09:00"),
    ],
)
def test_a_digest_comes_at_its_time_every_day(after, due):
    chat = replace(CHAT, digest=Timetable(9 * 60))
    assert next_digest(chat, at(after, "Europe/Kyiv")) == at(due, "Europe/Kyiv")


def test_a_digest_comes_on_its_days_alone():
    chat = replace(CHAT, digest=Timetable(9 * 60, (0,)))
    assert next_digest(chat, at("2025-06-09 09:00", "Europe/Kyiv")) == at("2025-06-16 09:00", "Europe/Kyiv")


def test_a_digest_at_a_time_that_does_not_exist_comes_an_hour_later_by_the_clock():
    chat = replace(CHAT, digest=Timetable(3 * 60 + 30))
    due = next_digest(chat, at("2025-03-29 12:00"))
    assert due == at("2025-03-30 01:30")
    assert due.astimezone(ZoneInfo("Europe/Kyiv")).hour == 4


def test_a_digest_at_a_time_that_comes_twice_comes_once():
    chat = replace(CHAT, digest=Timetable(3 * 60 + 30))
    due = next_digest(chat, at("2025-10-25 12:00"))
    assert due == at("2025-10-26 00:30")
    assert next_digest(chat, due) == at("2025-10-27 01:30")


@given(chats, times)
def test_the_next_digest_is_the_first_one_after(chat, after):
    """It is later, at most eight days, on a day that is wanted, and nothing that is wanted lies in between."""
    due = next_digest(chat, after)
    assert after < due <= after + timedelta(days=8)
    assert next_digest(chat, due - timedelta(seconds=1)) == due
    wall = due.astimezone(ZoneInfo(chat.zone))
    assert wall.weekday() in chat.digest.weekdays
    assert 0 <= wall.hour * 60 + wall.minute - chat.digest.minute <= 60


@given(chats)
def test_a_year_has_one_digest_on_each_of_its_days(chat):
    zone, moment, found = ZoneInfo(chat.zone), YEAR, []
    while (moment := next_digest(chat, moment)) < YEAR + timedelta(days=365):
        found.append(moment.astimezone(zone).date())
    first = YEAR.astimezone(zone).date()
    assert len(set(found)) == len(found)
    wanted = [first + timedelta(days=n) for n in range(1, 364)]
    assert [day for day in wanted if day.weekday() in chat.digest.weekdays] == [day for day in found if day in wanted]


@pytest.mark.parametrize(
    ("wall", "quiet"), [("22:59", False), ("23:00", True), ("03:00", True), ("06:59", True), ("07:00", False)]
)
def test_quiet_hours_may_go_over_midnight(wall, quiet):
    chat = replace(CHAT, quiet=Quiet(23 * 60, 7 * 60))
    assert is_quiet(chat, at(f"2025-06-09 {wall}", "Europe/Kyiv")) == quiet
    assert not is_quiet(CHAT, at(f"2025-06-09 {wall}", "Europe/Kyiv"))


def test_from_an_hour_to_the_same_one_it_is_always_quiet():
    assert is_quiet(replace(CHAT, quiet=Quiet(600, 600)), YEAR)


@given(st.sampled_from(ZONES), st.integers(0, MINUTES - 1), st.integers(0, MINUTES - 1), times)
def test_it_is_quiet_either_in_some_hours_or_in_all_others(zone, first, last, moment):
    chat = replace(CHAT, zone=zone, quiet=Quiet(first, last))
    rest = replace(chat, quiet=Quiet(last, first))
    assert (is_quiet(chat, moment) != is_quiet(rest, moment)) or first == last
    assert is_quiet(chat, moment) == is_quiet(chat, moment + timedelta(seconds=59 - moment.second))


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../../etc/passwd"])
def test_a_zone_that_nobody_knows_counts_as_utc(zone):
    assert zone_of(replace(CHAT, zone=zone)).key == "UTC"
