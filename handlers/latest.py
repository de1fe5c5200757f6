"""`/latest [n]`: the newest events."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.answer import latest
from bot.core.text.arguments import read_count
from handlers import Ask, Command

USUAL, MOST = 5, 30


async def answer(ask: Ask) -> Message:
    """Return the events last updated, newest at the end."""
    count = read_count(ask.words, USUAL, MOST)
    return latest(await ask.desk.queries.latest(count), ask.book)


COMMAND: Command = Command("latest", 2, answer)
