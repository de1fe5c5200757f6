"""The `Parse` port: feeds are read in worker processes, where a hostile one can harm only itself.

A feed that takes too long or too much memory ends its worker and is flagged, and no other feed notices.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.core.model import Feed, Response, Source
from bot.core.sources import NotAFeedError, SourceType
from bot.ports import PermanentError


class ParserPool:
    """The `Parse` port over a few worker processes."""

    def __init__(self, types: Mapping[str, SourceType], workers: int, limits: Limits) -> None:
        self._types = types
        self._workers = Workers(workers, limits)

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        """Return the feed; raise PermanentError for a body that is no feed or that breaks a limit."""
        try:
            return await self._workers.run(self._types[source.type].parse, source, response, now)
        except NotAFeedError as error:
            raise PermanentError(f"{source.id}: {error}; check its address and type") from None
        except OverLimitError as error:
            raise PermanentError(f"{source.id}: reading the feed failed, {error}") from None
        except Exception as error:
            raise PermanentError(f"{source.id}: the feed cannot be read ({type(error).__name__})") from error

    async def close(self) -> None:
        """End the workers and wait until they are gone."""
        await self._workers.close()


@asynccontextmanager
async def open_parser(
    types: Mapping[str, SourceType], *, workers: int = 1, limits: Limits | None = None
) -> AsyncIterator[ParserPool]:
    """Open a pool for these source types, by name; its processes start with the first feed."""
    pool = ParserPool(types, workers, limits or Limits())
    try:
        yield pool
    finally:
        await pool.close()
