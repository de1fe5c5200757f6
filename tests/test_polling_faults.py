"""What polling makes of faults, moves, clocks that are set, and of an event that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from bot.adapters.memory import Memory
from bot.adapters.queue import EmbeddedQueue
from bot.core.health import Tally
from bot.core.model import Feed, PollState, QuietPoll, Response, Source
from bot.jobs.poll import JOB
from bot.ports import StoreError, TemporaryError
from tests.polled import START, House, InPlace, Web, feed, outlets, polled_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with polled_house() as house:
        yield house


@pytest.fixture
def web(house: House) -> Web:
    house.fetch = web = Web()
    return web


async def test_an_hour_without_network_is_nobodys_failure_and_one_alarm(house: House, web: Web) -> None:
    await house.poll(outlets("abcdefg"))
    web.down = None
    with structlog.testing.capture_logs() as logs:
        for _ in range(120):
            house.clock.move(seconds=30)
            await house.poll()
            states = (await house.memory.poll_states()).values()
        (alarm,) = await house.memory.untold()
        assert (alarm.phrase, alarm.values) == ("alarm.cut_off", {"hosts": "7"})
        assert {state.failures for state in states} == {0}
        web.down = set()
        house.clock.move(minutes=10)
        await house.poll()
    told = [log["event"] for log in logs if log["log_level"] == "warning" and log["event"] != "poll failed"]
    assert told == ["no source can be reached", "sources can be reached again"]
    assert await house.memory.untold() == ()


async def test_an_outage_that_ends_after_a_restart_is_over_too(house: House, web: Web) -> None:
    await house.poll(outlets("abcdefg"))
    web.down = None
    for _ in range(60):
        house.clock.move(seconds=30)
        await house.poll()
    assert await house.memory.standing("polling:") == {"polling:cut_off"}
    house.polling, web.down = None, set()
    await house.poll(outlets("abcdefg"))
    house.clock.move(minutes=10)
    await house.poll()
    assert await house.memory.standing("polling:") == set()


async def test_one_host_out_of_reach_is_its_own_failure(house: House, web: Web) -> None:
    web.down = {"b.example"}
    await house.poll(outlets("abcdefg"))
    for _ in range(20):
        house.clock.move(minutes=1)
        await house.poll()
    states = await house.memory.poll_states()
    assert [name for name, state in states.items() if state.failures] == ["b"]
    assert await house.memory.untold() == ()


async def test_the_other_sources_of_a_host_out_of_reach_wait_instead_of_trying(house: House, web: Web) -> None:
    web.down = {"a.example"}
    channels = [replace(source, url=f"https://a.example/{source.id}") for source in outlets("abc")]
    await house.poll([*channels, *outlets("xyz")])
    assert web.asked.count("a.example") == 1
    assert {state.failures for state in (await house.memory.poll_states()).values()} == {0, 1}
    web.down = set()
    house.clock.move(minutes=1)
    await house.poll()
    assert web.asked.count("a.example") == 3


async def test_a_busy_host_is_left_alone_after_a_restart_too(house: House) -> None:
    house.server.serve("/feed", "", status=429, headers={"Retry-After": "3600"})
    sources = [house.source("one"), house.source("two")]
    await house.poll(sources)
    house.clock.move(minutes=59)
    await house.poll(sources)
    assert house.server.asked["/feed"] == 1


async def test_what_the_target_of_a_redirect_says_is_not_held_against_the_host_that_led_there(house: House) -> None:
    busy = house.server.serve("/busy", "", status=429, headers={"Retry-After": "86400"})
    house.server.serve("/feed", "", status=302, headers={"Location": busy.replace("127.0.0.1", "localhost")})
    house.server.serve("/other", feed(("a", START)))
    await house.poll([house.source("one"), house.source("two", "/other")])
    assert house.desk.taken == ["a"]
    assert (await house.state("two")).next_at < START + timedelta(hours=1)
    assert (await house.state()).next_at >= START + timedelta(days=1)


async def test_a_lasting_redirect_is_followed_without_asking_the_old_address(house: House, web: Web) -> None:
    web.answer = Response("", 200, {}, feed(("a", START)).encode(), "https://new.example/rss")
    await house.poll(outlets("a"))
    for _ in range(3):
        house.clock.move(days=1)
        await house.poll()
    state = await house.state("a")
    assert (state.address, state.moves) == ("https://new.example/rss", ("https://a.example/rss",))
    assert web.asked == ["a.example"] * 3 + ["new.example"]
    assert house.desk.taken == ["a"]


async def test_who_tells_an_event_is_asked_often_and_nobody_waits_long_meanwhile(house: House) -> None:
    entries = [(f"n{number}", START - timedelta(days=number)) for number in range(1, 9)]
    house.server.serve("/feed", feed(*entries))
    house.server.serve("/other", feed(*entries))
    await house.poll([house.source("one"), house.source("two", "/other")])
    house.clock.move(hours=6)
    house.desk.telling = True
    house.server.serve("/feed", feed(("event", house.clock.now()), *entries))
    await house.poll([house.source("one")])
    one, two = await house.state("one"), await house.state("two")
    assert (one.next_at, one.live_until) == (
        house.clock.now() + timedelta(minutes=1),
        house.clock.now() + timedelta(hours=2),
    )
    assert two.next_at <= house.clock.now() + timedelta(minutes=10)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
async def test_a_clock_that_was_set_causes_neither_a_burst_nor_a_stall(house: House, web: Web, jump: timedelta) -> None:
    seconds = 0.0
    house.elapsed = lambda: seconds
    await house.poll(outlets("abcdefgh"))
    before = {name: state.next_at for name, state in (await house.memory.poll_states()).items()}
    house.clock.time += jump
    web.asked.clear()
    await house.poll()
    assert web.asked == []
    assert {name: state.next_at - jump for name, state in (await house.memory.poll_states()).items()} == before
    house.clock.move(minutes=15)
    seconds = 900.0
    await house.poll()
    assert len(web.asked) == 8


@pytest.mark.parametrize("hours", [12, 24 * 40])
async def test_a_clock_that_went_back_while_we_were_away_is_no_stall(house: House, web: Web, hours: int) -> None:
    await house.poll(outlets("ab"))
    house.clock.move(hours=-hours)
    house.polling = None
    await house.poll(outlets("ab"))
    assert len(web.asked) == 2
    house.clock.move(minutes=15)
    await house.poll()
    assert len(web.asked) == 4


@pytest.mark.parametrize("jump", [timedelta(hours=20), timedelta(hours=-20)])
@pytest.mark.parametrize("moment", ["in the queue", "under way", "under way, and noticed"])
async def test_a_poll_during_which_the_clock_is_set_is_planned_by_one_clock(
    house: House, web: Web, jump: timedelta, moment: str
) -> None:
    seconds = 0.0
    house.elapsed = lambda: seconds
    await house.poll(outlets("ab"))
    house.clock.move(hours=1)
    seconds += 3_600
    assert [name for name, _ in await house.polling.due()] == ["a", "b"]
    if moment == "in the queue":
        house.clock.time += jump
        await house.polling.poll("a")
    else:
        web.slow["a.example"] = asyncio.Event()
        poll = asyncio.create_task(house.polling.poll("a"))
        await asyncio.sleep(0)
        house.clock.time += jump
        if moment == "under way, and noticed":
            assert await house.polling.due() == ()
        web.slow["a.example"].set()
        await poll
    assert await house.polling.due() == ()
    wait = (await house.state("a")).next_at - house.clock.now()
    assert timedelta(0) < wait < timedelta(minutes=15)


async def test_a_jump_that_cannot_be_saved_is_made_up_for(house: House) -> None:
    house.memory = memory = FullDisk()
    house.elapsed = lambda: 0.0
    await house.poll(outlets("a"))
    before = await house.state("a")
    house.clock.move(hours=20)
    memory.is_full = True
    for _ in range(3):
        with pytest.raises(TemporaryError):
            await house.polling.due()
    memory.is_full = False
    assert await house.polling.due() == ()
    assert (await house.state("a")).next_at == before.next_at + timedelta(hours=20)


class FullDisk(Memory):
    """A store that can be read and, while it is full, not be written."""

    is_full = False

    async def save_poll(self, state: PollState) -> None:
        self._write()
        await super().save_poll(state)

    async def save_quiet(self, poll: QuietPoll) -> None:
        self._write()
        await super().save_quiet(poll)

    async def shift(self, by: timedelta) -> None:
        self._write()
        await super().shift(by)

    def _write(self) -> None:
        if self.is_full:
            raise TemporaryError("database vistka.db: disk is full")


async def test_nobody_is_asked_more_often_while_nothing_can_be_saved(house: House, web: Web) -> None:
    house.memory = memory = FullDisk()
    await house.poll(outlets("ab"))
    memory.is_full = True
    web.down = {"b.example"}
    house.clock.move(minutes=10)
    first = house.clock.now()
    for _ in range(300):
        await house.poll()
        house.clock.move(seconds=2)
    asked = len(web.asked) - 2
    assert asked <= 2 * 10
    memory.is_full = False
    await house.poll()
    healthy, failing = await house.state("a"), await house.state("b")
    assert healthy.polled_at > first
    assert healthy.next_at > house.clock.now()
    assert (failing.failures, failing.failing_since) == (3, first)


async def test_news_that_cannot_be_stored_are_no_failure_of_their_source_and_asked_for_again_soon(
    house: House, web: Web
) -> None:
    await house.poll(outlets("a"))
    house.desk.failing = StoreError("the disk is full")
    for _ in range(10):
        house.clock.move(hours=1)
        web.answer = Response("", 200, {}, feed(("a", house.clock.now())).encode())
        await house.poll()
    house.desk.failing = None
    state = await house.state("a")
    assert (state.failures, state.error, house.desk.taken) == (0, "", [])
    house.clock.move(minutes=3)
    await house.poll()
    assert house.desk.taken == ["a"]


async def test_news_that_were_stored_are_not_asked_for_again_once_their_poll_can_be_saved(
    house: House, web: Web
) -> None:
    house.memory = memory = FullDisk()
    await house.poll(outlets("a"))
    memory.is_full = True
    web.answer = Response("", 200, {"etag": '"7"'}, feed(("a", START)).encode())
    house.clock.move(minutes=10)
    await house.poll()
    web.answer = Response("", 304, {}, b"")
    house.clock.move(minutes=10)
    await house.poll()
    assert (await house.state("a")).etag == ""
    memory.is_full = False
    await house.poll()
    state = await house.state("a")
    assert (state.etag, state.last_success, house.desk.taken) == ('"7"', house.clock.now(), ["a"])


async def test_a_source_that_was_given_another_address_meanwhile_starts_anew(house: House, web: Web) -> None:
    house.memory = memory = FullDisk()
    await house.poll(outlets("ab"))
    memory.is_full = True
    house.clock.move(minutes=10)
    await house.poll()
    moved = replace(outlets("a")[0], url="https://c.example/rss")
    house.polling.reload([moved])
    memory.is_full = False
    await house.poll()
    assert (web.asked[-1], (await house.state("a")).configured) == ("c.example", "https://c.example/rss")


async def test_an_event_goes_on_over_a_restart(house: House, web: Web) -> None:
    await house.poll(outlets("ab"))
    rare = replace(await house.state("a"), rhythm=86_400.0)
    await house.memory.save_poll(rare)
    live = replace(await house.state("b"), live_until=house.clock.now() + timedelta(hours=1))
    await house.memory.save_poll(live)
    house.polling = None
    house.clock.move(minutes=10)
    await house.poll(outlets("ab"))
    assert (await house.state("a")).next_at <= house.clock.now() + timedelta(minutes=10)


async def test_news_that_are_pushed_come_once_and_change_nothing_of_how_a_source_is_asked(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)), etag='"1"')
    await house.poll()
    before = await house.state()
    house.clock.move(seconds=20)
    story = Response(house.server.url(), 200, {}, feed(("b", START + timedelta(seconds=9)), ("a", START)).encode())
    await house.polling.pushed("one", story)
    await house.polling.pushed("one", story)
    assert (house.desk.taken, house.desk.loud) == (["a", "b"], ["b"])
    assert await house.state() == replace(before, last_item=START + timedelta(seconds=9))


async def test_a_push_undoes_nothing_that_was_planned_while_it_was_read(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)))
    await house.poll()

    class Busy(InPlace):
        async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
            await house.memory.put_off(["one"], START + timedelta(days=1))
            return await super().parse(source, response, now)

    house.parser = Busy()
    polling = house.start()
    await polling.pushed("one", Response("", 200, {}, feed(("b", START + timedelta(seconds=1))).encode()))
    assert (house.desk.taken[-1], (await house.state()).next_at) == ("b", START + timedelta(days=1))


async def test_what_is_pushed_before_the_first_poll_is_left_to_it(house: House) -> None:
    await house.start().pushed("one", Response("", 200, {}, feed(("a", START)).encode()))
    assert house.desk.taken == []


async def test_a_reload_takes_new_sources_up_and_old_ones_out(house: House) -> None:
    house.server.serve("/feed", feed())
    house.server.serve("/other", feed())
    await house.poll()
    house.polling.reload([house.source("two", "/other")])
    house.clock.move(hours=7)
    await house.poll()
    assert (house.server.asked["/feed"], house.server.asked["/other"]) == (1, 1)


async def test_who_looks_into_the_sources_sees_those_of_a_reload(house: House) -> None:
    polling = house.start()
    seen = polling.sources.values()
    polling.reload([house.source("two", "/other")])
    assert [each.id for each in seen] == ["two"]


async def test_a_source_that_gets_another_address_while_it_is_polled_starts_anew_there(house: House, web: Web) -> None:
    web.slow["a.example"] = asyncio.Event()
    polling = house.start(outlets("a"))
    await polling.due()
    under_way = asyncio.create_task(polling.poll("a"))
    await asyncio.wait_for(_asked(web), 10)
    moved = replace(outlets("a")[0], url="https://b.example/rss")
    polling.reload([moved])
    assert await polling.due() == ()
    web.slow["a.example"].set()
    await under_way
    assert await polling.due() == (("a", "b.example"),)
    assert (await house.state("a")).configured == moved.url


class Told(Memory):
    """A store beside whose first listing something happens."""

    meanwhile: Callable[[], None] | None = None

    async def enlist(self, sources: Sequence[Source], now: datetime) -> tuple[PollState, ...]:
        listed = await super().enlist(sources, now)
        if self.meanwhile:
            self.meanwhile()
            self.meanwhile = None
        return listed


async def test_a_reload_while_the_store_is_told_of_the_sources_is_told_to_it_too(house: House, web: Web) -> None:
    house.memory = Told()
    polling = house.start(outlets("a"))
    house.memory.meanwhile = lambda: polling.reload(outlets("ab"))
    await polling.due()
    house.clock.move(hours=1)
    assert {name for name, _ in await polling.due()} == {"b"}


async def _asked(web: Web) -> None:
    while not web.asked:  # noqa: ASYNC110  (another task asks)
        await asyncio.sleep(0)


async def test_what_a_poll_brought_is_counted_by_the_day(house: House) -> None:
    house.server.serve("/feed", feed(("a", START - timedelta(hours=1)), ("undated", None)))
    await house.poll()
    (past,) = (await house.memory.pasts(START.date(), START.date())).values()
    assert past.lately == Tally(items=2, undated=1)


async def test_a_tick_does_not_wait_for_a_slow_host(house: House, web: Web) -> None:
    web.slow["a.example"] = asyncio.Event()
    polling = house.start(outlets("abc"))
    queue = EmbeddedQueue(polling.poll)
    ports: Any = SimpleNamespace(polling=polling, queue=queue, stopping=lambda: False)
    await asyncio.wait_for(JOB.run(ports), 10)
    for _ in range(20):
        await asyncio.sleep(0)
    house.clock.move(hours=1)
    await asyncio.wait_for(JOB.run(ports), 10)
    for _ in range(20):
        await asyncio.sleep(0)
    web.slow["a.example"].set()
    await asyncio.wait_for(queue.idle(), 10)
    assert sorted(web.asked) == ["a.example", "b.example", "b.example", "c.example", "c.example"]


async def test_another_etag_over_the_same_bytes_is_no_news(house: House) -> None:
    house.server.serve("/feed", feed(("a", START)), etag='"1"')
    await house.poll()
    house.server.serve("/feed", feed(("a", START)), etag='"2"')
    house.clock.move(hours=1)
    await house.poll()
    assert (house.parser.parses, (await house.state()).etag) == (1, '"2"')
