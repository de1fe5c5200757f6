"""Leases, and the fence that keeps what a former holder writes out of the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.adapters.memory.outbox import Outbox
from bot.core.model import Holder, Lease
from bot.ports import LeaseLostError


class Leases(Outbox):
    """The port of the name."""

    async def leases(self) -> tuple[Lease, ...]:
        """Return every lease that was ever taken, by name."""
        return tuple(lease for _, lease in sorted(self._tables.leases.items()))

    async def take(self, name: str, holder: Holder, now: datetime, stale: Lease | None = None) -> Lease:
        """Let `holder` have a lease, with the next number, that is open to it; return the lease as it is then."""
        found = self._tables.leases.get(name)
        if found is None or found.is_open_to(holder, stale):
            self._tables.leases[name] = Lease(name, holder, found.number + 1 if found else 1, 0, now)
        return self._tables.leases[name]

    async def renew(self, lease: Lease) -> Lease:
        """Say that it is still held; raise LeaseLostError where somebody else has it by now."""
        now = self._unless_lost(lease)
        self._tables.leases[lease.name] = replace(now, beat=now.beat + 1)
        return self._tables.leases[lease.name]

    async def release(self, lease: Lease) -> None:
        """Give it back, unless somebody else has it by now."""
        now = self._tables.leases.get(lease.name)
        if now and now.number == lease.number:
            self._tables.leases[lease.name] = replace(now, holder=None)

    @asynccontextmanager
    async def beside(self, keep: Callable[[Leases], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
        """Have `keep` go on for as long as the context lasts, in the same loop: what is in memory has no other."""
        task = asyncio.create_task(keep(self))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def fenced(self, lease: Lease) -> Outbox:
        """Return the outbox for the holder of a lease."""
        return self.behind(partial(self._unless_lost, lease))

    def _unless_lost(self, lease: Lease) -> Lease:
        now = self._tables.leases.get(lease.name)
        if now is None or now.number != lease.number:
            raise LeaseLostError(lease.name, now.holder if now else None)
        return now
