"""Work that must not stall the event loop or bring the daemon down: done in processes of their own, within limits.

A worker that takes too long or too much memory is ended by the kernel, by limits that it sets itself; only the work in hand
fails, and a fresh worker takes its place.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

Made = TypeVar("Made")
BEHIND = 5
"""How far workers stand back where the machine is busy: somebody waits for the loop, nobody for a feed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take: `seconds` by the clock and of processor time, `memory` in bytes of address space.

    A worker retires after `calls`, because what libraries leave behind in memory is never given back.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    calls: int = 500


class OverLimitError(Exception):
    """The work took more than it may: the worker was ended."""


class _Worker:
    """One process. Its own executor, so that its death fails no work but its own."""

    def __init__(self, limits: Limits) -> None:
        self.calls = 0
        self.executor = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_settle, initargs=(limits.memory,)
        )


class Workers:
    """A few worker processes; each starts with its first piece of work."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._limits = limits
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers = {_Worker(limits) for _ in range(count)}
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def run(self, work: Callable[..., Made], *given: object) -> Made:
        """Return what a function of a module returns; raise OverLimitError, or what the function raises."""
        worker = await self._free.get()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(worker.executor, _bounded, self._limits.seconds, work, *given)
        except BrokenProcessPool:
            worker.calls = self._limits.calls
            raise OverLimitError(f"it took more than {self._limits.seconds:g} s or too much memory") from None
        finally:
            worker.calls += 1
            self._free.put_nowait(worker if worker.calls < self._limits.calls else self._replace(worker))

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


def _settle(memory: int) -> None:
    """Prepare a worker: behind the event loop in line, a bounded address space, an end when the daemon ends, not by signals."""
    os.nice(BEHIND)
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


def _bounded(seconds: float, work: Callable[..., Made], *given: object) -> Made:
    """Work within the limits: both alarms end the process unless they are called off in time."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    most = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work(*given)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
