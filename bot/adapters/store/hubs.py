"""What is kept of the hubs that push to us."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, select

from bot.adapters.store import tables
from bot.adapters.store.engine import unbroken, upsert
from bot.adapters.store.part import Part
from bot.core.websub import HubLease

_LEASE = tables.hub_lease.c


class Hubs(Part):
    """The port HubLeases."""

    async def hub_leases(self) -> tuple[HubLease, ...]:
        """Return all leases, by key."""
        async with self._database.read() as connection:
            found = await connection.execute(select(tables.hub_lease))
            return tuple(sorted((HubLease(**row._asdict()) for row in found), key=lambda lease: lease.key))

    @unbroken
    async def save_hub_lease(self, lease: HubLease) -> None:
        """Add a lease or replace the one of its key."""
        async with self._database.write() as connection:
            await connection.execute(upsert(connection, tables.hub_lease, asdict(lease)))

    @unbroken
    async def end_hub_lease(self, key: str) -> None:
        """Forget a lease."""
        async with self._database.write() as connection:
            await connection.execute(delete(tables.hub_lease).where(_LEASE.key == key))
