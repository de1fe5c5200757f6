"""Puts the pacing between the bot and Telegram, for every call: posts, edits and answers to people alike.

python-telegram-bot asks a rate limiter before each request; its own one lets bursts through and forgets what a 429
said. Here calls stand in a row by lane, then by who came first, and leave when the pacing lets them. What would have to
wait long is refused, so that nothing piles up here: deliveries wait in the outbox, and nobody wants a late answer.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from bisect import insort
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import BadRequest, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.adapters.telegram.own import OWN_NUMBERING, Answers, may_have_arrived
from bot.adapters.telegram.pacing import LANES, ChatKey, Lane, Pacing

PACED = ("send", "edit", "delete", "copy", "forward", "pin")
UNPACED = frozenset({"sendChatAction"})
AN_ANSWER = "Message can't be edited: it is an answer"
"""What a search hears of an answer of ours: the same as of what others wrote."""
PATIENCE = 10.0
"""The longest that a call waits, in seconds."""
BRIEF = 2.0
"""The longest that a delivery waits for its own chat: it would keep others from leaving."""


@dataclass(slots=True, order=True)
class _Waiting:
    """A call that waits for its turn."""

    rank: int
    number: int
    lane: Lane = field(compare=False)
    chat: ChatKey | None = field(compare=False)
    deadline: float = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


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
        self.answers = Answers()
        self._pacing = pacing or Pacing()
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._waiting: list[_Waiting] = []
        self._numbers = itertools.count()
        self._stirred = asyncio.Event()
        self._usher: asyncio.Task[None] | None = None

    async def initialize(self) -> None:
        """Nothing has to be made ready."""

    async def shutdown(self) -> None:
        """Nothing has to be given back."""

    def resting(self) -> Iterator[ChatKey]:
        """Yield the chats to which no post may leave now."""
        return self._pacing.resting(self._clock())

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
        if not _is_paced(endpoint, data):
            return await callback(*args, **kwargs)
        chat, lane = data.get("chat_id"), rate_limit_args or "answer"
        call = partial(self._noted, partial(callback, *args, **kwargs), endpoint, data, lane)
        await self._turn(chat, lane)
        try:
            return await self._call(call, chat)
        except RetryAfter:
            await self._turn(chat, lane)
            return await self._call(call, chat)

    async def _noted(
        self, call: Callable[[], Coroutine[Any, Any, Any]], endpoint: str, data: dict[str, Any], lane: Lane
    ) -> Any:
        """Make the call and note the message that it brought; a search is refused what is known to be an answer."""
        chat = data.get("chat_id")
        if lane == "search" and self.answers.holds(chat, data.get("message_id")):
            raise BadRequest(AN_ANSWER)
        if not endpoint.startswith("send") or not isinstance(chat, int) or chat > OWN_NUMBERING:
            return await call()
        try:
            result = await call()
        except BaseException as error:
            if lane == "answer" and may_have_arrived(error):
                self.answers.doubtful(chat)
            raise
        note = self.answers.answered if lane == "answer" else self.answers.arrived
        if isinstance(result, dict):
            note(chat, result["message_id"])
        return result

    async def _call(self, call: Callable[[], Coroutine[Any, Any, Any]], chat: ChatKey | None) -> Any:
        try:
            return await call()
        except RetryAfter as refusal:
            if chat is not None:
                self._pacing.refused(chat, seconds_of(refusal), self._clock())
            raise
        finally:
            self._pacing.answered(chat, self._clock())
            self._look()

    async def _turn(self, chat: ChatKey | None, lane: Lane) -> None:
        """Wait for the turn, and take it; raise RetryAfter where it is too far away."""
        turn = asyncio.get_running_loop().create_future()
        deadline = self._clock() + self._patience
        waiting = _Waiting(LANES.index(lane), next(self._numbers), lane, chat, deadline, turn)
        insort(self._waiting, waiting)
        self._look()
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(waiting)
            raise

    def _give_up(self, waiting: _Waiting) -> None:
        """Take a call out of the row, or give back the turn that it had been given."""
        self._waiting = [other for other in self._waiting if other is not waiting]
        if not waiting.turn.cancelled() and waiting.turn.exception() is None:
            self._pacing.answered(waiting.chat, self._clock())
            self._look()

    def _look(self) -> None:
        """Let go whose turn it is, and see to it that the others are looked at when theirs comes."""
        self._admit()
        self._stirred.set()
        if self._waiting and (self._usher is None or self._usher.done()):
            self._usher = asyncio.create_task(self._attend())

    async def _attend(self) -> None:
        """Sleep until somebody's turn, again and again, as long as anybody waits; something new ends a sleep early."""
        while self._waiting:
            self._stirred.clear()
            pause = self._admit()
            if self._waiting:
                await self._first_of(pause)

    async def _first_of(self, pause: float) -> None:
        stirred = asyncio.create_task(self._stirred.wait())
        tasks: set[asyncio.Task[Any]] = {stirred}
        if pause < math.inf:
            tasks.add(asyncio.create_task(_sleeping(self._sleep, pause)))
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()

    def _admit(self) -> float:
        """Let everybody go whose turn it is, refuse whom it would take too long; return the seconds until the next turn.

        Who was cancelled a moment ago and has had no time to leave the row is passed over.
        """
        soonest, ahead = math.inf, Counter[ChatKey | None]()
        for waiting in self._waiting:
            if waiting.turn.done():
                continue
            now = self._clock()
            wait = self._pacing.wait(waiting.chat, now, waiting.lane)
            if wait == 0:
                self._pacing.left(waiting.chat, now, waiting.lane)
                waiting.turn.set_result(None)
            elif late := self._late(waiting, now, ahead[waiting.chat]):
                waiting.turn.set_exception(RetryAfter(timedelta(seconds=late)))
            else:
                ahead[waiting.chat] += waiting.chat is not None
                soonest = min(soonest, wait if wait == math.inf else min(wait, max(0.0, waiting.deadline - now)))
        self._waiting = [waiting for waiting in self._waiting if not waiting.turn.done()]
        return soonest

    def _late(self, waiting: _Waiting, now: float, ahead: int) -> float:
        """Return the seconds that a call should be told to come back after, 0 where it may wait here."""
        own = _known(self._pacing.chat_wait(waiting.chat, now, waiting.lane)) + ahead * self._pacing.spacing
        worst = max(own, _known(self._pacing.room_wait(now, waiting.lane)))
        if waiting.lane == "answer":
            return worst if now + worst > waiting.deadline else 0.0
        if own > BRIEF:
            return own
        return max(worst, self._pacing.spacing) if now >= waiting.deadline else 0.0


def _known(wait: float) -> float:
    """Return the wait, 0 where nobody knows how long it will be."""
    return 0.0 if wait == math.inf else wait


async def _sleeping(sleep: Callable[[float], Awaitable[None]], seconds: float) -> None:
    await sleep(seconds)


def seconds_of(refusal: RetryAfter) -> float:
    """Return how long Telegram, or the pacing, asks to wait."""
    wait = refusal.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _is_paced(endpoint: str, data: Mapping[str, Any]) -> bool:
    """Return whether the call counts against a limit: it brings or changes something that people see."""
    seen = "chat_id" in data or "inline_message_id" in data
    return seen and endpoint.startswith(PACED) and endpoint not in UNPACED
