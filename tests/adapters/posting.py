"""A publisher before the test server, and the channel that it posts to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.telegram import Limiter, Pacing, TelegramPublisher, build_application
from bot.core.model import Button, Message
from tests.botapi import BotApi, bot_api

CHANNEL = -1001000000900
SWAP = Message("🔄 <b>Обмін: 307</b>", ((Button("Sources", data="s:1"), Button("Map", url="https://example.org/m")),))


class FourSecondsLater:
    """A clock that leaves four seconds between any two looks, so that nothing has to wait."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 4.0
        return self.now


@asynccontextmanager
async def telegram() -> AsyncIterator[BotApi]:
    """Run a test server with the channel."""
    async with bot_api() as server:
        server.channel(CHANNEL)
        yield server


@asynccontextmanager
async def publisher_to(api: BotApi) -> AsyncIterator[TelegramPublisher]:
    """Open a publisher that paces by the rules of Telegram and waits for nothing."""
    limiter = Limiter(Pacing(rate=10**6), clock=FourSecondsLater())
    async with build_application(api.token, api.url, limiter) as application:
        yield TelegramPublisher(application.bot)
