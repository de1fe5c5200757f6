"""Puts the pacing between the bot and Telegram, for every call: posts, edits and answers to people alike.

python-telegram-bot asks a rate limiter before each request; its own one lets bursts through and forgets what a 429
said. This one waits for its turn where the wait is short and refuses where it is long, so that nothing piles up here:
deliveries wait in the outbox.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.adapters.telegram.pacing import ChatKey, Lane, Pacing

PACED = ("send", "edit", "delete", "copy", "forward", "pin")
PATIENCE = 10.0


class Limiter(BaseRateLimiter[Lane]):
    """Holds calls back until the pacing lets them go. `patience` is the longest wait in seconds."""

    def __init__(
        self,
        pacing: Pacing | None = None,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pacing = pacing or Pacing()
        self._patience = patience
        self._clock = clock
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing has to be made ready."""

    async def shutdown(self) -> None:
        """Nothing has to be given back."""

    async def process_request(  # noqa: PLR0917  (python-telegram-bot's signature)
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Any:
        """Make the call when its turn comes; once more after a short 429, since that call did surely not arrive."""
        chat = _chat(endpoint, data)
        if chat is None:
            return await callback(*args, **kwargs)
        lane = rate_limit_args or "reply"
        try:
            return await self._call(callback, args, kwargs, chat, lane)
        except RetryAfter:
            return await self._call(callback, args, kwargs, chat, lane)

    async def _call(
        self, callback: Callable[..., Coroutine[Any, Any, Any]], args: Any, kwargs: Any, chat: ChatKey, lane: Lane
    ) -> Any:
        await self._turn(chat, lane)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as refusal:
            self._pacing.refused(chat, seconds_of(refusal), self._clock())
            raise

    async def _turn(self, chat: ChatKey, lane: Lane) -> None:
        """Wait for the turn and take it; raise RetryAfter where it is too far away."""
        while (wait := self._pacing.wait(chat, self._clock(), lane)) > 0:
            if wait > self._patience:
                raise RetryAfter(math.ceil(wait))
            await self._sleep(wait)
        self._pacing.left(chat, self._clock())


def seconds_of(refusal: RetryAfter) -> float:
    """Return how long Telegram, or the pacing, asks to wait."""
    wait = refusal.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _chat(endpoint: str, data: Mapping[str, Any]) -> ChatKey | None:
    """Return the chat whose limits the call counts against, None where it counts against none."""
    return data.get("chat_id") if endpoint.startswith(PACED) else None
