"""`/start`: who the bot is and where to begin; behind a link to the bot, what the link is about."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Greet and name the three commands that matter most, or carry out what the link names."""
    name, _, words = (ask.words[0] if ask.words else "").partition("_")
    command = ask.desk.commands.get(name)
    if command is not None and command.linked:
        return await ask.command(name, *words.split("_")) if words else await ask.command(name)
    return Message(authored(ask.book.say("command.start")))


COMMAND: Command = Command("start", 0, answer, offered=("private",))
