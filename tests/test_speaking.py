"""At a start people are answered before news is read, unless Telegram is out of reach."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from telegram.error import NetworkError

from bot.speaking import reached


def application(error: Exception | None = None) -> Any:
    async def initialize() -> None:
        if error:
            raise error

    async def shutdown() -> None:
        pass

    return SimpleNamespace(initialize=initialize, bot=SimpleNamespace(request=SimpleNamespace(shutdown=shutdown)))


def house(read: asyncio.Event) -> Any:
    async def ready() -> None:
        read.set()

    return SimpleNamespace(ready=ready)


async def test_news_is_read_while_telegram_is_out_of_reach():
    read = ended = asyncio.Event()
    assert not await reached(application(NetworkError("no route")), ended, house(read), patience=0.0)
    assert read.is_set()


async def test_news_waits_where_telegram_answers():
    read = asyncio.Event()
    assert await reached(application(), asyncio.Event(), house(read))
    assert not read.is_set()
