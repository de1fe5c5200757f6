"""A newsroom for campaigns: chats of both sorts, an admin, and outlets whose items go the daemon's own way.

Items come in one by one (`tell`) or in feeds that the poll job fetches and parses (`publish`); the delivery job brings
them to the chats. What an item says is scripted by its title, and `spread` counts what each chat got.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import count
from typing import Any

import bot.core.sources
from bot.adapters.memory import Memory
from bot.adapters.queue import EmbeddedQueue
from bot.adapters.store import SqlStore
from bot.core.model import Delivery, Event, Feed, Item, Message, Origin, Report, Request, Response, Source, Subscription
from bot.core.render import Renderer
from bot.intake import Intake, Joining
from bot.jobs import Ports
from bot.jobs.deliver import Deliver
from bot.jobs.poll import JOB as POLL
from bot.plugins import discover
from bot.polling import Polling
from bot.ports import Read
from bot.rulings import Rulings
from tests.examples import BOOKS
from tests.reports import KINDS, at, strike

TYPES = {each.name: each for each in discover(bot.core.sources, "SOURCE")}
CAREFUL = Subscription(chat_id=-1, language="uk", unconfirmed="hold")
OPEN = Subscription(chat_id=-2, language="ru", unconfirmed="mark")
ADMINS = (71, 72)


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: its words, when its outlet says it was published, and what is read in it."""

    title: str
    published: datetime | None
    says: Mapping[str, Any]
    guid: str = ""
    text: str = ""


class Script:
    """Reads into an item what the test says it tells."""

    def __init__(self) -> None:
        self.says: dict[str, Mapping[str, Any]] = {}

    async def read(self, item: Item) -> tuple[Report, ...]:
        says = dict(self.says[item.title])
        credited = says.pop("credits", ())
        told = strike(item.source.name, item.published, says.pop("day", None), **says)
        return (replace(told, origin=replace(Origin.of(item), credits=credited)),)


class Ledger:
    """A store that counts what was delivered: (chat, action); a digest counts as a post of each of its events."""

    def __init__(self, store: Memory | SqlStore) -> None:
        self._store = store
        self.delivered: Counter[tuple[int, str]] = Counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        is_digest = delivery.action == "digest"
        self.delivered[delivery.chat_id, "post" if is_digest else delivery.action] += (
            len(delivery.events) if is_digest else 1
        )
        await self._store.sent(delivery, message_id, content)


class Chats:
    """The Publish port: `texts` has what stands in each chat, `under` which message answers which, `silent` those without a sound."""

    def __init__(self) -> None:
        self.texts: dict[tuple[int, int], str] = {}
        self.under: dict[int, int] = {}
        self.silent: set[int] = set()
        self._numbers = count(1)

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:
        number = next(self._numbers)
        self.texts[chat_id, number] = message.text
        self.under |= {number: reply_to} if reply_to else {}
        self.silent |= {number} if message.silent else set()
        return number

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:
        self.texts[chat_id, message_id] = message.text

    async def anchor(self, chat_id: int, thread_id: int) -> int:
        return 0

    def resting(self) -> tuple[int, ...]:
        return ()


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = at(9)

    def now(self) -> datetime:
        return self.time


