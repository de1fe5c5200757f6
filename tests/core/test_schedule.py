"""When a source is asked, and when it is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Item, PollState, Response, Source
from bot.core.schedule import GONE, LONGEST, asked_pause, enlisted, failed, host_of, retry_after, spread, succeeded

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
DATE = "Tue, 10 Jun 2025 12:00:00 GMT"
NEW = PollState(source_id="a", next_at=NOW)


def source(name: str, url: str = "https://a.example/rss") -> Source:
    return Source(name, name, "rss", url, "uk")


def state(name: str, minutes: float, **values: object) -> PollState:
    return PollState(source_id=name, next_at=NOW + timedelta(minutes=minutes), **values)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Response:
    return Response(
        "https://a.example/rss", status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )


def pause(after: PollState) -> float:
    return (after.next_at - NOW).total_seconds()


def test_a_source_is_due_when_it_is_new_or_when_its_address_changed() -> None:
    known = replace(NEW, configured="https://a.example/rss", next_at=NOW + timedelta(hours=1), etag="old")
    fresh = PollState(source_id="a", next_at=NOW, configured="https://a.example/rss")
    assert enlisted(source("a"), None, NOW) == fresh
    assert enlisted(source("a"), known, NOW) is None
    assert enlisted(source("a"), replace(known, configured=""), NOW) == known
    assert enlisted(source("a"), replace(known, configured="https://b.example/"), NOW) == fresh


def test_the_host_of_an_address_has_one_spelling() -> None:
    assert host_of("https://user:pw@A.example/2") == host_of("http://a.example") == "a.example"


def test_news_bring_the_shortest_interval_and_silence_stretches_it_tenfold_at_most() -> None:
    quiet = [state("a", 0, interval=60)]
    for _ in range(20):
        quiet.append(succeeded(quiet[-1], answer(), (), news=False, shortest=60, now=NOW))
    pauses = [after.interval for after in quiet]
    assert pauses == sorted(pauses)
    assert pauses[:3] == [60, 90, 135]
    assert pauses[-1] == 600
    assert pause(succeeded(quiet[-1], answer(), (), news=True, shortest=60, now=NOW)) == 60


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, b"", 0),
        ({"cache_control": "public, max-age=900"}, b"", 900),
        ({"cache_control": "no-cache, max-age=900"}, b"", 0),
        ({"cache_control": "max-age=x"}, b"", 0),
        ({"cache_control": "max-age=0", "expires": "Tue, 10 Jun 2025 13:00:00 GMT"}, b"", 0),
        ({"expires": "Tue, 10 Jun 2025 13:00:00 GMT"}, b"", 3600),
        ({"expires": "Tue, 10 Jun 2025 13:00:00 GMT", "date": "Tue, 10 Jun 2025 12:30:00 GMT"}, b"", 1800),
        ({"expires": "0"}, b"", 0),
        ({"expires": "Mon, 09 Jun 2025 13:00:00 GMT"}, b"", 0),
        ({}, b"<rss><channel><ttl> 15 </ttl>", 900),
        ({"cache_control": "max-age=60"}, b"<ttl>15</ttl>", 900),
    ],
)
def test_the_publisher_says_how_long_nothing_changes(headers: dict[str, str], body: bytes, seconds: float) -> None:
    assert asked_pause(answer(200, body, **headers), NOW) == seconds


def test_no_publisher_can_put_us_off_for_more_than_the_longest() -> None:
    after = succeeded(NEW, answer(cache_control="max-age=31536000"), (), news=True, shortest=60, now=NOW)
    assert pause(after) == LONGEST


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("120", DATE, 120),
        ("1", DATE, 60),
        ("999999999999", DATE, GONE),
        ("-5", DATE, 60),
        ("Tue, 10 Jun 2025 12:10:00 GMT", DATE, 600),
        ("Tue, 10 Jun 2025 12:10:00 GMT", "", 60),
        ("Tue, 10 Jun 2035 12:10:00 GMT", DATE, GONE),
        ("tomorrow", DATE, 60),
        ("", DATE, None),
    ],
)
def test_retry_after_is_honoured_between_a_minute_and_a_day(header: str, date: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": header, "date": date}) == seconds


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    states = [NEW]
    for _ in range(12):
        states.append(failed(states[-1], "no", shortest=60, now=NOW))
    assert [pause(after) for after in states[1:4]] == [120, 240, 480]
    assert pause(states[-1]) == LONGEST
    assert (states[-1].failures, states[-1].error) == (12, "no")


def test_a_failure_waits_as_long_as_the_other_side_asks() -> None:
    assert pause(failed(NEW, "busy", shortest=60, now=NOW, delay=7200)) == 7200
    assert pause(failed(NEW, "gone", shortest=60, now=NOW, gone=True)) == GONE


def test_a_success_clears_the_failures_and_remembers_the_validators() -> None:
    item = Item("1", source("a"), "uk", "", NOW - timedelta(hours=1), "x")
    before = state("a", 0, failures=3, error="no", etag="old", last_item=NOW - timedelta(hours=2))
    after = succeeded(before, answer(etag='"2"', last_modified=DATE), [item], news=True, shortest=60, now=NOW)
    assert (after.failures, after.error, after.etag, after.last_modified) == (0, "", '"2"', DATE)
    assert (after.first_success, after.last_success, after.last_item) == (NOW, NOW, item.published)


def test_not_modified_keeps_the_validators_and_a_full_answer_without_them_drops_them() -> None:
    before = state("a", 0, etag='"1"', last_modified=DATE, last_item=NOW)
    kept = succeeded(before, answer(304), (), news=False, shortest=60, now=NOW)
    dropped = succeeded(before, answer(200), (), news=False, shortest=60, now=NOW)
    assert (kept.etag, kept.last_modified, kept.last_item) == ('"1"', DATE, NOW)
    assert (dropped.etag, dropped.last_modified) == ("", "")


@given(st.floats(1, 21600), st.floats(0, 21600), st.integers(0, 2000), st.floats(0, 1), st.booleans())
def test_no_pause_is_shorter_than_the_shortest_or_much_longer_than_the_longest(
    shortest: float, interval: float, failures: int, jitter: float, news: bool
) -> None:
    before = state("a", 0, interval=interval, failures=failures)
    for after in (
        succeeded(before, answer(), (), news=news, shortest=shortest, now=NOW),
        failed(before, "no", shortest=shortest, now=NOW),
    ):
        assert shortest - 1e-3 <= pause(spread(after, jitter, NOW)) <= LONGEST * 1.1 + 1e-3


HEADER = st.text(max_size=40) | st.datetimes().map(format_datetime) | st.integers().map("max-age={}".format)


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "retry-after"]), HEADER))
def test_any_header_is_a_pause_or_none(headers: dict[str, str]) -> None:
    assert asked_pause(Response("https://a.example/", 200, headers, b""), NOW) >= 0
    pause = retry_after(headers)
    assert pause is None or 60 <= pause <= GONE
