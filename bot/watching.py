"""What lets others watch over us: the address that we listen on, who answers there how we do, and what we count."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from bot.adapters.health import Health, answering, begun, health_routes, written
from bot.adapters.http import Listener, open_listener
from bot.adapters.memory import Memory
from bot.adapters.metrics import Counts, Page, metrics_route
from bot.adapters.notify import attend, service_of
from bot.adapters.process import is_gone, own, steady
from bot.adapters.store import SqlStore
from bot.app import SystemClock
from bot.core.model import Lease
from bot.ports.tally import UNCOUNTED, Tally
from bot.rhythm import Rhythm
from bot.settings import Settings
from bot.tenure import PACE, Pace, Seat

LOOK = 1.0
"""Seconds between two looks at how late the event loop is."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Where we are watched from: the `listener` is open to whoever has something to answer there, `tally` counts.

    Without an address nobody listens and nothing is counted.
    """

    listener: Listener = field(default_factory=Listener)
    health: Health = field(default_factory=Health)
    tally: Tally = UNCOUNTED
    page: Page | None = None

    def over_store(self, store: SqlStore | Memory) -> None:
        """Look after the database from now on."""
        self.health.look_at("store", answering(store))
        self.health.look_at("disk", written(store.unwritten), beyond=True)
        if self.page:
            self.page.store = store

    @contextmanager
    def over_jobs(self, rhythm: Rhythm) -> Iterator[None]:
        """Look after the jobs for as long as the context lasts."""
        self.health.look_at("jobs", begun(rhythm.quiet_for), vital=True)
        try:
            yield
        finally:
            self.health.look_away("jobs")

    def seat(self, store: SqlStore, names: Sequence[str], *, bot: int = 0, pace: Pace = PACE) -> Seat:
        """Return the seat of this process in these roles: who asks how we do hears whom we wait for."""

        def holds(held: Sequence[str]) -> None:
            for name in names:
                self.tally.note("lease_held", name in held, name)

        holds(())
        return Seat(
            leases=store,
            names=names,
            holder=own(bot),
            clock=SystemClock(),
            steady=steady,
            is_gone=is_gone,
            told=self.waits_for,
            holds=holds,
            pace=pace,
        )

    def waits_for(self, lease: Lease | None) -> None:
        """Be not ready while somebody else does what we are here for."""
        if lease is None:
            self.health.have("lease")
        else:
            self.health.lack("lease", f"{lease.name} is {lease.holder} since {lease.since:%Y-%m-%d %H:%M} UTC")


@asynccontextmanager
async def open_watch(settings: Settings, stop: asyncio.Event | None = None) -> AsyncIterator[Watch]:
    """Answer at VISTKA_HTTP how we do for as long as the context lasts, and tell who started us; each where it is wanted."""
    health = Health()
    async with AsyncExitStack() as stack:
        service = service_of(os.environ, os.getpid())
        if service:
            told = asyncio.create_task(attend(service, health, stop or asyncio.Event()))
            stack.push_async_callback(cut_off, told)
        if not settings.http:
            yield Watch(health=health)
            return
        counts = Counts()
        page = Page(counts, health, SystemClock(), version("vistka"))
        listener = await stack.enter_async_context(open_listener(settings.http))
        stack.enter_context(listener.answering(*health_routes(health), metrics_route(page)))
        stack.callback(asyncio.create_task(_measure_lag(counts)).cancel)
        yield Watch(listener, health, counts, page)


async def cut_off(task: asyncio.Task[None]) -> None:
    """Cut a task off, and wait until it is over."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _measure_lag(tally: Tally, look: float = LOOK) -> None:
    """Measure again and again by how much later than planned the loop goes on."""
    loop = asyncio.get_running_loop()
    while True:
        planned = loop.time() + look
        await asyncio.sleep(look)
        tally.measure("loop_lag_seconds", max(0.0, loop.time() - planned))
