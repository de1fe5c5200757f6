"""Polling against a real server on loopback: what is asked, what is handed on, what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

import bot.core.sources
from bot.adapters.http import open_fetch
from bot.adapters.memory import Memory
from bot.adapters.queue import EmbeddedQueue
from bot.core.health import Tally
from bot.core.model import Feed, Item, PollState, Request, Response, Source
from bot.core.schedule import host_of
from bot.intake import Summary, Taken
from bot.jobs.poll import JOB
from bot.plugins import discover
from bot.polling import Manners, Polling
from bot.ports import Fetch, PermanentError, TemporaryError
from tests.feedserver import FeedServer, feed_server

START = datetime(2025, 6, 10, 12, tzinfo=UTC)
TYPES = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}


@dataclass
class HandClock:
    """Stands still until it is moved."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def move(self, **step: float) -> None:
        self.time += timedelta(**step)


@dataclass
class Desk:
    """Takes items that are new, keeps which of them may be posted, and fails when told to."""

    known: set[tuple[str, str]] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)
    loud: list[str] = field(default_factory=list)
    failing: Exception | None = None
    telling: bool = False

    async def take(
        self, items: Sequence[Item], *, quiet_before: datetime | None = None, now: datetime | None = None
    ) -> Summary:
        if self.failing:
            raise self.failing
        fresh = [item for item in items if (item.source.id, item.id) not in self.known]
        self.known |= {(item.source.id, item.id) for item in fresh}
        self.taken += [item.title for item in fresh]
        self.loud += [item.title for item in fresh if quiet_before is None or item.published >= quiet_before]
        planned: Any = SimpleNamespace(planned=["a post"], change=SimpleNamespace(weight="new"))
        return Summary(tuple(Taken(item, (planned,) if self.telling else ()) for item in fresh))


class InPlace:
    """Parses where it stands."""

    def __init__(self) -> None:
        self.parses = 0

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        self.parses += 1
        try:
            return TYPES[source.type].parse(source, response, now)
        except ValueError as error:
            raise PermanentError(f"{source.id}: {error}") from None


@dataclass
class House:
    """Everything that a poll touches."""

    server: FeedServer
    fetch: Fetch
    clock: HandClock = field(default_factory=HandClock)
    memory: Memory = field(default_factory=Memory)
    desk: Desk = field(default_factory=Desk)
    parser: InPlace = field(default_factory=InPlace)
    stopping: bool = False
    elapsed: Callable[[], float] | None = None
    polling: Polling | None = None

    def start(self, sources: Sequence[Source] = ()) -> Polling:
        """Start with these sources."""
        self.polling = Polling(
            sources or [self.source("one")], TYPES, fetch=self.fetch, parse=self.parser, intake=self.desk,
            polls=self.memory, diary=self.memory, alarms=self.memory, clock=self.clock, manners=Manners(elapsed=self.elapsed),
        )  # fmt: skip
        return self.polling

    async def poll(self, sources: Sequence[Source] = (), at_once: int = 64) -> None:
        """Poll what is due; start with these sources where they are given, or where nothing was started yet."""
        polling = self.start(sources) if sources or self.polling is None else self.polling
        queue = EmbeddedQueue(polling.poll, at_once)
        ports: Any = SimpleNamespace(polling=polling, queue=queue, stopping=lambda: self.stopping)
        await asyncio.wait_for(JOB.run(ports), 10)
        await asyncio.wait_for(queue.idle(), 10)

    async def state(self, name: str = "one") -> PollState:
        return (await self.memory.poll_states())[name]

    def source(self, name: str, path: str = "/feed") -> Source:
        return Source(name, name.title(), "rss", self.server.url(path), "uk")


def feed(*entries: tuple[str, datetime | None]) -> str:
    """Make a feed of (title, time) pairs."""
    items = (
        f"<item><guid>{title}</guid><title>{title}</title>"
        + (f"<pubDate>{format_datetime(time)}</pubDate>" if time else "")
        + "</item>"
        for title, time in entries
    )
    return f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with feed_server() as server, open_fetch(version="1", allow=(ip_network("127.0.0.0/8"),)) as fetch:
        yield House(server, fetch)


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


class Web:
    """The network: `down` are the hosts that cannot be reached, or all of them."""

    def __init__(self) -> None:
        self.down: set[str] | None = set()
        self.asked: list[str] = []
        self.answer = Response("", 304, {}, b"")

    async def fetch(self, request: Request) -> Response:
        host = host_of(request.url)
        self.asked.append(host)
        if self.down is None or host in self.down:
            raise TemporaryError(f"{host}: no connection", unreachable=True)
        return replace(self.answer, url=request.url)


@pytest.fixture
def web(house: House) -> Web:
    house.fetch = web = Web()
    return web


def outlets(names: str) -> list[Source]:
    return [Source(name, name, "rss", f"https://{name}.example/rss", "en") for name in names]


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


async def test_a_clock_that_went_back_while_we_were_away_is_no_stall(house: House, web: Web) -> None:
    await house.poll(outlets("ab"))
    house.clock.move(days=-40)
    house.polling = None
    await house.poll(outlets("ab"))
    assert len(web.asked) == 4


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


async def test_what_a_poll_brought_is_counted_by_the_day(house: House) -> None:
    house.server.serve("/feed", feed(("a", START - timedelta(hours=1)), ("undated", None)))
    await house.poll()
    (past,) = (await house.memory.pasts(START.date(), START.date())).values()
    assert past.lately == Tally(items=2, undated=1)
