"""Lists of events by day, place and word, for pages, totals, charts and maps; and the events of a page on the web."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, false, func, select

from bot.adapters.recording import asked_in
from bot.adapters.store import folds, rows, tables
from bot.adapters.store.loading import load
from bot.adapters.store.part import Part
from bot.core.identity import canonical
from bot.core.model import Event, Outline
from bot.ports import Wanted

_EVENT, _ITEM, _REPORT, _WORD = tables.event.c, tables.item.c, tables.report.c, tables.word.c
_OTHER = tables.event.alias("other").c
_IN_SHORT = (_EVENT.id, _EVENT.kind, _EVENT.date, _EVENT.status, _EVENT.fold, _EVENT.updated)
STANDING = (_EVENT.merged_into == 0, _EVENT.verdict != "reject")
FEW = 1_000
"""Up to so many events are gathered and sorted in a few milliseconds."""
_AT_ONCE = 500
COUNTRY = 2
_BEHIND_ALL = "\U0010ffff"


class Listing(Part):
    """The part of the Queries port that asks for many events."""

    async def listed(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Return the events that are wanted, newest day first, those without a day last; of equal days the newest number."""
        return await self._database.look(_page, wanted, limit, offset)

    async def outlines(self, wanted: Wanted) -> tuple[Outline, ...]:
        """Return all events that are wanted in short, oldest first; while many are read, others have their turn."""
        async with self._database.read() as connection:
            asked = in_short(await connection.run_sync(_conditions, wanted))
            async with connection.stream(asked.execution_options(yield_per=_AT_ONCE)) as found:
                return tuple([folds.outline_of(row) async for batch in found.partitions() for row in batch])

    async def linked(self, url: str) -> tuple[int, ...]:
        """Return the events of which the page at this address tells, where it was an item of a source ever polled."""
        async with self._database.read() as connection:
            sources = await connection.scalars(select(tables.poll_state.c.source_id))
            digests = [rows.link_digest(source_id, canonical(url)) for source_id in sources]
            return tuple(await connection.scalars(told_by(digests)))


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A wish that few events may fulfil, or most: as the query for their numbers, and as the condition of an event."""

    numbers: Select[tuple[int]]
    condition: ColumnElement[bool]

    def gathered(self) -> ColumnElement[bool]:
        """Return the condition that gathers the events first, and sorts them then."""
        return _EVENT.id.in_(self.numbers)

    def beyond_few(self) -> Select[tuple[int]]:
        """Return the query that has an answer where the events are more than a few."""
        return self.numbers.limit(1).offset(FEW)


def page(conditions: Iterable[ColumnElement[bool]], limit: int, offset: int) -> Select[Any]:
    """Return the query for a page of a list."""
    found = select(tables.event).where(*conditions)
    return found.order_by(_EVENT.date.desc(), _EVENT.id.desc()).limit(limit).offset(offset)


def in_short(conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Return the query for outlines."""
    return select(*_IN_SHORT).where(*conditions).order_by(_EVENT.date, _EVENT.id)


def told_by(links: Collection[str]) -> Select[tuple[int]]:
    """Return the query for the events of items by the digests of their links."""
    told = (
        select(_REPORT.event_id)
        .join(tables.item, _ITEM.id == _REPORT.item_id)
        .where(_ITEM.link.in_(links), ~_REPORT.gone)
    )
    return select(_EVENT.id).where(_EVENT.id.in_(told), *STANDING).order_by(_EVENT.id)


def between(first: date | None, last: date | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of days, both included; what has no day is between no two."""
    if first or last:
        yield _EVENT.date >= first if first else _EVENT.date > tables.UNDATED
    if last:
        yield _EVENT.date <= last


def plain(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions under which events are passed in the order of their days."""
    yield from STANDING
    yield from between(wanted.first, wanted.last)
    if len(wanted.kinds) == 1:
        yield _EVENT.kind == wanted.kinds[0]
    elif wanted.kinds:
        yield _unindexed(_EVENT.kind).in_(wanted.kinds)
    countries = [region for region in wanted.regions if len(region) == COUNTRY]
    if countries:
        yield func.substr(_EVENT.region, 1, COUNTRY).in_(countries) | _unindexed(_EVENT.region).in_(wanted.regions)
    if wanted.words and not asked_in(wanted.words):
        yield false()


def narrowed(wanted: Wanted) -> Iterator[Narrowed]:
    """Yield the wishes of which nobody knows beforehand how many events fulfil them."""
    if wanted.regions and all(len(region) > COUNTRY for region in wanted.regions):
        inside = select(_OTHER.id).where(_OTHER.region.in_(wanted.regions))
        yield Narrowed(inside, _unindexed(_EVENT.region).in_(wanted.regions))
    if wanted.updated:
        yield Narrowed(select(_OTHER.id).where(_OTHER.updated >= wanted.updated), _EVENT.updated >= wanted.updated)
    for word in asked_in(wanted.words):
        begun = (_WORD.word >= word, _WORD.word < word + _BEHIND_ALL)
        yield Narrowed(select(_WORD.event_id).where(*begun), exists().where(_WORD.event_id == _EVENT.id, *begun))


def _page(connection: Connection, wanted: Wanted, limit: int, offset: int) -> tuple[Event, ...]:
    return load(connection, page(_conditions(connection, wanted), limit, offset))


def _conditions(connection: Connection, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions, with few events gathered by a wish and many passed by day: the database could not tell."""
    chosen = list(plain(wanted))
    for wish in narrowed(wanted):
        many = connection.scalar(wish.beyond_few()) is not None
        chosen.append(wish.condition if many else wish.gathered())
    return tuple(chosen)


def _unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a column by which no index is looked up: one that serves the order of days is to be used."""
    return column.concat("")
