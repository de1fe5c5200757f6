"""The composition root: settings into adapters, adapters behind ports, jobs on the clock, commands into Telegram.

Nothing is decided here. `open_house` builds everything for as long as a context lasts; `run` keeps the daemon going until
it is told to stop; the demo opens the same house with another clock and a terminal for a channel.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

import structlog

import bot.core.kinds
import bot.core.sources
import bot.jobs
import handlers
from bot.adapters.article import open_articles
from bot.adapters.asking import asked_words, load_dictionary
from bot.adapters.borders import load_atlas
from bot.adapters.drawing import open_drawing
from bot.adapters.http import Listener, open_fetch, open_listener
from bot.adapters.languages import language_of
from bot.adapters.lexicons import reader_over
from bot.adapters.memory import Memory
from bot.adapters.names import load_asked_names, load_place_names, load_region_names
from bot.adapters.parser_pool import open_parser
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.queue import EmbeddedQueue
from bot.adapters.reader import ThreadedRead
from bot.adapters.sources import load_sources
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
    patient,
    publish_profile,
)
from bot.adapters.websub import hub_routes
from bot.core.model import Source, Subscription
from bot.core.render import Renderer
from bot.core.render.phrases import Phrasebook
from bot.intake import Intake
from bot.jobs import Job, Ports, never
from bot.plugins import discover
from bot.polling import Manners, Polling
from bot.ports import Clock, Fetch, Parse, Publish
from bot.pushing import Subscriber
from bot.recognising import Recogniser
from bot.rhythm import Rhythm
from bot.rulings import Rulings
from bot.settings import Settings, SettingsError
from handlers import PLUG_INS, Command, Desk, Place, Role, menu, spoken
from handlers._telegram import register
from handlers._telegram.people import writes

LOG = structlog.get_logger(__name__)
PREVIEW_CHAT = 1


class SystemClock:
    """The time as the machine has it."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place where time comes from


