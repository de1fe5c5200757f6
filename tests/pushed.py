"""A house for hubs: a bot that polls one feed over real HTTP, which names a hub that pushes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from itertools import count
from types import SimpleNamespace
from typing import Any

from bot.adapters.http import Listener, open_fetch, open_listener
from bot.adapters.memory import Memory
from bot.adapters.websub import hub_routes
from bot.core.model import PollState, Source
from bot.core.websub import HubLease
from bot.jobs.websub import JOB
from bot.polling import Polling
from bot.ports import Fetch
from bot.pushing import Subscriber
from tests.feedserver import FeedServer, feed_server
from tests.hub import Hub, hub_server
from tests.polled import START, TYPES, Desk, HandClock, InPlace, feed

PUBLIC = "https://bot.example.org"
SOON = START + timedelta(minutes=1)
NEWS = feed(("pushed", START)).encode()


@dataclass
class House:
    """A bot that polls one feed, which names a hub."""

    hub: Hub
    outlet: FeedServer
    fetch: Fetch
    fetch_abroad: Fetch
    listener: Listener
    clock: HandClock = field(default_factory=HandClock)
    memory: Memory = field(default_factory=Memory)
    desk: Desk = field(default_factory=Desk)
    parser: InPlace = field(default_factory=InPlace)
    tokens: Any = field(default_factory=lambda: count(1))
    outside: bool = False
    begun: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def source(self) -> Source:
        return Source("bereh", "Берег", "rss", self.outlet.url("/feed"), "uk")

    def open(self, *, sources: tuple[Source, ...] | None = None, public: str = PUBLIC) -> None:
        """Start as after a restart: with what is in the store, and nothing else."""
        self.polling = Polling(
            (self.source(),) if sources is None else sources, TYPES, fetch=self.fetch, parse=self.parser,
            intake=self.desk, polls=self.memory, clock=self.clock,
        )  # fmt: skip
        self.hub.public, self.hub.actual = public, self.listener.url
        self.subscriber = self.polling.hubs = Subscriber(
            self.memory, self.polling, fetch=self.fetch, fetch_abroad=self.fetch_abroad, clock=self.clock, public_url=public,
            is_inside=lambda url: not self.outside,
            token=lambda: f"token-{next(self.tokens)}",
        )  # fmt: skip

    async def publish(self, *entries: Any, hub: str | None = None) -> None:
        """Let the feed have these entries, and name a hub; poll it."""
        named = self.hub.url if hub is None else hub
        link = f"<{named}>; rel=hub, <https://bereh.example/topic>; rel=self"
        self.outlet.serve("/feed", feed(*entries), headers={"Link": link} if named else {})
        await self.polling.due()
        await self.polling.poll("bereh")

    async def tend(self) -> None:
        await JOB.run(SimpleNamespace(hubs=self.subscriber))

    async def subscribe(self) -> None:
        await self.publish()
        await self.tend()

    async def lease(self) -> HubLease:
        (lease,) = await self.memory.hub_leases()
        return lease

    async def state(self) -> PollState:
        return (await self.memory.poll_states())["bereh"]


class Standing:
    """The subscriber that the house has at the moment."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def take(self, *given: Any) -> None:
        taking = asyncio.ensure_future(self._house.subscriber.take(*given))
        await asyncio.sleep(0)
        self._house.begun.release()
        await taking

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house.subscriber, name)


@asynccontextmanager
async def house_with_a_hub() -> AsyncIterator[House]:
    """Run the hub, the outlet and the bot between them."""
    async with (
        hub_server() as hub,
        feed_server() as outlet,
        open_fetch(version="1", allow=(ip_network("127.0.0.0/8"),)) as fetch,
        open_fetch(version="1") as fetch_abroad,
        open_listener("127.0.0.1:0") as listener,
    ):
        house = House(hub, outlet, fetch, fetch_abroad, listener)
        house.open()
        with listener.answering(*hub_routes(Standing(house))):
            yield house
