"""What is kept of the hubs that push to us."""

from __future__ import annotations

from bot.adapters.memory.tables import Part
from bot.core.websub import HubLease


class Hubs(Part):
    """The port HubLeases."""

    async def hub_leases(self) -> tuple[HubLease, ...]:
        """Return all leases, by key."""
        return tuple(lease for _, lease in sorted(self._tables.hub_leases.items()))

    async def save_hub_lease(self, lease: HubLease) -> None:
        """Add a lease or replace the one of its key."""
        self._tables.hub_leases[lease.key] = lease

    async def end_hub_lease(self, key: str) -> None:
        """Forget a lease."""
        self._tables.hub_leases.pop(key, None)
