"""Builds the python-telegram-bot application: no poller, no job queue, our pacing, patient timeouts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import structlog
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot.adapters.secrecy import quiet_libraries, redacted
from bot.adapters.telegram.fencing import Sure, caller
from bot.adapters.telegram.limiter import Limiter
from bot.ports import PermanentError, TemporaryError
from bot.ports.tally import UNCOUNTED, Tally

log = structlog.get_logger()

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
TELEGRAM = "https://api.telegram.org"
CONNECTIONS = 32
"""The pool under the limiter; more than about 40 make its HTTP client slow."""
SEND_TIMEOUT = 25.0
"""Telegram may hold a send for 8 s and still take it: a shorter patience would send it twice."""
POOL_TIMEOUT = 10.0
REFUSED = "VISTKA_TELEGRAM_TOKEN: Telegram refuses it; copy it again from @BotFather"
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0


def build_application(
    token: str,
    api: str = TELEGRAM,
    limiter: Limiter | None = None,
    sure: Sure | None = None,
    tally: Tally = UNCOUNTED,
) -> AnyApplication:
    """Return an application that is driven from outside, not yet initialised; nothing leaves it unless `sure` returns."""
    quiet_libraries()
    base = api.rstrip("/")
    builder: Any = ApplicationBuilder().token(token).base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    calls = caller(sure, tally, connection_pool_size=CONNECTIONS, read_timeout=SEND_TIMEOUT, pool_timeout=POOL_TIMEOUT)
    builder = builder.rate_limiter(limiter or Limiter()).request(calls)
    builder = builder.get_updates_request(caller(None, tally, connection_pool_size=1))
    application: AnyApplication = builder.updater(None).job_queue(None).build()
    return application


async def connect(application: AnyApplication, stop: asyncio.Event) -> bool:
    """Make the application's first call, again and again while Telegram is out of reach; False when told to stop.

    Raises PermanentError for a token that Telegram refuses.
    """
    delay = FIRST_DELAY
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            await application.bot.request.shutdown()
            raise PermanentError(REFUSED) from None
        except TelegramError as error:
            log.warning("Telegram is out of reach", reason=redacted(error.message), again_in=delay)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), delay)
            delay = min(LONGEST_DELAY, delay * 2)
        else:
            return True
    await application.bot.request.shutdown()
    return False


async def whoami(token: str, api: str = TELEGRAM) -> str:
    """Return the name of the bot that the token belongs to; raise PermanentError or TemporaryError."""
    async with _asking(token, api) as bot:
        return str(bot.username)


async def pushing(token: str, api: str = TELEGRAM) -> WebhookInfo:
    """Return what Telegram knows of the webhook; raise PermanentError or TemporaryError."""
    async with _asking(token, api) as bot:
        return await bot.get_webhook_info()


@asynccontextmanager
async def _asking(token: str, api: str) -> AsyncIterator[Bot]:
    """Open a bot for a question or two, and word what goes wrong for the operator."""
    try:
        async with build_application(token, api).bot as bot:
            yield bot
    except InvalidToken:
        raise PermanentError(REFUSED) from None
    except TelegramError as error:
        raise TemporaryError(
            f"VISTKA_TELEGRAM_API: no answer from {api} ({redacted(error.message)}); try again"
        ) from None
