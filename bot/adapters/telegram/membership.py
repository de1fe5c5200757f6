"""Follows what people do to the bot itself: block it, throw it out, take it back, turn a group into a supergroup.

Telegram tells each of these once, as an update; a chat that has shut the bot out is left alone until it says otherwise.
"""

from __future__ import annotations

from typing import Any

import structlog
from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.adapters.telegram.application import AnyApplication
from bot.ports import Outbox

log = structlog.get_logger()

SHUT_OUT = frozenset({ChatMember.BANNED, ChatMember.LEFT})
OWN_GROUP = -1
"""python-telegram-bot runs handlers by group: these run beside the commands, not instead of them."""


def follow_membership(application: AnyApplication, outbox: Outbox) -> None:
    """Let the application suspend, resume and migrate chats as Telegram reports it."""

    async def stands(update: Update, _: Any) -> None:
        change = update.my_chat_member
        assert change is not None
        status = change.new_chat_member.status
        if status in SHUT_OUT:
            await outbox.suspend(change.chat.id, f"the bot's status there is {status}")
        elif change.old_chat_member.status in SHUT_OUT:
            await outbox.resume(change.chat.id)
        log.info("membership", chat=change.chat.id, status=status)

    async def migrates(update: Update, _: Any) -> None:
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            await outbox.migrate(message.chat.id, message.migrate_to_chat_id)
            log.info("migrated", chat=message.chat.id, to=message.migrate_to_chat_id)

    application.add_handler(ChatMemberHandler(stands, ChatMemberHandler.MY_CHAT_MEMBER), group=OWN_GROUP)
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrates), group=OWN_GROUP)
