"""A worker: takes sources out of the queue in PostgreSQL and has them polled, until it is told to stop.

It says every few seconds that it lives. One that was silent for half a minute is given up by the scheduler, and what it worked on
is done by others. Should it only have been paused, it notices when it wakes, before anything else of it goes on: a look at
the clock is planned at all times, and a loop calls what is overdue before the tasks that its sockets have woken. What it
was about to ask is then asked no more, and what it was about to write is what the store takes once only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from procrastinate import App, RetryDecision, RetryStrategy
from procrastinate.jobs import Job

from bot.adapters.queue.heart import AT_ONCE, HEART, Heart
from bot.adapters.queue.shared import QUEUE, TASK
from bot.ports import VistkaError

LOG = structlog.get_logger(__name__)

PATIENCE: Final = 5.0
"""Seconds that polls under way get to end on a stop: one that is cut off is due still."""
LOOK: Final = 0.25
"""Seconds between two looks at the clock, and between two at the queue: nobody tells that a lane has become free."""
AGAIN: Final = 2.0
"""Seconds until a queue that was lost is asked again."""


class _Again(RetryStrategy):
    """Tries a poll again at a lower rank each time: a lane waits for who waits at a higher rank, or has been at the same for longer."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when and at which rank it is tried again, None where it is given up."""
        decision = super().get_retry_decision(exception=exception, job=job)
        if decision:
            decision.priority = -job.attempts - 1
        return decision


_RETRY: Final = _Again(max_attempts=5, exponential_wait=3, retry_exceptions=[VistkaError])
"""A poll is tried again where the store was at fault, after 3, 9, 27 seconds and so on; what ails a feed its state tells."""


class Worker:
    """Calls `work` with each source that it takes, for up to `at_once` at the same time."""

    def __init__(
        self,
        app: App,
        work: Callable[[str], Coroutine[Any, Any, None]],
        *,
        at_once: int = AT_ONCE,
        heart: Heart = HEART,
    ) -> None:
        self._app = app
        self._work = work
        self._at_once = at_once
        self._heart = heart
        self._polls: set[asyncio.Task[None]] = set()
        self._looked = 0.0
        self._timer: asyncio.TimerHandle | None = None
        app.task(name=TASK, queue=QUEUE, retry=_RETRY)(self._take)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; then let what is under way end within its patience, and cut off the rest."""
        stopping = asyncio.create_task(stop.wait())
        self._looked = _seconds()
        self._look()
        try:
            while not stop.is_set():
                serving = asyncio.create_task(self._serve())
                await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
                serving.cancel()
                (failure,) = await asyncio.gather(serving, return_exceptions=True)
                if not stop.is_set():
                    said = str(getattr(failure, "__cause__", None) or failure or "it ended")
                    LOG.warning("queue lost", error=said.partition("\n")[0])
                    await asyncio.wait({stopping}, timeout=AGAIN)
        finally:
            stopping.cancel()
            if self._timer:
                self._timer.cancel()

    async def _serve(self) -> None:
        """Take jobs for as long as the queue can be asked."""
        await self._app.run_worker_async(
            queues=[QUEUE],
            concurrency=self._at_once,
            fetch_job_polling_interval=LOOK,
            shutdown_graceful_timeout=PATIENCE,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self._heart.beat,
            stalled_worker_timeout=self._heart.silent,
        )

    async def _take(self, source_id: str) -> None:
        """Have a source polled; a poll that is given up meanwhile ends, and leaves the source due."""
        poll = asyncio.create_task(self._work(source_id))
        self._polls.add(poll)
        try:
            (outcome,) = await asyncio.gather(poll, return_exceptions=True)
        finally:
            self._polls.discard(poll)
        if isinstance(outcome, Exception):
            raise outcome

    def _look(self) -> None:
        """Give up what is under way after a pause in which others may have taken it over."""
        now = _seconds()
        if now - self._looked > self._heart.numb:
            LOG.warning("worker was paused", seconds=round(now - self._looked), given_up=len(self._polls))
            for poll in self._polls:
                poll.cancel()
        self._looked = now
        self._timer = asyncio.get_running_loop().call_later(LOOK, self._look)


def _seconds() -> float:
    """Return the seconds on a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
