"""`/origins N`: every source of an event; the button under a post leads here."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.story import origins
from bot.core.text.arguments import read_count
from handlers import Ask, Command

MOST_PAGES = 999


async def answer(ask: Ask) -> Message:
    """Return who tells of the event whose number was given, or of the one that it was merged into."""
    event = await ask.became(await ask.event("post.origins_usage"))
    return origins(event, ask.book, read_count(ask.words[1:], 1, MOST_PAGES))


COMMAND: Command = Command("origins", 71, answer, linked=True)
