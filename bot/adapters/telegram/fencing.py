"""Lets nothing leave for Telegram but while this process surely speaks for the bot.

That is asked when the connection stands and the next thing to happen is that bytes are written: whatever held a call up until
then, a pause of the whole process too, what was to leave may be another's to say by now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
from telegram.error import TelegramError

from bot.adapters.telegram.calls import CountedRequest
from bot.ports import VistkaError
from bot.ports.tally import UNCOUNTED, Tally

Sure: TypeAlias = Callable[[], Awaitable[None]]
"""Returns while it is ours to speak, raises VistkaError else."""
LEAVING = frozenset({"http11.send_request_headers.started", "http11.send_request_body.started"})
"""The steps of httpcore after which it writes; what is cut off before its body ends Telegram does not act on."""


class NotOursError(TelegramError):
    """The call surely did not leave: another process speaks for the bot, or nobody can tell whether one does."""


def caller(sure: Sure | None, tally: Tally = UNCOUNTED, **options: Any) -> CountedRequest:
    """Return what makes python-telegram-bot's calls, each of them only if `sure` returns."""

    async def step(name: str, _: object) -> None:
        if name not in LEAVING or sure is None:
            return
        try:
            await sure()
        except VistkaError as error:
            raise NotOursError(str(error)) from error

    async def follow(call: httpx.Request) -> None:
        call.extensions["trace"] = step

    hooks = {"request": [follow]} if sure else {}
    return CountedRequest(tally, **options, httpx_kwargs={"event_hooks": hooks})
