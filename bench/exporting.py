"""What feeds and exports cost beside a long history: to make an answer, to look again, to say it once more; and all of it.

    python bench/exporting.py [EVENTS]

The history is that of the benchmark of joining (`bench/history.py`), in SQLite. "lag" is the longest that the loop let others wait,
"own" the processor time that its thread took meanwhile, which no other program lengthens.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import bot.core.export
import bot.core.kinds
import bot.core.syndication
from bench.history import A_DAY, copy_rows, take_day
from bot.adapters.borders import load_atlas
from bot.adapters.http import Asked, Said
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.outgoing import Forms, Outgoing
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.points import load_points
from bot.adapters.store import SqlStore, open_store
from bot.core.export import Edition
from bot.exporting import Exporting, Whereabouts
from bot.plugins import discover
from bot.ports import Wanted
from bot.rhythm import favour_the_loop

KINDS = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
BOOKS = load_phrasebooks(load_region_names(), load_place_names())
ASKED = (
    ("feeds", "uk.atom", {}),
    ("feeds", "en.json", {"limit": "200"}),
    ("", "events.csv", {}),
    ("", "events.json", {"after": "5000"}),
    ("", "events.geojson", {"region": "UA-63"}),
    ("", "events.ics", {}),
)
TIMES = 1_000


class Time:
    """A clock and seconds; both stand still until they are moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 6, 10, tzinfo=UTC)

    def __call__(self) -> float:
        return self.passed


@dataclass
class Lag:
    """How long the loop let others wait at most, in milliseconds: by the clock, and of processor time of its own."""

    most: float = 0.0
    own: float = 0.0

    async def watch(self) -> None:
        while True:
            before, spent = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            self.most = max(self.most, 1000 * (time.perf_counter() - before) - 1)
            self.own = max(self.own, 1000 * (time.thread_time() - spent))


@asynccontextmanager
async def history(events: int) -> AsyncIterator[SqlStore]:
    """Give a store with so many events."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite3"
        store = await open_store(f"sqlite:///{path}")
        await take_day(store, KINDS)
        await store.close()
        await asyncio.to_thread(copy_rows, path, max(2, events // A_DAY))
        store = await open_store(f"sqlite:///{path}")
        yield store
        await store.close()


async def main(events: int) -> None:
    """Measure and print."""
    edition = Edition(KINDS, BOOKS["en"], load_points(load_atlas()), "1")
    async with history(events) as store:
        exporting, clock, lag = Exporting(store, edition), Time(), Lag()
        forms = Forms(discover(bot.core.export, "FORMAT"), discover(bot.core.syndication, "FEED"))
        outgoing = Outgoing(exporting, BOOKS, clock, lambda: forms, elapsed=clock)
        favour_the_loop()
        watching = asyncio.create_task(lag.watch())
        print("                                 made   lag   own  looked again  once more   bytes gz")
        for folder, name, query in ASKED:
            asked = Asked(name, {"accept-encoding": "gzip"}, folder=folder, query=query)
            print(f"{folder}/{name} {query or ''}".ljust(32), await measured(outgoing, asked, clock, lag))
        print(await whole(exporting, lag))
        watching.cancel()


async def measured(outgoing: Outgoing, asked: Asked, clock: Time, lag: Lag) -> str:
    """Return what one question costs."""
    await asyncio.sleep(0.01)  # what was asked a thousand times in a row before does not count
    lag.most = lag.own = 0.0
    made, said = await timed(outgoing, asked)
    waited, own = lag.most, lag.own
    clock.passed += 11
    looked, _ = await timed(outgoing, asked)
    before = time.perf_counter()
    for _ in range(TIMES):
        await outgoing.answer(asked)
    kept = (time.perf_counter() - before) / TIMES
    size = len(said.body) if isinstance(said, Said) else 0
    return f"{1000 * made:5.0f} ms {waited:4.0f} ms {own:4.0f} ms {1000 * looked:9.1f} ms {1e6 * kept:7.0f} us {size:9}"


async def timed(outgoing: Outgoing, asked: Asked) -> tuple[float, int | Said]:
    """Return how long an answer takes, and the answer."""
    before = time.perf_counter()
    said = await outgoing.answer(asked)
    return time.perf_counter() - before, said


async def whole(exporting: Exporting, lag: Lag) -> str:
    """Return how quickly all events are read for an export."""
    lag.most, lag.own, before, count = 0.0, 0.0, time.perf_counter(), 0
    async for _ in exporting.every(Wanted(), Whereabouts()):
        count += 1
    took = time.perf_counter() - before
    return (
        f"all {count} events in {took:.1f} s, {count / took:.0f} a second, lag {lag.most:.0f} ms, own {lag.own:.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
