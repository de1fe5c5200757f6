"""A house for polling: a real server on loopback or a web of hosts by name, a desk that takes news, a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import bot.core.sources
from bot.adapters.http import open_fetch
from bot.adapters.memory import Memory
from bot.adapters.queue import EmbeddedQueue
from bot.core.model import Feed, Item, PollState, Request, Response, Source
from bot.core.text.addresses import host_of
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
    doubting: bool = False

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
        return Summary(tuple(Taken(item, (planned,) if self.telling else (), doubted=self.doubting) for item in fresh))


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


class Web:
    """The network: `down` are the hosts that cannot be reached (None: all), `slow` those that wait to answer."""

    def __init__(self) -> None:
        self.down: set[str] | None = set()
        self.asked: list[str] = []
        self.slow: dict[str, asyncio.Event] = {}
        self.answer = Response("", 304, {}, b"")

    async def fetch(self, request: Request) -> Response:
        host = host_of(request.url)
        self.asked.append(host)
        if host in self.slow:
            await self.slow[host].wait()
        if self.down is None or host in self.down:
            raise TemporaryError(f"{host}: no connection", unreachable=True)
        return replace(self.answer, url=request.url)


def outlets(names: str) -> list[Source]:
    return [Source(name, name, "rss", f"https://{name}.example/rss", "en") for name in names]


@asynccontextmanager
async def polled_house() -> AsyncIterator[House]:
    """Open the house over a server on loopback."""
    async with feed_server() as server, open_fetch(version="1", allow=(ip_network("127.0.0.0/8"),)) as fetch:
        yield House(server, fetch)
