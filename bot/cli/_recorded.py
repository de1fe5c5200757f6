"""Recorded news: items read as they come in, of which only what reports an event is kept.

A recorded month has half a million lines, and one in fifty or so tells of an event. The lines themselves are not kept:
which item each of them was stands in a temporary file, so that all can be answered in their order at the end.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import TracebackType
from typing import Self, TypeAlias

from bot.adapters.register import REGISTER, load_register
from bot.core.extract import Reader
from bot.core.model import Item, Report

Identity: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """An item that reports something."""

    item: Item
    reports: tuple[Report, ...]


class Recorded:
    """The items of a stream by source and id; implements the Read port over what was read of them.

    Of several items with one id the one that was published first counts, of those that report anything; so neither the
    order of the lines nor repeats matter. Those that cannot be read are named and counted in `failed`.
    """

    def __init__(self, reader: Reader, complain: Callable[[str], None]) -> None:
        self.failed = 0
        self._reader = reader
        self._complain = complain
        self._told: dict[Identity, Told] = {}
        self._lines = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  closed with this

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lines.close()

    def add(self, items: Iterable[Item]) -> None:
        """Read the items, one after the other."""
        for item in items:
            self._lines.write(json.dumps(identity(item)) + "\n")
            known = self._told.get(identity(item))
            if known is None or _version(item) < _version(known.item):
                self._keep(item)

    def ordered(self) -> list[Item]:
        """Return the items that report anything in the order in which they were published."""
        items = (told.item for told in self._told.values())
        return sorted(items, key=lambda item: (item.published, *identity(item)))

    def lines(self) -> Iterator[Identity]:
        """Yield which item each line was, in the order of the lines, repeats included."""
        self._lines.seek(0)
        for line in self._lines:
            source, item = json.loads(line)
            yield source, item

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what was read of the item."""
        return self._told[identity(item)].reports

    def _keep(self, item: Item) -> None:
        try:
            reports = self._read(item)
        except Exception as error:  # noqa: BLE001  the lines after it are still to be read
            self.failed += 1
            self._complain(
                f"item {item.id} of {item.source.id} could not be read: {type(error).__name__}: {error}; "
                "please report it with the item"
            )
            return
        if reports:
            self._told[identity(item)] = Told(item, reports)

    def _read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says; a row of the register says what it always said."""
        row = _register().get(item.id) if item.source == replace(REGISTER, type=item.source.type) else None
        return (row,) if row else self._reader.read(item)


@cache
def _register() -> Mapping[str, Report]:
    return {entry.item.id: entry.report for entry in load_register()}


def identity(item: Item) -> Identity:
    """Return what an item is known by."""
    return item.source.id, item.id


def _version(item: Item) -> tuple[object, ...]:
    """Return what puts several items with one id in an order of their own: the first published, then by what they say."""
    return item.published, item.title, item.summary, item.body or "", item.language, item.url, repr(item.source)
