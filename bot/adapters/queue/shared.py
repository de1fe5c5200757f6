"""The queue in PostgreSQL, for workers on any number of machines: procrastinate's tables behind the Queue port.

A job is one poll of one source. No source has two (its id is the job's queueing lock while it waits; who puts sources in leaves
out those that wait or run), and of a lane one job runs at a time (the host is the job's lock), so that a host is asked by one
worker at a time, whatever the machine. What waits here is due in the store too: what a crash takes out of the queue is put in
again, and what is done is deleted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bot.adapters.queue.heart import HEART, Heart
from bot.adapters.queue.tables import SCHEMA, prepare
from bot.adapters.store import address_of
from bot.ports import TemporaryError

QUEUE: Final = "polls"
TASK: Final = "poll"
LONGEST_POLL: Final = 900
"""Seconds after which nothing is under way any more, whatever is said of it: six times as long as the slowest poll may take."""
TOO_OFTEN: Final = 3
REST: Final = 3600.0
"""A source whose polls were given up so often in a row is left alone so many seconds: it must not end one worker after the other."""
_CONNECTIONS: Final = 4
_PATIENCE: Final = 10.0
_WAITING: Final = "SELECT queueing_lock FROM procrastinate_jobs"
ENDLESS: Final = (
    "SELECT id, queueing_lock FROM procrastinate_jobs AS job WHERE status = 'doing' AND (SELECT max(at) FROM procrastinate_events "
    "WHERE job_id = job.id AND type = 'started') < now() - make_interval(secs => %(seconds)s)"
)


@asynccontextmanager
async def open_app(url: str) -> AsyncIterator[App]:
    """Open the queue in the database at an address; raise VistkaError where that cannot be done."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of each job several times
    address, name = address_of(url)
    await prepare(address, name)
    # What a power cut takes from these tables is put in again, so that nobody waits for the disk.
    given = {"options": f"-c search_path={SCHEMA} -c synchronous_commit=off"}
    connector = PsycopgConnector(
        conninfo=address, kwargs=given, min_size=1, max_size=_CONNECTIONS, timeout=_PATIENCE, pool_factory=_pool
    )
    app = App(connector=connector)
    with asked():
        await app.open_async()
    try:
        yield app
    finally:
        await app.close_async()


def _pool(**given: Any) -> AsyncConnectionPool:
    """Return a pool for questions of one statement: no transaction around it, and nobody asked whether the connection lives.

    Both would take as long as the question.
    """
    return AsyncConnectionPool(**given | {"check": None, "configure": _alone})


async def _alone(connection: AsyncConnection) -> None:
    await connection.set_autocommit(True)


@contextmanager
def asked() -> Iterator[None]:
    """Raise TemporaryError where the queue cannot be asked."""
    try:
        yield
    except (ConnectorException, PoolTimeout) as error:
        said = str(error.__cause__ or error).strip().partition("\n")[0]
        raise TemporaryError(f"the queue cannot be asked: {said}; it will be tried again") from None


class SharedQueue:
    """Puts sources in, and gives up what their workers do not end. Implements `bot.ports.Queue`."""

    is_afar = True

    def __init__(self, app: App, heart: Heart = HEART) -> None:
        self._app = app
        self._heart = heart
        self._given_up: Counter[str] = Counter()
        self._tried_again: set[str] = set()
        self._resting: dict[str, float] = {}

    async def put(self, sources: Sequence[tuple[str, str]]) -> Sequence[bool]:
        """Let sources (id, lane) be polled by some worker; tell of each whether it is new."""
        jobs = [
            Job(
                queue=QUEUE,
                task_name=TASK,
                lock=lane,
                queueing_lock=source_id,
                task_kwargs={"source_id": source_id},
            )
            for source_id, lane in sources
        ]
        with asked():
            together = await self._deferred(jobs)
            taken = [together or await self._deferred([job]) for job in jobs]
        self._tried_again.update(name for name, _ in sources if name in self._given_up)
        return taken

    async def elsewhere(self) -> Collection[str]:
        """Return the sources that wait or are polled, and those that are left alone."""
        now = time.monotonic()
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        with asked():
            found = await self._app.connector.execute_query_all_async(_WAITING)
        names = {row["queueing_lock"] for row in found}
        self._forgive(self._tried_again - names)
        return names.union(self._resting)

    async def sweep(self) -> Sequence[str]:
        """Give up the polls of workers that were silent for too long, and those that never end; return their sources.

        A job is deleted and never taken up again: a worker that wakes finds none of its own, and can end no other's.
        """
        manager, silent = self._app.job_manager, self._heart.silent
        with asked():
            stalled = {
                job.id: job.queueing_lock for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silent)
            }
            endless = await self._app.connector.execute_query_all_async(ENDLESS, seconds=LONGEST_POLL)
            stalled |= {row["id"]: row["queueing_lock"] for row in endless}
            self._tried_again.difference_update(filter(None, stalled.values()))
            swept = [name for number, name in stalled.items() if number and name and await self._deleted(number)]
            await manager.prune_stalled_workers(silent)
        self._count(swept)
        return swept

    async def idle(self) -> None:
        """Wait until nothing waits and nothing is under way."""
        while len(await self.elsewhere()) > len(self._resting):  # noqa: ASYNC110  (it becomes so in other processes)
            await asyncio.sleep(0.05)

    async def _deferred(self, jobs: list[Job]) -> bool:
        """Put jobs in, all or none; return whether they are new."""
        try:
            await self._app.job_manager.batch_defer_jobs_async(jobs)
        except AlreadyEnqueued:
            return False
        return True

    async def _deleted(self, number: int) -> bool:
        """Delete a job; return whether that was still to be done."""
        try:
            await self._app.job_manager.finish_job_by_id_async(number, Status.FAILED, delete_job=True)
        except ConnectorException:
            return False
        return True

    def _forgive(self, ended: Collection[str]) -> None:
        """Count anew for sources whose polls ended by themselves: it was the workers that came to grief, not they that did it."""
        for name in ended:
            del self._given_up[name]
        self._tried_again.difference_update(ended)

    def _count(self, swept: Sequence[str]) -> None:
        self._given_up.update(swept)
        for name in swept:
            if self._given_up[name] >= TOO_OFTEN:
                self._resting[name] = time.monotonic() + REST
                del self._given_up[name]
