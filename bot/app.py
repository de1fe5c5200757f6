"""The composition root: settings into adapters, adapters behind ports, jobs on the clock, commands into Telegram.

Nothing is decided here. `open_house` builds everything for as long as a context lasts: for `bot.daemon`, and for the demo
with another clock and a terminal for a channel.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections import ChainMap
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import bot.core.kinds
import bot.core.sources
import bot.jobs
from bot.adapters.article import open_articles
from bot.adapters.counting import CountedFetch, CountedIntake, CountedParse
from bot.adapters.http import Network, is_inside, open_fetch
from bot.adapters.late import Late
from bot.adapters.lean import uncollected
from bot.adapters.memory import Memory
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.parser_pool import open_parser
from bot.adapters.phrases import load_phrasebooks, spoken_languages
from bot.adapters.queue import EmbeddedQueue
from bot.adapters.reader import ThreadedRead
from bot.adapters.register import REGISTER
from bot.adapters.sources import load_sources
from bot.adapters.store import SqlStore, parse
from bot.adapters.store.keeping import BackupFolder
from bot.completing import Completer
from bot.core.editions import DOUBTED, Doubts
from bot.core.extract import Reader
from bot.core.kinds import Kind
from bot.core.model import Source
from bot.core.render import Renderer
from bot.core.render.phrases import Phrasebook
from bot.core.sources import SourceType
from bot.intake import Intake
from bot.jobs import Job, Ports, never
from bot.plugins import discover
from bot.polling import Manners, Polling
from bot.ports import Article, Clock, Fetch, Parse, Publish, Queue
from bot.ports.tally import UNCOUNTED, Tally
from bot.pushing import Subscriber
from bot.recognising import Recogniser
from bot.rulings import Rulings
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from handlers import Desk


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
    words   waits until events can be told in every language; an `early` job does without
    ready   waits until news can be read, and raises LexiconError; feeds are asked before, and what they bring waits too
    hold    has nothing of that loaded before somebody waits for it, whatever feeds bring
    reread  reads the list of sources again and has these polled, and raises SourcesError, leaving all as it is
    """

    ports: Ports
    store: SqlStore | Memory
    plugs: Callable[[], tuple[object, ...]]
    jobs: tuple[Job, ...]
    desk: Callable[[], Awaitable[Desk]]
    words: Callable[[], Awaitable[object]]
    ready: Callable[[], Awaitable[object]]
    hold: Callable[[], None]
    reread: Callable[[], Awaitable[None]]


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
        stack.callback(reading.read.give_up)
        kept = _kept(settings, store, polling, stopping)
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
            sources=polling.sources.values(),
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
        desk = partial(_desk, settings, store, ports, reading, stack=stack)
        words, jobs = partial(_words, reading), discover(bot.jobs, "JOB")
        reread = partial(_reread, settings, reading, polling)
        yield House(ports, store, _plugs, jobs, desk, words, reading.read.ready, reading.read.hold, reread)


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
    refuse_unspoken(settings.language, spoken_languages())
    books = Late(lambda: load_phrasebooks(load_region_names(), Late(load_place_names)))
    fetch = await stack.enter_async_context(
        open_fetch(version=version("vistka"), contact=settings.contact, allow=settings.fetch_allow)
    )
    abroad = await stack.enter_async_context(open_fetch(version=version("vistka"), contact=settings.contact))
    doors = Doors(fetch, fetch.closed(), abroad, settings.fetch_allow)
    parse = await stack.enter_async_context(open_parser(types, tally=tally))
    articles = await stack.enter_async_context(open_articles())
    read = ThreadedRead(partial(_reader, kinds, sources))
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


def _reader(kinds: Sequence[Kind], sources: Sequence[Source]) -> Reader:
    """Load the reader, in a thread."""
    from bot.adapters.lexicons import reader_over  # noqa: PLC0415  (feeds are asked meanwhile)

    return reader_over(kinds, sources=sources)


async def _reread(settings: Settings, reading: _Reading, polling: Polling) -> None:
    """Poll what the list of sources has by now."""
    polled = await asyncio.to_thread(load_sources, settings.sources, reading.types)
    polling.reload(polled)
    reading.read.know(polled)


async def _words(reading: _Reading) -> None:
    """Wait until events can be told, with the names of places."""
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
    settings: Settings, store: SqlStore | Memory, polling: Polling, stopping: Callable[[], bool]
) -> BackupFolder | None:
    """Return where the store is backed up, and old news go, where the operator named a folder for it."""
    if settings.backups is None or isinstance(store, Memory):
        return None
    known = ChainMap({REGISTER.id: REGISTER}, polling.sources)
    return BackupFolder(parse(settings.database_url.get_secret_value()), settings.backups, known, stopping)


async def _desk(
    settings: Settings, store: SqlStore | Memory, ports: Ports, reading: _Reading, *, stack: AsyncExitStack
) -> Desk:
    desk = await asyncio.to_thread(import_module, "bot.desk")
    recogniser = partial(
        Recogniser,
        read=reading.read,
        joiner=reading.intake.joiner,
        fetch=reading.doors.abroad,
        parse=reading.parse,
        articles=reading.articles,
        queries=store,
    )
    furnished: Desk = await desk.furnish(
        settings,
        store,
        ports,
        reading.books,
        rulings=Rulings(reading.intake, store, store, ports.clock),
        recogniser=lambda language_of: recogniser(language_of=language_of),
        stack=stack,
    )
    return furnished


def _plugs() -> tuple[object, ...]:
    from bot.desk import plug_ins  # noqa: PLC0415  (feeds are asked before there are commands)

    return plug_ins()


def refuse_unspoken(language: str, spoken: Collection[str]) -> None:
    """Raise SettingsError where the bot does not speak the language of its posts."""
    if language not in spoken:
        raise SettingsError(f"VISTKA_LANGUAGE: the bot does not speak {language!r}; choose {', '.join(sorted(spoken))}")
