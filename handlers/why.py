"""`/why N`: how an event came about: its reports, what confirms it, what was ruled on it, where it was posted."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.why import Account, why
from handlers import Ask, Command

MOST_RULINGS = 50


async def answer(ask: Ask) -> Message:
    """Account for the event whose number was given, or the one that it was merged into."""
    event, queries = await ask.became(await ask.event("command.why_usage")), ask.desk.queries
    account = Account(
        event,
        placed=await queries.placed(event.id),
        rulings=(await queries.rulings(event.id, MOST_RULINGS))[::-1],
        revisions=await queries.revisions(event.id),
        posted=await queries.posted(event.id),
    )
    return why(account, ask.book)


COMMAND: Command = Command("why", 6, answer, heading="ask")
