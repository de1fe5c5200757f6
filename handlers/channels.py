"""`/channels`: the channels and groups that somebody set up, with the way to each panel."""

from __future__ import annotations

from bot.core.model import Message, Subscription
from bot.core.render.panel import Place, list_channels
from handlers import Ask, Command

MOST = 20
"""Chats that are proven and listed at once."""


async def answer(ask: Ask) -> Message:
    """List them, each proven anew; what cannot be proven any more has no button."""
    if not ask.private:
        raise ask.refusal("panel.private_only")
    managed = await ask.desk.subscriptions.managed(ask.user_id)
    others = [each for each in managed if each.chat_id != ask.chat_id][:MOST]
    return list_channels(ask.book, Place(ask.chat_id), [(each, await _is_proven(ask, each)) for each in others])


async def _is_proven(ask: Ask, subscription: Subscription) -> bool:
    venue = await ask.venue(subscription.chat_id)
    return venue is not None and venue.managed and venue.writable


COMMAND: Command = Command("channels", 17, answer, offered=("private",), heading="get", linked=True)
