"""What one process at a time does: who may, and that nobody else's writes count."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.core.model import Holder, Lease
from bot.ports.newsroom import Outbox


class Leases(Protocol):
    """Roles of which each has one holder.

    No time of day decides who that is: clocks are set, and those of two hosts differ. Whoever waits sees by its own clock
    that a lease is not renewed, and takes exactly the lease that it saw.
    """

    async def leases(self) -> tuple[Lease, ...]:
        """Return every lease that was ever taken, by name."""
        ...

    async def take(self, name: str, holder: Holder, now: datetime, stale: Lease | None = None) -> Lease:
        """Let `holder` have a lease, with the next number, that is open to it; return the lease as it is then.

        It is the other one's where that one was quicker, or has renewed it since it was found `stale`.
        """
        ...

    async def renew(self, lease: Lease) -> Lease:
        """Say that it is still held; raise LeaseLostError where somebody else has it by now."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give it back, unless somebody else has it by now."""
        ...

    def beside(self, keep: Callable[[Leases], Coroutine[Any, Any, None]]) -> AbstractAsyncContextManager[None]:
        """Have `keep` go on with leases of its own for as long as the context lasts, and cut it off at the end.

        Nothing that keeps the event loop busy holds it up, unless the store is in memory.
        """
        ...

    def fenced(self, lease: Lease) -> Outbox:
        """Return the outbox for the holder of a lease.

        What is written raises LeaseLostError, and leaves nothing behind, once somebody else has the lease: however long this
        process was paused since it last looked.
        """
        ...
