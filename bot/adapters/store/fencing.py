"""The fence: what a former holder of a lease writes is refused, in the very transaction that would have stored it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import tables
from bot.core.model import Holder, Lease
from bot.ports import LeaseLostError

HOLDER = ("host", "pid", "mark", "bot")
ALONE = text("SELECT pg_advisory_xact_lock(1447642709)")
"""Waits on PostgreSQL until no fenced write is under way, and has none begin and no lease taken before the transaction ends."""
_SHARED = text("SELECT pg_advisory_xact_lock_shared(1447642709)")


class Fence:
    """Stands before each write of a lease's holder."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    async def pass_through(self, connection: AsyncConnection) -> None:
        """Go on in this transaction, or raise LeaseLostError."""
        if connection.dialect.name == "postgresql":
            await connection.execute(_SHARED)
        now = await standing(connection, self._lease.name)
        if now is None or now.number != self._lease.number:
            raise LeaseLostError(self._lease.name, now.holder if now else None)


async def standing(connection: AsyncConnection, name: str) -> Lease | None:
    """Return a lease as it is, None where it was never taken."""
    row = (await connection.execute(select(tables.lease).where(tables.lease.c.name == name))).one_or_none()
    return lease_of(row) if row else None


def lease_of(row: Row[Any]) -> Lease:
    """Return the lease of a row."""
    holder = Holder(**{name: getattr(row, name) for name in HOLDER}) if row.mark else None
    return Lease(row.name, holder, row.number, row.beat, row.since)
