"""Hands an update to the application's handlers, and lets whoever hands it over know where one of them failed.

python-telegram-bot catches what a handler raises and goes on with its next group, so that an update of which nothing came
looks like one that was handled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.adapters.telegram.application import AnyApplication
from bot.ports import TemporaryError

log = structlog.get_logger()

PAUSES = (1.0, 5.0, 25.0)
"""Seconds after which an update that tells what became of a chat is handled again, where it may work later."""
Hand: TypeAlias = Callable[[Update], Awaitable[None]]


def patient(hand: Hand, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> Hand:
    """Return what hands an update on and tries again where it tells what became of a chat, which is told only once."""

    async def insist(update: Update) -> None:
        for pause in PAUSES if _is_binding(update) else ():
            try:
                await hand(update)
            except TemporaryError as error:
                log.warning("update not handled", update_id=update.update_id, reason=str(error), again_in=pause)
                await sleep(pause)
            else:
                return
        await hand(update)

    return insist


def _is_binding(update: Update) -> bool:
    message = update.effective_message
    migrates = message is not None and bool(message.migrate_to_chat_id or message.migrate_from_chat_id)
    return migrates or update.my_chat_member is not None


def handing_to(application: AnyApplication) -> Hand:
    """Return what hands an update on and raises what a handler raised; to be asked for once, after the other handlers.

    What Telegram did not take is no failure of the update: answers are never repeated. After any other failure no further
    handler gets the update, so that handling it again repeats less.
    """
    failed: dict[int, Exception] = {}

    async def note(update: object, context: object) -> None:
        error = getattr(context, "error", None)
        if isinstance(update, Update) and isinstance(error, Exception) and not isinstance(error, TelegramError):
            failed.setdefault(update.update_id, error)
            raise ApplicationHandlerStop

    async def hand(update: Update) -> None:
        try:
            await application.process_update(update)
            error = failed.get(update.update_id)
        finally:
            failed.pop(update.update_id, None)
        if error is not None:
            raise error

    application.add_error_handler(note)
    return hand
