"""What is kept about people: buttons handed out, questions asked, alarms raised."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, delete, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.recording import EXPIRED_KNOWN_FOR, MOST_HANDLES
from bot.adapters.store import rows, tables
from bot.adapters.store.engine import insert, unbroken, upsert
from bot.adapters.store.part import Part
from bot.core.model import Alarm, Awaited, Handle

_HANDLE, _AWAITED, _ALARM = tables.handle.c, tables.awaited.c, tables.alarm.c


class People(Part):
    """The ports Handles, Dialogues and Alarms."""

    @unbroken
    async def issue(self, handles: Sequence[Handle], now: datetime) -> None:
        """Keep what the buttons of one message mean, before it is sent; what expired more than a day ago is forgotten.

        Of one person in one chat the oldest give way, so that nobody fills the table.
        """
        async with self._database.write() as connection:
            await connection.execute(expired(now))
            if handles:
                issued = [asdict(handle) | {"issued": now} for handle in handles]
                await connection.execute(insert(connection, tables.handle), issued)
            for chat_id, user_id in {(handle.chat_id, handle.user_id) for handle in handles}:
                await connection.execute(crowded_out(chat_id, user_id))

    @unbroken
    async def bind(self, tokens: Collection[str], message_id: int) -> None:
        """Say under which message the buttons stand; tokens that nobody knows are passed over."""
        bound = update(tables.handle).where(_HANDLE.token.in_(tokens))
        async with self._database.write() as connection:
            await connection.execute(bound.values(message_id=message_id))

    async def handle(self, token: str) -> Handle | None:
        """Return what a button means."""
        found = await self._rows(select(tables.handle).where(_HANDLE.token == token))
        return rows.handle_of(found[0]) if found else None

    async def awaited(self, chat_id: int, user_id: int) -> Awaited | None:
        """Return what the person was asked last in that chat and has not answered."""
        found = await self._rows(select(tables.awaited).where(_asked(chat_id, user_id)))
        return rows.awaited_of(found[0]) if found else None

    @unbroken
    async def expect(self, awaited: Awaited) -> None:
        """Remember what was asked, in the place of what was asked before."""
        async with self._database.write() as connection:
            await connection.execute(upsert(connection, tables.awaited, asdict(awaited)))

    @unbroken
    async def answered(self, chat_id: int, user_id: int) -> None:
        """Forget the question."""
        async with self._database.write() as connection:
            await connection.execute(delete(tables.awaited).where(_asked(chat_id, user_id)))

    @unbroken
    async def raise_alarm(self, alarm: Alarm) -> bool:
        """Let an alarm stand; return False where one with its key does already, which gets the new values."""
        fresh = rows.alarm_values(alarm)
        async with self._database.write() as connection:
            raising = insert(connection, tables.alarm).on_conflict_do_nothing().returning(_ALARM.key)
            if (await connection.execute(raising, fresh)).first() is not None:
                return True
            renewed = update(tables.alarm).where(_ALARM.key == alarm.key)
            await connection.execute(renewed.values(values=fresh["values"]))
            return False

    async def standing(self, prefix: str) -> frozenset[str]:
        """Return the keys, beginning so, of the alarms that stand."""
        begun = select(_ALARM.key).where(func.substr(_ALARM.key, 1, len(prefix)) == prefix)
        return frozenset(row.key for row in await self._rows(begun))

    @unbroken
    async def clear(self, key: str) -> bool:
        """End an alarm; return whether one stood."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(tables.alarm).where(_ALARM.key == key))).rowcount > 0

    async def untold(self) -> tuple[Alarm, ...]:
        """Return the alarms that stand and that nobody was told of, oldest first."""
        waiting = select(tables.alarm).where(text(tables.UNTOLD)).order_by(_ALARM.at, _ALARM.key)
        return tuple(map(rows.alarm_of, await self._rows(waiting)))

    @unbroken
    async def told(self, keys: Collection[str]) -> None:
        """Remember that the admins were told."""
        async with self._database.write() as connection:
            await connection.execute(update(tables.alarm).where(_ALARM.key.in_(keys)).values(told=True))


def expired(now: datetime) -> Delete:
    """Return the statement that forgets buttons that were of no use for a day."""
    return delete(tables.handle).where(_HANDLE.expires < now - EXPIRED_KNOWN_FOR)


def crowded_out(chat_id: int, user_id: int) -> Delete:
    """Return the statement that forgets the oldest buttons of a person in a chat beyond what one may have."""
    own = select(_HANDLE.token).where(_HANDLE.chat_id == chat_id, _HANDLE.user_id == user_id)
    oldest = own.order_by(_HANDLE.issued.desc(), _HANDLE.token).offset(MOST_HANDLES)
    return delete(tables.handle).where(_HANDLE.token.in_(oldest))


async def move(connection: AsyncConnection, old: int, new: int) -> None:
    """Give the buttons and questions of a chat its new id; a question asked under the new one stays."""
    other = tables.awaited.alias("other")
    taken = exists().where(other.c.chat_id == new, other.c.user_id == _AWAITED.user_id)
    await connection.execute(update(tables.handle).where(_HANDLE.chat_id == old).values(chat_id=new))
    await connection.execute(delete(tables.awaited).where(_AWAITED.chat_id == old, taken))
    await connection.execute(update(tables.awaited).where(_AWAITED.chat_id == old).values(chat_id=new))


def _asked(chat_id: int, user_id: int) -> ColumnElement[bool]:
    return (_AWAITED.chat_id == chat_id) & (_AWAITED.user_id == user_id)
