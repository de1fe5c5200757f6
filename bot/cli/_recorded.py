"""Recorded news: items read as they come in, of which only what reports an event is kept.

A recorded month has half a million lines, and one in fifty or so tells of an event. The lines themselves are not kept:
which item each of them was stands in a temporary file, so that all can be answered in their order at the end.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeAlias
from zlib import crc32

from bot.adapters.register import REGISTER, load_register
from bot.core.extract import Reader
from bot.core.model import Item, Report

SHORT = 2
"""Columns of a line that needs no time and words: what it says is kept."""
Identity: TypeAlias = tuple[str, str]
Version: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An item that reports something."""

    item: Item
    reports: tuple[Report, ...]


class Recorded:
    """The items of a stream by source and id; implements the Read port over what was read of them.

    Several lines with one id are an item and its edits, in the order of their own times; so neither the order of the lines nor
    repeats matter. Those that cannot be read are named and counted in `failed`.
    """

    def __init__(self, reader: Reader, complain: Callable[[str], None]) -> None:
        self.failed = 0
        self._reader = reader
        self._complain = complain
        self._told: dict[Identity, dict[Version, Told]] = {}
        self._lines = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115  closed with this

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lines.close()

    def add(self, items: Iterable[Item]) -> None:
        """Read the items, one after the other."""
        for item in items:
            versions = self._told.get(identity(item), {})
            silent = _version(item) not in versions and not self._keep(item)
            edition = (item.published.isoformat(), _words(item)) if silent else ()
            self._lines.write(json.dumps((*identity(item), *edition)) + "\n")

    def ordered(self) -> list[Item]:
        """Return the items that ever report anything, and their edits, in the order of their times."""
        told = [told.item for versions in self._told.values() for told in versions.values()]
        return sorted([*told, *self._silent()], key=lambda item: (item.published, *identity(item), _version(item)))

    def lines(self) -> Iterator[Identity]:
        """Yield which item each line was, in the order of the lines, repeats included."""
        return ((source, item) for source, item, *_ in self._written())

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says; an edit is read as of the time at which its item was published first."""
        known = self._told[identity(item)].get(_version(item))
        if known:
            return known.reports
        return self._read(item) if item.title or item.summary or item.body else ()

    def _silent(self) -> Iterator[Item]:
        """Yield the editions that report nothing of items that do at other times, without their words."""
        known = (each for each in self._written() if len(each) > SHORT and (each[0], each[1]) in self._told)
        for source, item, at, words in {tuple(each) for each in known}:
            told = [each.item for each in self._told[source, item].values()]
            if words not in map(_words, told):
                yield replace(told[0], published=datetime.fromisoformat(at), title="", summary="", body=None, page=None)

    def _written(self) -> Iterator[list[Any]]:
        self._lines.seek(0)
        return map(json.loads, self._lines)

    def _keep(self, item: Item) -> bool:
        """Read an item and keep it where it reports anything; return whether it does."""
        try:
            reports = self._read(item)
        except Exception as error:  # noqa: BLE001  the lines after it are still to be read
            self.failed += 1
            self._complain(
                f"item {item.id} of {item.source.id} could not be read: {type(error).__name__}: {error}; "
                "please report it with the item"
            )
            return True
        if reports:
            self._told.setdefault(identity(item), {})[_version(item)] = Told(item, reports)
        return bool(reports)

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


def _words(item: Item) -> int:
    return crc32("\n".join((item.title, item.summary, item.body or "")).encode("utf-8", "surrogatepass"))


def _version(item: Item) -> Version:
    """Return what puts several items with one id in an order of their own: by their times, then by what they say."""
    return item.published, item.title, item.summary, item.body or "", item.language, item.url, repr(item.source)
