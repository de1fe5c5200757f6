"""Stands before everything that an update may cost: turns a flood away, and says so once.

Who floods gets one friendly notice, the admins one alarm, nobody a hundred.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from telegram import Bot, ReplyParameters
from telegram.error import TelegramError

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.guard import Guard
from bot.adapters.telegram.incoming import Incoming
from bot.core.model import Alarm
from bot.ports import Alarms, Clock

log = structlog.get_logger()

KEY = "flood"
ALARMING = 100
"""Updates in a row after which it is no person who lost patience."""
CALM = timedelta(hours=1)
"""How long there has to be no flood until the next one is news."""


class Floodgate:
    """Asks the guard, and says what there is to say. `say` gives the notice in the language of a client's code."""

    def __init__(
        self,
        bot: Bot,
        alarms: Alarms,
        clock: Clock,
        say: Callable[[str], str],
        *,
        guard: Guard | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._alarms = alarms
        self._clock = clock
        self._say = say
        self._guard = guard or Guard()
        self._ticks = ticks
        self._last: datetime | None = None
        self._speaking: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Begin anew: an alarm from before the start told of what was."""
        await _noted(self._alarms.clear(KEY))

    def lets_through(self, incoming: Incoming, waiting: int) -> bool:
        """Tell whether an update may pass; `waiting` is how many of its turn are not done yet. Never waits for anything."""
        now = self._ticks()
        denied = self._guard.judge(incoming, now, waiting)
        if denied == 1 and self._guard.may_notify(incoming.chat_id, now):
            self._begin(self._notify(incoming))
        if denied == ALARMING:
            log.warning("flood", sender=incoming.sender, chat=incoming.chat_id, dropped_in_all=self._guard.dropped)
            self._begin(self._alarm(incoming))
        return denied == 0

    def close(self) -> None:
        """Say nothing more."""
        for task in self._speaking:
            task.cancel()

    def _begin(self, saying: Awaitable[None]) -> None:
        task = asyncio.create_task(_noted(saying))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)

    async def _alarm(self, incoming: Incoming) -> None:
        now = self._clock.now()
        if self._last is not None and now - self._last > CALM:
            await self._alarms.clear(KEY)
        self._last = now
        values = {"sender": str(incoming.sender), "chat": str(incoming.chat_id), "dropped": str(ALARMING)}
        await self._alarms.raise_alarm(Alarm(KEY, "flood.alarm", values, now))

    async def _notify(self, incoming: Incoming) -> None:
        """Tell a person why nothing is answered for a while; in a channel or the inline mode there is nobody to tell."""
        text = self._say(incoming.language)
        try:
            if incoming.kind == "callback_query":
                await self._bot.answer_callback_query(incoming.query_id, text)
            elif incoming.kind == "message":
                await self._bot.send_message(
                    incoming.chat_id,
                    text,
                    message_thread_id=incoming.thread_id or None,
                    reply_parameters=ReplyParameters(incoming.message_id, allow_sending_without_reply=True),
                )
        except TelegramError as error:
            log.warning("notice of a flood not delivered", chat=incoming.chat_id, reason=redacted(error.message))


async def _noted(work: Awaitable[object]) -> None:
    """Await what nobody waits for, and log what goes wrong."""
    try:
        await work
    except Exception:
        log.exception("flood not told of")
