"""What people ask. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import tables
from bot.adapters.store.events import load
from bot.adapters.store.part import Part
from bot.core.model import Event
from bot.ports import Stats

_TABLE = tables.event.c


class Queries(Part):
    """The Queries port."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        async with self._database.read() as connection:
            found = await load(connection, select(tables.event).where(_TABLE.id == event_id))
        return found[0] if found else None

    async def latest(self, limit: int, kinds: Collection[str] = ()) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        newest = select(tables.event).order_by(_TABLE.updated.desc(), _TABLE.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return await load(connection, newest.where(_TABLE.kind.in_(kinds)) if kinds else newest)

    async def between(
        self, kind: str, first: date | None, last: date | None, regions: Collection[str] = ()
    ) -> tuple[Event, ...]:
        """Return the events of a kind by their day, oldest first, both ends included.

        Events without a day come last, and only where neither end is given.
        """
        within = select(tables.event).where(_TABLE.kind == kind, *_days(first, last))
        asked = within.where(_TABLE.region.in_(regions)) if regions else within
        async with self._database.read() as connection:
            return await load(connection, asked.order_by(_TABLE.date.asc().nulls_last(), _TABLE.id))

    async def stats(self) -> Stats:
        """Return the counts."""
        kinds = select(_TABLE.kind, func.count()).group_by(_TABLE.kind).order_by(_TABLE.kind)
        chats = select(func.count(distinct(tables.subscription.c.chat_id))).where(tables.subscription.c.suspended == "")
        async with self._database.read() as connection:
            return Stats(
                sources=await _count(connection, func.count(tables.poll_state.c.source_id)),
                items=await _count(connection, func.count(tables.item.c.id)),
                reports=await _count(connection, func.count(tables.report.c.id)),
                events={kind: number for kind, number in await connection.execute(kinds)},  # noqa: C416
                chats=await connection.scalar(chats) or 0,
                last_item=await connection.scalar(select(func.max(tables.item.c.published))),
            )


def _days(first: date | None, last: date | None) -> tuple[ColumnElement[bool], ...]:
    lower = () if first is None else (_TABLE.date >= first,)
    upper = () if last is None else (_TABLE.date <= last,)
    return (*lower, *upper)


async def _count(connection: AsyncConnection, counted: ColumnElement[int]) -> int:
    return await connection.scalar(select(counted)) or 0
