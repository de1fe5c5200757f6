"""`/about`: who the bot is, how it reads, and under which terms."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.markup import authored
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Say what stands behind the posts, with the number of feeds."""
    book = ask.book
    stats = await ask.desk.queries.stats()
    feeds = book.say("feeds", count=stats.sources)
    return Message(authored(book.say("command.about", version=ask.desk.version, sources=feeds)))


COMMAND: Command = Command("about", 19, answer)
