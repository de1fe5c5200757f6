"""`/start`: who the bot is and where to begin; behind a link to the bot, what the link is about."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from handlers import Ask, Command

LINKED = frozenset({"event", "origins", "timeline", "channels", "settings", "help"})
"""The commands that a link may lead to, by the name that stands in it: `?start=event_12`. None of them changes anything."""


async def answer(ask: Ask) -> Message:
    """Greet and name the three commands that matter most, or carry out what the link names."""
    name, _, words = (ask.words[0] if ask.words else "").partition("_")
    if name in LINKED and name in ask.desk.commands:
        return await ask.command(name, *words.split("_")) if words else await ask.command(name)
    return Message(authored(ask.book.say("command.start")))


COMMAND: Command = Command("start", 0, answer, offered=("private",))
