"""What grows and is not needed for ever, taken away a few hundred rows at a time, so that nobody waits for long.

What may go is looked for beside the writers, and looked at again by the one that takes it away.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Delete, Row, Select, and_, delete, exists, func, or_, select, tuple_

from bot.adapters.recording import BRIEF, FORGOTTEN, MOST_ASIDE
from bot.adapters.store import tables
from bot.adapters.store.engine import insert, unbroken
from bot.adapters.store.part import Part

_BATCH = 500
_ITEM, _ALIAS, _STONE, _EVENT, _ROW, _ASIDE = (
    table.c for table in (tables.item, tables.alias, tables.tombstone, tables.event, tables.delivery, tables.quarantine)
)


class Pruning(Part):
    """What the Store port lets go."""

    async def prune(self, before: datetime, now: datetime) -> AsyncGenerator[int]:
        """Forget the items first seen before a day that report nothing; yield how many went with each step."""
        last: tuple[datetime, int] | None = None
        while found := await self._prunable(before, last):
            last = found[-1].published, found[-1].id
            yield await self._bury([row.id for row in found], now)

    async def forget_traces(self, now: datetime) -> AsyncGenerator[int]:
        """Forget what nobody asks for any more; yield how much went with each step."""
        stones = select(_STONE.digest).where(_STONE.at < now - FORGOTTEN).limit(_BATCH)
        while gone := await self._delete(delete(tables.tombstone).where(_STONE.digest.in_(stones))):
            yield gone
        if over := await self._delete(delete(tables.quarantine).where(_ASIDE.update_id < _LAST_ASIDE)):
            yield over

    async def let_go(self, edits_before: datetime, all_before: datetime) -> AsyncGenerator[int]:
        """Forget ended deliveries of events that were last heard of before a time; yield how many went with each step.

        From the first time on these are edits and what was given up, from the second on posts and replies too.
        """
        conditions = ended(edits_before, all_before)
        async with self._database.read() as connection:
            events = (await connection.scalars(ended_in(*conditions))).all()
        for event_id in events:
            of_event = select(_ROW.id).join(tables.event, _EVENT.id == _ROW.event_id)
            some = of_event.where(_ROW.event_id == event_id, *conditions).limit(_BATCH)
            while gone := await self._delete(delete(tables.delivery).where(_ROW.id.in_(some))):
                yield gone

    async def _prunable(self, before: datetime, last: tuple[datetime, int] | None) -> list[Row[Any]]:
        async with self._database.read() as connection:
            return list(await connection.execute(prunable(before, last)))

    @unbroken
    async def _delete(self, statement: Delete) -> int:
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount

    @unbroken
    async def _bury(self, numbers: Collection[int], now: datetime) -> int:
        """Leave of items what they were known by; one that has come to report something meanwhile stays."""
        async with self._database.write() as connection:
            wanted = select(_ITEM.id, _ITEM.identity, _ITEM.link, _ITEM.fingerprint)
            found = (await connection.execute(wanted.where(_ITEM.id.in_(numbers), ~_REPORTED))).all()
            gone = [row.id for row in found]
            later = await connection.scalars(select(_ALIAS.digest).where(_ALIAS.item_id.in_(gone)))
            stones = [{"digest": digest, "at": now} for digest in sorted({*_lasting(found), *later})]
            if stones:
                await connection.execute(insert(connection, tables.tombstone).on_conflict_do_nothing(), stones)
                await connection.execute(delete(tables.alias).where(_ALIAS.item_id.in_(gone)))
                await connection.execute(delete(tables.item).where(_ITEM.id.in_(gone)))
        return len(gone)


_LAST_ASIDE = (
    select(_ASIDE.update_id).order_by(_ASIDE.update_id.desc()).offset(MOST_ASIDE - 1).limit(1).scalar_subquery()
)
_REPORTED = exists().where(tables.report.c.item_id == _ITEM.id)


def silent(before: datetime) -> ColumnElement[bool]:
    """Return the condition of items that report nothing and were seen before a time. None is published after it was seen."""
    seen = func.coalesce(_ITEM.seen_at, _ITEM.published)
    return and_(_ITEM.published < before, seen < before, ~_REPORTED)


def telling(since: datetime, before: datetime) -> ColumnElement[bool]:
    """Return the condition of items that report something and were seen first between two times."""
    seen = func.coalesce(_ITEM.seen_at, _ITEM.published)
    return and_(_ITEM.published < before, seen >= since, seen < before, _REPORTED)


def prunable(before: datetime, last: tuple[datetime, int] | None = None) -> Select[Any]:
    """Return the query for the next of the items that may go, in the order in which they were published."""
    found = select(_ITEM.id, _ITEM.published).where(silent(before)).order_by(_ITEM.published, _ITEM.id).limit(_BATCH)
    if last is None:
        return found
    return found.where(_ITEM.published >= last[0], tuple_(_ITEM.published, _ITEM.id) > tuple_(*last))


def ended(edits_before: datetime, all_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a delivery that may go."""
    given_up = _ROW.state == "dead"
    of_little_use = or_(given_up, and_(_ROW.action == "edit", _ROW.state == "sent"))
    over = and_(_EVENT.updated < all_before, _ROW.state == "sent")
    return _EVENT.updated < edits_before, or_(of_little_use, over)


def ended_in(heard_of: ColumnElement[bool], may_go: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the events that have such deliveries."""
    return select(_EVENT.id).where(heard_of, exists().where(_ROW.event_id == _EVENT.id, may_go))


def _lasting(found: Iterable[Any]) -> set[str]:
    """Return the digests by which pruned items stay known: words that are too few to name an item are not among them."""
    digests = {digest for row in found for digest in (row.identity, row.link, row.fingerprint) if digest}
    return {digest for digest in digests if not digest.startswith(BRIEF)}