class Web:
    """Serves by address what outlets publish, and parses it where it stands."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    async def fetch(self, request: Request) -> Response:
        return Response(request.url, 200, {}, self.pages[request.url].encode())

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        return TYPES[source.type].parse(source, response, now)


class Newsroom:
    """Everything between an outlet and a chat."""

    def __init__(self, store: Memory | SqlStore | None = None, read: Read | None = None) -> None:
        self.store: Any = Ledger(store or Memory())
        self.clock, self.chats = Clock(), Chats()
        self._script, self._web, self._numbers = Script(), Web(), count(1)
        self._intake = Intake(read or self._script, self.store, KINDS.values(), admins=ADMINS, language="en")
        self.rulings = Rulings(self._intake, self.store, self.store, self.clock)
        self._job = Deliver()

    async def open(self) -> Newsroom:
        for chat in (CAREFUL, OPEN):
            await self.store.save(chat)
        return self

    async def tell(self, outlet: str | Source, minute: int, text: str = "", **says: Any) -> str:
        """Let an outlet say something `minute` minutes after noon; return why it was told, or not."""
        source = outlet if isinstance(outlet, Source) else a_source(outlet)
        self.clock.time = max(self.clock.time, at(9) + timedelta(minutes=minute))
        title = f"Новина {next(self._numbers)}"
        self._script.says[title] = says
        (joining,) = await self._take(Item(title, source, "uk", "", at(9) + timedelta(minutes=minute), title, text))
        return joining.reason

    async def read(self, outlet: str | Source, minute: int, language: str, title: str, text: str) -> None:
        """Let an outlet write a text, which is read as the daemon reads it."""
        source = outlet if isinstance(outlet, Source) else a_source(outlet)
        number = f"{source.id}-{next(self._numbers)}"
        await self._take(Item(number, source, language, "", at(9) + timedelta(minutes=minute), title, text))

    async def publish(self, source: Source, entries: Iterable[Entry]) -> None:
        """Let an outlet's feed hold these entries, and poll it."""
        told = list(entries)
        self._script.says |= {entry.title: entry.says for entry in told}
        self._web.pages[source.url] = a_feed(told)
        ports = self._ports(source)
        await POLL.run(ports)
        await ports.queue.idle()

    async def deliver(self) -> None:
        """Deliver what is due now."""
        await self._job.run(self._ports())

    async def spread(self, hours: int = 1) -> Counter[tuple[int, str]]:
        """Deliver what waits, now and for some hours on, and return all that chats ever got: (chat, action)."""
        for _ in range(hours * 6 + 1):
            await self.deliver()
            self.clock.time += timedelta(minutes=10)
        return self.store.delivered

    async def posts(self) -> tuple[int, int]:
        """Return how many posts the careful chat and the open one have had so far."""
        told = await self.spread()
        return told[CAREFUL.chat_id, "post"], told[OPEN.chat_id, "post"]

    async def notices(self) -> tuple[int, ...]:
        """Return how many notices each admin has had so far; edits of them ring nobody."""
        told = await self.spread()
        assert not any(told[admin, "reply"] for admin in ADMINS)
        return tuple(told[admin, "post"] for admin in ADMINS)

    async def events(self) -> tuple[Event, ...]:
        return await self.store.latest(100)

    async def _take(self, item: Item) -> tuple[Joining, ...]:
        summary = await self._intake.take([item])
        assert summary.errors == ()
        return summary.taken[0].joinings

    def _ports(self, *sources: Source) -> Ports:
        unused: Any = None
        polling = Polling(
            sources,
            TYPES,
            fetch=self._web,
            parse=self._web,
            intake=self._intake,
            polls=self.store,
            clock=self.clock,
        )
        return Ports(
            clock=self.clock,
            fetch=self._web,
            store=self.store,
            outbox=self.store,
            queries=self.store,
            subscriptions=self.store,
            alarms=self.store,
            diary=self.store,
            kinds=KINDS,
            publish=self.chats if not sources else unused,
            render=Renderer(BOOKS),
            sources=sources,
            polling=polling,
            queue=EmbeddedQueue(polling.poll),
        )


def a_source(name: str, **changes: Any) -> Source:
    return replace(Source(name.casefold(), name, "rss", f"https://{name.casefold()}.example/rss", "uk"), **changes)


def a_feed(entries: Iterable[Entry]) -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(entry.guid or entry.title)}</guid><title>{escape(entry.title)}</title>"
        f"<description>{escape(entry.text or entry.title)}</description>"
        + (f"<pubDate>{format_datetime(entry.published)}</pubDate>" if entry.published else "")
        + "</item>"
        for entry in entries
    )
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
