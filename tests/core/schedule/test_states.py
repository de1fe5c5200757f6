"""What is remembered of a source after a poll, and when it is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Feed, Item, PollState, Response, Rest, Source
from bot.core.schedule import (
    LONGEST,
    Pace,
    condition,
    enlisted,
    failed,
    hastened,
    quiet,
    quieted,
    read,
    shifted,
    unchanged,
    unreached,
)

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
DATE = "Tue, 10 Jun 2025 12:00:00 GMT"
URL = "https://a.example/rss"
SOURCE = Source("a", "A", "rss", URL, "uk")
NEW = PollState(source_id="a", next_at=NOW, configured=URL)
BOUNDS = Pace(60, LONGEST)
KNOWN = replace(NEW, etag='"1"', first_success=NOW - timedelta(days=1), rhythm=600.0, asked_until=NOW)


def answer(status: int = 200, moved: str = "", **headers: str) -> Response:
    return Response(URL, status, {name.replace("_", "-"): text for name, text in headers.items()}, b"", moved)


def a_feed(*ages: float, rest: Rest | None = None) -> Feed:
    """Make a feed of items so many minutes old."""
    times = [NOW - timedelta(minutes=age) for age in ages]
    return Feed(tuple(Item(str(time), SOURCE, "uk", "", time, "x") for time in times), rest=rest or Rest())


def read_on(before: PollState, response: Response | None = None, feed: Feed | None = None) -> PollState:
    return read(before, response or answer(), feed or Feed(()), BOUNDS, NOW, jitter=0.0, news=True)


def quiet_on(before: PollState, response: Response | None = None, now: datetime = NOW) -> PollState:
    return unchanged(before, response or answer(304), BOUNDS, now, 0.0)


def failed_on(before: PollState, **how: Any) -> PollState:
    return failed(before, "no", **{"shortest": 60, "now": NOW} | how)


def pause(after: PollState) -> float:
    return (after.next_at - NOW).total_seconds()


def test_a_source_is_due_when_it_is_new_or_when_its_address_changed() -> None:
    known = replace(NEW, next_at=NOW + timedelta(hours=1), etag="old")
    assert enlisted(SOURCE, None, NOW) == NEW
    assert enlisted(SOURCE, known, NOW) is None
    assert enlisted(SOURCE, replace(known, configured=""), NOW) == known
    assert enlisted(SOURCE, replace(known, configured="https://b.example/"), NOW) == NEW


def test_no_publisher_can_put_us_off_for_more_than_the_longest() -> None:
    for_a_year = read_on(NEW, answer(cache_control="max-age=31536000"))
    at_weekends = quiet_on(replace(NEW, rest=Rest(days=frozenset({0, 1, 2, 3, 4}))))
    assert pause(for_a_year) == pause(at_weekends) == LONGEST
    assert for_a_year.asked_until == at_weekends.asked_until == NOW + timedelta(seconds=LONGEST)


def test_an_hour_of_rest_is_slept_through() -> None:
    after = read_on(NEW, feed=a_feed(10, rest=Rest(900, frozenset({12, 13}))))
    assert (pause(after), after.rest.seconds) == (7_200, 900)
    assert pause(quiet_on(replace(after, rest=Rest(900)))) == 900


def test_what_the_feed_asks_is_asked_until_it_is_read_again() -> None:
    assert read_on(NEW, feed=a_feed(10)).asked_until is None
    assert quiet_on(replace(NEW, rest=Rest(7_200))).asked_until == NOW + timedelta(hours=2)


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    states = [NEW]
    for _ in range(12):
        states.append(failed_on(states[-1]))
    assert [pause(after) for after in states[1:4]] == [120, 240, 480]
    assert pause(states[-1]) == LONGEST
    assert (states[-1].failures, states[-1].error, states[-1].failing_since) == (12, "no", NOW)


def test_a_failure_waits_as_long_as_the_other_side_asks() -> None:
    assert pause(failed_on(NEW, delay=7_200)) == 7_200


def test_a_success_forgets_every_failure_and_remembers_the_validators() -> None:
    before = replace(NEW, failures=3, error="no", etag="old", failing_since=NOW - timedelta(days=1), ended=NOW)
    after = read_on(before, answer(etag='"2"', last_modified=DATE))
    assert (after.failures, after.error, after.failing_since, after.ended) == (0, "", None, None)
    assert (after.etag, after.last_modified) == ('"2"', DATE)
    assert after.first_success == after.last_success == after.polled_at == NOW


def test_not_modified_keeps_the_validators_and_a_full_answer_without_them_drops_them() -> None:
    before = replace(NEW, etag='"1"', last_modified=DATE, last_item=NOW)
    kept, dropped = quiet_on(before), quiet_on(before, answer(200))
    assert (kept.etag, kept.last_modified, kept.last_item) == ('"1"', DATE, NOW)
    assert (dropped.etag, dropped.last_modified) == ("", "")


@pytest.mark.parametrize(
    ("change", "response"),
    [
        ({"failures": 1}, answer(304)),
        ({"first_success": None}, answer(304)),
        ({"moved_to": "https://b.example/"}, answer(304)),
        ({}, answer(304, moved="https://b.example/")),
        ({}, answer(304, etag='"2"')),
        ({}, answer(200)),
    ],
    ids=["failed before", "first", "no longer moved", "moved", "new validator", "no validator"],
)
def test_a_poll_that_changes_more_than_times_is_not_quiet(change: dict[str, Any], response: Response) -> None:
    assert quiet(replace(KNOWN, **change), response, BOUNDS, NOW, 0.0) is None


@pytest.mark.parametrize("response", [answer(304), answer(200, etag='"1"'), answer(304, cache_control="max-age=900")])
def test_a_quiet_poll_is_an_unchanged_one_in_short(response: Response) -> None:
    poll = quiet(KNOWN, response, BOUNDS, NOW, 0.5)
    assert quieted(KNOWN, poll) == unchanged(KNOWN, response, BOUNDS, NOW, 0.5)


def test_who_says_not_modified_for_ever_is_asked_without_a_condition_once_a_day() -> None:
    state = replace(NEW, etag='"1"', last_modified=DATE, polled_at=NOW, last_item=NOW - timedelta(days=2))
    asked = []
    for hour in range(1, 73):
        now = NOW + timedelta(hours=hour)
        question = condition(state, now)
        if not question.etag:
            assert question.last_modified == ""
            asked.append(hour)
        state = replace(state, polled_at=now)
    assert len(asked) == 3
    assert asked[2] - asked[1] == asked[1] - asked[0] == 24


def test_a_source_with_news_needs_no_question_without_a_condition() -> None:
    state = replace(NEW, etag='"1"', polled_at=NOW)
    for hour in range(1, 24):
        assert condition(replace(state, last_item=NOW), NOW + timedelta(hours=hour)).etag


def moving(to: str, days: list[int], before: PollState = NEW) -> PollState:
    for day in days:
        before = quiet_on(before, answer(304, moved=to), NOW + timedelta(days=day))
    return before


def test_a_permanent_redirect_is_believed_when_it_was_seen_on_three_days() -> None:
    there = "https://b.example/rss"
    doubted = moving(there, [0, 0, 0, 1, 1])
    assert (doubted.address, doubted.moved_to, doubted.moved_days) == ("", there, 2)
    moved = moving(there, [0, 1, 2])
    assert (moved.address, moved.moves, moved.moved_to, moved.moved_days) == (there, (URL,), "", 0)
    assert moving("https://c.example/", [3, 4, 5], moved).moves == (URL, there)


def test_a_redirect_that_changes_or_ends_is_not_believed() -> None:
    there = moving("https://b.example/rss", [0, 1])
    assert moving("https://c.example/rss", [2], there).moved_days == 1
    assert quiet_on(there).moved_to == ""
    assert moving("https://b.example/rss", [2, 3, 1, 0], quiet_on(there)).address == ""


def test_a_new_address_that_fails_for_days_is_given_up_for_the_configured_one() -> None:
    moved = replace(NEW, address="https://b.example/rss", moves=(URL,), etag="1")
    young = failed_on(replace(moved, failing_since=NOW - timedelta(days=2)))
    old = failed_on(replace(moved, failing_since=NOW - timedelta(days=3)))
    assert (young.address, old.address, old.etag) == ("https://b.example/rss", "", "")
    assert old.moves == (URL, "https://b.example/rss")


def test_what_is_gone_has_ended_unless_it_is_gone_from_where_it_moved_to() -> None:
    assert failed_on(NEW, gone=True).ended == NOW
    moved = failed_on(replace(NEW, address="https://b.example/rss"), gone=True)
    assert (moved.ended, moved.address) == (None, "")


def test_nobody_is_blamed_for_our_own_outage() -> None:
    before = replace(NEW, interval=300, failures=2, error="no")
    after = unreached(before, BOUNDS, NOW, 0.0)
    assert after == replace(before, next_at=NOW + timedelta(minutes=5))


def test_hastened_sources_are_spread_and_keep_to_what_their_publishers_asked_for() -> None:
    far = NOW + timedelta(hours=5)
    asking = replace(NEW, next_at=far, asked_until=NOW + timedelta(hours=3))
    resting = replace(NEW, next_at=far, rest=Rest(hours=frozenset({12})))
    states = [replace(NEW, next_at=far), asking, resting, replace(NEW, next_at=far)]
    after = hastened(states, NOW, timedelta(minutes=10))
    assert [pause(state) / 60 for state in after] == [2.5, 180, 60, 10]


def test_a_shift_moves_what_lies_ahead() -> None:
    state = replace(NEW, asked_until=NOW, live_until=NOW, last_success=NOW)
    after = shifted(state, timedelta(hours=-1))
    assert {after.next_at, after.asked_until, after.live_until} == {NOW - timedelta(hours=1)}
    assert after.last_success == NOW


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_jitter_puts_a_poll_off_by_up_to_a_tenth(jitter: float) -> None:
    after = unchanged(replace(NEW, rhythm=1_200.0), answer(304), BOUNDS, NOW, jitter)
    assert pause(after) == pytest.approx(600 * (1 + jitter / 10))


@given(st.floats(1, LONGEST), st.floats(0, LONGEST), st.integers(0, 2000), st.floats(0, 1), st.booleans())
def test_no_pause_is_shorter_than_the_shortest_or_much_longer_than_the_longest(
    shortest: float, interval: float, failures: int, jitter: float, news: bool
) -> None:
    before = replace(NEW, interval=interval, failures=failures)
    bounds = Pace(shortest, LONGEST)
    for after in (
        unchanged(before, answer(), bounds, NOW, jitter),
        read(before, answer(), a_feed(5, 60, 600), bounds, NOW, jitter=jitter, news=news),
        failed_on(before, shortest=shortest, jitter=jitter),
    ):
        assert shortest - 1e-3 <= pause(after) <= LONGEST * 1.1 + 1e-3
