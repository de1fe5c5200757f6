"""What those who watch over us ask the store."""

from __future__ import annotations

from bot.adapters.memory.tables import Part


class Watching(Part):
    """The store as it looks from outside."""

    async def ping(self) -> None:
        """Be there."""
