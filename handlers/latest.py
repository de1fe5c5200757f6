"""`/latest [n] [kind] [region]`: the newest events."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Message
from bot.core.render.answer import latest
from bot.core.render.pages import guesses, nothing, title
from bot.core.text.arguments import NotUnderstoodError
from bot.listing import wanted_by
from handlers import Ask, Command

USUAL, MOST = 5, 30


async def answer(ask: Ask) -> Message:
    """Return the events last updated, of a region or of some days those of the newest days, newest at the end."""
    asked = ask.asked()
    if asked.words or len(asked.numbers) > 1 or 0 in asked.numbers:
        raise NotUnderstoodError("question.unknown", " ".join(map(str, asked.words or asked.numbers)))
    count = min(MOST, asked.numbers[0]) if asked.numbers else USUAL
    asked = replace(asked, numbers=(), ordinals=())
    queries = ask.desk.queries
    if asked.regions or asked.places or asked.period:
        events = await queries.listed(wanted_by(asked), count)
    else:
        events = await queries.latest(count, asked.kinds)
    if not events:
        return nothing("latest", asked, ask.book)
    return latest(events, ask.book, title(ask.book.say("question.latest"), asked, ask.book), guesses(asked, ask.book))


COMMAND: Command = Command("latest", 2, answer, heading="ask", again=True)
