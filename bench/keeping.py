"""What a backup, the archive of a month, forgetting and a restore take: python bench/keeping.py [items].

Fills a SQLite database with items of which one in fifty reports an event, then does each of the three as the daemon's jobs do,
while a loop looks every millisecond how late it is, and writes an item every 50 ms.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert

from bot.adapters.store import SqlStore, open_store, tables
from bot.adapters.store.engine import Database, parse
from bot.adapters.store.keeping import BackupFolder, restore
from bot.core.model import Item, Source
from bot.rhythm import favour_the_loop

ITEMS = 300_000
TELLING = 50
MONTH = datetime(2026, 8, 1, tzinfo=UTC)
NEXT = datetime(2026, 9, 1, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
FEED = Source("bereg", "Bereg", "rss", "https://bereg.example/rss", "uk")
TEXT = "Уночі ворог атакував місто ударними дронами, пошкоджено будинки, є постраждалі. " * 12
STEP = 2_000


@dataclass
class Beside:
    """How late the loop was, and how long each write took, in seconds."""

    late: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


def item_row(number: int) -> dict[str, object]:
    digest = hashlib.blake2b(str(number).encode(), digest_size=15).hexdigest()
    at = MONTH + number * (NEXT - MONTH) / ITEMS
    return {
        "id": number,
        "source_id": f"source-{number % 100}",
        "guid": f"https://bereg.example/{number}",
        "language": "uk",
        "url": f"https://bereg.example/{number}",
        "published": at,
        "seen_at": at + timedelta(minutes=5),
        "title": f"Новина {number} про ніч",
        "summary": TEXT[:200],
        "body": TEXT,
        "identity": f"a{digest}",
        "link": f"b{digest}",
        "fingerprint": f"c{digest}",
    }


def report_row(number: int) -> dict[str, object]:
    return {"item_id": number, "event_id": 1, "position": 0, "kind": "strike", "report": "{}", "decision": "{}"}


async def fill(url: str, items: int) -> None:
    database = Database(parse(url))
    event = {"kind": "strike", "region": "", "status": "", "disputed": False, "confirmed": True, "verdict": ""}
    times = {"opened": MONTH, "updated": NOW, "date": MONTH.date()}
    for first in range(1, items + 1, STEP):
        numbers = range(first, min(first + STEP, items + 1))
        async with database.write() as connection:
            if first == 1:
                await connection.execute(
                    insert(tables.event), event | times | {"id": 1, "revision": 1, "fold": "{}", "merged_into": 0}
                )
            await connection.execute(insert(tables.item), [item_row(number) for number in numbers])
            told = [report_row(number) for number in numbers if number % TELLING == 0]
            await connection.execute(insert(tables.report), told)
    await database.close()


async def watched(what: str, store: SqlStore, work: Callable[[], Awaitable[object]]) -> None:
    """Do a piece of work beside a loop that looks at its clock and writes; print how all of it went."""
    beside, numbers = Beside(), count(time.time_ns())

    async def look() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            beside.late.append(time.perf_counter() - before - 0.001)

    async def write() -> None:
        while True:
            before = time.perf_counter()
            await store.remember([Item(str(next(numbers)), FEED, "uk", "", NOW, "x")], (), NOW)
            beside.writes.append(time.perf_counter() - before)
            await asyncio.sleep(0.05)

    others = [asyncio.create_task(each()) for each in (look, write)]
    began = time.perf_counter()
    made = await work()
    took = time.perf_counter() - began
    for other in others:
        other.cancel()
    late, writes = (sorted(each) for each in (beside.late, beside.writes))
    print(
        f"{what:8} {took:6.1f} s   loop late p99 {_p99(late):5.1f} ms, most {1e3 * late[-1]:5.1f};   "
        f"a write p99 {_p99(writes):5.1f} ms, most {1e3 * writes[-1]:5.1f}   {made}"
    )


def _p99(values: list[float]) -> float:
    return 1e3 * values[len(values) * 99 // 100]


async def main(items: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'vistka.db'}"
        store = await open_store(url)
        await fill(url, items)
        favour_the_loop()
        print(f"{items:,} items, {(folder / 'vistka.db').stat().st_size / 2**20:,.0f} MiB")
        kept = BackupFolder(parse(url), folder / "kept", {}, lambda: False)

        async def back_up() -> str:
            return _size(await kept.make(NOW))

        async def archive() -> str:
            return _size(await kept.write(MONTH, NEXT))

        async def prune() -> str:
            steps = [gone async for gone in store.prune(NEXT, NOW)]
            return f"{sum(steps):,} in {len(steps)} steps"

        for what, work in (("nothing", lambda: asyncio.sleep(3)), ("backup", back_up), ("archive", archive)):
            await watched(what, store, work)
        await watched("prune", store, prune)
        await store.close()
        began = time.perf_counter()
        made = f"sqlite:///{folder / 'again.db'}"
        (path,) = (folder / "kept").glob("*.zip")
        await asyncio.to_thread(restore, parse(made), path, NOW, replace=False, told=lambda *_: None)
        print(f"restore  {time.perf_counter() - began:6.1f} s")


def _size(path: str) -> str:
    return f"{Path(path).stat().st_size / 2**20:.0f} MiB" if path else ""


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS))
