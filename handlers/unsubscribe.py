"""`/unsubscribe`: no more posts to this chat."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """End the chat's subscription."""
    if not await ask.may_manage():
        return Message(authored(ask.book.say("command.not_admin")))
    ended = await ask.desk.subscriptions.remove(ask.chat_id, ask.thread_id)
    return Message(authored(ask.book.say("command.unsubscribed" if ended else "command.not_subscribed")))


COMMAND: Command = Command("unsubscribe", 10, answer, offered=("managers", "private"), heading="get")
