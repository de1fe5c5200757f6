"""The menu of commands that Telegram shows beside the text field, in each language, written only where it differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError
from telegram.ext import MessageHandler, filters

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.application import AnyApplication

log = structlog.get_logger()
FALLBACK = "en"
OWN_GROUP = -2
"""python-telegram-bot runs handlers by group: this one runs beside the others, not instead of them."""

Menus: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""By language, the commands with their lines."""


async def publish_menus(bot: Bot, menus: Menus, chat_id: int = 0) -> bool:
    """Write the menus, English also for every other language, for one chat or (0) for all that have none of their own.

    Without them the bot works all the same; return whether they are written.
    """
    written = True
    for language, lines in {"": menus[FALLBACK], **menus}.items():
        try:
            await _write(bot, language, chat_id, [BotCommand(*line) for line in lines])
        except TelegramError as error:
            written = False
            log.warning("menu not written", language=language, chat=chat_id, reason=redacted(error.message))
    return written


async def publish_own_menus(application: AnyApplication, menus: Menus, people: Collection[int]) -> None:
    """Write the menus into some people's private chats; into those that are not there yet, at the person's first message."""
    waiting = {person for person in sorted(people) if not await publish_menus(application.bot, menus, person)}

    async def write(update: Update, _: Any) -> None:
        person = update.effective_user
        if person is not None and person.id in waiting and await publish_menus(application.bot, menus, person.id):
            waiting.discard(person.id)

    if waiting:
        application.add_handler(MessageHandler(filters.ChatType.PRIVATE, write), group=OWN_GROUP)


async def _write(bot: Bot, language: str, chat_id: int, wanted: Sequence[BotCommand]) -> None:
    scope: dict[str, Any] = {"language_code": language} if language else {}
    if chat_id:
        scope["scope"] = BotCommandScopeChat(chat_id)
    if list(await bot.get_my_commands(**scope)) != list(wanted):
        await bot.set_my_commands(wanted, **scope)
