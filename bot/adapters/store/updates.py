"""How far Telegram's updates have been handled, and those that could not be."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.adapters.store import tables
from bot.adapters.store.engine import insert, unbroken, upsert
from bot.adapters.store.part import Part

_ONLY = 1


class Updates(Part):
    """The Updates port."""

    async def offset(self) -> int:
        """Return the next update id to ask for, 0 at first."""
        async with self._database.read() as connection:
            return await connection.scalar(select(tables.update_cursor.c.next)) or 0

    @unbroken
    async def handled(self, update_id: int) -> None:
        """Remember that everything up to this update is done; the offset never goes back."""
        further = func.max if not self._database.is_postgresql else func.greatest
        async with self._database.write() as connection:
            statement = insert(connection, tables.update_cursor).values(id=_ONLY, next=update_id + 1)
            furthest = further(tables.update_cursor.c.next, statement.excluded.next)
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"next": furthest}))

    @unbroken
    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        """Keep an update that could not be handled, so that it blocks nothing and can be looked at."""
        kept = {"update_id": update_id, "raw": raw, "error": error}
        async with self._database.write() as connection:
            await connection.execute(upsert(connection, tables.quarantine, kept))
