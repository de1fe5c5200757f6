"""Events to be written out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.adapters.memory.queries import is_between
from bot.adapters.memory.tables import Part
from bot.core.model import Event
from bot.ports import Version, Wanted


class Exports(Part):
    """The Exports port."""

    async def numbered(self, wanted: Wanted, after: int, limit: int) -> tuple[Version, ...]:
        """Return the wanted events whose number is above one, in the order of their numbers."""
        found = sorted((event for event in self._chosen(wanted) if event.id > after), key=lambda event: event.id)
        return tuple(map(self._version, found[:limit]))

    async def newest(self, wanted: Wanted, limit: int) -> tuple[Version, ...]:
        """Return the wanted events of which the newest reports tell, newest first."""
        found = sorted(self._chosen(wanted), key=lambda event: (event.updated, event.id), reverse=True)
        return tuple(map(self._version, found[:limit]))

    async def events(self, numbers: Sequence[int]) -> tuple[Event, ...]:
        """Return these events, in the order given; what there is not is left out."""
        return tuple(self._event(number) for number in numbers if number in self._tables.events)

    async def messages(self, numbers: Collection[int], chats: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """Return of events that stand in one of these chats the chat and the id of the message: of several the lowest."""
        posts = sorted(
            (row.delivery.event_id, row.delivery.chat_id, row.delivery.message_id)
            for number in numbers
            for row in self._tables.rows.get(number, ())
            if row.state == "sent" and row.delivery.action == "post" and row.delivery.audience == "readers"
        )
        return {event: (chat, message) for event, chat, message in reversed(posts) if chat in chats and message > 0}

    def _chosen(self, wanted: Wanted) -> Iterable[Event]:
        for event in self._tables.events.values():
            region = str(event.facts.get("region", ""))
            fits = (
                not wanted.kinds or event.kind in wanted.kinds,
                is_between(event.date, wanted.first, wanted.last),
                not wanted.regions or bool({region, region[:2]} & {*wanted.regions}),
            )
            if all(fits):
                yield event

    def _version(self, event: Event) -> Version:
        changed = (revision.at for revision in self._tables.revisions.get(event.id, {}).values())
        return Version(event.id, event.revision, max((event.updated, *changed)))
