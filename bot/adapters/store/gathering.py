"""Writes that go together: a durable commit costs as much as a hundred rows, and a busy moment has dozens of writes.

What comes one after the other within moments is written in one transaction, that of each sort with one statement, as soon as
nothing more comes or enough wait. Where the writing fails each is written by itself, so that nobody pays for what another
one has to store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import Context
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from bot.adapters.store.engine import Database
from bot.ports import TemporaryError

Write: TypeAlias = Callable[[Connection, Sequence[Any]], None]
Waiting: TypeAlias = tuple[Write, object, "asyncio.Future[None]"]

MOMENT: Final = 0.005
"""Seconds without another write after which those that wait are written."""
MOMENTS: Final = 6
"""For so many of them writes are gathered at most."""
ENOUGH: Final = 64
"""Writes that wait for no more."""


class Gathering:
    """Gathers writes to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._enough = asyncio.Event()

    def add(self, write: Write, what: object) -> asyncio.Future[None]:
        """Let something be written by what writes all of its sort; the future is done when it is committed."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, what, written))
        if len(self._waiting) >= ENOUGH:
            self._enough.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all(), context=Context())  # in nobody's transaction
        return written

    async def _write_all(self) -> None:
        """Write what waits, again and again until nothing does."""
        while self._waiting:
            await self._pause()
            waiting, self._waiting = self._waiting, []
            self._enough.clear()
            failure = await self._written(waiting)
            if failure is not None and len(waiting) > 1 and not isinstance(failure, TemporaryError):
                for each in waiting:
                    _tell([each], await self._written([each]))
            else:
                _tell(waiting, failure)

    async def _pause(self) -> None:
        """Wait until enough is there, or nothing came for a moment, or it has been long enough."""
        for _ in range(MOMENTS):
            there = len(self._waiting)
            with suppress(TimeoutError):
                async with asyncio.timeout(MOMENT):
                    await self._enough.wait()
            if self._enough.is_set() or len(self._waiting) == there:
                return

    async def _written(self, waiting: Sequence[Waiting]) -> Exception | None:
        """Write all of these or nothing; return why it could not be done."""
        sorts: dict[Write, list[object]] = {}
        for write, what, _ in waiting:
            sorts.setdefault(write, []).append(what)

        def write_all(connection: Connection) -> None:
            for write, all_of_it in sorts.items():
                write(connection, all_of_it)

        try:
            await self._database.at_once(write_all)
        except Exception as error:  # noqa: BLE001  (whoever waits for it raises it)
            return error
        return None


def _tell(waiting: Sequence[Waiting], failure: Exception | None) -> None:
    for _, _, written in waiting:
        if not written.done():
            written.set_exception(failure) if failure else written.set_result(None)
