"""One of many: the daemon's work spread over processes, on one machine or several, around one PostgreSQL.

    scheduler   puts what is due into the queue and looks after the database: the jobs of that role
    worker      takes sources out of the queue, polls, reads and joins them, and plans who hears of it; as many as are wanted
    sender      sends what was planned, and answers people: all that has to do with Telegram (`bot.daemon`)
    all         does everything in one process, and knows no other (`bot.daemon`)

What they share is in docs/scale.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Literal, TypeAlias, get_args

import structlog

from bot.adapters.mute import MutePublisher
from bot.adapters.queue.heart import AT_ONCE, HEART, Heart
from bot.adapters.store import SqlStore, is_server, open_store, parse
from bot.app import House, SystemClock, open_house
from bot.core.model import SCHEDULER, SENDER
from bot.daemon import ALL, run
from bot.ports import TemporaryError, VistkaError
from bot.rhythm import Rhythm, favour_the_loop
from bot.settings import Settings, SettingsError
from bot.signals import rereading, told_to_stop
from bot.tenure import Tenure
from bot.watching import Watch, open_watch

LOG = structlog.get_logger(__name__)

Role: TypeAlias = Literal["all", "scheduler", "worker", "sender"]
ROLES: Sequence[Role] = get_args(Role)
REST = timedelta(hours=1)
"""How long a source is left alone whose poll broke in a way that nobody expected."""


async def run_as(role: Role, settings: Settings) -> None:
    """Do the work of a role until SIGTERM or SIGINT. At SIGHUP it reads the list of sources again, whatever the role.

    Raises SettingsError where the settings do not fit it, and whatever `bot.daemon.run` does.
    """
    refuse_unfit(role, settings)
    if role == "scheduler":
        await schedule(settings, told_to_stop())
    elif role == "worker":
        await work(settings, told_to_stop())
    else:
        await run(settings, (SENDER,) if role == "sender" else ALL)


def refuse_unfit(role: Role, settings: Settings) -> None:
    """Raise SettingsError where a role cannot be done with these settings."""
    if role == "all":
        return
    if not is_server(parse(settings.database_url.get_secret_value())):
        raise SettingsError(
            f"VISTKA_DATABASE_URL names a file, and --role {role} shares a server: use postgresql://USER:PASSWORD@HOST/NAME, "
            "or run --role all"
        )
    if role == "sender" and settings.telegram_token is None:
        raise SettingsError("VISTKA_TELEGRAM_TOKEN is not set, and --role sender has nothing to send with; set it")
    if settings.public_url:
        raise SettingsError(
            "VISTKA_PUBLIC_URL: hubs push to --role all only; unset it, and feeds with a hub are polled"
        )


async def schedule(settings: Settings, stop: asyncio.Event, *, heart: Heart = HEART) -> None:
    """Put what is due into the queue, for as long as no other process does so; wait while one does."""
    async with _opened(settings, stop) as (watch, store):
        seat = watch.seat(store, (SCHEDULER,))
        await seat.work(stop, partial(_schedule, settings, store, watch, heart=heart))


async def _schedule(settings: Settings, store: SqlStore, watch: Watch, tenure: Tenure, *, heart: Heart) -> None:
    from bot.adapters.queue.shared import SharedQueue, open_app  # noqa: PLC0415  (who needs no workers does not load it)

    await store.fit()
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings.database_url.get_secret_value()))
        mute = _mute_house(settings, store, watch, tenure.ended)
        house = await stack.enter_async_context(mute(queue=SharedQueue(app, heart)))
        await stack.enter_async_context(rereading(house))
        rhythm = Rhythm([job for job in house.jobs if job.role in tenure], house.ports)
        favour_the_loop()
        rhythm.start()
        stack.push_async_callback(rhythm.stop)
        stack.enter_context(watch.over_jobs(rhythm))
        watch.health.have("start")
        LOG.info("scheduling", sources=len(house.ports.sources))
        await tenure.ended.wait()


async def work(settings: Settings, stop: asyncio.Event, *, at_once: int = AT_ONCE, heart: Heart = HEART) -> None:
    """Poll, read and join what the queue has, beside as many others as there are."""
    from bot.adapters.queue.shared import open_app  # noqa: PLC0415  (who needs no workers does not load it)
    from bot.adapters.queue.worker import Worker  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        watch, store = await stack.enter_async_context(_opened(settings, stop))
        app = await stack.enter_async_context(open_app(settings.database_url.get_secret_value()))
        house = await stack.enter_async_context(_mute_house(settings, store, watch, stop)(alone=False))
        await stack.enter_async_context(rereading(house))
        worker = Worker(app, partial(poll_one, house, store), at_once=at_once, heart=heart)
        await house.ready()
        favour_the_loop()
        watch.health.have("start")
        LOG.info("working", sources=len(house.ports.sources))
        await worker.run(stop)


def _mute_house(
    settings: Settings, store: SqlStore, watch: Watch, stop: asyncio.Event
) -> Callable[..., AbstractAsyncContextManager[House]]:
    """Return what opens the house of a process that does not talk with Telegram."""
    return partial(
        open_house, settings, MutePublisher(), store, clock=SystemClock(), stopping=stop.is_set, tally=watch.tally
    )


async def poll_one(house: House, store: SqlStore, source_id: str) -> None:
    """Poll a source; one whose poll breaks is left alone for an hour, or the scheduler would put it down again at once.

    Raises VistkaError where that is to be tried again, perhaps by another worker.
    """
    polling = house.ports.polling
    if source_id not in polling.sources:
        raise TemporaryError(
            f"{source_id} is not among this worker's sources; give all processes the same VISTKA_SOURCES"
        )
    try:
        await polling.poll(source_id)
    except VistkaError:
        raise
    except Exception:
        LOG.exception("poll broke", source=source_id)
        await store.put_off([source_id], house.ports.clock.now() + REST)


@asynccontextmanager
async def _opened(settings: Settings, stop: asyncio.Event) -> AsyncIterator[tuple[Watch, SqlStore]]:
    """Open what watches over us, and the database."""
    async with open_watch(settings, stop) as watch:
        store = await open_store(settings.database_url.get_secret_value())
        watch.over_store(store)
        try:
            yield watch, store
        finally:
            await store.close()
