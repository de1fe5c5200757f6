"""Keeps the jobs going, and lets those end that run when it is time to stop.

A handful of jobs at fixed intervals needs no scheduler, and a scheduler that plans by the time of day stands still for a day
when somebody sets the clock back by one. The loop's own clock is never set.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.jobs import Job, Ports

LOG = structlog.get_logger(__name__)
LAST_WORDS = 28.0
"""Seconds that running jobs get to end on a stop: a send that was under way may take twenty-five."""


class Rhythm:
    """The jobs, each in its interval: none is skipped after a stall, none runs twice at once, a stop lets running ones end."""

    def __init__(self, jobs: Sequence[Job], ports: Ports) -> None:
        self._jobs = jobs
        self._ports = ports
        self._stopping = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin, with one run of each job at once."""
        self._running = {asyncio.create_task(self._keep(job)) for job in self._jobs}

    async def stop(self) -> None:
        """Start nothing more, let what runs end within its last words, cut off the rest."""
        self._stopping.set()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _keep(self, job: Job) -> None:
        """Run a job in its interval; of the runs that a long one took the place of, one follows at once."""
        clock = asyncio.get_running_loop().time
        due = clock()
        while not self._stopping.is_set():
            await self._tick(job)
            due = max(due + job.seconds, clock())
            await self._pause(due - clock())

    async def _tick(self, job: Job) -> None:
        """Run a job once; what goes wrong is logged and ends with the tick."""
        try:
            await job.run(self._ports)
        except Exception:
            LOG.exception("job failed", job=job.name)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not for longer than until the stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass
