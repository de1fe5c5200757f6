"""Keeps the jobs on the clock, and lets those end that run when it is time to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs import Job, Ports

LOG = structlog.get_logger(__name__)
LAST_WORDS = 28.0
"""Seconds that running jobs get to end on a stop: a send that was under way may take twenty-five."""


class Rhythm:
    """The jobs on the clock: none is skipped after a stall, none runs twice at once, a stop lets running ones end."""

    def __init__(self, jobs: Sequence[Job], ports: Ports) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._ports = ports
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for job in jobs:
            self._scheduler.add_job(
                self._tick, "interval", seconds=job.seconds, args=[job], id=job.name, next_run_time=ports.clock.now()
            )

    def start(self) -> None:
        """Begin, with one run of each job at once."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Start nothing more, let what runs end within its last words, cut off the rest."""
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_WORDS)
        self._scheduler.shutdown(wait=False)

    async def _tick(self, job: Job) -> None:
        """Run a job once; what goes wrong is logged and ends with the tick."""
        task = asyncio.current_task()
        if task:
            self._running.add(task)
        try:
            await job.run(self._ports)
        except Exception:
            LOG.exception("job failed", job=job.name)
        finally:
            if task:
                self._running.discard(task)
