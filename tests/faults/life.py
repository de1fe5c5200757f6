"""One life of the daemon in a process of its own: its house, its jobs, and a clock that runs ahead.

The house is built as `bot.daemon` builds it; only that its ports count steps, its pacing is 200 times as fast, its clock
skips what nobody waits for, and its jobs are run by turns. It tells whoever bred it, line by line, when there is nothing left
to do, and is told to go on or to end.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import bot.adapters.lexicons
import bot.app
from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore, engine, open_store
from bot.adapters.telegram import TelegramPublisher, build_application, connect
from bot.adapters.telegram.limiter import Limiter
from bot.app import House, open_house
from bot.core.model import Event, Feed, Response, Source, Subscription
from bot.jobs import poll
from bot.jobs.deliver import Deliver
from bot.ports import VistkaError
from bot.settings import Settings
from tests.faults.stepped import Stepped, SteppedRequest, Steps
from tests.faults.story import CHANNEL, SUPERGROUP, sources

FASTER = 200
BUSY, IDLE = timedelta(seconds=35), timedelta(minutes=6)
"""Between two rounds: what is unknown rests for half a minute before it is looked for; a source is due after minutes."""
FEWEST, MOST = 2, 50
"""Idle rounds after which every source had its polls, and all those after which nothing ends any more."""
PAUSE = 0.05
"""Seconds of real time after a round that failed."""
PATIENCE = 0.3
"""Seconds that a life waits for a database that is locked."""
LOADED = (
    (bot.adapters.lexicons, "reader_over"),
    (bot.app, "load_phrasebooks"),
    (bot.app, "load_place_names"),
    (bot.app, "load_region_names"),
)
"""What the house loads of data that never changes: once for all lives."""
SETTINGS = Settings(fetch_allow=(ip_network("127.0.0.0/8"),), full_text=False, language="uk", poll_seconds=1)
READS = frozenset(
    {"due", "state", "poll_states", "candidates", "holders", "event", "holder", "subscriptions", "posted"}
)
READS |= {"answers", "presumed", "pending", "get", "revisions", "feedback", "neighbours", "latest"}
"""Questions to the store: a kill beside one is a kill beside the next write."""


@dataclass(frozen=True, slots=True)
class Life:
    """What a life is born with. `fatal` is the step at which it dies by itself, 0 where it does not."""

    database: str
    api: str
    token: str
    feeds: str
    control: str
    begins: float
    fatal: int = 0


class Clock:
    """The Clock port, from a beginning on. `skip` lets time pass, `set_by` is what somebody does to a clock."""

    def __init__(self, begins: float) -> None:
        self._begins, self._skipped, self._born = begins, 0.0, time.monotonic()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._begins + self.elapsed(), UTC)

    def elapsed(self) -> float:
        """Return the seconds that passed, whatever was done to the clock."""
        return self._skipped + time.monotonic() - self._born

    def skip(self, duration: timedelta) -> None:
        self._skipped += duration.total_seconds()

    def set_by(self, seconds: float) -> None:
        self._begins += seconds


@dataclass(frozen=True, slots=True)
class ParsedHere:
    """The Parse port without a process of its own: a life that is killed leaves nobody behind."""

    types: Any

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        feed: Feed = self.types[source.type].parse(source, response, now)
        return feed


def load_once(feeds: str) -> None:
    """Build a house and tear it down, and keep what it loaded for all that follow."""
    engine._BUSY_SECONDS = PATIENCE
    for module, name in LOADED:
        setattr(module, name, _kept(getattr(module, name)))
    asyncio.run(_build_and_leave(feeds))


def _kept(load: Callable[..., Any]) -> Callable[..., Any]:
    made: list[Any] = []

    def loaded(*args: Any, **given: Any) -> Any:
        if not made:
            made.append(load(*args, **given))
        return made[0]

    return loaded


async def _build_and_leave(feeds: str) -> None:
    unused: Any = None
    build_application("1:none")
    async with open_house(SETTINGS, unused, Memory(), clock=Clock(0), sources=sources(feeds)) as house:
        await house.words()
        await house.ready()


async def live(life: Life) -> None:
    """Live until told to end, or dead."""
    heard, told = await asyncio.open_unix_connection(life.control)
    steps, clock = Steps(life.fatal), Clock(life.begins)
    async with AsyncExitStack() as stack:
        store = await open_store(life.database)
        stack.push_async_callback(store.close)
        house = await _house(life, store, steps, clock, stack)
        deliver = Deliver(glance=0.01)
        while True:
            await _settle(house, deliver, clock, told)
            told.write(await _report(store, steps))
            word, _, set_by = (await heard.readline()).decode().partition(" ")
            if word != "on":
                break
            clock.set_by(float(set_by))
    told.close()


async def _house(life: Life, store: SqlStore, steps: Steps, clock: Clock, stack: AsyncExitStack) -> House:
    limiter = Limiter(clock=lambda: time.monotonic() * FASTER, sleep=lambda seconds: asyncio.sleep(seconds / FASTER))
    application = build_application(life.token, life.api, limiter)
    application.bot._request = tuple(SteppedRequest(each, steps) for each in application.bot._request)
    counted: Any = Stepped(store, steps, "store", READS)
    house = await stack.enter_async_context(
        open_house(SETTINGS, TelegramPublisher(application.bot), counted, clock=clock, sources=sources(life.feeds))
    )
    polling: Any = house.ports.polling
    polling._manners = replace(polling._manners, elapsed=clock.elapsed)
    polling._fetch = Stepped(polling._fetch, steps, "net")
    polling._parse = Stepped(ParsedHere(polling.types), steps, "parser")
    polling._intake._read = Stepped(polling._intake._read, steps, "reader")
    for chat_id in (CHANNEL, SUPERGROUP):
        if await store.get(chat_id) is None:
            await store.save(Subscription(chat_id=chat_id, language="uk"))
    assert await connect(application, asyncio.Event())
    stack.push_async_callback(application.shutdown)
    return house


async def _settle(house: House, deliver: Deliver, clock: Clock, told: asyncio.StreamWriter) -> None:
    """Poll and deliver by turns until nothing waits; say what fails, which the daemon logs, and go on."""
    idle = rounds = 0
    while idle <= FEWEST:
        rounds += 1
        assert rounds < MOST, "the outbox is never empty"
        try:
            waiting = await _round(house, deliver)
        except VistkaError as error:
            told.write(json.dumps({"trouble": str(error)}).encode() + b"\n")
            await asyncio.sleep(PAUSE)
            waiting, rounds = 1, 0
        idle = 0 if waiting else idle + 1
        clock.skip(BUSY if waiting else IDLE)


async def _round(house: House, deliver: Deliver) -> int:
    """Run both jobs once; return how many deliveries wait."""
    await poll.JOB.run(house.ports)
    await house.ports.queue.idle()
    await deliver.run(house.ports)
    return await house.ports.outbox.pending()


async def _report(store: SqlStore, steps: Steps) -> bytes:
    """Return a line with the steps taken and the events as they are."""
    events = sorted((_essence(event) for event in await store.latest(100)), key=str)
    return json.dumps({"steps": steps.taken, "events": events}, default=str).encode() + b"\n"


def _essence(event: Event) -> dict[str, Any]:
    """Return what of an event does not depend on when and in which order it came to be."""
    reports = sorted(map(str, (report.id for report in event.reports)))
    return {"kind": event.kind, "date": event.date, "status": event.status, "facts": event.facts, "reports": reports}


def born(line: str) -> Life:
    """Read a life from a line."""
    return Life(**json.loads(line))


def line_of(life: Life) -> str:
    """Write a life as a line."""
    return json.dumps(asdict(life)) + "\n"
