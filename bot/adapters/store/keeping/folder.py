"""The operator's folder, as the daemon fills it: in a thread that leaves the loop room, and that ends when the daemon does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from bot.adapters.store.keeping.archive import archive
from bot.adapters.store.keeping.backup import back_up
from bot.adapters.store.keeping.files import backup_name, backups_in, thin
from bot.core.model import Source
from bot.ports import TemporaryError

BREATH = 0.005
"""Seconds without work after each batch of rows, which takes about as long: half of the processor is the loop's."""


class BackupFolder:
    """The Backups port and the Archive port over one folder. `sources` are those that archived items may be of."""

    def __init__(self, url: URL, folder: Path, sources: Mapping[str, Source], stopping: Callable[[], bool]) -> None:
        self._url = url
        self._folder = folder
        self._sources = sources
        self._stopping = stopping

    async def made(self) -> tuple[datetime, ...]:
        """Return when those were made that are there, oldest first."""
        return tuple(await asyncio.to_thread(backups_in, self._folder))

    async def make(self, at: datetime) -> str:
        """Make one while everything goes on, and return where it is."""
        path = self._folder / backup_name(at)
        await asyncio.to_thread(back_up, self._url, path, at, self._breathe)
        return str(path)

    async def thin(self, keep: Collection[datetime]) -> int:
        """Take away those made at other times; return how many those were."""
        return await asyncio.to_thread(thin, self._folder, keep)

    async def write(self, since: datetime, before: datetime) -> str:
        """Write the items first seen between two times, and all older ones that may be forgotten; return where."""
        path = await asyncio.to_thread(
            archive, self._url, self._folder, since, before, sources=self._sources, told=self._breathe
        )
        return str(path) if path else ""

    def _breathe(self, _done: int, _total: int) -> None:
        if self._stopping():
            raise TemporaryError("the daemon stops")
        time.sleep(BREATH)
