"""The composition root: settings into adapters, adapters behind ports, jobs on the clock, commands into Telegram.

Nothing is decided here. `open_house` builds everything for as long as a context lasts: for `bot.daemon`, and for the demo
with another clock and a terminal for a channel.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from urllib.parse import urlsplit

import bot.core.export
import bot.core.kinds
import bot.core.sources
import bot.core.syndication
import bot.jobs
import handlers
from bot.adapters.article import open_articles
from bot.adapters.asking import asked_words, load_dictionary
from bot.adapters.borders import load_atlas
from bot.adapters.counting import CountedFetch, CountedIntake, CountedParse
from bot.adapters.drawing import open_drawing
from bot.adapters.http import Network, is_inside, open_fetch
from bot.adapters.languages import language_of
from bot.adapters.late import Late
from bot.adapters.lean import uncollected
from bot.adapters.lexicons import reader_over
from bot.adapters.memory import Memory
from bot.adapters.names import load_asked_names, load_place_names, load_region_names
from bot.adapters.outgoing import Forms, Outgoing
from bot.adapters.parser_pool import open_parser
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.points import load_points
from bot.adapters.queue import EmbeddedQueue
from bot.adapters.reader import ThreadedRead
from bot.adapters.register import REGISTER
from bot.adapters.sources import load_sources
from bot.adapters.store import SqlStore, parse
from bot.adapters.store.keeping import BackupFolder
from bot.completing import Completer
from bot.core.editions import DOUBTED, Doubts
from bot.core.export import Edition
from bot.core.kinds import Kind
from bot.core.model import Source
from bot.core.render import FALLBACK, Renderer
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures.atlas import Atlas
from bot.core.sources import SourceType
from bot.core.text.dictionary import Dictionary
from bot.exporting import Exporting, Whereabouts
from bot.intake import Intake
from bot.jobs import Job, Ports, never
from bot.plugins import discover
from bot.polling import Manners, Polling
from bot.ports import Article, Clock, Fetch, Parse, Publish, Queue
from bot.ports.tally import UNCOUNTED, Tally
from bot.pushing import Subscriber
from bot.recognising import Recogniser
from bot.rulings import Rulings
from bot.settings import Settings, SettingsError, bot_number
from handlers import PLUG_INS, Command, Desk


class SystemClock:
    """The time as the machine has it."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place where time comes from


@dataclass(frozen=True, slots=True)
class House:
    """Everything built: what jobs get, the store behind them, and what takes a while to load.

    plugs   finds the plug-ins of the handlers
    desk    builds what commands get, with the words of questions and the maps; jobs do without
    ready   waits until news can be read, and raises LexiconError; feeds are asked before, and what they bring waits too
    """

    ports: Ports
    store: SqlStore | Memory
    plugs: Callable[[], tuple[object, ...]]
    jobs: tuple[Job, ...]
    desk: Callable[[], Awaitable[Desk]]
    ready: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways out: `near` to the networks too that the operator opened for his feeds, `led` for what other feeds lead to.

    What strangers show is asked for `abroad`, where it holds up no feed.
    """

    near: Fetch
    led: Fetch
    abroad: Fetch
    allow: tuple[Network, ...]

    def is_inside(self, url: str) -> bool:
        """Tell whether an address is in the operator's own networks, whoever owns its name."""
        return is_inside(urlsplit(url).hostname or "", self.allow)

    def of(self, source: Source) -> Fetch:
        """Return the door for what a feed leads to: one of the open web leads into no network of the operator."""
        return self.near if self.is_inside(source.url) else self.led


@dataclass(frozen=True, slots=True)
class _Reading:
    """How news is fetched, read and joined, and the words in which it is told."""

    types: Mapping[str, SourceType]
    kinds: tuple[Kind, ...]
    books: Mapping[str, Phrasebook]
    doors: Doors
    parse: Parse
    articles: Article
    read: ThreadedRead
    intake: Intake


