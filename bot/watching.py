"""What lets others watch over us: the address that we listen on, and who answers there how we do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.health import Health, answering, begun, health_routes
from bot.adapters.http import Listener, open_listener
from bot.adapters.memory import Memory
from bot.adapters.process import is_gone, own, steady
from bot.adapters.store import SqlStore
from bot.app import SystemClock
from bot.core.model import Lease
from bot.rhythm import Rhythm
from bot.settings import Settings
from bot.tenure import PACE, Pace, Seat


@dataclass(frozen=True, slots=True)
class Watch:
    """Where we are watched from: the `listener` is open to whoever has something to answer there."""

    listener: Listener = field(default_factory=Listener)
    health: Health = field(default_factory=Health)

    def over_store(self, store: SqlStore | Memory) -> None:
        """Look after the database from now on."""
        self.health.look_at("store", answering(store))

    def over_jobs(self, rhythm: Rhythm) -> None:
        """Look after the jobs from now on."""
        self.health.look_at("jobs", begun(rhythm.quiet_for), vital=True)

    def over_no_jobs(self) -> None:
        """Look after jobs no longer: they were ended."""
        self.health.look_away("jobs")

    def seat(self, store: SqlStore, names: Sequence[str], *, bot: int = 0, pace: Pace = PACE) -> Seat:
        """Return the seat of this process in these roles: who asks how we do hears whom we wait for."""
        return Seat(
            leases=store,
            names=names,
            holder=own(bot),
            clock=SystemClock(),
            steady=steady,
            is_gone=is_gone,
            told=self.waits_for,
            pace=pace,
        )

    def waits_for(self, lease: Lease | None) -> None:
        """Be not ready while somebody else does what we are here for."""
        if lease is None:
            self.health.have("lease")
        else:
            self.health.lack("lease", f"{lease.name} is {lease.holder} since {lease.since:%Y-%m-%d %H:%M} UTC")


@asynccontextmanager
async def open_watch(settings: Settings) -> AsyncIterator[Watch]:
    """Listen at VISTKA_HTTP, where that is set, and answer how we do for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        listener = await stack.enter_async_context(open_listener(settings.http)) if settings.http else Listener()
        watch = Watch(listener)
        stack.enter_context(listener.answering(*health_routes(watch.health)))
        yield watch
