"""How far Telegram's updates have been handled, those that were pushed, and those that could not be handled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, text, update

from bot.adapters.recording import DONE_KNOWN_FOR
from bot.adapters.store import tables
from bot.adapters.store.engine import insert, unbroken, upsert
from bot.adapters.store.part import Part

_ONLY = 1
_INBOX = tables.inbox.c


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

    @unbroken
    async def receive(self, update_id: int, raw: str, at: datetime) -> bool:
        """Keep an update that was pushed; return False for one that is known already. What was done long ago is forgotten."""
        kept = {"update_id": update_id, "raw": raw, "at": at, "done": False}
        async with self._database.write() as connection:
            await connection.execute(delete(tables.inbox).where(text(tables.DONE), _INBOX.at < at - DONE_KNOWN_FOR))
            keeping = insert(connection, tables.inbox).on_conflict_do_nothing().returning(_INBOX.update_id)
            return (await connection.execute(keeping, kept)).first() is not None

    async def received(self, limit: int) -> tuple[tuple[int, str, datetime], ...]:
        """Return the updates that were kept and are not done, oldest first, with their numbers and when they came."""
        waiting = select(_INBOX.update_id, _INBOX.raw, _INBOX.at).where(text(tables.UNDONE))
        async with self._database.read() as connection:
            found = await connection.execute(waiting.order_by(_INBOX.update_id).limit(limit))
            return tuple((row.update_id, row.raw, row.at) for row in found)

    @unbroken
    async def done(self, update_id: int) -> None:
        """Remember that a kept update has been handled."""
        ended = update(tables.inbox).where(_INBOX.update_id == update_id)
        async with self._database.write() as connection:
            await connection.execute(ended.values(raw="", done=True))
