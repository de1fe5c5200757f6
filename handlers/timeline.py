"""`/timeline N`: what was said of an event when and by whom, and how its post changed; a button under a post leads here."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.story import timeline
from bot.core.text.arguments import read_count
from handlers import Ask, Command

MOST_PAGES = 999


async def answer(ask: Ask) -> Message:
    """Return the story of the event whose number was given, or of the one that it was merged into."""
    event, queries = await ask.became(await ask.event("post.timeline_usage")), ask.desk.queries
    placed, revisions = await queries.placed(event.id), await queries.revisions(event.id)
    return timeline(event, placed, revisions, ask.book, read_count(ask.words[1:], 1, MOST_PAGES))


COMMAND: Command = Command("timeline", 72, answer, linked=True)
