"""Events to be written out: found by number or by their newest news, read in pieces."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from bot.adapters.store import tables
from bot.adapters.store.listing import COUNTRY, between
from bot.adapters.store.loading import load
from bot.adapters.store.part import Part
from bot.core.model import Event
from bot.ports import Version, Wanted

_EVENT, _REVISION, _DELIVERY = tables.event.c, tables.revision.c, tables.delivery.c
_CHANGED = select(func.max(_REVISION.at)).where(_REVISION.event_id == _EVENT.id).scalar_subquery()
_VERSION = select(_EVENT.id, _EVENT.revision, _EVENT.updated, _CHANGED.label("changed"))


class Exports(Part):
    """The Exports port."""

    async def numbered(self, wanted: Wanted, after: int, limit: int) -> tuple[Version, ...]:
        """Return the wanted events whose number is above one, in the order of their numbers."""
        return await self._versions(
            _VERSION.where(*_conditions(wanted), _EVENT.id > after).order_by(_EVENT.id).limit(limit)
        )

    async def newest(self, wanted: Wanted, limit: int) -> tuple[Version, ...]:
        """Return the wanted events of which the newest reports tell, newest first."""
        newest = _VERSION.where(*_conditions(wanted)).order_by(_EVENT.updated.desc(), _EVENT.id.desc())
        return await self._versions(newest.limit(limit))

    async def events(self, numbers: Sequence[int]) -> tuple[Event, ...]:
        """Return these events, in the order given; what there is not is left out."""
        async with self._database.read() as connection:
            found = await connection.run_sync(load, select(tables.event).where(_EVENT.id.in_(numbers)))
        known = {event.id: event for event in found}
        return tuple(known[number] for number in numbers if number in known)

    async def messages(self, numbers: Collection[int], chats: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """Return of events that stand in one of these chats the chat and the id of the message: of several the lowest."""
        posts = select(_DELIVERY.event_id, _DELIVERY.chat_id, _DELIVERY.message_id).where(
            _DELIVERY.event_id.in_(numbers),
            _DELIVERY.chat_id.in_(chats),
            _DELIVERY.audience == "readers",
            _DELIVERY.action == "post",
            _DELIVERY.state == "sent",
            _DELIVERY.message_id > 0,
        )
        async with self._database.read() as connection:
            found = sorted(tuple(row) for row in await connection.execute(posts))
        return {event: (chat, message) for event, chat, message in reversed(found)}

    async def _versions(self, asked: Select[Any]) -> tuple[Version, ...]:
        async with self._database.read() as connection:
            found = await connection.execute(asked)
            return tuple(Version(row.id, row.revision, max(row.updated, row.changed or row.updated)) for row in found)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield from between(wanted.first, wanted.last)
    if wanted.kinds:
        yield _EVENT.kind.in_(wanted.kinds)
    if wanted.regions:
        countries = [region for region in wanted.regions if len(region) == COUNTRY]
        yield or_(_EVENT.region.in_(wanted.regions), func.substr(_EVENT.region, 1, COUNTRY).in_(countries))
