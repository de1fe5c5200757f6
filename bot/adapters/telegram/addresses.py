"""Learns under which public names channels can be read; one without a name can be read by its members alone."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.adapters.secrecy import redacted

log = structlog.get_logger()


async def learn_names(bot: Bot, chats: Iterable[int], names: MutableMapping[int, str]) -> None:
    """Put the public names of chats into a mapping as they become known; one that cannot be asked about has none."""
    for chat_id in chats:
        try:
            chat = await bot.get_chat(chat_id)
        except TelegramError as error:
            log.info("channel without an address", chat=chat_id, reason=redacted(error.message))
        else:
            if chat.username:
                names[chat_id] = chat.username
