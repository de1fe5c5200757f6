"""Events out of the store into the forms in which others take them, a few at a time, so that nobody waits for a large export."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.core.export import Edition, Entry, Format, Publishing
from bot.core.render.buttons import event_link
from bot.core.render.phrases import Phrasebook
from bot.core.syndication import NEVER, Channel, FeedForm, told
from bot.ports import Exports, Version, Wanted

AT_ONCE: Final = 20
"""Events that are read and written without letting others have their turn: some ten milliseconds."""
PAGE: Final = 1_000
"""Events whose numbers are asked for at a time."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where events can be read: the public names of channels by chat, and of the bot; and where all this is served.

    No other chat is ever named.
    """

    channels: Mapping[int, str] = field(default_factory=dict)
    bot: str = ""
    url: str = ""

    def link(self, number: int, message: tuple[int, int] | None) -> str:
        """Return the address of an event's post in a channel, or else where the bot tells of it, "" where neither is known."""
        if message and message[0] in self.channels:
            return f"https://t.me/{self.channels[message[0]]}/{message[1]}"
        return event_link(self.bot, number) if self.bot else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events as they are to be written: their versions, where each can be read, and whether there are more of them."""

    versions: tuple[Version, ...]
    links: Mapping[int, str]
    more: bool = False

    @property
    def last(self) -> int:
        """The number after which the next page begins."""
        return self.versions[-1].number if self.versions else 0


class Exporting:
    """Writes events out. With `sure` only those that are confirmed, and what does not stand any more."""

    def __init__(self, store: Exports, edition: Edition) -> None:
        self._store = store
        self.edition = edition

    async def page(self, wanted: Wanted, after: int, limit: int, where: Whereabouts) -> Page:
        """Return the wanted events above a number, in the order of their numbers."""
        found = await self._store.numbered(wanted, after, limit + 1)
        return Page(found[:limit], await self._links(found[:limit], where), more=len(found) > limit)

    async def newest(self, wanted: Wanted, limit: int, where: Whereabouts) -> Page:
        """Return the wanted events that were told of last."""
        found = await self._store.newest(wanted, limit)
        return Page(found, await self._links(found, where))

    async def every(self, wanted: Wanted, where: Whereabouts, *, sure: bool = False) -> AsyncIterator[Entry]:
        """Yield all entries in the order of their numbers, however many there are."""
        publishing, after, more = Publishing(), 0, True
        while more:
            page = await self.page(wanted, after, PAGE, where)
            after, more = page.last, page.more
            async for entry in self._entries(page, publishing, sure=sure):
                yield entry

    async def written(self, page: Page, form: Format, *, sure: bool = False) -> tuple[str, Edition]:
        """Return a page in a form, and the edition that it is."""
        rows: list[str] = []
        edition = self.edition
        async for entry in self._entries(page, Publishing(), sure=sure):
            row = form.row(entry, edition)
            if row:
                rows.append(row)
                edition = counted(edition, entry)
        edition = replace(edition, more=page.more)
        return form.head(edition) + form.between.join(rows) + form.foot(edition), edition

    async def fed(self, page: Page, form: FeedForm, book: Phrasebook, url: str, *, sure: bool = False) -> bytes:
        """Return a page as a feed in a language, what changed last first."""
        known = [entry async for entry in self._entries(page, Publishing(), sure=sure)]
        known.sort(key=lambda entry: (entry.changed, entry.event.id), reverse=True)
        channel = Channel(book, self.edition.bot, url, known[0].changed if known else NEVER)
        return await asyncio.to_thread(lambda: form.write(channel, [told(entry, channel) for entry in known]))

    async def _entries(self, page: Page, publishing: Publishing, *, sure: bool) -> AsyncIterator[Entry]:
        """Yield the entries of a page in the order of their numbers, which tells a flood from what came before it."""
        versions = sorted(page.versions, key=lambda version: version.number)
        for first in range(0, len(versions), AT_ONCE):
            some = {version.number: version for version in versions[first : first + AT_ONCE]}
            for event in await self._store.events(list(some)):
                entry = publishing.entry(event, some[event.id].changed, page.links.get(event.id, ""))
                if entry and (event.confirmed or entry.state != "told" or not sure):
                    yield entry

    async def _links(self, versions: Sequence[Version], where: Whereabouts) -> dict[int, str]:
        numbers = [version.number for version in versions]
        messages = await self._store.messages(numbers, list(where.channels)) if where.channels and numbers else {}
        return {number: link for number in numbers if (link := where.link(number, messages.get(number)))}


def counted(edition: Edition, entry: Entry) -> Edition:
    """Return an edition that has one entry more."""
    changed = max(edition.updated, entry.changed) if edition.updated else entry.changed
    return edition.of(edition.count + 1, changed)
