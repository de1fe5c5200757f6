"""What is remembered of sources between two polls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Insert, Select, Update, bindparam, func, select, text, update

from bot.adapters.store import rows, tables
from bot.adapters.store.engine import insert_in, unbroken
from bot.adapters.store.part import Part
from bot.adapters.store.pieces import in_pieces
from bot.adapters.store.repeated import Repeated
from bot.core.model import PollState, QuietPoll, Source
from bot.core.schedule import LONGEST_WAIT, enlisted, hastened, shifted

_POLL = tables.poll_state.c
_LISTED = text(tables.DUE)
_STATES = select(*(_POLL[name] for name in rows.POLL))
_WAITING = select(_POLL.source_id).where(_LISTED).order_by(_POLL.next_at)
_KEPT = [name for name in _POLL.keys() if name not in ("source_id", "listed")]  # noqa: SIM118  (columns are no dictionary)


class Polls(Part):
    """The Polls port."""

    @unbroken
    async def enlist(self, sources: Sequence[Source], now: datetime) -> tuple[PollState, ...]:
        """Let these sources, and no others, be polled: those never seen before are due now; return what was remembered."""

        def write(connection: Connection) -> tuple[PollState, ...]:
            found = connection.execute(_STATES.add_columns(_POLL.listed))
            known = {row.source_id: (row.listed, rows.poll_of(row[:-1])) for row in found}
            fresh = (enlisted(source, known.get(source.id, (False, None))[1], now) for source in sources)
            _save(connection, [state for state in fresh if state is not None])
            wanted = {source.id for source in sources}
            turned = [name for name, (listed, _) in known.items() if listed != (name in wanted)]
            _LISTING.execute(connection, [{"name": name, "now": name in wanted} for name in turned])
            return tuple(state for _, state in known.values())

        return await self._database.at_once(write)

    async def due(self, now: datetime, limit: int, besides: Collection[str] = ()) -> tuple[PollState, ...]:
        """Return up to `limit` sources to poll now, those that have waited longest first, without those named."""
        besides = frozenset(besides)  # what the caller takes out of it while the rows are on their way was in it still
        return await self._database.look(_due, now, limit, besides)

    async def state(self, source_id: str) -> PollState | None:
        """Return what is remembered of one source."""
        found = await self._rows(_STATES.where(_POLL.source_id == source_id))
        return rows.poll_of(found[0]) if found else None

    async def poll_states(self) -> Mapping[str, PollState]:
        """Return what is remembered of every source ever polled, by source id."""
        async with self._database.read() as connection:
            found = await connection.execute(_STATES)
            return {row.source_id: rows.poll_of(row) async for row in in_pieces(found)}

    async def live_until(self) -> datetime | None:
        """Return how long an event that any source told of counts as going on."""
        async with self._database.read() as connection:
            newest: datetime | None = await connection.scalar(select(func.max(_POLL.live_until)))
        return newest

    async def save_poll(self, state: PollState) -> None:
        """Remember a poll; many that are saved at the same time share one transaction."""
        await self._gathering.add(_save, state)

    async def save_quiet(self, poll: QuietPoll) -> None:
        """Remember a poll that changed hardly anything: a few columns of one row."""
        await self._gathering.add(_save_quiet, poll)

    @unbroken
    async def put_off(self, source_ids: Collection[str], until: datetime) -> None:
        """Let sources wait until then, or longer where they do so anyway."""
        sooner = update(tables.poll_state).where(_POLL.source_id == bindparam("name"), _POLL.next_at < until)
        if source_ids:
            async with self._database.write() as connection:
                await connection.execute(
                    sooner.values(next_at=until, asked_until=until), [{"name": each} for each in source_ids]
                )

    @unbroken
    async def hasten(self, now: datetime, within: timedelta) -> None:
        """Let no healthy source wait longer than that, unless its publisher asked for it; spread them over that time."""
        waiting = _STATES.where(_LISTED, _POLL.next_at > now + within, _POLL.failures == 0)
        async with self._database.write() as connection:
            found = await connection.execute(waiting.order_by(_POLL.next_at).with_for_update())
            await connection.run_sync(_save, hastened(tuple(map(rows.poll_of, found)), now, within))

    @unbroken
    async def shift(self, by: timedelta) -> None:
        """Move on when every source is polled next: the clock was set forward by so much, or (negative) back."""
        async with self._database.write() as connection:
            found = await connection.execute(_STATES.where(_LISTED).with_for_update())
            await connection.run_sync(_save, [shifted(rows.poll_of(row), by) for row in found])


def _due(connection: Connection, now: datetime, limit: int, besides: Collection[str]) -> tuple[PollState, ...]:
    """Look at names first: of those under way, which may be most of what is due, nothing else is read."""
    found: list[str] = []
    for wanted in (late(now), lost(now)):
        if len(found) < limit:
            waiting = connection.scalars(wanted.limit(limit + len(besides)))
            found += [name for name in waiting if name not in besides]
    chosen = found[:limit]
    if not chosen:
        return ()
    states = {row.source_id: row for row in connection.execute(_STATES.where(_POLL.source_id.in_(chosen)))}
    return tuple(rows.poll_of(states[name]) for name in chosen)


def _save(connection: Connection, states: Iterable[PollState]) -> None:
    _SAVING.execute(connection, [rows.poll_values(state) for state in states])


def _saving(dialect: str) -> Insert:
    statement = insert_in(dialect, tables.poll_state)
    changed = {name: statement.excluded[name] for name in _KEPT}
    return statement.on_conflict_do_update(index_elements=["source_id"], set_=changed)


def _save_quiet(connection: Connection, polls: Iterable[QuietPoll]) -> None:
    _QUIET.execute(connection, [rows.quiet_values(poll) for poll in polls])


def _quieting(_: str) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in ("next_at", "interval", "asked_until")}
    both: dict[str, Any] = {name: bindparam("at") for name in ("last_success", "polled_at")}
    return update(tables.poll_state).where(_POLL.source_id == bindparam("name")).values(values | both)


def _listing(_: str) -> Update:
    return update(tables.poll_state).where(_POLL.source_id == bindparam("name")).values(listed=bindparam("now"))


_SAVING, _QUIET, _LISTING = Repeated(_saving), Repeated(_quieting), Repeated(_listing)


def late(now: datetime) -> Select[Any]:
    """Return the query for the names of the sources whose time has come, longest waiting first."""
    return _WAITING.where(_POLL.next_at <= now)


def lost(now: datetime) -> Select[Any]:
    """Return the query for the names of the sources that would wait longer than anything makes wait."""
    return _WAITING.where(_POLL.next_at > now + LONGEST_WAIT)
