"""How long a decision takes beside a thousand and a million stored events, and what likeness of texts would take.

A decision is what a new report waits for: the events that share a blocking key with it are looked up in the store, and it
is matched with them; see bench/README.md.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import bot.core.kinds
from bench.history import A_DAY, OUTLETS, STRIKES, a_report, copy_rows, copy_values, earlier, take_day
from bot.adapters.memory import Memory
from bot.adapters.store import open_store
from bot.core.kinds import Kind
from bot.core.match import match
from bot.core.model import Report
from bot.plugins import discover
from bot.ports import Store

FEW, MANY = 1_000, 1_000_000
DECISIONS = 3_000
VECTOR = 384
SEARCHES = 20
KINDS: dict[str, Kind] = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}


def main(many: int = MANY) -> None:
    """Measure and print; `many` is the size of the long history."""
    print(f"{DECISIONS} decisions about random days, milliseconds      p50      p99")
    cosine = _cosine(many)
    for name, measure in (("SQLite", _in_sqlite), ("in memory", _in_memory)):
        few, much = (asyncio.run(measure(events)) for events in (FEW, many))
        for events, times in ((FEW, few), (many, much)):
            print(f"  {name:<10} {events:>10,} events stored            {times[0]:>8.3f} {times[1]:>8.3f}")
        print(f"  {name:<10} grows by                            {much[0] / few[0]:>8.2f} {much[1] / few[1]:>8.2f}")
    print(f"  cosine over {many:>10,} x {VECTOR} floats (32 bits)   {cosine[0]:>8.3f} {cosine[1]:>8.3f}")


async def _in_sqlite(events: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="vistka-bench-") as folder:
        path = Path(folder) / "vistka.sqlite3"
        store = await open_store(f"sqlite:///{path}")
        await take_day(store, KINDS)
        await store.close()
        began = time.perf_counter()
        copy_rows(path, max(1, events // A_DAY))
        print(f"  ({events:,} events: {path.stat().st_size / 2**20:,.0f} MiB in {time.perf_counter() - began:.0f} s)")
        store = await open_store(f"sqlite:///{path}")
        try:
            return await _decide(store, events)
        finally:
            await store.close()


async def _in_memory(events: int) -> tuple[float, float]:
    store = Memory()
    await take_day(store, KINDS)
    gc.disable()
    await copy_values(store, KINDS, max(1, events // A_DAY))
    gc.freeze()
    gc.enable()
    return await _decide(store, events)


async def _decide(store: Store, events: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of what a decision takes, in milliseconds."""
    random = Random(2)
    days = max(1, events // A_DAY)
    took = []
    for number in range(DECISIONS):
        report = _late_report(random, random.randrange(days))
        kind = KINDS[report.kind]
        began = time.perf_counter()
        event, _ = match(kind, report, await store.candidates(kind.around(report)))
        if number >= DECISIONS // 10:
            took.append((time.perf_counter() - began) * 1e3)
        assert event is not None
        assert event.date == report.date
    return _percentiles(took)


def _late_report(random: Random, copy: int) -> Report:
    """Return what one more outlet says of a strike on that day."""
    number, (attacker, region) = random.choice(tuple(enumerate(STRIKES, 2)))
    facts = {"attacker": attacker, "region": region, "killed": random.randrange(9), "injured": random.randrange(5, 40)}
    _, report = a_report(number, OUTLETS, "strike", facts, earlier(copy))
    published = report.origin.published + timedelta(hours=random.randrange(5))
    return replace(report, origin=replace(report.origin, published=published))


def _cosine(vectors: int) -> tuple[float, float]:
    """Return what it takes to find the likest of so many vectors of unit length by comparing all of them."""
    generator = np.random.default_rng(1)
    stored = generator.standard_normal((vectors, VECTOR), dtype=np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    took = []
    for number in generator.integers(vectors, size=SEARCHES):
        asked = stored[number] + np.float32(0.01)
        began = time.perf_counter()
        found = int(np.argmax(stored @ asked))
        took.append((time.perf_counter() - began) * 1e3)
        assert found == number
    return _percentiles(took)


def _percentiles(took: list[float]) -> tuple[float, float]:
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
