"""What those who watch over us ask the database."""

from __future__ import annotations

from sqlalchemy import text

from bot.adapters.store.part import Part


class Watching(Part):
    """The database as it looks from outside."""

    async def ping(self) -> None:
        """Read next to nothing."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))
