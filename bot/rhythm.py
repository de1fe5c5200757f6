"""Keeps the jobs on the clock, and lets those end that run when it is time to stop.

The scheduler plans by the time of day, and would stand still for a day when somebody sets the clock back by one. The loop's own
clock is never set: where the two part, every job is planned anew. A job that fails over and over for one reason is a line of the log,
and another one when it works again. Here too the interpreter is set up for a loop that people wait for.
"""

from __future__ import annotations

import asyncio
import gc
import math
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs import Job, Ports
from bot.ports import LeaseLostError, VistkaError

LOG = structlog.get_logger(__name__)
LAST_WORDS = 28.0
"""Seconds that running jobs get to end on a stop: a send that was under way may take twenty-five."""
LOOK = 1.0
"""Seconds between two looks at whether the time of day was set."""
BEAT = 5.0
"""Seconds between two beats of the scheduler, by which it is known to live while every job waits for somebody."""
SET = 2.0
"""Seconds by which the time of day has to part from the loop's clock to count as set; clocks are slewed by less."""

YOUNG = 10_000
"""Objects made since the last search for garbage in rings at which the next begins: one takes a millisecond."""
TURN = 0.0005
"""Seconds that a thread has to itself while others wait."""


class Rhythm:
    """The jobs on the clock: none is skipped after a stall, none runs twice at once, a stop lets running ones end."""

    def __init__(self, jobs: Sequence[Job], ports: Ports, *, look: float = LOOK, beat: float = BEAT) -> None:
        self._failing: dict[str, str] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._first = {job.name for job in jobs if not job.after}
        self._first_round = asyncio.Event()
        self._clock, self._tally = ports.clock, ports.tally
        self._look = look
        self._watch: asyncio.Task[None] | None = None
        self._beaten = math.inf
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._ended = False
        self.add(jobs, ports)
        self._scheduler.add_job(self._beat, "interval", seconds=beat)

    def add(self, jobs: Iterable[Job], ports: Ports) -> None:
        """Put jobs on the clock, each with one run of those that are not for later."""
        for job in jobs:
            first = self._clock.now() + timedelta(seconds=job.after)
            self._scheduler.add_job(
                self._tick, "interval", seconds=job.seconds, args=[job, ports], id=job.name, next_run_time=first
            )

    def start(self) -> None:
        """Begin, with one run of each job that is not for later."""
        self._beaten = asyncio.get_running_loop().time()
        self._ran("")
        self._scheduler.start()
        self._watch = asyncio.create_task(self._plan_anew_when_set())

    async def first_round(self) -> None:
        """Wait until each of the jobs that it began with has run once, however that went; those for later do not count."""
        await self._first_round.wait()

    async def stop(self) -> None:
        """Start nothing more, let what runs end within its last words, cut off the rest; asked twice, do so once."""
        if self._ended:
            return
        self._ended = True
        if self._watch:
            self._watch.cancel()
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_WORDS)
        self._scheduler.shutdown(wait=False)

    def quiet_for(self) -> float:
        """Return for how many seconds the scheduler has begun nothing: far less than a minute while it lives."""
        return max(0.0, asyncio.get_running_loop().time() - self._beaten)

    async def _beat(self) -> None:
        self._beaten = asyncio.get_running_loop().time()

    async def _tick(self, job: Job, ports: Ports) -> None:
        """Run a job once; what goes wrong is logged and ends with the tick."""
        task = asyncio.current_task()
        if task:
            self._running.add(task)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await job.run(ports)
        except LeaseLostError as error:
            LOG.warning("job ended", job=job.name, reason=str(error))
        except VistkaError as error:
            self._failed(job, str(error))
        except Exception:
            LOG.exception("job failed", job=job.name)
            self._failed(job)
        else:
            self._went_well(job)
        finally:
            self._tally.measure("job_seconds", loop.time() - began, job.name)
            self._ran(job.name)
            if task:
                self._running.discard(task)

    def _ran(self, name: str) -> None:
        self._first.discard(name)
        if not self._first:
            self._first_round.set()

    def _failed(self, job: Job, reason: str = "") -> None:
        """Count it, and say why where that is a line that was not said already."""
        self._tally.count("job_failures_total", job.name)
        if reason and self._failing.get(job.name) != reason:
            LOG.error("job failed", job=job.name, reason=reason, remedy="it is tried again with every tick")
        self._failing[job.name] = reason

    def _went_well(self, job: Job) -> None:
        if self._failing.pop(job.name, None) is not None:
            LOG.info("job works again", job=job.name)

    async def _plan_anew_when_set(self) -> None:
        """Run every job at once after the time of day was set, forward or back."""
        lead = self._lead()
        while True:
            await asyncio.sleep(self._look)
            before, lead = lead, self._lead()
            if abs(lead - before) > SET:
                LOG.warning("the clock was set", by_seconds=round(lead - before))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=self._clock.now())

    def _lead(self) -> float:
        """Return by how many seconds the time of day is ahead of the loop's clock."""
        return self._clock.now().timestamp() - asyncio.get_running_loop().time()


def let_in_the_loop() -> None:
    """Have who loads, reads news or asks the database in a thread let others on after half a millisecond, where 5 are usual.

    An answer takes a dozen such turns.
    """
    sys.setswitchinterval(TURN)


def favour_the_loop() -> None:
    """Set the interpreter up for a loop that people wait for, once all is loaded.

    What is loaded is kept out of the search for garbage in rings, which would stall the loop for 0.2 s each time, and the rest
    is searched less often: usually a sixth of a quiet poll is spent on it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    let_in_the_loop()
