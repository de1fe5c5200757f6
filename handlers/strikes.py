"""`/strikes [region or town] [period]`: the strikes of a period, everywhere or in some places, in pages."""

from __future__ import annotations

from bot.core.model import Message
from bot.core.render.pages import nothing, page
from bot.listing import find
from handlers import Ask, Command


async def answer(ask: Ask) -> Message:
    """Return the strikes with the toll in all."""
    asked = ask.question("strike")
    found = await find(ask.desk.queries, asked, ask.offset)
    return (
        page("strikes", asked, found, ask.book)
        if found.events
        else nothing("strikes", asked, ask.book, ask.desk.dictionary.around(asked.places))
    )


COMMAND: Command = Command("strikes", 4, answer, heading="ask", again=True)
