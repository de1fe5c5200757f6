"""Many small writes as one: a durable commit costs as much as a hundred rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.engine import Database

T = TypeVar("T")
Write: TypeAlias = Callable[[AsyncConnection, Sequence[T]], Awaitable[None]]

_GATHERED = 0.01
"""Seconds for which what is to be written is gathered: under load that makes dozens of writes one commit."""


class Gathering(Generic[T]):
    """Writes what is given to it at about the same time in one transaction. Who waits for it is told once it is durable."""

    def __init__(self, database: Database, write: Write[T]) -> None:
        self._database = database
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def written(self, what: T) -> asyncio.Future[None]:
        """Let something be written with whatever else waits for it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return done

    async def _write_all(self) -> None:
        """Write what waits, again and again until nothing does."""
        while self._waiting:
            await asyncio.sleep(_GATHERED)
            waiting, self._waiting = self._waiting, []
            failure: Exception | None = None
            try:
                async with self._database.write() as connection:
                    await self._write(connection, [what for what, _ in waiting])
            except Exception as error:  # noqa: BLE001  (whoever waits for it raises it)
                failure = error
            for done in (done for _, done in waiting if not done.done()):
                done.set_exception(failure) if failure else done.set_result(None)
