"""The daemon: the house kept going until it is told to stop, with Telegram or a terminal to post to.

Updates come in polled or pushed; who else reaches us from outside does so at the same listener.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import structlog

from bot.adapters.http import Listener
from bot.adapters.memory import Memory
from bot.adapters.outgoing import outgoing_routes
from bot.adapters.store import SqlStore, open_store
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
    number_of,
    patient,
    publish_profile,
)
from bot.adapters.websub import hub_routes
from bot.app import House, SystemClock, open_house, outgoing_of
from bot.core.model import SCHEDULER, SENDER, Subscription
from bot.exporting import Whereabouts
from bot.rhythm import Rhythm, favour_the_loop
from bot.settings import Settings
from bot.tenure import PACE, Pace, Tenure
from bot.watching import Watch, open_watch
from handlers import Desk, Place, Role, menu, spoken
from handlers._telegram import register
from handlers._telegram.people import writes

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

    Raises PermanentError or SourcesError for what an operator has to mend first.
    """
    stop = told_to_stop()
    if settings.telegram_token is None:
        await _preview(settings, stop)
    else:
        await serve(settings, settings.telegram_token.get_secret_value(), stop, roles)


def told_to_stop() -> asyncio.Event:
    """Return what is set when the process is told to stop."""
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, told.set)
    return told


async def _preview(settings: Settings, stop: asyncio.Event) -> None:
    """Post to the terminal, which no admin can answer. The database is left alone: no channel's post counts as sent.

    Hubs are left alone too: they would go on pushing after the end.
    """
    from bot.adapters.terminal import TerminalPublisher  # noqa: PLC0415  (only the preview needs it, and it is large)

    settings, store = settings.model_copy(update={"admins": (), "public_url": ""}), Memory()
    await store.save(Subscription(chat_id=PREVIEW_CHAT, language=settings.language))
    async with (
        open_watch(settings, stop) as watch,
        open_house(
            settings, TerminalPublisher(), store, clock=SystemClock(), stopping=stop.is_set, tally=watch.tally
        ) as house,
    ):
        LOG.info("preview", sources=len(house.ports.sources), remedy="set VISTKA_TELEGRAM_TOKEN to post to Telegram")
        rhythm = Rhythm(house.jobs, house.ports)
        rhythm.start()
        watch.over_store(store)
        with watch.over_jobs(rhythm):
            await house.ready()
            routes = outgoing_routes(outgoing_of(settings, house, await house.desk())) if settings.http else ()
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
        while not stop.is_set():
            async with seat.held(stop) as tenure:
                if tenure:
                    await _speak(settings, token, store, watch, tenure)


async def _speak(settings: Settings, token: str, store: SqlStore, watch: Watch, tenure: Tenure) -> None:
    """Post and answer until the tenure ends. Nothing is sent, and nothing written of it, once it is another's."""
    ended, outbox = tenure.ended, store.fenced(tenure[SENDER])
    application = build_application(token, settings.telegram_api, sure=tenure.sure, tally=watch.tally)
    publish = TelegramPublisher(application.bot)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(
            open_house(settings, publish, store, clock=SystemClock(), stopping=ended.is_set, tally=watch.tally)
        )
        await subscribe_channels(settings, store)
        if not await connect(application, ended):
            return
        stack.push_async_callback(application.shutdown)
        if house.ports.hubs:
            stack.enter_context(watch.listener.answering(*hub_routes(house.ports.hubs)))
        rhythm = Rhythm([job for job in house.jobs if job.role in tenure], replace(house.ports, outbox=outbox))
        rhythm.start()
        stack.push_async_callback(rhythm.stop)
        stack.enter_context(watch.over_jobs(rhythm))
        await house.ready()
        desk = replace(await house.desk(), username=application.bot.username, outbox=outbox)
        favour_the_loop()
        register(application, house.plugs(), desk)
        follow_membership(application, outbox, store, store, SystemClock(), writes=writes)
        if settings.http:
            _let_others_read(settings, application, house, desk, listener=watch.listener, stack=stack)
        stack.callback(asyncio.create_task(publish_profile(application, _profile(settings, desk))).cancel)
        watch.health.have("start")
        LOG.info("running", bot=application.bot.username, sources=len(house.ports.sources))
        await _updates(settings, application, store, desk, watch=watch, tenure=tenure).run(ended)


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

    stack.enter_context(listener.answering(*outgoing_routes(outgoing_of(settings, house, desk, where))))
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
