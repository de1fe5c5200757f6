"""`/start`: who the bot is and where to begin."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Greet and name the three commands that matter most."""
    return Message(authored(ask.book.say("command.start")))


COMMAND: Command = Command("start", 0, answer, offered=("private",))
