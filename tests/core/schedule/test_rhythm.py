"""How often a source is asked follows what it has to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import PollState, Source
from bot.core.schedule import LONGEST, Pace, interval, pace, rhythm

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
OUTLET = Source("a", "A", "rss", "https://a.example/rss", "uk")
OFFICE = replace(OUTLET, tier="official")
BOUNDS = Pace(60, LONGEST)
NEW = PollState(source_id="a", next_at=NOW)


def ago(**step: float) -> datetime:
    return NOW - timedelta(**step)


def test_the_rhythm_of_a_feed_is_the_usual_gap_between_its_items() -> None:
    times = [ago(minutes=minutes) for minutes in (5, 5, 15, 25, 35, 600)]
    assert rhythm(times, NOW) == 600


def test_items_without_a_time_and_too_few_items_have_no_rhythm() -> None:
    assert rhythm([NOW] * 50, NOW) == 0
    assert rhythm([ago(minutes=1), ago(minutes=9), NOW], NOW) == 0


def test_only_the_newest_items_tell_the_rhythm() -> None:
    busy = [ago(minutes=number) for number in range(1, 22)]
    assert rhythm([*busy, *(ago(days=number) for number in range(1, 200))], NOW) == 60


@pytest.mark.parametrize(
    ("seconds", "silent", "expected"),
    [
        (30, timedelta(0), 60),
        (600, timedelta(0), 300),
        (86_400, timedelta(0), LONGEST),
        (600, timedelta(hours=8), 1_800),
        (600, timedelta(days=30), LONGEST),
    ],
    ids=["busy", "usual", "rare", "silent at night", "silent for long"],
)
def test_a_source_is_asked_twice_in_its_usual_gap_and_less_often_when_it_is_silent(
    seconds: float, silent: timedelta, expected: float
) -> None:
    before = replace(NEW, rhythm=seconds, last_item=NOW - silent)
    assert interval(before, BOUNDS, NOW, news=False) == expected


def test_a_source_whose_items_have_no_times_is_asked_more_rarely_until_it_has_news() -> None:
    quiet = [NEW]
    for _ in range(9):
        quiet.append(replace(NEW, interval=interval(quiet[-1], BOUNDS, NOW, news=False)))
    pauses = [state.interval for state in quiet[1:]]
    assert pauses[:3] == [90, 135, 202.5]
    assert pauses[-1] == 600
    assert interval(quiet[-1], BOUNDS, NOW, news=True) == 60


def test_rare_official_sources_are_asked_often_all_the_same() -> None:
    rare = replace(NEW, rhythm=86_400.0)
    assert interval(rare, pace(OFFICE, 60), NOW, news=False) == 600
    assert interval(rare, pace(OFFICE, 7_200), NOW, news=False) == LONGEST


def test_while_an_event_goes_on_its_sources_are_asked_most_often_and_nobody_waits_long() -> None:
    rare = replace(NEW, rhythm=86_400.0)
    telling = replace(rare, live_until=NOW + timedelta(hours=1))
    assert interval(telling, pace(OUTLET, 60, live=True), NOW, news=False) == 60
    assert interval(replace(telling, live_until=NOW), pace(OUTLET, 60), NOW, news=False) == LONGEST
    assert interval(rare, pace(OUTLET, 60, live=True), NOW, news=False) == 600
    assert interval(rare, pace(OUTLET, 1_800, live=True), NOW, news=False) == 1_800


def test_a_source_whose_news_are_pushed_is_polled_as_a_net() -> None:
    busy = replace(NEW, rhythm=60.0)
    assert interval(busy, pace(OUTLET, 60, pushed=True), NOW, news=True) == 900


SECONDS = st.floats(0, 1e9)


@given(st.floats(1, LONGEST), SECONDS, SECONDS, SECONDS, st.booleans())
def test_no_interval_is_shorter_than_the_shortest_or_longer_than_the_longest(
    shortest: float, usual: float, silent: float, last: float, news: bool
) -> None:
    before = replace(NEW, rhythm=usual, interval=last, last_item=NOW - timedelta(seconds=silent))
    for source, live in product((OUTLET, OFFICE), (False, True)):
        assert shortest <= interval(before, pace(source, shortest, live=live), NOW, news=news) <= LONGEST
