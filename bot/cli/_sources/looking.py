"""A look at feeds with the daemon's own eyes: through the guard, and parsed in the worker process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

import bot.core.sources
from bot.adapters.http import open_fetch, shown
from bot.adapters.parser_pool import open_parser
from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.core.discovery import ACCEPT, Candidate, address_of, advertised, usual_places
from bot.core.model import Feed, Item, PollState, Request, Response, Source
from bot.core.schedule import interval, pace, rhythm
from bot.core.sources import SourceType
from bot.plugins import discover
from bot.ports import Fetch, Parse, PermanentError, VistkaError
from bot.settings import Settings

OLD = timedelta(days=30)
"""A feed whose newest item is older may have been left behind."""


def source_types() -> Mapping[str, SourceType]:
    """Return the source types there are, by name."""
    return {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen at the address of a source: the feed, or in `error` why there is none; `title` is what a page calls it."""

    source: Source
    at: datetime
    status: int = 0
    feed: Feed | None = None
    error: str = ""
    moved: str = ""
    title: str = ""

    @property
    def newest(self) -> Item | None:
        """The newest item that has a time of its own."""
        items = self.feed.items if self.feed else ()
        return max((item for item in items if item.published < self.at), key=lambda item: item.published, default=None)

    def interval(self, shortest: float) -> timedelta:
        """Return how long the daemon would wait between two polls of it, by its rhythm and with none shorter than that."""
        times = [item.published for item in self.feed.items] if self.feed else []
        last = self.newest.published if self.newest else None
        state = PollState(source_id=self.source.id, next_at=self.at, rhythm=rhythm(times, self.at), last_item=last)
        return timedelta(seconds=interval(state, pace(self.source, shortest), self.at, news=True))

    def doubts(self) -> list[str]:
        """Return in plain words what is odd about a feed that can be read."""
        if self.feed is None:
            return []
        items, newest = self.feed.items, self.newest
        said = {
            "it has no items": not items,
            "none of its items has a time": bool(items) and self.feed.undated == len(items),
            "none of its items has a link": bool(items) and not any(item.url for item in items),
            f"nothing new for {(self.at - newest.published).days if newest else 0} days": bool(
                newest and self.at - newest.published > OLD
            ),
            f"it has moved for good to {shown(self.moved)}": bool(self.moved),
        }
        return [line for line, is_so in said.items() if is_so]


@dataclass(frozen=True, slots=True)
class Eyes:
    """What looks at feeds."""

    fetch: Fetch
    parse: Parse
    workers: Workers
    types: Mapping[str, SourceType]

    async def look(self, source: Source) -> Looked:
        """Ask for a feed as its first poll would."""
        at = now()
        status = 0
        try:
            response = await self.fetch.fetch(self.types[source.type].request(source, None))
            status = response.status
            feed = await self.parse.parse(source, response, at)
        except VistkaError as error:
            return Looked(source, at, status, error=str(error))
        return Looked(source, at, status, feed, moved=response.moved)

    async def find(self, said: str) -> list[Looked]:
        """Return the feeds at, or behind, an address; raise VistkaError where it cannot be read or there is none."""
        url = address_of(said)
        response = await self.fetch.fetch(Request(url, {"Accept": ACCEPT}))
        here = await self._read(Candidate(url), response)
        if here is not None:
            return [here]
        named = await self._named(response)
        found = await self._each(named) or await self._each(usual_places(response.url), first=True)
        if not found:
            raise PermanentError(f"{shown(url)}: no feed is there, and the page names none; look for one in a browser")
        return found

    async def _named(self, response: Response) -> tuple[Candidate, ...]:
        try:
            return await self.workers.run(advertised, response.body, response.url)
        except OverLimitError as error:
            raise PermanentError(f"{shown(response.url)}: reading the page failed, {error}") from None

    async def _each(self, candidates: Iterable[Candidate], *, first: bool = False) -> list[Looked]:
        """Look at candidates one after the other, all of one host as they mostly are; with `first` one feed is enough."""
        found: list[Looked] = []
        for candidate in candidates:
            try:
                response = await self.fetch.fetch(Request(candidate.url, {"Accept": ACCEPT}))
            except VistkaError:
                continue
            looked = await self._read(candidate, response)
            found += [looked] if looked else []
            if found and first:
                break
        return found

    async def _read(self, candidate: Candidate, response: Response) -> Looked | None:
        """Read an answer as the first type that it is of; None for one that is no feed."""
        host = urlsplit(candidate.url).hostname or "feed"
        for name in (name for name, each in self.types.items() if each.claims(response)):
            source, at = Source(host, host, name, candidate.url, language=""), now()
            try:
                feed = await self.parse.parse(source, response, at)
            except VistkaError:
                continue
            return Looked(source, at, response.status, feed, moved=response.moved, title=candidate.title)
        return None


@asynccontextmanager
async def open_eyes(settings: Settings) -> AsyncIterator[Eyes]:
    """Open the guard and the worker process for as long as the block lasts."""
    types = source_types()
    workers = Workers(1, Limits(seconds=5.0))
    async with (
        open_fetch(version=version("vistka"), contact=settings.contact, allow=settings.fetch_allow) as fetch,
        open_parser(types) as parse,
    ):
        try:
            yield Eyes(fetch, parse, workers, types)
        finally:
            await workers.close()


def now() -> datetime:
    """Return the time: what is seen is seen by a person, and there is nothing to replay."""
    return datetime.now(UTC)  # noqa: TID251
