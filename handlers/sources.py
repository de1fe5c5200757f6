"""`/sources`: the feeds that are read, whose they are, how far they are trusted, and how they do."""

from __future__ import annotations

from bot.core.health import PREFIX, ailing
from bot.core.model import Message
from bot.core.render.feeds import Feeds, feeds
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the configured feeds, those in trouble first, in pages; an admin is shown what the trouble is."""
    queries = ask.desk.queries
    known = Feeds(ask.desk.sources, await queries.poll_states(), ailing(await queries.standing(PREFIX)))
    details = ask.private and ask.desk.roles.get(ask.user_id) == "admin"
    return feeds(known, ask.now, ask.book, ask.offset, details=details)


COMMAND: Command = Command("sources", 13, answer, again=True)