@dataclass(frozen=True, slots=True)
class House:
    """Everything built: what jobs get, what commands get, the store behind both, and the plug-ins of the handlers."""

    ports: Ports
    desk: Desk
    store: SqlStore | Memory
    plugs: tuple[object, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How news is read and joined, and the words in which it is told."""

    intake: Intake
    read: ThreadedRead
    parse: Parse
    books: Mapping[str, Phrasebook]


@asynccontextmanager
async def open_house(
    settings: Settings,
    publish: Publish,
    store: SqlStore | Memory,
    *,
    clock: Clock,
    sources: Sequence[Source] | None = None,
    stopping: Callable[[], bool] = never,
) -> AsyncIterator[House]:
    """Build the house around a store and a way to publish; `sources` stand in for the configured ones."""
    types = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}
    books = load_phrasebooks(load_region_names(), load_place_names())
    refuse_unspoken(settings.language, books)
    polled = tuple(sources) if sources is not None else load_sources(settings.sources, types)
    kinds = discover(bot.core.kinds, "KIND")
    async with AsyncExitStack() as stack:
        fetch = await stack.enter_async_context(
            open_fetch(version=version("vistka"), contact=settings.contact, allow=settings.fetch_allow)
        )
        parse = await stack.enter_async_context(open_parser(types))
        read = ThreadedRead(await asyncio.to_thread(reader_over, kinds, sources=polled))
        intake = Intake(
            read,
            store,
            kinds,
            admins=settings.admins,
            language=settings.language,
            clock=clock,
            edit_floor=timedelta(seconds=settings.edit_seconds),
        )
        polling = Polling(
            polled,
            types,
            fetch=fetch,
            parse=parse,
            intake=intake,
            polls=store,
            clock=clock,
            manners=Manners(
                horizon_hours=settings.horizon_hours,
                shortest_seconds=settings.poll_seconds,
                jitter=random.random,
                elapsed=time.monotonic if isinstance(clock, SystemClock) else None,
            ),
            diary=store,
            alarms=store,
        )
        polling.hubs = hubs = _subscriber(settings, store, polling, fetch, clock)
        queue = EmbeddedQueue(polling.poll)
        stack.push_async_callback(queue.close)
        ports = Ports(
            clock=clock,
            fetch=fetch,
            store=store,
            outbox=store,
            queries=store,
            subscriptions=store,
            alarms=store,
            diary=store,
            kinds={kind.name: kind for kind in kinds},
            publish=publish,
            render=Renderer(books),
            sources=polled,
            polling=polling,
            queue=queue,
            hubs=hubs,
            resend_unknown=settings.resend_unknown,
            admins=settings.admins,
            language=settings.language,
            stopping=stopping,
        )
        plugs = discover(handlers, *PLUG_INS)
        desk = await _desk(settings, store, ports, _Reading(intake, read, parse, books), plugs, stack=stack)
        yield House(ports, desk, store, plugs, discover(bot.jobs, "JOB"))


def _subscriber(
    settings: Settings, store: SqlStore | Memory, polling: Polling, fetch: Fetch, clock: Clock
) -> Subscriber | None:
    """Return what subscribes to hubs, where these can reach us."""
    if not settings.public_url:
        return None
    token = partial(secrets.token_urlsafe, 24)
    return Subscriber(store, polling, fetch=fetch, clock=clock, public_url=settings.public_url, token=token)


async def _desk(
    settings: Settings,
    store: SqlStore | Memory,
    ports: Ports,
    reading: _Reading,
    plugs: Sequence[object],
    *,
    stack: AsyncExitStack,
) -> Desk:
    """Return what commands get: the same ports as the jobs have, and what only people need.

    The networks that the operator opens are for his feeds: what strangers show goes through a door of its own, which has
    none of them.
    """
    recognise = Recogniser(
        read=reading.read,
        joiner=reading.intake.joiner,
        fetch=await stack.enter_async_context(open_fetch(version=version("vistka"), contact=settings.contact)),
        parse=reading.parse,
        articles=await stack.enter_async_context(open_articles()),
        queries=store,
        language_of=language_of(),
    )
    return Desk(
        queries=store,
        subscriptions=store,
        rulings=Rulings(reading.intake, store, store, ports.clock),
        books=reading.books,
        region_names=load_asked_names(),
        kinds=ports.kinds,
        clock=ports.clock,
        version=version("vistka"),
        commands={plug.name: plug for plug in plugs if isinstance(plug, Command)},
        handles=store,
        dialogues=store,
        outbox=store,
        dictionary=await asyncio.to_thread(load_dictionary, asked_words(reading.books)),
        draw=await stack.enter_async_context(open_drawing()),
        atlas=load_atlas(),
        recognise=recognise,
        sources=ports.sources,
        roles={**dict.fromkeys(settings.editors, "editor"), **dict.fromkeys(settings.admins, "admin")},
    )


def refuse_unspoken(language: str, spoken: Collection[str]) -> None:
    """Raise SettingsError where the bot does not speak the language of its posts."""
    if language not in spoken:
        raise SettingsError(f"VISTKA_LANGUAGE: the bot does not speak {language!r}; choose {', '.join(sorted(spoken))}")


async def subscribe_channels(settings: Settings, store: SqlStore | Memory) -> None:
    """Give every configured channel a subscription, unless it has one."""
    for chat_id in settings.channels:
        if await store.get(chat_id) is None:
            await store.save(Subscription(chat_id=chat_id, language=settings.language))


async def run(settings: Settings) -> None:
    """Keep the daemon going until SIGTERM or SIGINT; without a token posts go to the terminal.

    Raises PermanentError or SourcesError for what an operator has to mend first.
    """
    stop = _told_to_stop()
    async with _listening(settings) as listener:
        if settings.telegram_token is None:
            await _preview(settings, stop)
        else:
            await _serve(settings, settings.telegram_token.get_secret_value(), listener, stop)


@asynccontextmanager
async def _listening(settings: Settings) -> AsyncIterator[Listener]:
    """Open the address that others reach us at; where nothing is served there, nobody gets through."""
    if settings.telegram_token and (settings.webhook_url or settings.public_url):
        async with open_listener(settings.http) as listener:
            yield listener
    else:
        if settings.http:
            remedy = "set VISTKA_TELEGRAM_TOKEN and VISTKA_WEBHOOK_URL or VISTKA_PUBLIC_URL, or unset it"
            LOG.warning("nothing is served there", VISTKA_HTTP=settings.http, remedy=remedy)
        yield Listener()


def _told_to_stop() -> asyncio.Event:
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
    async with open_house(settings, TerminalPublisher(), store, clock=SystemClock(), stopping=stop.is_set) as house:
        LOG.info("preview", sources=len(house.ports.sources), remedy="set VISTKA_TELEGRAM_TOKEN to post to Telegram")
        rhythm = Rhythm(house.jobs, house.ports)
        rhythm.start()
        await stop.wait()
        await rhythm.stop()


async def _serve(settings: Settings, token: str, listener: Listener, stop: asyncio.Event) -> None:
    """Post to Telegram and answer there."""
    application = build_application(token, settings.telegram_api)
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database_url.get_secret_value())
        stack.push_async_callback(store.close)
        house = await stack.enter_async_context(
            open_house(settings, TelegramPublisher(application.bot), store, clock=SystemClock(), stopping=stop.is_set)
        )
        await subscribe_channels(settings, store)
        if not await connect(application, stop):
            return
        stack.push_async_callback(application.shutdown)
        desk = replace(house.desk, username=application.bot.username)
        register(application, house.plugs, desk)
        follow_membership(application, store, store, store, SystemClock(), writes=writes)
        if house.ports.hubs:
            stack.enter_context(listener.answering(*hub_routes(house.ports.hubs)))
        rhythm = Rhythm(house.jobs, house.ports)
        rhythm.start()
        stack.push_async_callback(rhythm.stop)
        stack.callback(asyncio.create_task(publish_profile(application, _profile(settings, desk))).cancel)
        LOG.info("running", bot=application.bot.username, sources=len(house.ports.sources))
        await _updates(settings, application, store, desk, listener).run(stop)


def _updates(
    settings: Settings, application: AnyApplication, store: SqlStore, desk: Desk, listener: Listener
) -> UpdateLoop | Webhook:
    """Build the way on which updates come in: pushed where an address is set for it, else polled."""
    bot = application.bot

    def too_quick(code: str) -> str:
        return desk.books[spoken(code, desk.books)].say("flood.notice")

    gate = Floodgate(bot, store, desk.clock, too_quick, guard=Guard(frozenset(desk.roles)))
    dispatcher = Dispatcher(bot, store, patient(handing_to(application)), gate, desk.clock, numbers=Numbers(store))
    if not settings.webhook_url:
        return UpdateLoop(bot, store, dispatcher)
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else derived_secret(bot.token)
    return Webhook(bot, dispatcher, Address(settings.webhook_url, secret), listener)


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
