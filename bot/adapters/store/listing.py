"""Lists of events by day, place and word, for pages, totals, charts and maps; and the events of a page on the web."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select

from bot.adapters.recording import words_in
from bot.adapters.store import folds, rows, tables
from bot.adapters.store.loading import load
from bot.adapters.store.part import Part
from bot.core.model import Event, Outline
from bot.core.sources import canonical
from bot.ports import Wanted

_EVENT, _ITEM, _REPORT, _WORD = tables.event.c, tables.item.c, tables.report.c, tables.word.c
_IN_SHORT = (_EVENT.id, _EVENT.kind, _EVENT.date, _EVENT.status, _EVENT.fold, _EVENT.updated)
STANDING = (_EVENT.merged_into == 0, _EVENT.verdict != "reject")
_COUNTRY = 2
_BEHIND_ALL = "\U0010ffff"


class Listing(Part):
    """The part of the Queries port that asks for many events."""

    async def listed(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Return the events that are wanted, newest day first, those without a day last; of equal days the newest number."""
        async with self._database.read() as connection:
            return await load(connection, page(wanted, limit, offset))

    async def outlines(self, wanted: Wanted) -> tuple[Outline, ...]:
        """Return all events that are wanted in short, oldest first."""
        async with self._database.read() as connection:
            return tuple(folds.outline_of(row) for row in await connection.execute(in_short(wanted)))

    async def linked(self, url: str) -> tuple[int, ...]:
        """Return the events of which the page at this address tells, where it was an item of a source ever polled."""
        async with self._database.read() as connection:
            sources = await connection.scalars(select(tables.poll_state.c.source_id))
            digests = [rows.link_digest(source_id, canonical(url)) for source_id in sources]
            return tuple(await connection.scalars(told_by(digests)))


def page(wanted: Wanted, limit: int, offset: int) -> Select[Any]:
    """Return the query for a page of a list."""
    found = select(tables.event).where(*conditions(wanted))
    return found.order_by(_EVENT.date.desc(), _EVENT.id.desc()).limit(limit).offset(offset)


def in_short(wanted: Wanted) -> Select[Any]:
    """Return the query for outlines."""
    return select(*_IN_SHORT).where(*conditions(wanted)).order_by(_EVENT.date, _EVENT.id)


def told_by(links: Collection[str]) -> Select[tuple[int]]:
    """Return the query for the events of items by the digests of their links."""
    told = select(_REPORT.event_id).join(tables.item, _ITEM.id == _REPORT.item_id).where(_ITEM.link.in_(links))
    return select(_EVENT.id).where(_EVENT.id.in_(told), *STANDING).order_by(_EVENT.id)


def between(first: date | None, last: date | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of days, both included; what has no day is between no two."""
    if first or last:
        yield _EVENT.date >= first if first else _EVENT.date > tables.UNDATED
    if last:
        yield _EVENT.date <= last


def conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of what is wanted."""
    yield from STANDING
    yield from between(wanted.first, wanted.last)
    if wanted.kinds:
        yield _of_kinds(wanted.kinds)
    if wanted.regions:
        yield _in_regions(wanted.regions)
    if wanted.updated:
        yield _EVENT.updated >= wanted.updated
    if wanted.words:
        yield from _saying(sorted(words_in(wanted.words)))


def _saying(words: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of words that all have to begin one of the event's; signs alone are said by none."""
    if not words:
        yield false()
    for word in words:
        begun = select(_WORD.event_id).where(_WORD.word >= word, _WORD.word < word + _BEHIND_ALL)
        yield _EVENT.id.in_(begun)


def _of_kinds(kinds: Collection[str]) -> ColumnElement[bool]:
    """Return the condition of kinds. Several are most events: they are better passed by day than gathered by kind."""
    if len(kinds) == 1:
        return _EVENT.kind == next(iter(kinds))
    return _EVENT.kind.concat("").in_(kinds)


def _in_regions(regions: Collection[str]) -> ColumnElement[bool]:
    """Return the condition of regions; countries, which have most events, are looked for by day too."""
    countries = [region for region in regions if len(region) == _COUNTRY]
    if not countries:
        return _EVENT.region.in_(regions)
    return func.substr(_EVENT.region, 1, _COUNTRY).in_(countries) | _EVENT.region.concat("").in_(regions)
