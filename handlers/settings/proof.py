"""Who may set up what: in a group its admins, elsewhere who runs the chat, where the bot may post."""

from __future__ import annotations

import re

from bot.core.model import Venue
from bot.core.render.panel import Place
from handlers import Ask

_NAME = re.compile(r"(?:(?:https?://)?t\.me/|@)([A-Za-z]\w{3,31})/?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)


def named(word: str) -> int | str:
    """Return a chat as it is asked for at Telegram, by its number or @name; "" for what names none."""
    if _NUMBER.fullmatch(word):
        return int(word)
    found = _NAME.fullmatch(word)
    return f"@{found[1]}" if found else ""


async def sought(ask: Ask, word: str) -> int:
    """Return the id of another chat that the asker names and may set up; raise RefusedError where it cannot be proven."""
    chat = named(word)
    if not chat:
        raise ask.refusal("panel.ask.channel")
    return chat if isinstance(chat, int) else (await _other(ask, chat)).chat_id


async def prove(ask: Ask, place: Place, *, posting: bool = True) -> str:
    """Return how another chat is called that the asker may set up, "" for the one where it is asked; else raise RefusedError.

    `posting` wants the bot to be allowed to post there too; to end a subscription it need not be.
    """
    if place.chat_id != ask.chat_id:
        return (await _other(ask, place.chat_id, posting=posting)).title
    if not await ask.may_manage():
        raise ask.refusal("command.not_admin")
    return ""


async def _other(ask: Ask, chat: int | str, *, posting: bool = True) -> Venue:
    if not ask.private:
        raise ask.refusal("panel.private_only")
    venue = await ask.venue(chat)
    if venue is None:
        raise ask.refusal("panel.no_sight")
    if venue.sort == "private":
        raise ask.refusal("panel.no_private")
    if not venue.managed:
        raise ask.refusal("panel.not_yours")
    if posting and not venue.writable:
        raise ask.refusal("panel.mute")
    return venue
