"""Learns the newest message number of each chat that numbers its own messages, from every update there is.

That number tells where to look for a post whose answer is lost, so what is said among people counts as much as what is
said to the bot. A lively group would cost a transaction for each of its messages: numbers are kept in memory, and of all
that came within a moment only the newest of each chat is written. One that is written too late, or never, is a longer
search and no wrong one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.adapters.telegram.incoming import Incoming
from bot.adapters.telegram.own import OWN_NUMBERING
from bot.ports import LeaseLostError, Outbox

log = structlog.get_logger()

PAUSE = 2.0
"""Seconds between two writes."""


class Numbers:
    """Notes numbers, and writes them into the outbox behind the updates' back."""

    def __init__(self, outbox: Outbox, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._outbox = outbox
        self._sleep = sleep
        self._fresh: dict[int, int] = {}
        self._writing: asyncio.Task[None] | None = None

    def note(self, incoming: Incoming) -> None:
        """Note the number of a message that an update brings or is about. Never waits for anything."""
        chat_id, number = incoming.chat_id, incoming.message_id
        if chat_id > OWN_NUMBERING or number <= self._fresh.get(chat_id, 0):
            return
        self._fresh[chat_id] = number
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_on())

    async def close(self) -> None:
        """Write what is not written yet, and no more after that."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        await self._write()

    async def _write_on(self) -> None:
        """Write, and again what came meanwhile, until nothing did."""
        while self._fresh:
            await self._write()
            await self._sleep(PAUSE)

    async def _write(self) -> None:
        """Write what was noted by now. A number that could not be written is left to the next message of its chat."""
        for chat_id in tuple(self._fresh):
            number = self._fresh.pop(chat_id)
            try:
                await self._outbox.seen(chat_id, number)
            except LeaseLostError:
                self._fresh.clear()
                return
            except Exception:
                log.exception("number not written", chat=chat_id)
