"""What somebody shows the bot without a command: its words, its addresses, where it was forwarded from, what was picked."""

from __future__ import annotations

from collections.abc import Mapping

from telegram import Message as Incoming
from telegram import MessageEntity, MessageOriginChannel, MessageOriginChat

from handlers import Shown


def shown(incoming: Incoming, username: str) -> Shown:
    """Return what a message shows; where it does no more than name the bot, that is what it answers."""
    text = _unnamed(incoming.text or incoming.caption or "", username)
    answered = incoming.reply_to_message
    if not text and answered is not None and names(incoming, username):
        return shown(answered, username)
    origin = incoming.forward_origin
    chat = origin.chat if isinstance(origin, MessageOriginChannel) else None
    chat = origin.sender_chat if isinstance(origin, MessageOriginChat) else chat
    return Shown(
        text=text,
        links=links(incoming),
        forwarded=chat.id if chat else 0,
        shared=incoming.chat_shared.chat_id if incoming.chat_shared else 0,
        at=origin.date if origin else None,
    )


def links(incoming: Incoming) -> tuple[str, ...]:
    """Return the addresses that stand in a message, or behind its words, in order and each once."""
    found = _entities(incoming, MessageEntity.URL, MessageEntity.TEXT_LINK)
    ordered = sorted(found.items(), key=lambda each: each[0].offset)
    return tuple(dict.fromkeys(entity.url or written for entity, written in ordered))


def is_addressed(incoming: Incoming, own_id: int, username: str) -> bool:
    """Tell whether a message in a group is for the bot: it answers one of its messages, or names it."""
    answered = incoming.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == own_id) or names(incoming, username)


def names(incoming: Incoming, username: str) -> bool:
    """Tell whether a message names the bot."""
    mentions = _entities(incoming, MessageEntity.MENTION).values()
    return f"@{username}".casefold() in {each.casefold() for each in mentions}


def _entities(incoming: Incoming, *types: str | None) -> Mapping[MessageEntity, str]:
    if incoming.text:
        return incoming.parse_entities(list(types))
    return incoming.parse_caption_entities(list(types)) if incoming.caption else {}


def _unnamed(text: str, username: str) -> str:
    """Return the words without the bot's name at their beginning or end."""
    name = f"@{username}".casefold()
    words = text.strip()
    if words.casefold().startswith(name):
        words = words[len(name) :].lstrip(" ,:\n")
    if words.casefold().endswith(name):
        words = words[: -len(name)].rstrip()
    return words
