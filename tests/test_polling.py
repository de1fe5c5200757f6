"""Polling against a real server on loopback: what is asked, what is handed on, what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot.adapters.memory import Memory
from bot.core.model import PollState, Request, Response, Source
from bot.ports import TemporaryError
from tests.polled import START, House, feed, polled_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with polled_house() as house:
        yield house


async def test_the_first_poll_is_a_baseline_older_news_are_taken_but_not_posted(house: House) -> None:
    house.server.serve(
        "/feed", feed(("fresh", START - timedelta(hours=5)), ("old", START - timedelta(hours=7)), ("undated", None))
    )
    await house.poll()
    assert (sorted(house.desk.taken), house.desk.loud) == (["fresh", "old", "undated"], ["fresh"])


async def test_news_after_the_baseline_are_posted_in_the_order_of_their_times(house: House) -> None:
    house.server.serve("/feed", feed(("a", START - timedelta(hours=1))))
    await house.poll()
    house.clock.move(minutes=10)
    entries = [("c", START + timedelta(minutes=6)), ("b", START + timedelta(minutes=4)), ("undated", None)]
    house.server.serve("/feed", feed(*entries, ("a", START - timedelta(hours=1))))
    await house.poll()
    assert house.desk.loud == ["a", "b", "c", "undated"]


async def test_the_past_that_a_feed_brings_up_again_is_not_posted_but_what_an_outage_hid_is(house: House) -> None:
    house.server.serve("/feed", feed())
    await house.poll()
    house.clock.move(days=2)
    house.server.serve("/feed", feed(("hidden", START + timedelta(hours=1)), ("ancient", START - timedelta(days=30))))
    await house.poll()
    assert house.desk.loud == ["hidden"]


async def test_an_answer_in_which_something_is_doubted_is_asked_for_again_as_a_whole(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)), etag='"1"')
    house.desk.doubting = True
    await house.poll()
    assert ((await house.state()).etag, (await house.state()).body_hash) == ("", "")
    house.desk.doubting = False
    house.clock.move(hours=6)
    await house.poll()
    assert (house.parser.parses, (await house.state()).etag) == (2, '"1"')


async def test_after_weeks_without_a_poll_only_the_last_days_are_told(house: House) -> None:
    house.server.serve("/feed", feed())
    await house.poll()
    house.clock.move(days=21)
    entries = [(f"day {day}", START + timedelta(days=day)) for day in (5, 17, 19)]
    house.server.serve("/feed", feed(*entries))
    await house.poll()
    assert (house.desk.taken, house.desk.loud) == (["day 5", "day 17", "day 19"], ["day 19"])


async def test_a_stop_asks_no_source(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)))
    house.stopping = True
    await house.poll()
    assert (house.desk.taken, await house.memory.poll_states()) == ([], {})


async def test_what_an_answer_that_broke_off_left_out_is_taken_at_the_next_poll(house: House) -> None:
    whole = feed(("a", START), ("b", START))
    house.server.serve("/feed", whole[: whole.rindex("b</title>")], etag='"1"')
    await house.poll()
    assert (house.desk.taken, (await house.state()).failures) == (["a"], 0)
    house.server.serve("/feed", whole, etag='"1"')
    house.clock.move(days=1)
    await house.poll()
    assert house.desk.taken == ["a", "b"]
    assert (await house.state()).etag == '"1"'


async def test_nothing_is_asked_before_it_is_due(house: House) -> None:
    house.server.serve("/feed", feed())
    await house.poll()
    await house.poll()
    house.clock.move(seconds=59)
    await house.poll()
    assert house.server.asked["/feed"] == 1
    house.clock.move(minutes=1)
    await house.poll()
    assert house.server.asked["/feed"] == 2


async def test_an_unchanged_feed_is_neither_parsed_nor_handed_on(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)), etag='"1"')
    house.server.serve("/plain", feed(("b", START)))
    sources = [house.source("one"), house.source("two", "/plain")]
    for _ in range(3):
        await house.poll(sources)
        house.clock.move(minutes=20)
    assert (house.server.not_modified, house.server.asked["/plain"], house.parser.parses) == (2, 3, 2)
    assert sorted(house.desk.taken) == ["a", "b"]
    assert (await house.state("two")).last_success == START + timedelta(minutes=40)


async def test_one_failing_source_never_stops_the_others(house: House) -> None:
    house.server.serve("/good", feed(("good", START)))
    house.server.serve("/page", "<!doctype html><html></html>")
    bad = [
        house.source("missing", "/nothing"),
        house.source("page", "/page"),
        replace(house.source("odd"), url="http://["),
    ]
    await house.poll([*bad, house.source("good", "/good")])
    assert house.desk.taken == ["good"]
    assert all(state.failures == 1 and state.error for state in [await house.state(source.id) for source in bad])
    assert (await house.state("good")).failures == 0


async def test_failures_back_off_and_a_success_forgives_them(house: House) -> None:
    waits = []
    for _ in range(4):
        await house.poll()
        waits.append(((await house.state()).next_at - house.clock.now()).total_seconds())
        house.clock.time = (await house.state()).next_at
    house.server.serve("/feed", feed(("a", START)))
    await house.poll()
    assert waits == [120, 240, 480, 960]
    assert ((await house.state()).failures, (await house.state()).error) == (0, "")


async def test_a_busy_host_is_left_alone_for_as_long_as_it_says_whatever_the_source(house: House) -> None:
    house.server.serve("/feed", "", status=503, headers={"Retry-After": "3600"})
    await house.poll([house.source("one"), house.source("two"), house.source("three")])
    assert house.server.asked["/feed"] == 1
    states = await house.memory.poll_states()
    assert {state.next_at for state in states.values()} == {START + timedelta(hours=1)}
    assert [states[name].failures for name in ("one", "two", "three")] == [1, 0, 0]


async def test_a_busy_host_is_left_alone_by_a_source_that_moved_there_too(house: House) -> None:
    house.server.serve("/feed", "", status=503, headers={"Retry-After": "3600"})
    moved = replace(house.source("moved"), url="https://old.example/feed")
    known = PollState(
        source_id="moved", next_at=START + timedelta(minutes=5), configured=moved.url, address=house.server.url("/new")
    )
    await house.memory.save_poll(known)
    await house.poll([house.source("one"), moved])
    assert (await house.state("moved")).next_at == START + timedelta(hours=1)


async def test_a_feed_that_is_gone_is_asked_no_more(house: House) -> None:
    house.server.serve("/feed", "", status=410)
    await house.poll()
    house.clock.move(days=9)
    await house.poll()
    assert (house.server.asked["/feed"], (await house.state()).ended) == (1, START)
    await house.poll([house.source("one", "/new")])
    assert house.server.asked["/new"] == 1


@pytest.mark.parametrize("failure", [TemporaryError("the database is busy"), ZeroDivisionError("secret")])
async def test_validators_are_kept_only_after_the_news_are_stored(house: House, failure: Exception) -> None:
    house.server.serve("/feed", feed(("a", START)), etag='"1"')
    house.desk.failing = failure
    await house.poll()
    assert ((await house.state()).etag, (await house.state()).body_hash, (await house.state()).failures) == ("", "", 1)
    assert "secret" not in (await house.state()).error
    house.desk.failing = None
    house.clock.move(hours=1)
    await house.poll()
    assert house.desk.taken == ["a"]


async def test_hosts_are_polled_side_by_side_and_one_host_in_turn(house: House) -> None:
    running: list[str] = []
    most: list[tuple[int, int]] = []

    class Slow:
        async def fetch(self, request: Request) -> Response:
            running.append(request.url)
            most.append((len(running), max(running.count(url) for url in running)))
            for _ in range(5):
                await asyncio.sleep(0)
            running.remove(request.url)
            return Response(request.url, 200, {}, feed().encode())

    sources = [Source(f"{host}{n}", "x", "rss", f"http://{host}.example/", "en") for host in "abcd" for n in range(3)]
    house.fetch = Slow()
    await house.poll(sources, at_once=3)
    assert (max(together for together, _ in most), max(same for _, same in most)) == (3, 1)
    assert len(most) == len(sources)


async def test_a_store_that_cannot_save_stops_no_host(house: House) -> None:
    class Broken(Memory):
        async def save_poll(self, state: PollState) -> None:
            if state.polled_at or state.last_success or state.failures:
                raise ConnectionError
            await super().save_poll(state)

    house.memory = Broken()
    sources = [Source(host, host, "rss", f"http://127.0.0.1:{house.server.port}/{host}", "en") for host in "ab"]
    with structlog.testing.capture_logs() as logs:
        await house.poll(sources)
    assert [entry["source"] for entry in logs if entry["event"] == "poll broke"] == ["a", "b"]


async def test_whatever_is_logged_during_a_poll_names_its_source(house: House) -> None:
    class Heard(Memory):
        async def save_poll(self, state: PollState) -> None:
            named.append((state.source_id, structlog.contextvars.get_contextvars().get("source")))
            await super().save_poll(state)

    house.memory, named = Heard(), list[tuple[str, object]]()
    sources = [Source(host, host, "rss", f"http://127.0.0.1:{house.server.port}/{host}", "en") for host in "ab"]
    await house.poll(sources)
    assert {each for each in named if each[1]} == {("a", "a"), ("b", "b")}


async def test_a_large_feed_is_known_by_its_bytes_too(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)) + "<!--" + "x" * 400_000 + "-->")
    for _ in range(2):
        await house.poll()
        house.clock.move(hours=7)
    assert (house.server.asked["/feed"], house.parser.parses) == (2, 1)
