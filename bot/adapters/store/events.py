"""Events and their reports: found by blocking key, and recorded together with the item or ruling and the outbox rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select, update

from bot.adapters.store import loading, rows, rulings, tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.items import add_item, edit_item
from bot.adapters.store.joining import join
from bot.adapters.store.part import Part
from bot.core.model import Event, Item, ReportId, Ruling
from bot.ports import Joined, Revised, TemporaryError

_REPORT = tables.report.c


class Events(Part):
    """The joining half of the Store port."""

    def joining(self) -> AbstractAsyncContextManager[None]:
        """Let nobody else join, in any process, before the block ends; on PostgreSQL it is one transaction."""
        return self._database.joining()

    async def candidates(self, keys: Collection[str]) -> tuple[Event, ...]:
        """Return the events that share one of the blocking keys, with their reports and rulings, oldest first."""
        if not keys:
            return ()
        if self._lookup:
            return self._lookup.ask(partial(loading.looked_up, keys=keys))
        return await self._database.look(loading.load, loading.sharing(sorted(keys)))

    async def holder(self, report: ReportId) -> Event | None:
        """Return the event that a report stands in."""
        source_id, item_id, position = report
        item = tables.item.c.identity == rows.guid_digest(source_id, item_id)
        number = select(_REPORT.event_id).join(tables.item, tables.item.c.id == _REPORT.item_id)
        held = number.where(item, _REPORT.position == position, ~_REPORT.gone).scalar_subquery()
        found = await self._database.look(loading.load, select(tables.event).where(tables.event.c.id == held))
        return found[0] if found else None

    async def holders(self, item: Item) -> tuple[Event, ...]:
        """Return the events in which reports of an item stand, or stood when it took them back."""
        own = tables.item.c.identity == rows.guid_digest(item.source.id, item.id)
        held = select(_REPORT.event_id).join(tables.item, tables.item.c.id == _REPORT.item_id).where(own)
        return await self._database.look(loading.load, select(tables.event).where(tables.event.c.id.in_(held)))

    @unbroken
    async def record(self, item: Item, joined: Sequence[Joined], at: datetime | None = None) -> tuple[Event, ...]:
        """Store an item that was seen at a time, its reports, the events after them and the outbox rows in one transaction.

        Raises TemporaryError, leaving nothing behind, where the item or one of the events was written by someone else
        since it was read: the item is then to be taken again from the start.
        """

        def write(connection: Connection) -> tuple[Event, ...]:
            if add_item(connection, item, at or item.published) is None:
                raise TemporaryError(f"item {item.id} of {item.source.id} is recorded already; it is left as it is")
            return join(connection, joined, item.published)

        return await self._database.at_once(write)

    @unbroken
    async def revise(self, item: Item, revised: Revised, joined: Sequence[Joined], at: datetime) -> tuple[Event, ...]:
        """Store what an item says since a time, the events after that and the outbox rows in one transaction.

        Raises TemporaryError as `record` does.
        """
        own = select(tables.item.c.id).where(tables.item.c.identity == rows.guid_digest(item.source.id, item.id))
        positions = [position for _, _, position in revised.gone]

        def write(connection: Connection) -> tuple[Event, ...]:
            if not edit_item(connection, item):
                raise TemporaryError(
                    f"item {item.id} of {item.source.id} is not stored any more; it is to be read again"
                )
            if positions:
                taken_back = update(tables.report).where(_REPORT.item_id.in_(own), _REPORT.position.in_(positions))
                connection.execute(taken_back.values(gone=True))
            for ruling in revised.rulings:
                rulings.hand_on(connection, ruling)
            return join(connection, joined, at)

        return await self._database.at_once(write)

    @unbroken
    async def rule(self, ruling: Ruling, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store a ruling and the events after it in one transaction."""

        def write(connection: Connection) -> tuple[Event, ...]:
            rulings.add(connection, ruling)
            return join(connection, joined, ruling.at)

        return await self._database.at_once(write)

    @unbroken
    async def undo(self, ruling: Ruling, by: int, at: datetime, joined: Sequence[Joined]) -> tuple[Event, ...]:
        """Store that an admin took a ruling back, and the events after that, in one transaction."""

        def write(connection: Connection) -> tuple[Event, ...]:
            rulings.take_back(connection, ruling.id, by, at)
            return join(connection, joined, at)

        return await self._database.at_once(write)

    @unbroken
    async def complain(self, joined: Joined, user_id: int, what: str, at: datetime) -> bool:
        """Store that a reader called an event something, the revision that this makes, and who is to hear of it."""
        values = {"event_id": joined.change.event.id, "user_id": user_id, "what": what, "at": at}

        def write(connection: Connection) -> bool:
            saving = insert(connection, tables.feedback).on_conflict_do_nothing()
            saved = connection.execute(saving.returning(tables.feedback.c.event_id), values).first()
            if saved is not None:
                join(connection, [joined], at)
            return saved is not None

        return await self._database.at_once(write)
