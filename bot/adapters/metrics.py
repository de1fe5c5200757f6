"""Counts, and the page of them that Prometheus reads.

While we work a count is a number in a dictionary. Prometheus' own library makes the page, and is loaded when somebody asks
for that first. A scrape asks the database little, and not more often than every few seconds.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, product
from typing import TYPE_CHECKING, Any

from bot.adapters.families import (
    COUNTED,
    LOOKED_UP,
    MEASURED,
    MOST_VALUES,
    NOTED,
    OTHER,
    OUTBOX_STATES,
    SOURCE_STATES,
    Family,
)
from bot.adapters.health import ANSWER_WITHIN, Health, near
from bot.adapters.http import Asked, Route, Said
from bot.ports import Clock, VistkaError
from bot.ports.tally import Figures, Watched

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

PREFIX = "vistka_"
FRESH = timedelta(seconds=5)
"""For how long what the database said is said again."""


@dataclass(slots=True)
class Spread:
    """Values by the first bound that they are not above; `above` all of them in the last place."""

    bounds: tuple[float, ...]
    numbers: list[int] = field(default_factory=list)
    total: float = 0.0

    def add(self, value: float) -> None:
        """Add a value."""
        self.numbers[bisect_left(self.bounds, value)] += 1
        self.total += value


class Counts:
    """The port `Tally`, with every count since the start."""

    def __init__(self) -> None:
        self._families = {family.name: family for family in (*COUNTED, *MEASURED, *NOTED)}
        self._numbers: dict[tuple[str, ...], float] = {}
        self._spreads: dict[tuple[str, ...], Spread] = {}
        self._open: dict[tuple[str, str], set[str]] = {}
        for family in (*COUNTED, *MEASURED):
            for values in product(*(label.values for label in family.labels)):
                self._begin(family, (family.name, *values))

    def count(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Count that something happened."""
        key = (name, *labels)
        if key not in self._numbers:
            key = self._admitted(name, labels)
        self._numbers[key] += by

    def measure(self, name: str, value: float, *labels: str) -> None:
        """Add a value to those that something had."""
        key = (name, *labels)
        if key not in self._spreads:
            key = self._admitted(name, labels)
        self._spreads[key].add(value)

    def note(self, name: str, value: float, *labels: str) -> None:
        """Say what something is now; on the page from the first time on."""
        key = (name, *labels)
        if key not in self._numbers:
            key = self._admitted(name, labels)
        self._numbers[key] = value

    def families(self) -> Iterator[tuple[Family, dict[tuple[str, ...], float | Spread]]]:
        """Yield each family with what was counted, by its labels."""
        kept: dict[tuple[str, ...], float | Spread] = {**self._numbers, **self._spreads}
        for family in self._families.values():
            yield family, {key[1:]: value for key, value in kept.items() if key[0] == family.name}

    def _admitted(self, name: str, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the key that counts for labels that never came before."""
        family = self._families[name]
        told = (
            self._known(name, label.name, label.values, given)
            for label, given in zip(family.labels, labels, strict=True)
        )
        key = (name, *told)
        if key not in self._numbers and key not in self._spreads:
            self._begin(family, key)
        return key

    def _known(self, name: str, label: str, values: tuple[str, ...], given: str) -> str:
        if values:
            return given if given in values else OTHER
        known = self._open.setdefault((name, label), set())
        if given not in known and len(known) >= MOST_VALUES:
            return OTHER
        known.add(given)
        return given

    def _begin(self, family: Family, key: tuple[str, ...]) -> None:
        if family.kind == "histogram":
            self._spreads[key] = Spread(family.bounds, [0] * (len(family.bounds) + 1))
        else:
            self._numbers[key] = 0.0


@dataclass(slots=True, eq=False)
class Page:
    """What Prometheus reads: our counts, how the store stands, and what the process takes of the machine."""

    counts: Counts
    health: Health
    clock: Clock
    version: str
    store: Watched | None = None
    _registry: CollectorRegistry | None = None
    _known: Figures | None = None
    _asked: datetime | None = None
    _ready: bool = False

    async def answer(self, _: Asked) -> Said:
        """Return the page."""
        if self._registry is None:
            self._registry = await asyncio.to_thread(_registry, self)
        await self._look_up()
        self._ready = not self.health.lacking and not await self.health.complaints(beyond=True)
        from prometheus_client import generate_latest  # noqa: PLC0415

        return Said(generate_latest(self._registry))

    def collect(self) -> Iterator[Metric]:
        """Yield every family, as Prometheus' library wants it."""
        for family, values in self.counts.families():
            yield _metric(family, values)
        gauges = dict(self._gauges())
        for family in LOOKED_UP:
            yield _metric(family, gauges.get(family.name, {}))

    async def _look_up(self) -> None:
        """Ask the store how it stands, unless it was asked a moment ago; one that does not answer leaves nothing."""
        now = self.clock.now()
        if self.store is None or (self._asked is not None and timedelta(0) <= now - self._asked < FRESH):
            return
        self._asked = now
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                self._known = await self.store.figures(now)
        except (VistkaError, TimeoutError):
            self._known = None

    def _gauges(self) -> Iterator[tuple[str, dict[tuple[str, ...], float | Spread]]]:
        known, now = self._known, self.clock.now()
        yield "build_info", {(self.version,): 1}
        yield "ready", {(): self._ready}
        yield "database_up", {(): known is not None}
        if known is None:
            return
        yield "database_bytes", {(): known.size}
        yield "outbox_deliveries", {(state,): known.outbox.get(state, 0) for state in OUTBOX_STATES}
        yield "outbox_oldest_seconds", {(): _since(known.oldest, now)}
        yield "sources", {(state,): known.sources.get(state, 0) for state in SOURCE_STATES}
        yield "sources_overdue", {(): known.overdue}
        if known.success is not None:
            yield "source_success_age_seconds", {(): _since(known.success, now)}


def metrics_route(page: Page) -> Route:
    """Return who answers Prometheus."""
    return Route(answer=page.answer, admit=near("/metrics"), method="GET")


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _registry(page: Page) -> CollectorRegistry:
    """Return a registry of our own, with what the process takes beside the page."""
    from prometheus_client import CollectorRegistry, ProcessCollector  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(page)
    ProcessCollector(registry=registry)
    return registry


def _metric(family: Family, values: dict[tuple[str, ...], Any]) -> Metric:
    from prometheus_client import core  # noqa: PLC0415

    name, labels = PREFIX + family.name, [label.name for label in family.labels]
    kinds = {
        "counter": core.CounterMetricFamily,
        "gauge": core.GaugeMetricFamily,
        "histogram": core.HistogramMetricFamily,
    }
    metric: Any = kinds[family.kind](name, family.says, labels=labels)
    for given, value in values.items():
        if isinstance(value, Spread):
            edges = (*map(str, value.bounds), "+Inf")
            metric.add_metric(given, list(zip(edges, accumulate(value.numbers), strict=True)), value.total)
        else:
            metric.add_metric(given, float(value))
    made: Metric = metric
    return made
