"""Writes that go together: a durable commit costs as much as a hundred rows, and a busy moment has dozens of writes.

What comes within a moment is written in one transaction, that of each sort with one statement. The more came together the
last time, the longer is the next moment, unless enough wait before it is over. Where the writing fails each is written by
itself, so that nobody pays for what another one has to store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from bot.adapters.store.engine import Database
from bot.ports import TemporaryError

Write: TypeAlias = Callable[[Connection, Sequence[Any]], None]
Waiting: TypeAlias = tuple[Write, object, "asyncio.Future[None]"]

MOMENT: Final = 0.005
"""Seconds for which writes are gathered where they come one by one; so many times as long where several came together."""
LONGEST: Final = 0.03
"""Seconds for which they are gathered at most."""
ENOUGH: Final = 64
"""Writes that wait for no more."""


class Gathering:
    """Gathers writes to one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._enough = asyncio.Event()
        self._moment = MOMENT

    def add(self, write: Write, what: object) -> asyncio.Future[None]:
        """Let something be written by what writes all of its sort; the future is done when it is committed."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((write, what, written))
        if len(self._waiting) >= ENOUGH:
            self._enough.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return written

    async def _write_all(self) -> None:
        """Write what waits, again and again until nothing does."""
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._moment):
                    await self._enough.wait()
            waiting, self._waiting = self._waiting, []
            self._enough.clear()
            self._moment = min(MOMENT * len(waiting), LONGEST)
            failure = await self._written(waiting)
            if failure is not None and len(waiting) > 1 and not isinstance(failure, TemporaryError):
                for each in waiting:
                    _tell([each], await self._written([each]))
            else:
                _tell(waiting, failure)

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
