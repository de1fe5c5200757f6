"""Who asks, where, and what Telegram lets them do there: updates become questions.

Who writes as a group or a channel is nobody in person; of the three accounts that Telegram puts in their place nothing is
believed. Whether somebody is an admin is asked of Telegram at every turn, so that who was one yesterday is none today.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from telegram import Bot, Chat, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, User
from telegram import Message as Incoming
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.core.model import Sort, Venue
from handlers import Ask, Desk, spoken

MANAGERS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
SORTS: dict[str, Sort] = {ChatType.PRIVATE: "private", ChatType.CHANNEL: "channel"}


async def asked(bot: Bot, desk: Desk, incoming: Incoming) -> Ask:
    """Return the question that a message may be, without its words; who writes as the group is one of its admins."""
    ask = await _ask(bot, desk, incoming.chat, thread_of(incoming), author(incoming))
    ask = replace(ask, under=incoming.message_id)
    return replace(ask, may_manage=_always) if incoming.sender_chat == incoming.chat else ask


async def pressing(bot: Bot, desk: Desk, user: User, under: Incoming | None, chat: Chat) -> Ask:
    """Return the question of who presses a button under a message, which may be gone."""
    return await _ask(bot, desk, chat, thread_of(under) if under else 0, user)


async def inquiring(bot: Bot, desk: Desk, user: User) -> Ask:
    """Return the question of who writes the bot's name in any chat: the chat is not told."""
    return await _ask(bot, desk, Chat(user.id, ChatType.PRIVATE), 0, user)


def author(incoming: Incoming) -> User | None:
    """Return who wrote a message in person; None where a group or channel did."""
    return None if incoming.sender_chat else incoming.from_user


def thread_of(incoming: Incoming) -> int:
    """Return the topic of a message, 0 for the general one and where there are no topics."""
    return (incoming.message_thread_id or 0) if incoming.is_topic_message else 0


async def _ask(bot: Bot, desk: Desk, chat: Chat, thread_id: int, user: User | None) -> Ask:
    return Ask(
        desk=replace(desk, username=bot.username),
        words=(),
        chat_id=chat.id,
        thread_id=thread_id,
        user_id=user.id if user else 0,
        language=await _language(user, chat.id, thread_id, desk),
        now=desk.clock.now(),
        may_manage=partial(_may_manage, bot, chat, user),
        venue=partial(_venue, bot, user),
        sort=SORTS.get(chat.type, "group"),
    )


async def _language(user: User | None, chat_id: int, thread_id: int, desk: Desk) -> str:
    """Return the person's language; where nobody writes in person, as in a channel, that of the chat's posts."""
    if user and user.language_code:
        return spoken(user.language_code, desk.books)
    subscription = await desk.subscriptions.get(chat_id, thread_id)
    return spoken(subscription.language if subscription else None, desk.books)


async def _may_manage(bot: Bot, chat: Chat, user: User | None) -> bool:
    if chat.type == ChatType.PRIVATE or user is None:
        return chat.type in {ChatType.PRIVATE, ChatType.CHANNEL}
    try:
        member = await bot.get_chat_member(chat.id, user.id)
    except TelegramError:
        return False
    return member.status in MANAGERS


async def _always() -> bool:
    return True


async def _venue(bot: Bot, user: User | None, where: int | str) -> Venue | None:
    """Tell of a chat, as it is now; None where the bot sees none, where the asker is unknown there, or in doubt."""
    if user is None:
        return None
    try:
        chat = await bot.get_chat(where)
        if chat.type == ChatType.PRIVATE:
            own = chat.id == user.id
            return Venue(chat.id, user.full_name, "private", managed=own, writable=own)
        ours, theirs = await asyncio.gather(*(bot.get_chat_member(chat.id, each) for each in (bot.id, user.id)))
    except TelegramError:
        return None
    sort = SORTS.get(chat.type, "group")
    return Venue(chat.id, chat.title or "", sort, managed=_manages(theirs, sort), writable=writes(ours, sort))


def _manages(member: ChatMember, sort: Sort) -> bool:
    """Tell whether somebody may decide on what is posted: an admin, in a channel one who posts or edits there."""
    if sort == "channel" and isinstance(member, ChatMemberAdministrator):
        return bool(member.can_post_messages or member.can_edit_messages)
    return member.status in MANAGERS


def writes(member: ChatMember, sort: Sort) -> bool:
    """Tell whether the bot, standing as this, may post."""
    if sort == "channel":
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status in MANAGERS | {ChatMemberStatus.MEMBER}
