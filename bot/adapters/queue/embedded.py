"""The queue inside the process: lanes that run side by side, and within a lane one after the other.

It holds a source at most once, so it is never longer than the list of sources. What waits in it is gone with the process:
it is due still, and is put in again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog

LOG = structlog.get_logger(__name__)
AT_ONCE = 96
"""Several times as many as ask and read at the same time: the others wait for a commit that they share."""
PATIENCE = 5.0
"""Seconds that polls under way get to end on a stop: one that is cut off is due again at the next start."""


class EmbeddedQueue:
    """Calls `work` with each source, for up to `at_once` lanes at the same time. Implements `bot.ports.Queue`."""

    is_afar = False

    def __init__(self, work: Callable[[str], Awaitable[None]], at_once: int = AT_ONCE) -> None:
        self._work = work
        self._at_once = at_once
        self._known: set[str] = set()
        self._lanes: dict[str, deque[str]] = {}
        self._ready: deque[str] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._closed = False

    async def put(self, sources: Sequence[tuple[str, str]]) -> Sequence[bool]:
        """Let sources (id, lane) be polled when their turn comes; tell of each whether it is new. After the end none is."""
        return [self._put(source_id, lane) for source_id, lane in sources]

    async def elsewhere(self) -> Collection[str]:
        """Return nothing: nobody else polls."""
        return ()

    async def sweep(self) -> Sequence[str]:
        """Give up nothing: what is under way is so in this process."""
        return ()

    def _put(self, source_id: str, lane: str) -> bool:
        if self._closed or source_id in self._known:
            return False
        self._known.add(source_id)
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(source_id)
            return True
        self._lanes[lane] = deque((source_id,))
        self._ready.append(lane)
        if len(self._workers) < self._at_once:
            worker = asyncio.create_task(self._run())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        return True

    async def idle(self) -> None:
        """Wait until nothing waits and nothing is under way."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def close(self, patience: float = PATIENCE) -> None:
        """Drop what waits, take nothing more, let what is under way end within its patience, and cut off the rest."""
        self._closed = True
        self._ready.clear()
        for waiting in self._lanes.values():
            self._known.difference_update(waiting)
            waiting.clear()
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=patience)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        """Take turn after turn until no lane is ready: one source of the lane that has been ready longest."""
        while self._ready:
            lane = self._ready.popleft()
            waiting = self._lanes[lane]
            source_id = waiting.popleft()
            try:
                await self._work(source_id)
            except Exception:
                LOG.exception("poll broke", source=source_id)
            finally:
                self._known.discard(source_id)
                if waiting:
                    self._ready.append(lane)
                else:
                    del self._lanes[lane]
