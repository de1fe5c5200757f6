"""The register of earlier exchanges, bundled as `bot/data/exchanges.csv`: what was known before the daemon first polled.

Each row is a handover with its public source. It goes in as an item of a source of its own, so that later news joins
these events like any others and a second time changes nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from bot.core.model import Fact, Item, Origin, Report, Source
from bot.ports import VistkaError

TABLE: Final = Path(__file__).parents[1] / "data" / "exchanges.csv"
REGISTER: Final = Source("register", "Register of exchanges", "register", "", "en", tier="register")
COUNTS: Final = {
    "to_ukraine": "to_ukraine",
    "to_russia": "to_russia",
    "civilians_to_ukraine": "to_ukraine_civilians",
    "civilians_to_russia": "to_russia_civilians",
    "ordinal": "ordinal",
}
"""Columns with numbers, and the slots that they fill; an empty cell was never published."""
SUBTYPES: Final = frozenset({"prisoners", "bodies"})
NOON: Final = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: the item that it counts as, and its report."""

    item: Item
    report: Report


def load_register(table: Path = TABLE) -> tuple[Entry, ...]:
    """Return the register, oldest first; raise VistkaError naming the line at fault."""
    try:
        with table.open(encoding="utf-8", newline="") as file:
            return tuple(_entries(table.name, csv.DictReader(file)))
    except OSError as error:
        raise VistkaError(f"{table}: cannot be read ({error.strerror}); restore the file") from None


def _entries(name: str, rows: Iterator[Mapping[str, str]]) -> Iterator[Entry]:
    for line, row in enumerate(rows, 2):
        try:
            yield _entry(row)
        except (KeyError, TypeError, ValueError) as error:
            raise VistkaError(f"{name}, line {line}: {error} is missing or of the wrong form; mend the row") from None


def _entry(row: Mapping[str, str]) -> Entry:
    day = date.fromisoformat(row["date"])
    facts = _facts(row)
    handed = " ".join(f"{slot}={value}" for slot, value in facts.items() if isinstance(value, int))
    title = f"{day}, {row['subtype']}: {handed or 'no figures'}"
    item = Item(title, REGISTER, REGISTER.language, "", datetime.combine(day, NOON), title, row["note"])
    return Entry(
        item, Report(kind="swap", origin=replace(Origin.of(item), url=row["source_url"]), date=day, facts=facts)
    )


def _facts(row: Mapping[str, str]) -> dict[str, Fact]:
    if row["subtype"] not in SUBTYPES:
        raise ValueError(f"subtype {row['subtype']!r}")
    facts: dict[str, Fact] = {"subtype": row["subtype"]}
    facts |= {slot: int(row[column]) for column, slot in COUNTS.items() if row[column]}
    if row["mediators"]:
        facts["mediators"] = tuple(row["mediators"].split(";"))
    return facts


class RegisterRead:
    """The Read port over the register: its items say what their rows say."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self._reports = {entry.item.id: entry.report for entry in entries}

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return the report of the row that the item stands for."""
        return (self._reports[item.id],)
