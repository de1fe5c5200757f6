"""The `Parse` port: feeds are read in worker processes, where a hostile one can harm only itself.

A feed that takes too long or too much memory ends its worker and is flagged, and no other feed notices.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final

from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.core.bounds import OutOfBoundsError
from bot.core.identity import wording
from bot.core.model import Feed, Response, Source
from bot.core.sources import NotAFeedError, SourceType
from bot.ports import PermanentError, TemporaryError
from bot.ports.tally import UNCOUNTED, Tally

LIMITS: Final = Limits(seconds=10.0, processor=0.9, memory=60 << 20)
WORKERS: Final = 2
"""While one reads a hostile feed, the others' turn comes all the same."""
LARGE: Final = 1 << 20
MOST_LARGE: Final = 12
"""Bodies of more than `LARGE` bytes that may wait for a worker or be with one: no honest day has so many, and they fill memory."""

_SAMPLE = b"""<rss version="2.0"><channel><title>Sample</title><item><title>Sample</title><guid>1</guid><link>https://sample.example/1</link>
<description><![CDATA[<p>Sample</p>]]></description><pubDate>Wed, 01 Jan 2025 00:00:00 GMT</pubDate></item></channel></rss>"""


class ParserPool:
    """The `Parse` port over a few worker processes."""

    def __init__(self, types: Mapping[str, SourceType], workers: int, limits: Limits, tally: Tally = UNCOUNTED) -> None:
        self._types = types
        self._large = 0
        self._workers = Workers(workers, limits, partial(read_once, [each.parse for each in types.values()]), tally)

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        """Return the feed.

        Raises PermanentError for a body that is no feed or that breaks a limit, TemporaryError where there are too many
        large ones already.
        """
        is_large = len(response.body) > LARGE
        if is_large and self._large >= MOST_LARGE:
            raise TemporaryError(f"{source.id}: too many large feeds came at once; it is read at another poll")
        self._large += is_large
        try:
            return await self._read(source, response, now)
        finally:
            self._large -= is_large

    async def _read(self, source: Source, response: Response, now: datetime) -> Feed:
        try:
            return await self._workers.run(_parsed, self._types[source.type].parse, source, response, now)
        except OutOfBoundsError as error:
            raise PermanentError(f"{source.id}: {error}; no honest feed is made so") from None
        except NotAFeedError as error:
            raise PermanentError(f"{source.id}: {error}; check its address and type") from None
        except OverLimitError as error:
            raise PermanentError(f"{source.id}: reading the feed failed, {error}") from None
        except Exception as error:
            raise PermanentError(f"{source.id}: the feed cannot be read ({type(error).__name__})") from error

    async def close(self) -> None:
        """End the workers and wait until they are gone."""
        await self._workers.close()


def _parsed(
    parse: Callable[[Source, Response, datetime], Feed], source: Source, response: Response, now: datetime
) -> Feed:
    """Return the feed with what its items are known by, which takes time as well."""
    feed = parse(source, response, now)
    for item in feed.items:
        wording(item)
    return feed


def read_once(ways: Sequence[Callable[[Source, Response, datetime], Feed]]) -> None:
    """Read a feed in every way, so that what each needs is loaded."""
    source, now = Source("sample", "Sample", "", "https://sample.example/feed", "en"), datetime(2025, 1, 1, tzinfo=UTC)
    for parse in ways:
        with suppress(NotAFeedError):
            parse(source, Response(source.url, 200, {}, _SAMPLE), now)


@asynccontextmanager
async def open_parser(
    types: Mapping[str, SourceType], *, workers: int = WORKERS, limits: Limits = LIMITS, tally: Tally = UNCOUNTED
) -> AsyncIterator[ParserPool]:
    """Open a pool for these source types, by name; its processes start with the first feed."""
    pool = ParserPool(types, workers, limits, tally)
    try:
        yield pool
    finally:
        await pool.close()
