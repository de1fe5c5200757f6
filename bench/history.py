"""A long history of events for the benchmark of joining: one day's news, stored as the daemon does it, and its copies.

Storing a million events one by one would take hours. So a day is taken in through the real intake, and then copied to the
days before it: the same rows or values under other numbers, dates and keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Column

from bot.adapters.memory import Memory
from bot.adapters.store.tables import metadata
from bot.core.kinds import Kind
from bot.core.model import Change, Event, Fact, Item, Origin, Report, Source
from bot.intake import Intake
from bot.ports import Joined, Store

DAY = date(2026, 6, 9)
HIT = {
    "RU": "05 07 12 14 18 21 23 26 30 32 35 46 48 51 53 56 59 61 63 65 68 71 74 77",
    "UA": "BEL BRY KRS TUL ROS KDA VOR ORL MOS SMO LIP TVE KLU RYA SAR SAM VGG PNZ TAM AST",
}
STRIKES = [(side, f"{'UA' if side == 'RU' else 'RU'}-{code}") for side, codes in HIT.items() for code in codes.split()]
SWAPS = ("prisoners", "bodies")
A_DAY = len(STRIKES) + len(SWAPS)
"""Events of a day: more than there ever were."""
OUTLETS = 4
OTHER_EVENTS = {"merged_into", "under"}
"""Columns that name an event without being a foreign key."""
DIGESTS = {"identity", "link", "fingerprint"}


def a_day(day: date = DAY) -> list[tuple[Item, Report]]:
    """Return one day's news: a strike on each of many regions and two exchanges, each told by one to four outlets."""
    random = Random(1)
    told: list[tuple[str, dict[str, Fact]]] = [("swap", {"subtype": subtype}) for subtype in SWAPS]
    told += [("strike", {"attacker": side, "region": region, "places": (city(region),)}) for side, region in STRIKES]
    return [
        a_report(number, outlet, kind, {**facts, **_figures(kind, random)}, day)
        for number, (kind, facts) in enumerate(told)
        for outlet in range(1 + number % OUTLETS)
    ]


def city(region: str) -> str:
    """Return the name of the place that is hit in a region, its own as most names are."""
    return f"City of {region}"


def a_report(number: int, outlet: int, kind: str, facts: Mapping[str, Fact], day: date) -> tuple[Item, Report]:
    """Return what an outlet has to say of one event."""
    source = Source(f"outlet-{outlet}", f"Outlet {outlet}", "rss", "", "en", owner=f"owner-{outlet}")
    published = datetime(day.year, day.month, day.day, 6 + 3 * outlet, tzinfo=UTC)
    url, title = (
        f"https://outlet-{outlet}.example/{day}/{number}",
        f"What is known of event {number} by outlet {outlet}",
    )
    item = Item(f"{day}/{number}", source, "en", url, published, title)
    return item, Report(kind=kind, origin=Origin.of(item), date=day, facts=facts)


def _figures(kind: str, random: Random) -> dict[str, Fact]:
    if kind == "swap":
        return {"to_ukraine": 150, "to_russia": 150, "mediators": ("UAE", "US")}
    counts = {"killed": random.randrange(5), "injured": random.randrange(5, 15), "drones": random.randrange(10, 40)}
    return {**counts, "targets": ("residential",)}


class Written:
    """A reader that knows what its items say."""

    def __init__(self, news: Sequence[tuple[Item, Report]]) -> None:
        self._news = {(item.source.id, item.id): report for item, report in news}

    async def read(self, item: Item) -> tuple[Report, ...]:
        return (self._news[item.source.id, item.id],)


async def take_day(store: Store, kinds: Mapping[str, Kind]) -> None:
    """Take a day's news in as the daemon does."""
    news = a_day()
    await Intake(Written(news), store, kinds.values()).take([item for item, _ in news])


def earlier(copy: int) -> date:
    """Return the day that a copy of the stored day is about."""
    return DAY - timedelta(days=copy)


def copy_rows(path: Path, days: int) -> None:
    """Copy the day that a SQLite database holds to the days before it, as if the daemon had stored them all.

    Indexes are made at the end, which takes a fraction of the time.
    """
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; BEGIN;")
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    rows = {table.name: database.execute(f"SELECT * FROM {table.name}").fetchall() for table in metadata.sorted_tables}
    sizes = {name: len(found) for name, found in rows.items()}
    for table in metadata.sorted_tables:
        if rows[table.name] and (table.foreign_keys or "id" in table.columns):
            steps = [_step(column, sizes) for column in table.columns]
            copies = (_copy(row, steps, day) for day in range(1, days) for row in rows[table.name])
            database.executemany(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(steps))})", copies)
    for _, statement in indexes:
        database.execute(statement)
    database.execute("COMMIT")
    database.execute("ANALYZE")
    database.close()


def _step(column: Column[Any], sizes: Mapping[str, int]) -> int | str:
    """Return by how much a number grows from copy to copy, or what has to be done with a text."""
    for foreign in column.foreign_keys:
        return sizes[foreign.column.table.name]
    if column.name == "id":
        return sizes[column.table.name]
    if column.name in OTHER_EVENTS:
        return sizes["event"]
    return "digest" if column.name in DIGESTS else "text"


def _copy(row: Sequence[Any], steps: Sequence[int | str], day: int) -> tuple[Any, ...]:
    return tuple(_copied(value, step, day) for value, step in zip(row, steps, strict=True))


def _copied(value: Any, step: int | str, day: int) -> Any:
    if isinstance(value, int) and isinstance(step, int):
        return value + day * step if value else value
    if isinstance(value, str):
        return f"{value}{day}" if step == "digest" else value.replace(DAY.isoformat(), earlier(day).isoformat())
    return value


async def copy_values(store: Memory, kinds: Mapping[str, Kind], days: int) -> None:
    """Copy the day that a store in memory holds to the days before it."""
    events = [event for kind in kinds.values() for event in await store.between(kind.name, None, None)]
    for copy in range(1, days):
        for event in events:
            await _record(store, kinds[event.kind], _redated(event, earlier(copy)))


async def _record(store: Memory, kind: Kind, event: Event) -> None:
    keys = frozenset(key for report in event.reports for key in kind.index(report))
    change = Change(event, (), "new")
    item = next(_items(event))
    await store.record(item, [Joined(change, keys)])


def _items(event: Event) -> Iterator[Item]:
    for report in event.reports:
        said = report.origin
        source = Source(said.source_id, said.name, "rss", "", said.language)
        yield Item(f"{event.date}/{said.item_id}", source, said.language, "", said.published, said.title)


def _redated(event: Event, day: date) -> Event:
    """Return the event as one of another day; what does not name the day is shared, as far as values can be."""
    reports = tuple(_moved(report, day) for report in event.reports)
    origins = {old.origin: new.origin for old, new in zip(event.reports, reports, strict=True)}
    claims = {
        slot: tuple(replace(claim, origin=origins[claim.origin]) for claim in said)
        for slot, said in event.claims.items()
    }
    span = {"opened": reports[0].origin.published, "updated": reports[-1].origin.published}
    return replace(event, id=0, date=day, reports=reports, claims=claims, founded={}, **span)


def _moved(report: Report, day: date) -> Report:
    published = datetime.combine(day, report.origin.published.timetz())
    return replace(report, date=day, origin=replace(report.origin, published=published))
