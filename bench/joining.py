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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import bot.core.kinds
from bench.history import A_DAY, OUTLETS, STRIKES, a_report, city, copy_rows, copy_values, earlier, take_day
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
WIDE = 1000
SEARCHES = 20
KINDS: dict[str, Kind] = {kind.name: kind for kind in discover(bot.core.kinds, "KIND")}


@dataclass(frozen=True, slots=True)
class Times:
    """What each of many decisions took, in milliseconds: of the clock on the wall, and of the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time what is done within."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1e3)
        self.processor.append((time.process_time() - processor) * 1e3)

    def percentiles(self) -> tuple[float, ...]:
        """Return the median and the 99th percentile of either."""
        both = [sorted(took[len(took) // 10 :]) for took in (self.wall, self.processor)]
        return tuple(took[len(took) * share // 100] for took in both for share in (50, 99))


def main(many: int = MANY) -> None:
    """Measure and print; `many` is the size of the long history."""
    print(f"{DECISIONS} decisions about random days, in milliseconds     p50      p99   of the processor: p50   p99")
    print(_line(f"cosine over {many:,} x {VECTOR} floats (32 bits)", cosine := _cosine(many).percentiles()))
    for name, measure in (("SQLite", _in_sqlite), ("memory", _in_memory)):
        few, much = (asyncio.run(measure(events)).percentiles() for events in (FEW, many))
        print(_line(f"{name}, {FEW:,} events", few))
        print(_line(f"{name}, {many:,} events", much))
        print(_line("  how many times as long", [one / other for one, other in zip(much, few, strict=True)]))
        print(
            _line("  how many times as quick as cosine", [one / other for one, other in zip(cosine, much, strict=True)])
        )


def _line(name: str, figures: Sequence[float]) -> str:
    wall, tail, *processor = (f"{figure:>8.3f}" if figure < WIDE else f"{figure:>8,.0f}" for figure in figures)
    return f"  {name:<48} {wall} {tail} {'':>13} {' '.join(processor)}"


async def _in_sqlite(events: int) -> Times:
    with tempfile.TemporaryDirectory(prefix="vistka-bench-") as folder:
        path = Path(folder) / "vistka.sqlite3"
        store = await open_store(f"sqlite:///{path}")
        await take_day(store, KINDS)
        await store.close()
        copy_rows(path, max(1, events // A_DAY))
        store = await open_store(f"sqlite:///{path}")
        try:
            return await _decide(store, events)
        finally:
            await store.close()


async def _in_memory(events: int) -> Times:
    store = Memory()
    await take_day(store, KINDS)
    gc.disable()
    await copy_values(store, KINDS, max(1, events // A_DAY))
    gc.freeze()
    gc.enable()
    return await _decide(store, events)


async def _decide(store: Store, events: int) -> Times:
    """Return what decisions about any day of the history take; the first tenth of them warms up."""
    random = Random(2)
    times = Times()
    for _ in range(DECISIONS):
        report = _late_report(random, random.randrange(max(1, events // A_DAY)))
        kind = KINDS[report.kind]
        with times.one():
            event, _ = match(kind, report, await store.candidates(kind.around(report)))
        assert event is not None
        assert event.date == report.date
    return times


def _late_report(random: Random, copy: int) -> Report:
    """Return what one more outlet says of a strike on that day."""
    number, (attacker, region) = random.choice(tuple(enumerate(STRIKES, 2)))
    figures = {"killed": random.randrange(9), "injured": random.randrange(5, 40)}
    facts = {"attacker": attacker, "region": region, "places": (city(region),), **figures}
    _, report = a_report(number, OUTLETS, "strike", facts, earlier(copy))
    published = report.origin.published + timedelta(hours=random.randrange(5))
    return replace(report, origin=replace(report.origin, published=published))


def _cosine(vectors: int) -> Times:
    """Return what it takes to find the likest of so many vectors of unit length by comparing all of them."""
    generator = np.random.default_rng(1)
    stored = generator.standard_normal((vectors, VECTOR), dtype=np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    times = Times()
    for number in generator.integers(vectors, size=SEARCHES):
        asked = stored[number] + np.float32(0.01)
        with times.one():
            found = int(np.argmax(stored @ asked))
        assert found == number
    return times


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
