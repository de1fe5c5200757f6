"""`/sources`: the feeds that are read, whose they are, how far they are trusted, and how they do."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.counts import sources
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the configured feeds by side and tier, in pages."""
    states = await ask.desk.queries.poll_states()
    return sources(ask.desk.sources, states, ask.now, ask.book, ask.offset)


COMMAND: Command = Command("sources", 13, answer)
