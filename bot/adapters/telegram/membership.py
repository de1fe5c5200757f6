"""Follows what people do to the bot itself: block it, throw it out, take it back, turn a group into a supergroup.

Telegram tells each of these once, as an update; a chat that has shut the bot out is left alone until it says otherwise.
That the bot may write no more is found out by the next post; that it may again is told here.
Admins hear of a group or channel that gets posts no more; that a person has enough of them is that person's affair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from bot.adapters.telegram.application import AnyApplication
from bot.core.model import Alarm, Sort
from bot.ports import Alarms, Clock, Outbox, Store

log = structlog.get_logger()

SHUT_OUT = frozenset({ChatMember.BANNED, ChatMember.LEFT})
SORTS: dict[str, Sort] = {ChatType.PRIVATE: "private", ChatType.CHANNEL: "channel"}
OWN_GROUP = -1
"""python-telegram-bot runs handlers by group: these run beside the commands, not instead of them."""


def follow_membership(
    application: AnyApplication,
    outbox: Outbox,
    alarms: Alarms,
    store: Store,
    clock: Clock,
    *,
    writes: Callable[[ChatMember, Sort], bool],
) -> None:
    """Let the application suspend, resume and migrate chats as Telegram reports it.

    `writes` tells whether the bot, standing as this member in such a chat, may post.
    """

    async def stands(update: Update, _: Any) -> None:
        change = update.my_chat_member
        assert change is not None
        status = change.new_chat_member.status
        log.info("membership", chat=change.chat.id, status=status)
        if status in SHUT_OUT:
            if await _is_missed(change.chat, store):
                await alarms.raise_alarm(_alarm(change, clock))
            await outbox.suspend(change.chat.id, f"the bot's status there is {status}")
        elif writes(change.new_chat_member, SORTS.get(change.chat.type, "group")):
            await outbox.resume(change.chat.id)
            await alarms.clear(_key(change.chat))

    async def migrates(update: Update, _: Any) -> None:
        message = update.effective_message
        if message is None:
            return
        old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
        await outbox.migrate(old, new)
        log.info("migrated", chat=old, to=new)

    application.add_handler(ChatMemberHandler(stands, ChatMemberHandler.MY_CHAT_MEMBER), group=OWN_GROUP)
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrates), group=OWN_GROUP)


async def _is_missed(chat: Chat, store: Store) -> bool:
    """Return whether it is a group or channel that gets posts."""
    return chat.type != ChatType.PRIVATE and any(each.chat_id == chat.id for each in await store.subscriptions())


def _key(chat: Chat) -> str:
    return f"chat:{chat.id}"


def _alarm(change: ChatMemberUpdated, clock: Clock) -> Alarm:
    """Return the alarm that a failed delivery would raise too, so that there is one of both."""
    name = change.chat.title or str(change.chat.id)
    values = {
        "chat": f"{name} ({change.chat.id})",
        "reason": f"{change.new_chat_member.status}, by {change.from_user.name}",
    }
    return Alarm(_key(change.chat), "alarm.suspended", values, clock.now())
