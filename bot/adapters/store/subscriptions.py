"""Who gets what, and what is suspended, resumed or moved with a chat."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import places, rows, tables
from bot.adapters.store.engine import unbroken, upsert
from bot.adapters.store.part import Part
from bot.core.model import Subscription
from bot.ports import Choice

_TABLE = tables.subscription.c


class Subscriptions(Part):
    """The Subscriptions port, and the list of them that the Store port offers."""

    async def managed(self, user_id: int) -> tuple[Subscription, ...]:
        """Return what a person has set up, suspended ones among them, by chat and thread."""
        return await self._listed(_TABLE.owner == user_id)

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        """Return one subscription."""
        found = await self._rows(select(tables.subscription).where(_of(chat_id, thread_id)))
        return rows.subscription_of(found[0]) if found else None

    @unbroken
    async def save(self, subscription: Subscription) -> None:
        """Add or replace one."""
        async with self._database.write() as connection:
            await connection.execute(upsert(connection, tables.subscription, rows.subscription_values(subscription)))

    @unbroken
    async def change(self, chat_id: int, thread_id: int, choice: Choice) -> Subscription | None:
        """Change one as it is at that moment, and with it what waits for its place; return it as it is then."""
        async with self._database.write() as connection:
            stored = select(tables.subscription).where(_of(chat_id, thread_id)).with_for_update()
            row = (await connection.execute(stored)).one_or_none()
            if row is None:
                return None
            before = rows.subscription_of(row)
            after = choice.make(before)
            await connection.execute(upsert(connection, tables.subscription, rows.subscription_values(after)))
            await places.follow(connection, before, after, choice)
            return after

    @unbroken
    async def remove(self, chat_id: int, thread_id: int = 0) -> bool:
        """End one, with all that waits for its place; return whether there was one."""
        async with self._database.write() as connection:
            await places.leave(connection, chat_id, thread_id)
            ended = await connection.execute(delete(tables.subscription).where(_of(chat_id, thread_id)))
            return ended.rowcount > 0

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the subscriptions that are not suspended."""
        return await self._listed(_TABLE.suspended == "")

    async def _listed(self, condition: ColumnElement[bool]) -> tuple[Subscription, ...]:
        wanted = select(tables.subscription).where(condition).order_by(_TABLE.chat_id, _TABLE.thread_id)
        return tuple(map(rows.subscription_of, await self._rows(wanted)))


async def set_suspended(connection: AsyncConnection, chat_id: int, reason: str) -> None:
    """Set or, with an empty reason, lift the suspension of a chat and all its topics."""
    await connection.execute(update(tables.subscription).where(_TABLE.chat_id == chat_id).values(suspended=reason))


async def move(connection: AsyncConnection, old: int, new: int) -> None:
    """Give the subscriptions of a chat its new id; where the new one has its own already, that one stays."""
    other = tables.subscription.alias("other")
    taken = exists().where(other.c.chat_id == new, other.c.thread_id == _TABLE.thread_id)
    await connection.execute(delete(tables.subscription).where(_TABLE.chat_id == old, taken))
    await connection.execute(update(tables.subscription).where(_TABLE.chat_id == old).values(chat_id=new))


def _of(chat_id: int, thread_id: int) -> ColumnElement[bool]:
    return (_TABLE.chat_id == chat_id) & (_TABLE.thread_id == thread_id)
