"""What those who watch over us ask the database: little, and nothing that grows with what it has kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import tables
from bot.adapters.store.part import Part
from bot.ports.tally import Figures

OVERDUE = timedelta(minutes=1)
_DELIVERY, _POLL, _REVISION = tables.delivery.c, tables.poll_state.c, tables.revision.c
_STATE = case(
    (_POLL.ended.is_not(None), "ended"),
    (_POLL.failures > 0, "failing"),
    (_POLL.last_success.is_(None), "new"),
    else_="well",
)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class Watching(Part):
    """The port `Watched`."""

    async def ping(self) -> None:
        """Read next to nothing."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))

    def unwritten(self) -> str:
        """Return why what was to be written last could not be, "" where it was."""
        return self._database.writing.trouble

    async def figures(self, now: datetime) -> Figures:
        """Return how the store stands."""
        async with self._database.read() as connection:
            sources = (await connection.execute(_sources(now))).all()
            return Figures(
                outbox=await _outbox(connection),
                oldest=await connection.scalar(_oldest(now)),
                sources={row.state: row.number for row in sources},
                overdue=sum(row.overdue for row in sources),
                success=max((row.success for row in sources if row.success), default=None),
                size=await connection.scalar(text(_SIZE[connection.dialect.name])) or 0,
            )


async def _outbox(connection: AsyncConnection) -> dict[str, int]:
    """Count what waits and what is in flight, each by the index that has nothing else in it."""
    counted = select(_DELIVERY.state, func.count()).group_by(_DELIVERY.state)
    found = [await connection.execute(counted.where(text(which))) for which in (tables.WAITING, tables.IN_FLIGHT)]
    return {state: number for each in found for state, number in each}


def _oldest(now: datetime) -> Select[tuple[datetime]]:
    """Return the query for since when the oldest delivery waits that may leave now.

    The lowest number plainly asked for, a database walks all numbers up to it, those of what was sent long ago first.
    """
    due = or_(_DELIVERY.not_before.is_(None), _DELIVERY.not_before <= now)
    first = select(func.min(_DELIVERY.id + 0)).where(text(tables.WAITING), due).scalar_subquery()
    planned = select(_REVISION.at).join(
        tables.delivery, (_REVISION.event_id == _DELIVERY.event_id) & (_REVISION.number == _DELIVERY.revision)
    )
    return planned.where(_DELIVERY.id == first)


def _sources(now: datetime) -> Select[tuple[str, int, int, datetime | None]]:
    late = case(((_POLL.next_at < now - OVERDUE) & _POLL.ended.is_(None), 1), else_=0)
    return (
        select(
            _STATE.label("state"),
            func.count().label("number"),
            func.sum(late).label("overdue"),
            func.max(_POLL.last_success).label("success"),
        )
        .where(_POLL.listed)
        .group_by(_STATE)
    )
