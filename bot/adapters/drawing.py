"""The `Draw` port: SVG into PNG, drawn by resvg in a process of its own.

The library holds the interpreter's lock while it draws, which takes a quarter of a second for a map: in a thread it would
stall every other chat. What was drawn is kept for a while, because many people ask for the same picture.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.resvg import rasterised
from bot.adapters.workers import Limits, OverLimitError, Workers
from bot.ports import PermanentError

KEPT = 16 << 20
"""Bytes of pictures that are remembered."""
LIMITS = Limits(seconds=10, memory=1 << 30, calls=200)
LONGEST = 4 << 20
"""Letters of an SVG that is drawn."""


class DrawingPool:
    """The `Draw` port over a worker process."""

    def __init__(self, limits: Limits, kept: int) -> None:
        self._workers = Workers(1, limits)
        self._limit = kept
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Task[bytes]] = {}

    async def draw(self, svg: str) -> bytes:
        """Return the picture as PNG; raise PermanentError for what cannot be drawn."""
        digest = hashlib.sha256(svg.encode("utf-8", "surrogatepass")).digest()
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        task = self._under_way.get(digest)
        if task is None:
            task = self._under_way[digest] = asyncio.create_task(self._drawn(digest, svg))
        return await asyncio.shield(task)

    async def _drawn(self, digest: bytes, svg: str) -> bytes:
        try:
            if len(svg) > LONGEST:
                raise PermanentError("a picture cannot be drawn: it is too large")
            png = await self._workers.run(rasterised, svg)
        except OverLimitError as error:
            raise PermanentError(f"a picture cannot be drawn: {error}") from None
        except ValueError as error:
            raise PermanentError(f"a picture cannot be drawn: {error}") from error
        finally:
            del self._under_way[digest]
        self._keep(digest, png)
        return png

    def _keep(self, digest: bytes, png: bytes) -> None:
        """Remember a picture, and forget those that were asked for longest ago."""
        self._kept[digest] = png
        size = sum(map(len, self._kept.values()))
        while size > self._limit:
            _, forgotten = self._kept.popitem(last=False)
            size -= len(forgotten)

    async def close(self) -> None:
        """End the worker and wait until it is gone."""
        await self._workers.close()


@asynccontextmanager
async def open_drawing(*, limits: Limits = LIMITS, kept: int = KEPT) -> AsyncIterator[DrawingPool]:
    """Open a pool; its process starts with the first picture."""
    pool = DrawingPool(limits, kept)
    try:
        yield pool
    finally:
        await pool.close()
