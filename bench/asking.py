"""How long the store takes for what people ask: a page of a list, by day, kind, place and word, and all events in short.

Asked beside twenty thousand and a million stored events on SQLite; see bench/README.md.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sized
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import bot.core.kinds
from bench.history import A_DAY, DAY, copy_rows, take_day
from bot.adapters.store import SqlStore, open_store
from bot.core.kinds import Kind
from bot.plugins import discover
from bot.ports import Wanted

FEW, MANY = 20_000, 1_000_000
PAGE, DEEP = 10, 200
TIMES = 15
KINDS: dict[str, Kind] = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}
RECENT = DAY - timedelta(days=5_000 // A_DAY)
ASKED = {
    "everything": Wanted(),
    "one kind": Wanted(kinds=("swap",)),
    "a region": Wanted(regions=("UA-63",)),
    "a country, both kinds": Wanted(("swap", "strike"), regions=("UA",)),
    "a week": Wanted(first=DAY - timedelta(days=30), last=DAY - timedelta(days=24)),
    "a word that most have": Wanted(words=("cit",)),
    "a word that one in 46 has": Wanted(words=("bel",)),
    "a word that none has": Wanted(words=("quake",)),
}


def main(many: int = MANY) -> None:
    """Measure and print; `many` is the size of the large store."""
    for events in (FEW, many):
        asyncio.run(_measure(events))


async def _measure(events: int) -> None:
    with tempfile.TemporaryDirectory(prefix="vistka-bench-") as folder:
        path = Path(folder) / "vistka.sqlite3"
        store = await open_store(f"sqlite:///{path}")
        await take_day(store, KINDS)
        await store.close()
        copy_rows(path, max(1, events // A_DAY))
        store = await open_store(f"sqlite:///{path}")
        print(f"{events:,} events; milliseconds, the median of {TIMES}    first page   after {DEEP} events")
        for name, wanted in ASKED.items():
            print(f"  {name:<52} {await _page(store, wanted, 0):>8.1f} {await _page(store, wanted, DEEP):>19.1f}")
        took, found = await _median(lambda: store.outlines(Wanted(first=RECENT)))
        print(f"  {f'{found:,} events in short':<52} {took:>8.1f}")
        await store.close()


async def _page(store: SqlStore, wanted: Wanted, offset: int) -> float:
    took, _ = await _median(lambda: store.listed(wanted, PAGE, offset))
    return took


async def _median(ask: Callable[[], Awaitable[Sized]]) -> tuple[float, int]:
    """Return how long an answer takes, and how much is in it."""
    took: list[float] = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await ask()
        took.append((time.perf_counter() - began) * 1e3)
    return sorted(took)[TIMES // 2], len(answer)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
