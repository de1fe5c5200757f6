"""The `Parse` port: feeds are read in worker processes, where a hostile one can harm only itself.

A worker that takes too long or too much memory is ended by the kernel, by limits that it sets itself; its feed is
flagged, a fresh worker takes its place, and no other feed notices.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.core.model import Item, Response, Source
from bot.core.sources import NotAFeedError, SourceType
from bot.ports import PermanentError

Read: TypeAlias = Callable[[Source, Response, datetime], tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one parse may take: `seconds` by the clock and of processor time, `memory` in bytes of address space.

    A worker retires after `parses`, because what a parser leaves behind in memory is never given back.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    parses: int = 500


class _Worker:
    """One process. Its own executor, so that its death fails no parse but its own."""

    def __init__(self, limits: Limits) -> None:
        self.parses = 0
        self.executor = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_settle, initargs=(limits.memory,)
        )


class ParserPool:
    """The `Parse` port over a few worker processes."""

    def __init__(self, types: Mapping[str, SourceType], workers: int, limits: Limits) -> None:
        self._types = types
        self._limits = limits
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers = {_Worker(limits) for _ in range(workers)}
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def parse(self, source: Source, response: Response, now: datetime) -> tuple[Item, ...]:
        """Return the feed's items; raise PermanentError for a body that is no feed or that breaks a limit."""
        worker = await self._free.get()
        try:
            return await self._run(worker, source, response, now)
        except NotAFeedError as error:
            raise PermanentError(f"{source.id}: {error}; check its address and type") from None
        except BrokenProcessPool:
            worker.parses = self._limits.parses
            raise PermanentError(
                f"{source.id}: reading the feed took more than {self._limits.seconds:g} s or too much memory"
            ) from None
        except Exception as error:
            raise PermanentError(f"{source.id}: the feed cannot be read ({type(error).__name__})") from error
        finally:
            worker.parses += 1
            self._free.put_nowait(worker if worker.parses < self._limits.parses else self._replace(worker))

    async def _run(self, worker: _Worker, source: Source, response: Response, now: datetime) -> tuple[Item, ...]:
        read = self._types[source.type].parse
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(worker.executor, _bounded, self._limits.seconds, read, source, response, now)

    def _replace(self, worker: _Worker) -> _Worker:
        worker.executor.shutdown(wait=False)
        self._workers.remove(worker)
        fresh = _Worker(self._limits)
        self._workers.add(fresh)
        return fresh

    async def close(self) -> None:
        """End the workers and wait until they are gone."""
        for worker in self._workers:
            await asyncio.to_thread(worker.executor.shutdown, cancel_futures=True)


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


def _settle(memory: int) -> None:
    """Prepare a worker: a bounded address space, signals left to the daemon, an end when the daemon ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _bounded(seconds: float, read: Read, source: Source, response: Response, now: datetime) -> tuple[Item, ...]:
    """Parse within the limits: both alarms end the process unless they are called off in time."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    most = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return read(source, response, now)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