@dataclass(frozen=True, slots=True)
class _Asked:
    """What questions are answered and understood by, and maps are drawn from: a second's loading."""

    plugs: tuple[object, ...]
    dictionary: Dictionary
    region_names: Mapping[str, str]
    language_of: Callable[[str], str]
    atlas: Atlas

    @classmethod
    def load(cls, books: Mapping[str, Phrasebook]) -> _Asked:
        plugs = discover(handlers, *PLUG_INS)
        return cls(plugs, load_dictionary(asked_words(books)), load_asked_names(), language_of(), load_atlas())


@asynccontextmanager
async def open_house(  # noqa: PLR0913  (what a house is built of)
    settings: Settings,
    publish: Publish,
    store: SqlStore | Memory,
    *,
    clock: Clock,
    sources: Sequence[Source] | None = None,
    stopping: Callable[[], bool] = never,
    tally: Tally = UNCOUNTED,
    queue: Queue | None = None,
    alone: bool = True,
) -> AsyncIterator[House]:
    """Build the house around a store and a way to publish; `sources` stand in for the configured ones.

    What is due goes into the `queue`, where none is given into one of this process. It is not `alone` where other processes
    poll the same sources.
    """
    with uncollected():
        types = {source_type.name: source_type for source_type in discover(bot.core.sources, "SOURCE")}
        polled = tuple(sources) if sources is not None else load_sources(settings.sources, types)
    async with AsyncExitStack() as stack:
        reading = await _reading(settings, store, clock, types, polled, stack=stack, tally=tally)
        polling = _polling(settings, store, reading, polled, clock, tally=tally, alone=alone)
        embedded = EmbeddedQueue(polling.poll)
        stack.push_async_callback(embedded.close)
        kept = _kept(settings, store, polled, stopping)
        ports = Ports(
            clock=clock,
            fetch=reading.doors.near,
            store=store,
            outbox=store,
            queries=store,
            subscriptions=store,
            alarms=store,
            diary=store,
            kinds={kind.name: kind for kind in reading.kinds},
            publish=publish,
            render=Renderer(reading.books),
            sources=polled,
            polling=polling,
            queue=queue or embedded,
            hubs=_subscriber(settings, store, polling, reading, clock),
            resend_unknown=settings.resend_unknown,
            admins=settings.admins,
            language=settings.language,
            stopping=stopping,
            backups=kept,
            archive=kept,
            tally=tally,
        )
        polling.hubs = ports.hubs
        plugs = partial(discover, handlers, *PLUG_INS)
        desk = partial(_desk, settings, store, ports, reading, stack=stack)
        yield House(ports, store, plugs, discover(bot.jobs, "JOB"), desk, partial(_ready, reading))


async def _reading(  # noqa: PLR0913  (an item goes through all of these)
    settings: Settings,
    store: SqlStore | Memory,
    clock: Clock,
    types: Mapping[str, SourceType],
    sources: Sequence[Source],
    *,
    stack: AsyncExitStack,
    tally: Tally,
) -> _Reading:
    """Open the way of an item from the network to where it is stored."""
    kinds = discover(bot.core.kinds, "KIND")
    books = load_phrasebooks(load_region_names(), Late(load_place_names))
    refuse_unspoken(settings.language, books)
    fetch = await stack.enter_async_context(
        open_fetch(version=version("vistka"), contact=settings.contact, allow=settings.fetch_allow)
    )
    abroad = await stack.enter_async_context(open_fetch(version=version("vistka"), contact=settings.contact))
    doors = Doors(fetch, fetch.closed(), abroad, settings.fetch_allow)
    parse = await stack.enter_async_context(open_parser(types, tally=tally))
    articles = await stack.enter_async_context(open_articles())
    read = ThreadedRead(partial(reader_over, kinds, sources=sources))
    intake = Intake(
        read,
        store,
        kinds,
        admins=settings.admins,
        language=settings.language,
        clock=clock,
        edit_floor=timedelta(seconds=settings.edit_seconds),
        complete=Completer(gate=read, door=doors.of, articles=articles) if settings.full_text else None,
        doubts=Doubts(DOUBTED),
    )
    return _Reading(types, kinds, books, doors, parse, articles, read, intake)


async def _ready(reading: _Reading) -> None:
    """Wait until news can be read, and told with the names of places."""
    await reading.read.ready()
    await asyncio.to_thread(lambda: [len(book.places) for book in reading.books.values()])


