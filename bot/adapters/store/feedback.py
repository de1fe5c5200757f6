"""What readers think of posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.adapters.store import tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.outbox import plan
from bot.adapters.store.part import Part
from bot.core.model import Planned


class Feedback(Part):
    """The Feedback port."""

    @unbroken
    async def save_feedback(
        self, event_id: int, user_id: int, what: str, at: datetime, planned: Sequence[Planned] = ()
    ) -> bool:
        """Remember that a reader called an event "wrong" or "duplicate"; return whether that is new."""
        values = {"event_id": event_id, "user_id": user_id, "what": what, "at": at}
        async with self._database.write() as connection:
            saved = await connection.execute(insert(connection, tables.feedback).on_conflict_do_nothing(), values)
            if saved.rowcount != 1:
                return False
            revision = await connection.scalar(select(tables.event.c.revision).where(tables.event.c.id == event_id))
            await plan(connection, event_id, revision or 0, planned)
            return True
