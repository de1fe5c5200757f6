"""What sources brought, day by day; what it comes to is added up by the database, one row for each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Row, Select, case, delete, func, or_, select

from bot.adapters.store import tables
from bot.adapters.store.engine import insert_in, unbroken
from bot.adapters.store.part import Part
from bot.adapters.store.pieces import in_pieces
from bot.adapters.store.repeated import Repeated
from bot.core.health import Past, Tally
from bot.core.model import SourceDay

_DAY = tables.source_day.c
_COUNTS = ("items", "undated", "unlinked", "reports")


class Diary(Part):
    """The port of the name."""

    async def note(self, day: SourceDay) -> None:
        """Add to what is counted of a source on a day."""
        await self._gathering.add(_note, day)

    async def pasts(self, first: date, lately: date) -> Mapping[str, Past]:
        """Return what each source brought since the day `first`; what it brought from `lately` on is counted apart."""
        async with self._database.read() as connection:
            found = await connection.execute(_summed(first, lately))
            return {row.source_id: _past(row) async for row in in_pieces(found)}

    @unbroken
    async def forget(self, before: date) -> None:
        """Forget the days before this one."""
        async with self._database.write() as connection:
            await connection.execute(delete(tables.source_day).where(_DAY.day < before))


def _note(connection: Connection, days: Sequence[SourceDay]) -> None:
    _NOTING.execute(connection, [asdict(day) for day in days])


def _noting(dialect: str) -> Insert:
    fresh = insert_in(dialect, tables.source_day)
    more = {name: _DAY[name] + fresh.excluded[name] for name in _COUNTS}
    return fresh.on_conflict_do_update(index_elements=["source_id", "day"], set_=more)


_NOTING = Repeated(_noting)


def _summed(first: date, lately: date) -> Select[Any]:
    """Return the query for the past of every source, one row each."""
    newest = select(_DAY.source_id, func.max(_DAY.day).label("told")).where(_DAY.day >= first, _DAY.reports > 0)
    told = newest.group_by(_DAY.source_id).subquery()
    sums = [
        _sum(case((late, _DAY[name]), else_=0)).label(f"{label}{name}")
        for label, late in (("before_", _DAY.day < lately), ("lately_", _DAY.day >= lately))
        for name in ("items", "undated", "unlinked")
    ]
    return (
        select(
            _DAY.source_id,
            func.min(_DAY.day).label("first"),
            func.max(_DAY.day).label("last"),
            func.count().label("days"),
            _sum(case((_DAY.reports > 0, 1), else_=0)).label("telling"),
            told.c.told,
            _sum(case((or_(told.c.told.is_(None), _DAY.day > told.c.told), 1), else_=0)).label("since"),
            *sums,
        )
        .outerjoin(told, told.c.source_id == _DAY.source_id)
        .where(_DAY.day >= first)
        .group_by(_DAY.source_id, told.c.told)
    )


def _sum(of: ColumnElement[int]) -> ColumnElement[int]:
    return func.sum(of)


def _past(row: Row[Any]) -> Past:
    return Past(
        first=row.first,
        last=row.last,
        days=row.days,
        telling=row.telling,
        told=row.told,
        since=row.since,
        before=Tally(row.before_items, row.before_undated, row.before_unlinked),
        lately=Tally(row.lately_items, row.lately_undated, row.lately_unlinked),
    )
