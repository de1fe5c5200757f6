"""The `Recognise` port: what somebody shows us goes the way of an item, up to where an item would be stored.

Nothing of it is kept, and nothing of it is logged: people show what they were sent in confidence. A page is fetched through
the same guarded door as a feed and read in the same worker processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import TypeAlias, TypeVar
from urllib.parse import SplitResult, urlsplit
from weakref import WeakValueDictionary

from bot.core.merge import fold
from bot.core.model import Item, Report, Request, Source
from bot.core.text.addresses import TELEGRAM, host_of
from bot.core.text.cutting import within
from bot.core.text.language import STRANGE
from bot.core.text.teaser import LONGEST_PAGE, paragraphs
from bot.joining import Draft, Joiner, told_in
from bot.ports import (
    Article,
    Fetch,
    Parse,
    PermanentError,
    Queries,
    Read,
    Recognised,
    TemporaryError,
    UnreadLanguageError,
)

Found: TypeAlias = tuple[Recognised, ...]
T = TypeVar("T")

DEADLINE = 15.0
"""Seconds in which there is an answer, or none."""
READ_AT_ONCE = 4
PAGES_AT_ONCE = 8
"""How many pages are waited for. Texts need no page's turn: who shows a link that never answers keeps no words waiting."""
LONGEST_HEADLINE = 200
SHOWN = "shown"
"""What the source and the item are called under which a text goes that somebody shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recogniser:
    """Reads and joins without storing. `language_of` tells in which language a text is, "" for one that is not read."""

    read: Read
    joiner: Joiner
    fetch: Fetch
    parse: Parse
    articles: Article
    queries: Queries
    language_of: Callable[[str], str]
    deadline: float = DEADLINE
    _readings: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))
    _pages: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PAGES_AT_ONCE))
    _askers: MutableMapping[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def text(self, text: str, now: datetime) -> Found:
        """Return what a text of that time tells, main news first."""
        return await self._in_time(lambda: self._told(_headed(text), now))

    async def page(self, url: str, now: datetime, asker: int) -> Found:
        """Return what a page tells: one that was an item, the events it told of; any other, what is read in it.

        Pages are waited for one at a time for each asker, so that nobody takes all turns.
        """
        return await self._in_time(lambda: self._shown_by(asker, url, now))

    async def _in_time(self, reading: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.deadline):
                return await reading()
        except TimeoutError:
            raise TemporaryError(f"no answer within {self.deadline:g} s") from None

    async def _shown_by(self, asker: int, url: str, now: datetime) -> Found:
        known = [await self.queries.event(number) for number in await self.queries.linked(url)]
        if any(known):
            return tuple(Recognised(event, event) for event in known if event)
        async with self._askers.setdefault(asker, asyncio.Lock()), self._pages:
            return await self._page(url, now)

    async def _page(self, url: str, now: datetime) -> Found:
        address = urlsplit(url)
        if host_of(url).removeprefix("www.") in TELEGRAM:
            return await self._post(address, now)
        response = await self.fetch.fetch(Request(url, {"Accept": "text/html"}))
        page = await self.articles.article(response)
        day = datetime.combine(page.day, time(12), UTC) if page.day else now
        written = now if day.date() >= now.date() else day
        return await self._told((page.title, page.text), written, response.url)

    async def _post(self, address: SplitResult, now: datetime) -> Found:
        """Return what a post of a public channel tells, whose preview shows it among its neighbours."""
        parts = [part for part in address.path.split("/") if part and part != "s"]
        if len(parts) != 2 or not parts[1].isdecimal():  # noqa: PLR2004
            raise PermanentError("only a post of a public channel can be read")
        name = "/".join(parts)
        response = await self.fetch.fetch(Request(f"https://t.me/s/{name}", {"Accept": "text/html"}))
        for item in (await self.parse.parse(_source("telegram_web"), response, now)).items:
            if item.id.casefold() == name.casefold():
                return await self._joined(replace(item, language=self._language(f"{item.title}\n{item.body or ''}")))
        raise PermanentError("the post is not in the channel's preview")

    async def _told(self, told: tuple[str, str], written: datetime, url: str = "") -> Found:
        title, body = told
        language = self._language("\n".join(told))
        headline, marked = within(title, LONGEST_HEADLINE), paragraphs(body)
        return await self._joined(Item(SHOWN, _source(SHOWN, language), language, url, written, headline, body=marked))

    def _language(self, text: str) -> str:
        language = self.language_of(text[:LONGEST_PAGE])
        if language == STRANGE:
            raise UnreadLanguageError("the text is in a language that is not read")
        return language

    async def _joined(self, item: Item) -> Found:
        """Return the events that an item tells of, and where each would stand; then those of which it only reminds."""
        async with self._readings:
            reports = await self.read.read(item)
            told = told_in(item, reports, self.joiner.kinds.values())
            drafts = await self.joiner.take(told)
        passing = [each for each in reports if each.role == "background"]
        return (*(self._placed(report, drafts) for report in told), *(self._alone(each) for each in passing))

    def _placed(self, report: Report, drafts: Sequence[Draft]) -> Recognised:
        found = ((draft, each) for draft in drafts for each in draft.placed if each.report.id == report.id)
        draft, placed = next(found)
        return Recognised(fold(draft.kind, [report]), draft.before, placed.decision)

    def _alone(self, report: Report) -> Recognised:
        return Recognised(fold(self.joiner.kinds[report.kind], [report]), None)


def _source(kind: str, language: str = "") -> Source:
    return Source(SHOWN, SHOWN, kind, "", language)


def _headed(text: str) -> tuple[str, str]:
    """Return a text as headline and body: its first line is a headline where others follow and it is short enough."""
    first, _, rest = text.strip().partition("\n")
    return (first, rest) if rest.strip() and len(first) <= LONGEST_HEADLINE else ("", text)
