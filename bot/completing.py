"""The `Complete` port: the text behind a teaser, where the teaser may be about an event.

Most feeds have the whole text, and most items are about something else; only for what is left a page is asked for, once,
through the guarded door, and read in a worker process. News wait for it no longer than a few seconds: who is slow, asks for
consent or a login, or has another story there, is read by his teaser.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot.core.identity import keeping_words
from bot.core.model import Item, Request, Source
from bot.core.text.addresses import host_of
from bot.core.text.teaser import is_teaser, paragraphs, same_site, tells
from bot.ports import Article, Fetch, Gate, TemporaryError, VistkaError

log = structlog.get_logger()

DEADLINE = 10.0
"""Seconds in which all pages of one poll are here, or are done without."""
PAGE_DEADLINE = 5.0
"""Seconds for one page, so that a slow one leaves time for another."""
MOST_PAGES = 20
"""Pages asked for at one poll of one source."""
REST, LONGEST_REST = 60.0, 86_400.0
"""Seconds for which no page is asked of a host that could not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completer:
    """Fetches and reads pages, those of one poll one after the other: they stand on one host.

    `door` is the one for what a source leads to. A host in trouble is left alone for as long as it says, else for `REST`:
    `resting` is until when, by the time of the loop, and the items of that time are read by their teasers.
    """

    gate: Gate
    door: Callable[[Source], Fetch]
    articles: Article
    deadline: float = DEADLINE
    page_deadline: float = PAGE_DEADLINE
    resting: dict[str, float] = field(default_factory=dict)

    async def complete(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Return the same items in the same order, some of them with their `page`. The newest are seen to first."""
        wanted = await self._wanted(items)
        whole = list(items)
        try:
            async with asyncio.timeout(self.deadline if wanted else None):
                for place in wanted:
                    whole[place] = await self._completed(items[place])
        except TimeoutError:
            log.info("pages are done without", source=items[0].source.id, reason="they took too long")
        return tuple(whole)

    async def _wanted(self, items: Sequence[Item]) -> list[int]:
        """Return the places of the items whose pages are asked for, in that order."""
        teasers = await asyncio.to_thread(lambda: [place for place, item in enumerate(items) if is_teaser(item)])
        if not teasers:
            return []
        promising = await self.gate.promising([items[place] for place in teasers])
        wanted = [place for place, promises in zip(teasers, promising, strict=True) if promises]
        return sorted(wanted, key=lambda place: items[place].published, reverse=True)[:MOST_PAGES]

    async def _completed(self, item: Item) -> Item:
        """Return an item with its page, or as it was where the page cannot be had or is not its own."""
        host, now = host_of(item.url), asyncio.get_running_loop().time
        if self.resting.get(host, 0.0) > now():
            return item
        try:
            async with asyncio.timeout(self.page_deadline):
                text = await self._text(item)
        except (VistkaError, TimeoutError) as error:
            if isinstance(error, TemporaryError):
                self._rest(host, now(), REST if error.delay is None else error.delay)
            log.debug("page not read", source=item.source.id, reason=str(error) or "it took too long")
            return item
        return keeping_words(item, page=paragraphs(text)) if tells(text, item) else item

    def _rest(self, host: str, now: float, seconds: float) -> None:
        for other in [each for each, until in self.resting.items() if until <= now]:
            del self.resting[other]
        self.resting[host] = now + min(seconds, LONGEST_REST)

    async def _text(self, item: Item) -> str:
        response = await self.door(item.source).fetch(Request(item.url, {"Accept": "text/html"}))
        ours = same_site(item.url, response.url) and "html" in response.headers.get("content-type", "html").lower()
        return (await self.articles.article(response)).text if ours else ""
