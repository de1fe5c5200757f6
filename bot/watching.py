"""What lets others watch over us: the address that we listen on, and who answers there how we do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.health import Health, answering, begun, health_routes
from bot.adapters.http import Listener, open_listener
from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore
from bot.rhythm import Rhythm
from bot.settings import Settings


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


@asynccontextmanager
async def open_watch(settings: Settings) -> AsyncIterator[Watch]:
    """Listen at VISTKA_HTTP, where that is set, and answer how we do for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        listener = await stack.enter_async_context(open_listener(settings.http)) if settings.http else Listener()
        watch = Watch(listener)
        stack.enter_context(listener.answering(*health_routes(watch.health)))
        yield watch
