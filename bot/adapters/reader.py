"""The reading port over the reader: milliseconds of work, done in a thread so that the loop stays free."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.extract import Reader
from bot.core.model import Item, Report


@dataclass(frozen=True, slots=True)
class ThreadedRead:
    """Implements `bot.ports.Read` and `bot.ports.Gate`; reads one item at a time."""

    reader: Reader

    def promising(self, item: Item) -> bool:
        """Tell whether an item may be about an event; a fraction of a millisecond, so it is done on the spot."""
        return self.reader.promising(item)

    async def read_all(self, items: Sequence[Item]) -> tuple[tuple[Report, ...] | Exception, ...]:
        """Return what each of the items says, or why it cannot be read, after one way to the thread and back."""
        return await asyncio.to_thread(lambda: tuple(map(self._read, items)))

    def _read(self, item: Item) -> tuple[Report, ...] | Exception:
        try:
            return self.reader.read(item)
        except Exception as error:  # noqa: BLE001  (one item that fails holds up no other)
            return error

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says, main news and background."""
        return await asyncio.to_thread(self.reader.read, item)
