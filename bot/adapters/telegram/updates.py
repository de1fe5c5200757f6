"""Asks Telegram for updates.

python-telegram-bot's own poller confirms updates before they are handled and never gets past one that it cannot parse.
Here they are taken as they are and kept before the next poll confirms them; how far they were taken is stored, so that a
restart continues there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.dispatcher import Dispatcher, stored
from bot.adapters.telegram.fencing import Sure, caller
from bot.adapters.telegram.incoming import WANTED, Raw
from bot.adapters.telegram.limiter import seconds_of
from bot.ports import PermanentError, Updates
from bot.ports.tally import UNCOUNTED, Tally

log = structlog.get_logger()

LONG_POLL = 50
"""Seconds for which Telegram holds a poll that has nothing to tell."""
ANSWER_MARGIN = 15.0
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
REVOKED = "or have @BotFather revoke the token and set the new one here"
OTHER_POLLER = f"another program asks for this bot's updates, and each gets only part of them: stop it, {REVOKED}"
OTHER_WEBHOOK = f"another program has this bot's updates pushed to it; that is ended now: stop it, {REVOKED}"


class UpdateLoop:
    """Polls until told to stop, and hands what came to the dispatcher."""

    def __init__(  # noqa: PLR0913  (what a poll needs, and who counts it)
        self,
        bot: Bot,
        updates: Updates,
        dispatcher: Dispatcher,
        *,
        request: BaseRequest | None = None,
        sure: Sure | None = None,
        tally: Tally = UNCOUNTED,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._updates = updates
        self._dispatcher = dispatcher
        self._request = request or caller(sure, tally, connection_pool_size=1, read_timeout=LONG_POLL + ANSWER_MARGIN)
        self._sleep = sleep
        self._is_pushed: bool | None = None
        self._next = 0
        self._delay = FIRST_DELAY

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then let the running handlers finish; raise PermanentError for a bad token."""
        stopping = asyncio.create_task(stop.wait())
        try:
            async with self._request:
                self._next = await self._updates.offset()
                await self._dispatcher.resume()
                while not stop.is_set():
                    await _first(asyncio.create_task(self._round()), stopping)
        finally:
            stopping.cancel()
            await self._dispatcher.finish()

    async def _round(self) -> None:
        """Poll once, and begin with what came."""
        try:
            await self._end_pushing()
            batch = await self._poll()
        except InvalidToken as error:
            raise PermanentError("Telegram refuses the token; check VISTKA_TELEGRAM_TOKEN") from error
        except TelegramError as error:
            await self._sleep(self._pause(error))
            return
        self._delay = FIRST_DELAY
        for raw in batch:
            await self._take(raw)
        if batch:
            await stored(self._updates.handled(self._next - 1))

    async def _end_pushing(self) -> None:
        """Remove a webhook that an earlier run has set: as long as there is one, nothing can be polled."""
        if self._is_pushed is None:
            self._is_pushed = bool((await self._bot.get_webhook_info()).url)
        if self._is_pushed:
            await self._bot.delete_webhook()
            self._is_pushed = False
            log.info("webhook removed", remedy="updates are polled, since VISTKA_WEBHOOK_URL is not set")

    async def _poll(self) -> Sequence[Raw]:
        asked = {"offset": self._next, "timeout": LONG_POLL, "allowed_updates": json.dumps(WANTED)}
        try:
            batch: Any = await self._request.post(f"{self._bot.base_url}/getUpdates?{urlencode(asked)}")
            return [raw for raw in batch if isinstance(raw["update_id"], int)]
        except (KeyError, TypeError) as error:
            raise TelegramError("an answer without updates") from error

    def _pause(self, error: TelegramError) -> float:
        """Say what is wrong and return how long to wait; longer each time."""
        reason = self._explained(error) if isinstance(error, Conflict) else redacted(error.message)
        pause = seconds_of(error) if isinstance(error, RetryAfter) else self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        log.warning("polling failed", error=type(error).__name__, reason=reason, retry_in=pause)
        return pause

    def _explained(self, conflict: Conflict) -> str:
        """Say what Telegram's 409 is about. A webhook that came up meanwhile is removed before the next poll."""
        if "webhook" not in conflict.message.lower():
            return OTHER_POLLER
        self._is_pushed = None
        return OTHER_WEBHOOK

    async def _take(self, raw: Raw) -> None:
        """Hand an update on. A store that fails keeps nobody waiting."""
        self._next = raw["update_id"] + 1
        try:
            await self._dispatcher.take(raw)
        except Exception:
            log.exception("update not stored", update_id=raw["update_id"])
            self._dispatcher.take_unkept(raw)


async def _first(work: asyncio.Task[None], stopping: asyncio.Task[Any]) -> None:
    """Await the work, or call it off when it is time to stop."""
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
