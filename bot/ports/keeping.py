"""What is kept of the store beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Backups(Protocol):
    """The backups of the store in a folder of the operator's."""

    async def made(self) -> tuple[datetime, ...]:
        """Return when those were made that are there, oldest first."""
        ...

    async def make(self, at: datetime) -> str:
        """Make one while everything goes on, and return where it is; raise VistkaError, leaving none, where it cannot be made."""
        ...

    async def thin(self, keep: Collection[datetime]) -> int:
        """Take away those made at other times; return how many those were."""
        ...


class Archive(Protocol):
    """Old news in files that `vistka replay` reads, one for each month."""

    async def write(self, since: datetime, before: datetime) -> str:
        """Write the news first seen between two times, and all older ones that are about to be forgotten; return where.

        Returns "" where nothing is about to be forgotten. Raises VistkaError, leaving no file, where it cannot be written.
        """
        ...
