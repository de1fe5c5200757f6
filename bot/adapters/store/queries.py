"""What people ask. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import folds, listing, tables
from bot.adapters.store.listing import Listing
from bot.adapters.store.loading import load
from bot.core.model import Event, Logged, Placed, Revision
from bot.ports import Stats

_TABLE, _REPORT, _RULING = tables.event.c, tables.report.c, tables.ruling.c
_DELIVERY, _FEEDBACK, _REVISION = tables.delivery.c, tables.feedback.c, tables.revision.c


class Queries(Listing):
    """The Queries port."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        found = await self._database.look(load, select(tables.event).where(_TABLE.id == event_id))
        return found[0] if found else None

    async def latest(self, limit: int, kinds: Collection[str] = (), offset: int = 0) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        newest = _newest(limit).where(*listing.STANDING).offset(offset)
        return await self._database.look(load, newest.where(_TABLE.kind.in_(kinds)) if kinds else newest)

    async def between(
        self, kind: str, first: date | None, last: date | None, regions: Collection[str] = ()
    ) -> tuple[Event, ...]:
        """Return the events of a kind by their day, oldest first, both ends included.

        Events without a day come last, and only where neither end is given.
        """
        within = select(tables.event).where(_TABLE.kind == kind, *listing.STANDING, *listing.between(first, last))
        asked = within.where(_TABLE.region.in_(regions)) if regions else within
        return await self._database.look(load, asked.order_by(_TABLE.date == tables.UNDATED, _TABLE.date, _TABLE.id))

    async def stats(self) -> Stats:
        """Return the counts."""
        kinds = select(_TABLE.kind, func.count()).where(*listing.STANDING).group_by(_TABLE.kind).order_by(_TABLE.kind)
        chats = select(func.count(distinct(tables.subscription.c.chat_id))).where(tables.subscription.c.suspended == "")
        async with self._database.read() as connection:
            return Stats(
                sources=await _count(connection, func.count(tables.poll_state.c.source_id)),
                items=await _count(connection, func.count(tables.item.c.id)),
                reports=await _count(connection, func.count(tables.report.c.id), ~_REPORT.gone),
                events={kind: number for kind, number in await connection.execute(kinds)},  # noqa: C416
                chats=await connection.scalar(chats) or 0,
                last_item=await connection.scalar(select(func.max(tables.item.c.published))),
            )

    async def revisions(self, event_id: int, after: int = 0) -> tuple[Revision, ...]:
        """Return what was changed in an event since a revision, oldest first."""
        since = select(tables.revision).where(_REVISION.event_id == event_id, _REVISION.number > after)
        return tuple(map(folds.revision_of, await self._rows(since.order_by(_REVISION.number))))

    async def placed(self, event_id: int) -> tuple[Placed, ...]:
        """Return the reports of an event with why they stand in it, in the order in which they were published."""
        found, stored = await self._database.look(_standing_in, event_id)
        decisions = {folds.report_of(row).id: folds.decision_of(row) for row in stored}
        return tuple(Placed(report, decisions[report.id]) for event in found for report in event.reports)

    async def rulings(self, event_id: int = 0, limit: int = 20) -> tuple[Logged, ...]:
        """Return the newest rulings, on one event or (0) on any, those that were taken back among them."""
        newest = select(tables.ruling).order_by(_RULING.id.desc()).limit(limit)
        inside = select(_REPORT.id).where(_REPORT.event_id == event_id)
        about = or_(_RULING.event_id == event_id, _RULING.report_id.in_(inside), _RULING.other_id.in_(inside))
        return tuple(map(folds.logged_of, await self._rows(newest.where(about) if event_id else newest)))

    async def waiting(self, limit: int = 20) -> tuple[Event, ...]:
        """Return the events that admins were asked about and that are neither confirmed nor ruled upon, newest first."""
        asked = select(_DELIVERY.event_id).where(_DELIVERY.audience == "admins", _DELIVERY.action == "post")
        open_ = (_TABLE.merged_into == 0, _TABLE.verdict == "", ~_TABLE.confirmed)
        return await self._database.look(load, _newest(limit).where(*open_, _TABLE.id.in_(asked)))

    async def feedback(self, event_id: int) -> Mapping[str, int]:
        """Return how many readers called the event what."""
        counted = select(_FEEDBACK.what, func.count().label("number")).where(_FEEDBACK.event_id == event_id)
        found = await self._rows(counted.group_by(_FEEDBACK.what).order_by(_FEEDBACK.what))
        return {row.what: row.number for row in found}


def _newest(limit: int) -> Select[tuple[object, ...]]:
    return select(tables.event).order_by(_TABLE.updated.desc(), _TABLE.id.desc()).limit(limit)


def _standing_in(connection: Connection, event_id: int) -> tuple[tuple[Event, ...], Sequence[Row[Any]]]:
    """Return an event with the rows of its reports."""
    found = load(connection, select(tables.event).where(_TABLE.id == event_id))
    stored = select(tables.report).where(_REPORT.event_id == event_id, ~_REPORT.gone)
    return found, connection.execute(stored).all()


async def _count(connection: AsyncConnection, counted: ColumnElement[int], *of: ColumnElement[bool]) -> int:
    return await connection.scalar(select(counted).where(*of)) or 0
