"""The reading port over the reader: milliseconds of work, done in a thread so that the loop stays free."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.core.extract import Reader
from bot.core.model import Item, Report


@dataclass(frozen=True, slots=True)
class ThreadedRead:
    """Implements `bot.ports.Read`; reads one item at a time."""

    reader: Reader

    async def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says, main news and background."""
        return await asyncio.to_thread(self.reader.read, item)
