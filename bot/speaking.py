"""The daemon's talk with Telegram: what was planned goes out there, people are answered, and our feeds are served.

It is loaded beside the first polls, since Telegram's library and the words of all languages take a second: `bot.daemon`.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import structlog

from bot.adapters.http import Listener
from bot.adapters.lean import uncollected
from bot.adapters.outgoing import outgoing_routes
from bot.adapters.store import SqlStore
from bot.adapters.telegram import (
    About,
    Address,
    AnyApplication,
    Dispatcher,
    Floodgate,
    Guard,
    Menus,
    Numbers,
    Profile,
    TelegramPublisher,
    UpdateLoop,
    Webhook,
    build_application,
    connect,
    derived_secret,
    follow_membership,
    handing_to,
    learn_names,
    patient,
    publish_profile,
)
from bot.app import House, SystemClock
from bot.core.model import SENDER
from bot.desk import outgoing_of
from bot.exporting import Whereabouts
from bot.rhythm import Rhythm, favour_the_loop, let_in_the_loop
from bot.settings import Settings
from bot.tenure import Tenure
from bot.watching import Watch, cut_off
from handlers import Desk, Place, Role, menu, spoken
from handlers._telegram import register
from handlers._telegram.people import writes

LOG = structlog.get_logger(__name__)
PATIENCE = 3.0
"""Seconds that news waits to be read for the sake of who asks, where Telegram is out of reach."""


async def speak(  # noqa: PLR0913  (a daemon is all of these)
    settings: Settings, token: str, store: SqlStore, house: House, rhythm: Rhythm, *, watch: Watch, tenure: Tenure
) -> None:
    """Post and answer until the tenure ends, and give the `rhythm` the jobs that need Telegram or words for it.

    Nothing is sent, and nothing written of it, once it is another's.
    """
    ended, outbox = tenure.ended, store.fenced(tenure[SENDER])
    application = build_application(token, settings.telegram_api, sure=tenure.sure, tally=watch.tally)
    async with AsyncExitStack() as stack:
        if not await reached(application, ended, house):
            return
        stack.push_async_callback(application.shutdown)
        stack.push_async_callback(rhythm.stop)
        with uncollected():
            await house.words()
        ports = replace(house.ports, outbox=outbox, publish=TelegramPublisher(application.bot))
        rhythm.add([job for job in house.jobs if job.role in tenure and not job.early], ports)
        with uncollected():
            desk = replace(await house.desk(), username=application.bot.username, outbox=outbox)
        register(application, house.plugs(), desk)
        follow_membership(application, outbox, store, store, SystemClock(), writes=writes)
        if settings.http:
            _let_others_read(settings, application, house, desk, listener=watch.listener, stack=stack)
        let_in_the_loop()
        updates = _updates(settings, application, store, desk, watch=watch, tenure=tenure)
        answering = asyncio.create_task(updates.run(ended))
        stack.push_async_callback(cut_off, answering)
        await asyncio.to_thread(desk.dictionary.settle)
        await house.ready()
        favour_the_loop()
        stack.callback(asyncio.create_task(publish_profile(application, _profile(settings, desk))).cancel)
        watch.health.have("start")
        LOG.info("running", bot=application.bot.username, sources=len(house.ports.sources))
        await answering


async def reached(
    application: AnyApplication, ended: asyncio.Event, house: House, *, patience: float = PATIENCE
) -> bool:
    """Connect, as often as it takes; False when told to stop. Where it takes longer than the patience, news is read meanwhile."""
    reading = asyncio.create_task(_read_after(patience, house))
    try:
        return await connect(application, ended)
    finally:
        await cut_off(reading)


async def _read_after(seconds: float, house: House) -> None:
    await asyncio.sleep(seconds)
    await house.ready()


def _let_others_read(
    settings: Settings,
    application: AnyApplication,
    house: House,
    desk: Desk,
    *,
    listener: Listener,
    stack: AsyncExitStack,
) -> None:
    """Serve feeds and exports; their links lead to posts as soon as Telegram has said what our channels are called."""
    names: dict[int, str] = {}

    def where() -> Whereabouts:
        return Whereabouts(names, application.bot.username, settings.public_url)

    stack.enter_context(listener.answering(*outgoing_routes(outgoing_of(settings, house.store, desk, where))))
    stack.callback(asyncio.create_task(learn_names(application.bot, settings.channels, names)).cancel)


def _updates(
    settings: Settings, application: AnyApplication, store: SqlStore, desk: Desk, *, watch: Watch, tenure: Tenure
) -> UpdateLoop | Webhook:
    """Build the way on which updates come in: pushed where an address is set for it, else polled."""
    bot = application.bot

    def too_quick(code: str) -> str:
        return desk.books[spoken(code, desk.books)].say("flood.notice")

    gate = Floodgate(bot, store, desk.clock, too_quick, guard=Guard(frozenset(desk.roles)))
    dispatcher = Dispatcher(
        bot, store, patient(handing_to(application)), gate, desk.clock, numbers=Numbers(desk.outbox)
    )
    if not settings.webhook_url:
        return UpdateLoop(bot, store, dispatcher, sure=tenure.sure, tally=watch.tally)
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else derived_secret(bot.token)
    return Webhook(bot, dispatcher, Address(settings.webhook_url, secret), watch.listener)


def _profile(settings: Settings, desk: Desk) -> Profile:
    """Return what Telegram shows of the bot; people with a role get the menu of that role in their own chat."""
    commands = tuple(desk.commands.values())

    def menus(role: Role = "reader", place: Place = "private") -> Menus:
        return {code: menu(commands, book, role, place) for code, book in desk.books.items()}

    return Profile(
        private=menus(),
        group=menus(place="group"),
        managers=menus(place="managers"),
        people={person: menus(role) for person, role in desk.roles.items()},
        about={
            code: About(book.say("profile.description"), book.say("profile.short")) for code, book in desk.books.items()
        },
        name=settings.name,
    )
