"""The daemon: the house kept going until it is told to stop, with Telegram or a terminal to post to.

It polls from the start on. What else it takes is loaded beside that: `bot.speaking` for Telegram.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

import structlog

from bot.adapters.lean import uncollected
from bot.adapters.memory import Memory
from bot.adapters.mute import MutePublisher
from bot.adapters.store import SqlStore, open_store
from bot.adapters.websub import hub_routes
from bot.app import SystemClock, open_house
from bot.core.model import SCHEDULER, SENDER, Subscription
from bot.rhythm import Rhythm, favour_the_loop
from bot.settings import Settings, number_of
from bot.signals import rereading, told_to_stop
from bot.tenure import PACE, Pace, Tenure
from bot.watching import Watch, open_watch

LOG = structlog.get_logger(__name__)
PREVIEW_CHAT = 1
ALL = (SCHEDULER, SENDER)
"""The roles of a daemon that is alone."""


async def subscribe_channels(settings: Settings, store: SqlStore | Memory) -> None:
    """Give every configured channel a subscription, unless it has one."""
    for chat_id in settings.channels:
        if await store.get(chat_id) is None:
            await store.save(Subscription(chat_id=chat_id, language=settings.language))


async def run(settings: Settings, roles: Sequence[str] = ALL) -> None:
    """Do the work of these roles until SIGTERM or SIGINT; without a token all of it, with the terminal to post to.

    At SIGHUP it reads the list of sources again. Raises PermanentError or SourcesError for what an operator has to mend first.
    """
    stop = told_to_stop()
    if settings.telegram_token is None:
        await _preview(settings, stop)
    else:
        await serve(settings, settings.telegram_token.get_secret_value(), stop, roles)


async def _preview(settings: Settings, stop: asyncio.Event) -> None:
    """Post to the terminal, which no admin can answer. The database is left alone: no channel's post counts as sent.

    Hubs are left alone too: they would go on pushing after the end.
    """
    from bot.adapters.outgoing import outgoing_routes  # noqa: PLC0415
    from bot.adapters.terminal import TerminalPublisher  # noqa: PLC0415  (only the preview needs it, and it is large)
    from bot.desk import outgoing_of  # noqa: PLC0415

    settings, store = settings.model_copy(update={"admins": (), "public_url": ""}), Memory()
    await store.save(Subscription(chat_id=PREVIEW_CHAT, language=settings.language))
    async with (
        open_watch(settings, stop) as watch,
        open_house(
            settings, TerminalPublisher(), store, clock=SystemClock(), stopping=stop.is_set, tally=watch.tally
        ) as house,
        rereading(house),
    ):
        LOG.info("preview", sources=len(house.ports.sources), remedy="set VISTKA_TELEGRAM_TOKEN to post to Telegram")
        await house.words()
        rhythm = Rhythm(house.jobs, house.ports)
        rhythm.start()
        watch.over_store(store)
        with watch.over_jobs(rhythm):
            await house.ready()
            routes = outgoing_routes(outgoing_of(settings, store, await house.desk())) if settings.http else ()
            favour_the_loop()
            watch.health.have("start")
            with watch.listener.answering(*routes):
                await stop.wait()
        await rhythm.stop()


async def serve(
    settings: Settings, token: str, stop: asyncio.Event, roles: Sequence[str] = ALL, *, pace: Pace = PACE
) -> None:
    """Post to Telegram and answer there, for as long as no other process has one of these roles; wait while one does."""
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(open_watch(settings, stop))
        store = await open_store(settings.database_url.get_secret_value())
        stack.push_async_callback(store.close)
        watch.over_store(store)
        seat = watch.seat(store, roles, bot=number_of(token), pace=pace)
        await seat.work(stop, partial(_work, settings, token, store, watch))


async def _work(settings: Settings, token: str, store: SqlStore, watch: Watch, tenure: Tenure) -> None:
    """Poll from now on, and post and answer as soon as what that takes is loaded, until the tenure ends."""
    await store.fit()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(
            open_house(
                settings, MutePublisher(), store, clock=SystemClock(), stopping=tenure.ended.is_set, tally=watch.tally
            )
        )
        await stack.enter_async_context(rereading(house))
        await subscribe_channels(settings, store)
        if house.ports.hubs:
            stack.enter_context(watch.listener.answering(*hub_routes(house.ports.hubs)))
        house.hold()
        rhythm = Rhythm([job for job in house.jobs if job.role in tenure and job.early], house.ports)
        rhythm.start()
        stack.push_async_callback(rhythm.stop)
        stack.enter_context(watch.over_jobs(rhythm))
        await rhythm.first_round()
        with uncollected():
            speaking = await asyncio.to_thread(importlib.import_module, "bot.speaking")
        await speaking.speak(settings, token, store, house, rhythm, watch=watch, tenure=tenure)
