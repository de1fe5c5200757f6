"""Which sources ail: each kind of trouble is seen, and years of feeds that are well raise hardly an alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.core.health import (
    ALL,
    HOPELESS,
    LATELY,
    LEAST_FAILURES,
    REMEMBERED,
    Past,
    Tally,
    ailing,
    ailment,
    alarms,
    past_of,
    silent_days,
)
from bot.core.model import PollState, Source, SourceDay

NOW = datetime(2025, 6, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WELL = PollState(source_id="bereh", next_at=NOW, last_success=NOW - timedelta(minutes=5))
SOURCE = Source("bereh", "Берег", "rss", "https://bereh.example/rss", "uk")
DAILY = Past(
    NOW.date() - 60 * DAY, NOW.date(), days=61, telling=40, told=NOW.date(), before=Tally(900), lately=Tally(60)
)


def test_nothing_is_said_of_a_source_without_a_past():
    assert ailment(None, None, NOW) is None
    assert ailment(WELL, None, NOW) is None
    assert ailment(WELL, DAILY, NOW) is None
    assert past_of([], NOW.date()) is None


def test_a_source_that_is_gone_has_ended_whatever_else_it_is():
    assert ailment(replace(WELL, ended=NOW, failures=90, failing_since=NOW - 9 * DAY), None, NOW) == "ended"


@pytest.mark.parametrize(
    ("failures", "since", "found"),
    [
        (LEAST_FAILURES, HOPELESS, "failing"),
        (LEAST_FAILURES - 1, HOPELESS, None),
        (LEAST_FAILURES, HOPELESS - timedelta(minutes=1), None),
        (90, None, None),
    ],
)
def test_a_source_is_failing_when_it_was_asked_often_and_for_days(failures, since, found):
    state = replace(WELL, failures=failures, failing_since=None if since is None else NOW - since)
    assert ailment(state, None, NOW) == found


@pytest.mark.parametrize("lacking", ["undated", "unlinked"])
def test_a_feed_whose_items_lose_their_time_or_link_has_changed(lacking):
    def past(before: int, lately: int) -> Past:
        return replace(DAILY, before=Tally(500, **{lacking: before}), lately=Tally(40, **{lacking: lately}))

    assert ailment(WELL, past(0, 40), NOW) == lacking
    assert ailment(WELL, past(100, 32), NOW) == lacking
    assert ailment(WELL, past(101, 40), NOW) is None
    assert ailment(WELL, past(0, 31), NOW) is None
    assert ailment(WELL, replace(past(0, 40), before=Tally(49)), NOW) is None
    assert ailment(WELL, replace(past(0, 40), lately=Tally(9, **{lacking: 9})), NOW) is None


def test_a_source_is_silent_only_where_it_answers():
    past = replace(DAILY, last=NOW.date() - 9 * DAY)
    assert ailment(WELL, past, NOW) == "silent"
    assert ailment(replace(WELL, last_success=NOW - 2 * DAY), past, NOW) is None
    assert ailment(replace(WELL, last_success=None), past, NOW) is None


def test_a_source_that_told_of_something_every_day_is_dry_after_some_without():
    assert ailment(WELL, replace(DAILY, telling=55, told=NOW.date() - 6 * DAY, since=6), NOW) == "dry"
    assert ailment(WELL, replace(DAILY, telling=8, told=NOW.date() - 6 * DAY, since=6), NOW) is None
    assert ailment(WELL, replace(DAILY, telling=0, told=None, since=61), NOW) is None


def test_silence_is_told_in_whole_days():
    assert silent_days(DAILY, NOW.date()) == 0
    assert silent_days(replace(DAILY, last=NOW.date() - 4 * DAY), NOW.date()) == 3


# --- What the admins hear ---


def failing(name: str) -> tuple[Source, PollState]:
    state = replace(WELL, source_id=name, failures=9, failing_since=NOW - 4 * DAY, error="status 500")
    return replace(SOURCE, id=name), state


def test_an_alarm_says_which_source_ails_since_when_and_why():
    source, state = failing("bereh")
    others = [replace(SOURCE, id=f"s{number}") for number in range(9)]
    (alarm,) = alarms([source, *others], {"bereh": state}, {}, NOW)
    assert (alarm.key, alarm.phrase) == ("source:failing:bereh", "alarm.source.failing")
    assert alarm.values == {"name": "Берег", "id": "bereh", "count": "4", "error": "status 500"}


@pytest.mark.parametrize(
    ("past", "phrase", "count"),
    [
        (replace(DAILY, last=NOW.date() - 9 * DAY), "silent", "8"),
        (replace(DAILY, telling=55, told=NOW.date() - 6 * DAY, since=6), "dry", "6"),
    ],
)
def test_an_alarm_counts_the_days_of_its_own_trouble(past, phrase, count):
    (alarm,) = alarms([SOURCE], {"bereh": WELL}, {"bereh": past}, NOW)
    assert (alarm.phrase, alarm.values["count"]) == (f"alarm.source.{phrase}", count)


def test_a_source_that_has_ended_has_no_days_to_count():
    (alarm,) = alarms([SOURCE], {"bereh": replace(WELL, ended=NOW)}, {}, NOW)
    assert alarm.values["count"] == "0"


def test_where_most_sources_fail_at_once_there_is_one_alarm():
    ill = [failing(f"s{number}") for number in range(7)]
    well = [replace(SOURCE, id=f"w{number}") for number in range(3)]
    states = {source.id: state for source, state in ill}
    sources = [source for source, _ in ill] + well
    (alarm,) = alarms(sources, states, {}, NOW)
    assert (alarm.key, alarm.values) == (ALL, {"count": "7", "all": "10"})
    assert len(alarms([*sources, *(replace(source, id=f"x{source.id}") for source in well)], states, {}, NOW)) == 7
    assert len(alarms(sources[:3], states, {}, NOW)) == 3


def test_what_ails_a_source_is_read_back_from_the_keys_of_alarms():
    keys = ["source:silent:bereh", "source:ended:a:b", ALL, "source:odd:x", "source:dry:"]
    assert ailing(keys) == {"bereh": "silent", "a:b": "ended"}
    assert (
        ailing(["source:failing:x", "source:silent:x"])
        == ailing(["source:silent:x", "source:failing:x"])
        == {"x": "failing"}
    )


# --- A year of feeds of several sorts, played a day at a time ---

Sort = Callable[[Random, date], int]


def lively(random: Random, _: date) -> int:
    return random.randint(40, 160)


def weekdays(random: Random, day: date) -> int:
    return random.randint(3, 30) if day.weekday() < 5 else 0


def now_and_then(chance: float) -> Sort:
    return lambda random, _: int(random.random() < chance)


def in_bursts(random: Random, day: date) -> int:
    """Bring items in some weeks on most days and in others on few."""
    return int(random.random() < (0.9 if Random(day.isocalendar().week).random() < 0.5 else 0.25))


SORTS: dict[str, Sort] = {
    "lively": lively,
    "weekdays": weekdays,
    "every other day": now_and_then(0.5),
    "weekly": now_and_then(1 / 7),
    "monthly": now_and_then(1 / 30),
    "in bursts": in_bursts,
}


def played(sort: Sort, random: Random, until: int = 10_000, days: int = 365) -> Iterator[tuple[int, str | None]]:
    """Yield for each day what is said of a feed; it brings nothing from the day `until` on."""
    start = date(2025, 1, 1)
    kept: list[SourceDay] = []
    for number in range(days):
        today = start + number * DAY
        items = sort(random, today) if number < until else 0
        kept += [SourceDay("bereh", today, items=items)] if items else []
        recent = [each for each in kept if each.day >= today - REMEMBERED]
        evening = datetime(today.year, today.month, today.day, 23, 50, tzinfo=UTC)
        yield number, ailment(replace(WELL, last_success=evening), past_of(recent, today - LATELY), evening)


@pytest.mark.parametrize("sort", SORTS)
def test_a_year_of_a_feed_that_is_well_raises_no_alarm(sort):
    random = Random(sort)
    years = (played(SORTS[sort], random) for _ in range(4))
    alarmed = sum(found is not None for year in years for _, found in year)
    assert alarmed == 0


@pytest.mark.parametrize(("sort", "within"), [("lively", 4), ("weekdays", 12), ("every other day", 25)])
def test_a_feed_that_falls_silent_is_told_of_within_days(sort, within):
    told = [number for number, found in played(SORTS[sort], Random(sort), until=120, days=160) if found == "silent"]
    assert 120 + 2 <= min(told) <= 120 + within
