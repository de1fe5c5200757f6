"""Events and their reports: found by blocking key, and recorded together with the item and the outbox rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import rows, tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.items import add_item
from bot.adapters.store.outbox import plan
from bot.adapters.store.part import Part
from bot.core.model import Event, Item
from bot.ports import Joined, TemporaryError


class Events(Part):
    """The joining half of the Store port."""

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports, oldest first."""
        if not keys:
            return ()
        found = select(tables.blocking_key.c.event_id).where(tables.blocking_key.c.key.in_(keys))
        wanted = select(tables.event).where(tables.event.c.id.in_(found))
        async with self._database.read() as connection:
            return await load(connection, wanted.order_by(tables.event.c.opened, tables.event.c.id))

    @unbroken
    async def record(self, item: Item, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store an item, its reports, the events after them and the outbox rows in one transaction.

        Raises TemporaryError, leaving nothing behind, where the item or one of the events was written by someone else
        since it was read: the item is then to be taken again from the start.
        """
        async with self._database.write() as connection:
            item_id = await add_item(connection, item)
            if item_id is None:
                raise TemporaryError(f"item {item.id} of {item.source.id} is recorded already; it is left as it is")
            events = [await _store(connection, each.change.event) for each in joined]
            await _add_reports(connection, item_id, joined, events)
            await _add_keys(connection, joined, events)
            for each, event in zip(joined, events, strict=True):
                await plan(connection, event, each.planned)
        return tuple(events)


async def load(connection: AsyncConnection, statement: Select[Any]) -> tuple[Event, ...]:
    """Return the events that the statement selects, in its order, with their reports: two queries in all."""
    found = (await connection.execute(statement)).all()
    if not found:
        return ()
    reports: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    wanted = select(tables.report).where(tables.report.c.event_id.in_([row.id for row in found]))
    for row in await connection.execute(wanted.order_by(tables.report.c.id)):
        reports[row.event_id].append(row)
    return tuple(rows.event_of(row, reports[row.id]) for row in found)


async def _store(connection: AsyncConnection, event: Event) -> Event:
    values = rows.event_values(event)
    if event.id == 0:
        added = await connection.execute(insert(connection, tables.event).returning(tables.event.c.id), values)
        return replace(event, id=added.scalar_one())
    table = tables.event.c
    since = table.revision.in_((event.revision - 1, event.revision))
    changed = await connection.execute(update(tables.event).where(table.id == event.id, since).values(values))
    if changed.rowcount != 1:
        raise TemporaryError(f"event {event.id} was changed meanwhile; its item is to be read again")
    return event


async def _add_reports(
    connection: AsyncConnection, item_id: int, joined: Sequence[Joined], events: Sequence[Event]
) -> None:
    values = [
        rows.report_values(placed.report, item_id, event.id, position)
        for position, (each, event) in enumerate(zip(joined, events, strict=True))
        for placed in each.placed
    ]
    if values:
        await connection.execute(insert(connection, tables.report), values)


async def _add_keys(connection: AsyncConnection, joined: Sequence[Joined], events: Sequence[Event]) -> None:
    keys = {(key, event.id) for each, event in zip(joined, events, strict=True) for key in each.keys}
    if keys:
        statement = insert(connection, tables.blocking_key).on_conflict_do_nothing()
        await connection.execute(statement, [{"key": key, "event_id": event_id} for key, event_id in sorted(keys)])