def _polling(  # noqa: PLR0913  (a poll goes through all of these)
    settings: Settings,
    store: SqlStore | Memory,
    reading: _Reading,
    sources: Sequence[Source],
    clock: Clock,
    *,
    tally: Tally,
    alone: bool,
) -> Polling:
    counted = tally is not UNCOUNTED
    return Polling(
        sources,
        reading.types,
        fetch=CountedFetch(reading.doors.near, tally, time.monotonic) if counted else reading.doors.near,
        parse=CountedParse(reading.parse, tally, time.monotonic) if counted else reading.parse,
        intake=CountedIntake(reading.intake, tally) if counted else reading.intake,
        polls=store,
        clock=clock,
        manners=Manners(
            horizon_hours=settings.horizon_hours,
            shortest_seconds=settings.poll_seconds,
            jitter=random.random,
            elapsed=time.monotonic if alone and isinstance(clock, SystemClock) else None,
            alone=alone,
        ),
        diary=store,
        alarms=store,
    )


def _subscriber(
    settings: Settings, store: SqlStore | Memory, polling: Polling, reading: _Reading, clock: Clock
) -> Subscriber | None:
    """Return what subscribes to hubs, where these can reach us."""
    if not settings.public_url:
        return None
    return Subscriber(
        store,
        polling,
        fetch=reading.doors.near,
        fetch_abroad=reading.doors.abroad,
        is_inside=reading.doors.is_inside,
        clock=clock,
        public_url=settings.public_url,
        token=partial(secrets.token_urlsafe, 24),
    )


def _kept(
    settings: Settings, store: SqlStore | Memory, sources: Iterable[Source], stopping: Callable[[], bool]
) -> BackupFolder | None:
    """Return where the store is backed up, and old news go, where the operator named a folder for it."""
    if settings.backups is None or isinstance(store, Memory):
        return None
    known = {source.id: source for source in (REGISTER, *sources)}
    return BackupFolder(parse(settings.database_url.get_secret_value()), settings.backups, known, stopping)


async def _desk(
    settings: Settings,
    store: SqlStore | Memory,
    ports: Ports,
    reading: _Reading,
    *,
    stack: AsyncExitStack,
) -> Desk:
    """Return what commands get: the same ports as the jobs have, and what only people need."""
    asked = await asyncio.to_thread(_Asked.load, reading.books)
    recognise = Recogniser(
        read=reading.read,
        joiner=reading.intake.joiner,
        fetch=reading.doors.abroad,
        parse=reading.parse,
        articles=reading.articles,
        queries=store,
        language_of=asked.language_of,
    )
    return Desk(
        queries=store,
        subscriptions=store,
        rulings=Rulings(reading.intake, store, store, ports.clock),
        books=reading.books,
        region_names=asked.region_names,
        kinds=ports.kinds,
        clock=ports.clock,
        version=version("vistka"),
        commands={plug.name: plug for plug in asked.plugs if isinstance(plug, Command)},
        handles=store,
        dialogues=store,
        outbox=store,
        dictionary=asked.dictionary,
        draw=await stack.enter_async_context(open_drawing()),
        atlas=asked.atlas,
        recognise=recognise,
        sources=ports.sources,
        roles={**dict.fromkeys(settings.editors, "editor"), **dict.fromkeys(settings.admins, "admin")},
    )


def outgoing_of(
    settings: Settings, house: House, desk: Desk, where: Callable[[], Whereabouts] = Whereabouts
) -> Outgoing:
    """Return what answers those who read feeds or take events of the house."""
    edition = Edition(desk.kinds, desk.books[FALLBACK], load_points(desk.atlas), bot_number(settings))

    def load() -> Forms:
        return Forms(discover(bot.core.export, "FORMAT"), discover(bot.core.syndication, "FEED"))

    return Outgoing(Exporting(house.store, edition), desk.books, desk.clock, load, where=where)


def refuse_unspoken(language: str, spoken: Collection[str]) -> None:
    """Raise SettingsError where the bot does not speak the language of its posts."""
    if language not in spoken:
        raise SettingsError(f"VISTKA_LANGUAGE: the bot does not speak {language!r}; choose {', '.join(sorted(spoken))}")
