"""Hands updates to the handlers, however they came: each is kept first, and handled in the order of its chat.

An update that was polled or pushed goes one way. Its message's number is noted. What is for nobody, too old, or one too many of a flood is dropped before
it costs anything. The rest is stored before Telegram is told that it arrived, so that it outlives a crash; then it
becomes a task that waits for the one before it in its chat and for no other. One that cannot be handled is put aside.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from telegram import Bot, Update

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.flood import Floodgate
from bot.adapters.telegram.incoming import Incoming, Raw, read_incoming
from bot.adapters.telegram.numbers import Numbers
from bot.ports import Clock, Updates

log = structlog.get_logger()

OLDEST = timedelta(hours=1)
"""How long after it was written a message is still answered; what came in during a longer outage is not."""
MOST_IN_FLIGHT = 256
LONGEST = 120.0
"""Seconds that the handling of one update may take."""
LAST_WORDS = 10.0
"""Seconds that running handlers get at a stop."""
MOST_RECALLED = 10_000


class Dispatcher:
    """Takes raw updates. `handle` is given each of them; what it raises is logged and the update put aside."""

    def __init__(
        self,
        bot: Bot,
        updates: Updates,
        handle: Callable[[Update], Awaitable[None]],
        flood: Floodgate,
        clock: Clock,
        *,
        numbers: Numbers,
    ) -> None:
        self._bot = bot
        self._updates = updates
        self._handle = handle
        self._flood = flood
        self._clock = clock
        self._numbers = numbers
        self._newest: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._waiting: Counter[tuple[str, int]] = Counter()
        self._ended = asyncio.Event()
        self._in_flight: dict[int, asyncio.Task[None]] = {}

    async def resume(self) -> None:
        """Begin with what was kept before the last stop, or crash, and not done.

        What ends the process each time it is handled is so given up after an hour.
        """
        await self._flood.open()
        for _, text, came in await self._updates.received(MOST_RECALLED):
            raw = json.loads(text)
            incoming = self._read(raw)
            await self._room(incoming.turn)
            if self._is_old(incoming, came.timestamp()):
                await stored(self._updates.done(incoming.id))
            else:
                self._begin(incoming, raw)

    async def take(self, raw: Raw, patience: float | None = None) -> None:
        """Keep an update and begin to handle it, unless it is dropped or known already.

        Raises TimeoutError where there is no room for it within the seconds of `patience`, and what the store raises.
        """
        incoming = self._read(raw)
        self._numbers.note(incoming)
        if not self._is_wanted(incoming):
            return
        async with asyncio.timeout(patience):
            await self._room(incoming.turn)
        if await self._updates.receive(incoming.id, json.dumps(raw), self._clock.now()):
            self._begin(incoming, raw)

    def take_unkept(self, raw: Raw) -> None:
        """Begin to handle an update that could not be stored: better an answer that a crash may cut off than none."""
        self._begin(self._read(raw), raw)

    async def finish(self) -> None:
        """Let the running handlers end within their last words; what is cut off is handled after the next start."""
        if self._in_flight:
            _, late = await asyncio.wait(list(self._in_flight.values()), timeout=LAST_WORDS)
            for task in late:
                task.cancel()
        self._flood.close()
        await self._numbers.close()

    def _read(self, raw: Raw) -> Incoming:
        return read_incoming(raw, self._bot.id, self._bot.username)

    def _is_wanted(self, incoming: Incoming) -> bool:
        """Tell whether it is for us, young enough, and not one too many."""
        if incoming.binding:
            return True
        if not incoming.addressed or incoming.id in self._in_flight or self._is_old(incoming):
            return False
        return self._flood.lets_through(incoming, self._waiting[incoming.turn])

    def _is_old(self, incoming: Incoming, came: float = 0) -> bool:
        """Tell whether it is too late for an answer. A press has no time of its own: it counts from when it `came`."""
        sent = incoming.sent or came
        age = self._clock.now().timestamp() - sent
        return sent != 0 and not incoming.binding and age > OLDEST.total_seconds()

    async def _room(self, turn: tuple[str, int]) -> None:
        """Wait until there are not too many under way: one of each chat is, and what waits behind it takes nobody's room.

        How much may wait behind one's own chat is the guard's to say.
        """
        while turn not in self._newest and len(self._newest) >= MOST_IN_FLIGHT:
            self._ended.clear()
            await self._ended.wait()

    def _begin(self, incoming: Incoming, raw: Raw) -> None:
        if incoming.id in self._in_flight:
            return
        task = asyncio.create_task(self._in_turn(self._newest.get(incoming.turn), incoming, raw))
        self._newest[incoming.turn] = self._in_flight[incoming.id] = task
        self._waiting[incoming.turn] += 1

    async def _in_turn(self, before: asyncio.Task[None] | None, incoming: Incoming, raw: Raw) -> None:
        """Handle one update after the one of its chat that came before."""
        try:
            if before is not None:
                await asyncio.wait([before])
            await self._handled(incoming.id, raw)
            await stored(self._updates.done(incoming.id))
        finally:
            self._forget(incoming)

    async def _handled(self, update_id: int, raw: Raw) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                await self._handle(Update.de_json(raw, self._bot))
        except Exception as error:
            log.exception("update put aside", update_id=update_id)
            reason = redacted(f"{type(error).__name__}: {error}")
            await stored(self._updates.quarantine(update_id, json.dumps(raw), reason))

    def _forget(self, incoming: Incoming) -> None:
        task = self._in_flight.pop(incoming.id)
        self._waiting[incoming.turn] -= 1
        if self._newest.get(incoming.turn) is task:
            del self._newest[incoming.turn], self._waiting[incoming.turn]
            self._ended.set()


async def stored(storing: Awaitable[None]) -> None:
    """Await the store; should it fail, an update may be handled twice, which is better than none being handled now."""
    try:
        await storing
    except Exception:
        log.exception("not stored")
