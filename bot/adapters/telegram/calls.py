"""The way of every call to the Bot API, with its answer counted: also what python-telegram-bot tells nobody else."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.telegram.own import NEVER_LEFT
from bot.ports.tally import UNCOUNTED, Tally

LONGEST = 1e6
"""Seconds of a wait that nobody means."""


class CountedRequest(HTTPXRequest):
    """python-telegram-bot's own way over the network; a method and its outcome are counted, nothing else of a call."""

    def __init__(self, tally: Tally = UNCOUNTED, **options: Any) -> None:
        super().__init__(**options)
        self._tally = tally

    async def do_request(self, url: str, *rest: Any, **options: Any) -> tuple[int, bytes]:
        """Make a call and return its status and what came with it."""
        method = url.partition("?")[0].rpartition("/")[2]
        try:
            status, payload = await super().do_request(url, *rest, **options)
        except TelegramError as error:
            self._tally.count("telegram_calls_total", method, _silence(error))
            raise
        self._tally.count("telegram_calls_total", method, _outcome(status))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._tally.count("telegram_waits_seconds_total", by=_told_to_wait(payload))
        return status, payload


def _outcome(status: int) -> str:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return "ok"
    return "5xx" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else str(status)


def _silence(error: TelegramError) -> str:
    """Return how a call ended that nobody answered, or that did not leave since it was not ours to make."""
    if isinstance(error.__cause__, NEVER_LEFT):
        return "unreachable"
    return "timeout" if isinstance(error, NetworkError) else "other"


def _told_to_wait(payload: bytes) -> float:
    """Return the seconds that a 429 names, 0 where it names none."""
    try:
        seconds = json.loads(payload)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0.0
    return float(seconds) if type(seconds) in (int, float) and 0 <= seconds < LONGEST else 0.0
