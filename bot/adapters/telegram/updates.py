"""Asks Telegram for updates and hands them to the handlers.

python-telegram-bot's own poller confirms updates before they are handled and never gets past one that it cannot parse.
Here each update is parsed alone, a broken one is put aside, and how far they are handled is stored, so that a restart
continues there. Updates of one chat keep their order; a slow command keeps no other chat waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.limiter import seconds_of
from bot.ports import PermanentError, Updates

log = structlog.get_logger()

Raw: TypeAlias = dict[str, Any]
WANTED = ("message", "channel_post", "callback_query", "my_chat_member")
LONG_POLL = 50
"""Seconds for which Telegram holds a poll that has nothing to tell."""
ANSWER_MARGIN = 15.0
GRACE = 1.0
"""Seconds for which a batch may take before the next one is asked for, and with that confirmed to Telegram."""
MOST_IN_FLIGHT = 256
LAST_WORDS = 10.0
"""Seconds that running handlers get at a stop."""
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
OTHER_POLLER = "another program polls with this token, or a webhook is set: stop it, or this one gets only part"


class UpdateLoop:
    """Polls until told to stop. `handle` is given each update; what it raises is logged and the update put aside."""

    def __init__(
        self,
        bot: Bot,
        updates: Updates,
        handle: Callable[[Update], Awaitable[None]],
        *,
        request: BaseRequest | None = None,
        grace: float = GRACE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._updates = updates
        self._handle = handle
        self._request = request or HTTPXRequest(connection_pool_size=1, read_timeout=LONG_POLL + ANSWER_MARGIN)
        self._grace = grace
        self._sleep = sleep
        self._newest: dict[int, asyncio.Task[None]] = {}
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._next = 0
        self._delay = FIRST_DELAY

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then let the running handlers finish; raise PermanentError for a bad token."""
        stopping = asyncio.create_task(stop.wait())
        try:
            async with self._request:
                self._next = await self._updates.offset()
                while not stop.is_set():
                    await _first(asyncio.create_task(self._round()), stopping)
        finally:
            stopping.cancel()
            await self._finish()

    async def _round(self) -> None:
        """Poll once, and start handling what came."""
        try:
            batch = await self._poll()
        except InvalidToken as error:
            raise PermanentError("Telegram refuses the token; check VISTKA_TELEGRAM_TOKEN") from error
        except TelegramError as error:
            await self._sleep(self._pause(error))
            return
        self._delay = FIRST_DELAY
        await self._settle([task for raw in batch if (task := self._start(raw))])

    async def _poll(self) -> Sequence[Raw]:
        asked = {"offset": self._next, "timeout": LONG_POLL, "allowed_updates": json.dumps(WANTED)}
        try:
            batch: Any = await self._request.post(f"{self._bot.base_url}/getUpdates?{urlencode(asked)}")
            return [raw for raw in batch if isinstance(raw["update_id"], int)]
        except (KeyError, TypeError) as error:
            raise TelegramError("an answer without updates") from error

    def _pause(self, error: TelegramError) -> float:
        """Say what is wrong and return how long to wait; longer each time."""
        reason = OTHER_POLLER if isinstance(error, Conflict) else redacted(error.message)
        pause = seconds_of(error) if isinstance(error, RetryAfter) else self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        log.warning("polling failed", error=type(error).__name__, reason=reason, retry_in=pause)
        return pause

    def _start(self, raw: Raw) -> asyncio.Task[None] | None:
        """Start handling an update, unless it is a repeat of one that is being handled."""
        update_id, chat = raw["update_id"], chat_of(raw)
        self._next = update_id + 1
        if update_id in self._in_flight:
            return None
        task = asyncio.create_task(self._in_turn(self._newest.get(chat), update_id, raw))
        self._newest[chat] = self._in_flight[update_id] = task
        return task

    async def _in_turn(self, before: asyncio.Task[None] | None, update_id: int, raw: Raw) -> None:
        """Handle one update after the one of its chat that came before."""
        if before is not None:
            await asyncio.wait([before])
        try:
            await self._handle(Update.de_json(raw, self._bot))
        except Exception as error:
            log.exception("update put aside", update_id=update_id)
            text = json.dumps(raw, ensure_ascii=False)
            reason = redacted(f"{type(error).__name__}: {error}")
            await _stored(self._updates.quarantine(update_id, text, reason))
        await self._handled(update_id, chat_of(raw))

    async def _handled(self, update_id: int, chat: int) -> None:
        """Remember how far everything is done: up to the first update that is not."""
        oldest = min(self._in_flight)
        task = self._in_flight.pop(update_id)
        if self._newest.get(chat) is task:
            del self._newest[chat]
        if update_id == oldest:
            await _stored(self._updates.handled(min(self._in_flight, default=self._next) - 1))

    async def _settle(self, batch: Sequence[asyncio.Task[None]]) -> None:
        """Give the batch a moment: what is handled before the next poll cannot be lost in a crash."""
        if batch:
            await asyncio.wait(batch, timeout=self._grace)
        while len(self._in_flight) >= MOST_IN_FLIGHT:
            await asyncio.wait(self._in_flight.values(), return_when=asyncio.FIRST_COMPLETED)

    async def _finish(self) -> None:
        """Let the running handlers end within their last words, cut off the rest."""
        if self._in_flight:
            _, late = await asyncio.wait(list(self._in_flight.values()), timeout=LAST_WORDS)
            for task in late:
                task.cancel()


def chat_of(raw: Raw) -> int:
    """Return the chat of an update, or the person where there is no chat, or 0; whatever the update looks like."""
    for payload in raw.values():
        if isinstance(payload, dict):
            message = payload.get("message") if isinstance(payload.get("message"), dict) else payload
            owner = (message or {}).get("chat") or payload.get("from")
            if isinstance(owner, dict) and isinstance(owner.get("id"), int):
                return int(owner["id"])
    return 0


async def _stored(storing: Awaitable[None]) -> None:
    """Await the store; should it fail, updates may come twice after a restart, which is better than none at all now."""
    try:
        await storing
    except Exception:
        log.exception("updates not stored")


async def _first(work: asyncio.Task[None], stopping: asyncio.Task[Any]) -> None:
    """Await the work, or call it off when it is time to stop."""
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
