"""What readers think of posts."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.store import tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.part import Part


class Feedback(Part):
    """The Feedback port."""

    @unbroken
    async def save_feedback(self, event_id: int, user_id: int, what: str, at: datetime) -> bool:
        """Remember that a reader called an event "wrong" or "duplicate"; return whether that is new."""
        values = {"event_id": event_id, "user_id": user_id, "what": what, "at": at}
        async with self._database.write() as connection:
            saving = insert(connection, tables.feedback).on_conflict_do_nothing()
            saved = await connection.execute(saving.returning(tables.feedback.c.event_id), values)
            return saved.first() is not None
