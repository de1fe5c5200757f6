"""Leases: one row a role, and the fence that keeps what a former holder writes out of the outbox.

On PostgreSQL each fenced write shares a lock that whoever takes a lease has alone: a write is either through before the
lease changes hands or sees that it did. On SQLite the one write lock does the same.

They are renewed in a thread, with an event loop and a connection of its own: the main loop stands still at times, and has a
queue before its database.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update

from bot.adapters.apart import apart
from bot.adapters.store import tables
from bot.adapters.store.engine import unbroken, upsert
from bot.adapters.store.fencing import ALONE, HOLDER, Fence, lease_of, standing
from bot.adapters.store.outbox import Outbox
from bot.adapters.store.part import Part
from bot.core.model import Holder, Lease
from bot.ports import LeaseLostError

_LEASE = tables.lease.c
_NOBODY = Holder("", 0, "")
_PATIENCE = text("SET LOCAL lock_timeout = '5s'")


class Leases(Part):
    """The port of the name."""

    async def leases(self) -> tuple[Lease, ...]:
        """Return every lease that was ever taken, by name."""
        async with self._database.read() as connection:
            return tuple(lease_of(row) for row in await connection.execute(select(tables.lease).order_by(_LEASE.name)))

    @unbroken
    async def take(self, name: str, holder: Holder, now: datetime, stale: Lease | None = None) -> Lease:
        """Let `holder` have a lease, with the next number, that is open to it; return the lease as it is then."""
        async with self._database.write() as connection:
            if self._database.is_postgresql:
                await connection.execute(_PATIENCE)
                await connection.execute(ALONE)
            found = await standing(connection, name)
            if found and not found.is_open_to(holder, stale):
                return found
            taken = Lease(name, holder, found.number + 1 if found else 1, 0, now)
            values = {"name": name, "number": taken.number, "beat": 0, "since": now, **_columns(holder)}
            await connection.execute(upsert(connection, tables.lease, values))
            return taken

    @unbroken
    async def renew(self, lease: Lease) -> Lease:
        """Say that it is still held; raise LeaseLostError where somebody else has it by now."""
        mine = (_LEASE.name == lease.name) & (_LEASE.number == lease.number)
        renewed = update(tables.lease).where(mine).values(beat=_LEASE.beat + 1).returning(tables.lease)
        async with self._database.write() as connection:
            row = (await connection.execute(renewed)).first()
            if row is None:
                now = await standing(connection, lease.name)
                raise LeaseLostError(lease.name, now.holder if now else None)
            return lease_of(row)

    @unbroken
    async def release(self, lease: Lease) -> None:
        """Give it back, unless somebody else has it by now."""
        mine = (_LEASE.name == lease.name) & (_LEASE.number == lease.number)
        async with self._database.write() as connection:
            await connection.execute(update(tables.lease).where(mine).values(_columns(_NOBODY)))

    def beside(self, keep: Callable[[Leases], Coroutine[Any, Any, None]]) -> AbstractAsyncContextManager[None]:
        """Have `keep` go on in a thread of its own for as long as the context lasts."""

        async def kept() -> None:
            database = self._database.another()
            try:
                await keep(Leases(database))
            finally:
                await database.close()

        return apart("leases", kept)

    def fenced(self, lease: Lease) -> Outbox:
        """Return the outbox for the holder of a lease."""
        return Outbox(self._database).behind(Fence(lease))


def _columns(holder: Holder) -> dict[str, object]:
    return {name: getattr(holder, name) for name in HOLDER}
