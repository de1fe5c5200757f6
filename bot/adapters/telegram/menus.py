"""The menu of commands that Telegram shows beside the text field, in each language, written only where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot.adapters.secrecy import redacted

log = structlog.get_logger()
FALLBACK = "en"


async def publish_menus(bot: Bot, menus: Mapping[str, Sequence[tuple[str, str]]], chat_id: int = 0) -> None:
    """Write the menus, English also for every other language, for one chat or (0) for all that have none of their own.

    Without them the bot works all the same: who has never written to it, for one, has no chat to write a menu into.
    """
    for language, lines in {"": menus[FALLBACK], **menus}.items():
        try:
            await _write(bot, language, chat_id, [BotCommand(*line) for line in lines])
        except TelegramError as error:
            log.warning("menu not written", language=language, chat=chat_id, reason=redacted(error.message))


async def _write(bot: Bot, language: str, chat_id: int, wanted: Sequence[BotCommand]) -> None:
    scope: dict[str, Any] = {"language_code": language} if language else {}
    if chat_id:
        scope["scope"] = BotCommandScopeChat(chat_id)
    if list(await bot.get_my_commands(**scope)) != list(wanted):
        await bot.set_my_commands(wanted, **scope)
